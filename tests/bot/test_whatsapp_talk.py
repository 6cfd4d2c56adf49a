"""The whole bot on WhatsApp: webhook in, turn, answer out, against the emulated Cloud API."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.app import App, running
from bot.config import Settings
from domain.buttons.base import Raw
from domain.message import Choice, Message
from sandbox.serve import serve
from sandbox.whatsapp import WhatsAppEmulator
from sandbox.whatsapp_phones import WhatsAppMessage
from storage import innovations, outbox
from storage.engine.transaction import Transaction
from tests.kit.clock_and_codes import MORNING, Clock
from tests.kit.network import internet
from tests.kit.people import invited, seed

RINA, RINA_PHONE = "ID.1001", "6281200001001"
SECRET = "whatsapp-app-secret-of-nobody"


class Phone:
    """Rina's WhatsApp, and the bot behind it."""

    def __init__(self, emulator: WhatsAppEmulator, app: App) -> None:
        self.emulator, self.app = emulator, app

    async def says(self, text: str) -> None:
        """Type a text and wait for what comes of it."""
        await self._settled(self.emulator.people.says(RINA, text))

    async def taps(self, title: str) -> None:
        """Tap a button or row of the newest message that has it."""
        for message in reversed(self.heard):
            titles = [title for title, _ in message.buttons] + [title for title, _, _ in message.rows]
            if any(title in one for one in titles):
                full = next(one for one in titles if title in one)
                await self._settled(self.emulator.people.taps(RINA, message.wamid, full))
                return
        raise AssertionError(f"no button {title!r}")

    async def presses(self, button_id: str) -> None:
        """Send any button id, as of the newest message."""
        await self._settled(self.emulator.people.replies_with_id(RINA, button_id, wamid=self.heard[-1].wamid))

    async def _settled(self, number: int) -> None:
        await self.emulator.webhooks.until_taken(number)
        await self.app.idle()
        await self.emulator.webhooks.until_all_taken()
        await self.app.idle()

    @property
    def heard(self) -> list[WhatsAppMessage]:
        """What the desk said, oldest first."""
        return [one for one in self.emulator.people.by_user_id[RINA].messages.values() if one.from_business]


@pytest.fixture
async def phone(tmp_path: Path) -> AsyncIterator[Phone]:
    emulator = WhatsAppEmulator(
        token="token", phone_id="100", app_secret=SECRET, clock=lambda: MORNING.timestamp()
    )
    emulator.people.add(RINA, "Rina", phone=RINA_PHONE)
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(serve(emulator.app))
        settings = Settings(
            data_dir=tmp_path,
            whatsapp_token=SecretStr("token"),
            whatsapp_phone_id="100",
            whatsapp_app_secret=SecretStr(SECRET),
            whatsapp_verify_token=SecretStr("word"),
            whatsapp_api_url=url,
            person_rate=100_000,
            web_port=0,
            metrics_port=0,
        )
        app = await stack.enter_async_context(running(settings, clock=Clock(), links=internet()))
        emulator.webhooks.point_to(f"http://127.0.0.1:{app.port}/whatsapp")
        await app.database.run(_prepare)
        yield Phone(emulator, app)
        await emulator.close()


CODE = "KodeUntukRina001"


def _prepare(tx: Transaction) -> None:
    seed(tx, MORNING)
    invited(tx, CODE, now=MORNING)


async def test_somebody_enrols_begins_an_innovation_and_answers_by_typing_and_tapping(phone: Phone) -> None:
    await phone.says(f"/start {CODE}")
    await phone.taps("Saya setuju")
    await phone.taps("Ajukan inovasi")
    await phone.says("Posyandu Digital")
    await phone.taps("Penerapan")
    assert "Nama Inovasi: Posyandu Digital" in phone.heard[-2].text
    answers = await phone.app.database.read(lambda tx: innovations.answers(tx, 1))
    assert (answers["nama"], answers["tahapan"]) == ("Posyandu Digital", "penerapan")
    assert {one.tick for one in phone.heard} <= {"read", "delivered"}


async def test_every_message_of_ours_is_followed_to_the_reader(phone: Phone) -> None:
    await phone.says("halo")
    await phone.says("masih di sini?")
    told = await phone.app.database.read(
        lambda tx: tx.execute("SELECT progress FROM outbox ORDER BY id").fetchall()
    )
    assert told[0] == ("read",)
    assert set(told[1:]) == {("delivered",)}


async def test_the_pages_of_a_long_list_go_round_at_a_tap(phone: Phone) -> None:
    rows = tuple((Choice(f"Kantor {n}", Raw(f"o:i:{n}")),) for n in range(20))
    shown = Message("Kantor yang mana?", rows)
    await phone.says("halo")
    await phone.app.database.run(
        lambda tx: outbox.insert(tx, channel="whatsapp", address=RINA, message=shown, now=MORNING)
    )
    phone.app.sender.wake()
    await phone.app.idle()
    titles = []
    for _ in range(3):
        titles.append([title for title, _, _ in phone.heard[-1].rows])
        await phone.taps("Lainnya")
    assert [len(page) for page in titles] == [10, 10, 3]
    assert [page[0] for page in titles] == ["1. Kantor 0", "10. Kantor 9", "19. Kantor 18"]
    assert [title for title, _, _ in phone.heard[-1].rows] == titles[0]


async def test_a_page_of_a_message_that_is_not_ours_is_answered_with_the_way_on(phone: Phone) -> None:
    await phone.says("halo")
    before = len(phone.heard)
    await phone.app.database.run(lambda tx: tx.execute("UPDATE outbox SET address = 'somebody else'"))
    await phone.presses("~1")
    assert len(phone.heard) == before + 1
    assert phone.heard[-1].buttons


async def test_receipt_note_and_next_question_of_a_turn_are_one_message(phone: Phone) -> None:
    await phone.says(f"/start {CODE}")
    await phone.taps("Saya setuju")
    await phone.taps("Ajukan inovasi")
    before = len(phone.heard)
    await phone.says("/bahasa en")
    assert len(phone.heard) == before + 1
    assert "innovation" in phone.heard[-1].text
