"""The channel against the emulated Cloud API: what leaves arrives, what fails is told apart."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.responses import HTMLResponse
from starlette.types import Receive, Scope, Send

from bot.channels import (
    Blocked,
    ChannelDown,
    FateUnknown,
    NotSent,
    Refused,
    SendError,
    Throttled,
    Undeliverable,
    WindowClosed,
)
from bot.channels.whatsapp.arrivals import arrivals, read_items
from bot.channels.whatsapp.channel import WhatsAppChannel
from bot.channels.whatsapp.failures import of_code
from domain.buttons.base import Raw
from domain.message import Attachment, Choice, FileRef, Message
from sandbox.serve import serve
from sandbox.whatsapp import EmulatedAccount, WhatsAppEmulator

RINA, RINA_PHONE = "ID.1001", "6281200001001"
PHONE_ID, TOKEN, SECRET = "100200300", "CHANNEL-token-of-nobody", "channel-app-secret"


class World:
    """The emulator and the channel."""

    def __init__(self, emulator: WhatsAppEmulator, channel: WhatsAppChannel) -> None:
        self.emulator, self.channel = emulator, channel

    def shown(self) -> list[str]:
        """The texts of the business on Rina's phone."""
        messages = self.emulator.people.by_user_id[RINA].messages.values()
        return [message.text for message in messages if message.from_business]


@pytest.fixture
async def world() -> AsyncIterator[World]:
    emulator = WhatsAppEmulator(account=EmulatedAccount(token=TOKEN, phone_id=PHONE_ID, app_secret=SECRET))
    emulator.people.add(RINA, "Rina", phone=RINA_PHONE)
    emulator.people.says(RINA, "halo")
    async with serve(emulator.app) as url:
        channel = WhatsAppChannel(TOKEN, phone_id=PHONE_ID, app_secret=SECRET, verify_token="v", root=url)
        yield World(emulator, channel)
        await channel.close()
    await emulator.close()


async def test_it_learns_its_number_and_reaches_people_by_either_name(world: World) -> None:
    await world.channel.open()
    assert world.channel.username == "6253121000"
    await world.channel.send(RINA, Message("lewat id"), tracker=17)
    await world.channel.send(RINA_PHONE, Message("lewat nomor"))
    assert world.shown() == ["lewat id", "lewat nomor"]
    assert world.emulator.trackers["17"] == 1


async def test_the_reference_is_the_messages_own_id(world: World) -> None:
    reference = await world.channel.send(RINA, Message("Pilih", ((Choice("Ya", Raw("a:1")),),)))
    assert world.emulator.people.by_user_id[RINA].messages[reference].buttons == [("Ya", "a:1")]


async def test_a_paper_goes_up_once_however_many_get_it(world: World, tmp_path: Path) -> None:
    paper = tmp_path / "rekap.pdf"
    paper.write_bytes(b"%PDF-1.4")
    carried = Attachment("document", "held", {"sha256": "ab"}, "rekap.pdf")
    for _ in range(2):
        await world.channel.send(RINA, Message("Rekap", attachment=carried), file=paper)
    assert len(world.emulator.media.stored) == 1
    assert world.shown() == ["Rekap", "Rekap"]


async def test_a_persons_file_is_fetched_and_one_that_is_gone_is_refused(
    world: World, tmp_path: Path
) -> None:
    world.emulator.people.sends_file(
        RINA, name="../../sk.pdf", mime="application/pdf", content=b"%PDF-1.4 isi"
    )
    (media_id,) = world.emulator.media.stored
    await world.channel.fetch(
        FileRef(media_id, "document", "sk.pdf", "application/pdf", None), tmp_path / "x"
    )
    assert (tmp_path / "x").read_bytes() == b"%PDF-1.4 isi"
    assert [found.name for found in tmp_path.iterdir()] == ["x"]
    with pytest.raises(SendError):
        await world.channel.fetch(
            FileRef("12345", "document", "sk.pdf", "application/pdf", None), tmp_path / "y"
        )


async def test_what_fails_is_told_apart(world: World) -> None:
    world.emulator.faults.codes.extend((131047, 131056, 130429, 131048, 131016, 131009))
    held = []
    for kind in (WindowClosed, Throttled, Throttled, ChannelDown, NotSent, Refused):
        with pytest.raises(kind) as raised:
            await world.channel.send(RINA, Message("x"))
        held.append(raised.value.holds)
    assert held[1:3] == ["chat", "all"]
    world.emulator.faults.drops.append("after")
    with pytest.raises(FateUnknown):
        await world.channel.send(RINA, Message("x"))
    world.emulator.token = "another"
    with pytest.raises(ChannelDown):
        await world.channel.send(RINA, Message("x"))


@pytest.mark.parametrize(("status", "body"), [(200, "<html>masuk</html>"), (200, ""), (502, '{"error":"x"}')])
async def test_a_proxy_that_answers_in_its_place_is_a_platform_that_is_away(status: int, body: str) -> None:
    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        await HTMLResponse(body, status)(scope, receive, send)

    async with serve(answer) as url:
        channel = WhatsAppChannel("t", phone_id=PHONE_ID, app_secret=SECRET, verify_token="v", root=url)
        for call in (channel.open(), channel.probe(now=datetime.now(UTC))):
            with pytest.raises(NotSent):
                await call
        await channel.close()


async def test_a_platform_that_is_not_there_took_nothing() -> None:
    channel = WhatsAppChannel(
        TOKEN, phone_id="1", app_secret="s", verify_token="v", root="http://127.0.0.1:9"
    )
    with pytest.raises(NotSent):
        await channel.send(RINA, Message("x"))
    await channel.close()


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (131050, Blocked),
        (131026, Undeliverable),
        (190, ChannelDown),
        (10, ChannelDown),
        (200, ChannelDown),
        (131051, Refused),
        (99999, Refused),
    ],
)
def test_codes_that_come_later_as_a_status_mean_the_same(code: int, kind: type[SendError]) -> None:
    assert type(of_code(code, "x")) is kind


def test_a_body_of_nonsense_is_one_unreadable_row() -> None:
    for body in (b"{", b"[]", b"[" * 100_000, b'{"entry": 7}', "é".encode("latin-1")):
        (row,) = arrivals(body, read_items(body))
        assert row.unreadable
