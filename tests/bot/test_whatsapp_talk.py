"""The whole bot on WhatsApp: webhook in, turn, answer out, against the emulated Cloud API."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.app import App, running
from bot.config import Settings
from sandbox.serve import serve
from sandbox.whatsapp import WhatsAppEmulator
from sandbox.whatsapp_phones import WhatsAppMessage
from storage import innovations
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
    emulator = WhatsAppEmulator(token="token", phone_id="100", app_secret=SECRET, clock=lambda: MORNING.timestamp())
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
    await phone.taps("Lewati")
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
    told = await phone.app.database.read(lambda tx: tx.execute("SELECT progress FROM outbox ORDER BY id").fetchall())
    assert told[0] == ("read",)
    assert set(told[1:]) == {("delivered",)}
