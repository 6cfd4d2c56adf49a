"""The Telegram channel through the real python-telegram-bot, against the emulated server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from telegram.error import BadRequest, Forbidden, TelegramError, TimedOut

from bot.channels import Blocked, ChannelDown, FateUnknown, NotSent, Refused, SendError, Throttled
from bot.channels.contract import Polled
from bot.channels.limits import Rates
from bot.channels.telegram.channel import TelegramChannel, translated
from domain.buttons.base import Raw
from domain.delivery import Reason
from domain.message import Attachment, Choice, FileRef, Message
from domain.texts import bold, join
from sandbox.serve import serve
from sandbox.telegram import TelegramEmulator

TOKEN = "4200000009:CHANNEL-token-of-nobody-000000000000"
PERSON = 77


@asynccontextmanager
async def opened(token: str = TOKEN) -> AsyncIterator[tuple[TelegramChannel, TelegramEmulator]]:
    """A channel connected to a server where somebody has started the bot."""
    emulator = TelegramEmulator(token=TOKEN)
    emulator.add_person(PERSON, "Rina")
    emulator.says(PERSON, "/start")
    async with serve(emulator.app) as url:
        channel = TelegramChannel(token, root=url)
        try:
            await channel.open()
            yield channel, emulator
        finally:
            await channel.close()


async def test_what_people_typed_arrives_as_text_and_our_marks_as_bold() -> None:
    hostile = "<b>tebal</b> & <script>alert(1)</script> \ue000x"
    async with opened() as (channel, emulator):
        await channel.send(str(PERSON), Message(join((bold("Judul"), hostile), by="\n")))
        seen = emulator.chat(PERSON)[-1]
        assert seen.text == "Judul\n<b>tebal</b> & <script>alert(1)</script> x"
        assert seen.html.startswith("<b>Judul</b>\n&lt;b&gt;")


async def test_buttons_stand_in_rows_and_long_labels_are_cut() -> None:
    rows = ((Choice("Ya", Raw("a:1")), Choice("Tidak", Raw("a:2"))), (Choice("x" * 100, Raw("a:3")),))
    async with opened() as (channel, emulator):
        await channel.send(str(PERSON), Message("?", rows))
        keyboard = emulator.chat(PERSON)[-1].keyboard
        assert keyboard[0] == [("Ya", "a:1"), ("Tidak", "a:2")]
        assert len(keyboard[1][0][0]) == 60


async def test_too_long_button_data_is_a_mistake_of_ours() -> None:
    async with opened() as (channel, _):
        with pytest.raises(ValueError, match="65 bytes"):
            await channel.send(str(PERSON), Message("?", ((Choice("x", Raw("d" * 65)),),)))


@pytest.mark.parametrize("ask", ["phone", "location"])
async def test_a_keyboard_that_shares_is_shown_and_taken_away(ask: str) -> None:
    async with opened() as (channel, emulator):
        rows = ((Choice("Bagikan", Raw("")),), (Choice("Lewati", Raw("")),))
        await channel.send(str(PERSON), Message("?", rows, ask=ask))
        assert emulator.chat(PERSON)[-1].reply_keyboard == ask
        assert emulator.chat(PERSON)[-1].reply_labels == ["Bagikan", "Lewati"]
        await channel.send(str(PERSON), Message("ok", ask="remove"))
        assert emulator.chat(PERSON)[-1].reply_keyboard == "remove"


async def test_a_message_is_changed_in_place_and_the_same_again_is_no_failure() -> None:
    async with opened() as (channel, emulator):
        reference = await channel.send(str(PERSON), Message("satu"))
        for _ in range(2):
            assert await channel.send(str(PERSON), Message("dua", edit=reference)) == reference
        assert [m.text for m in emulator.chat(PERSON) if m.from_bot] == ["dua"]


async def test_an_edit_of_a_vanished_message_is_sent_anew() -> None:
    async with opened() as (channel, emulator):
        reference = await channel.send(str(PERSON), Message("dua", edit="999999"))
        assert reference != "999999"
        assert emulator.chat(PERSON)[-1].text == "dua"


async def test_a_tap_is_answered_even_when_it_is_too_old() -> None:
    async with opened() as (channel, emulator):
        emulator.taps(PERSON, 1, "x")
        (tap,) = emulator.taps_open
        await channel.send(str(PERSON), Message("", callback_id=tap, toast="Sudah"))
        await channel.send(str(PERSON), Message("lagi", callback_id="unknown"))
        assert emulator.toasts(PERSON) == ["Sudah"]
        assert emulator.chat(PERSON)[-1].text == "lagi"


@pytest.mark.parametrize(
    ("status", "kind"),
    [(429, Throttled), (403, Blocked), (400, Refused), (500, NotSent), (502, NotSent)],
)
async def test_each_answer_of_the_platform_has_its_kind(status: int, kind: type[SendError]) -> None:
    async with opened() as (channel, emulator):
        emulator.faults.add("sendMessage", status=status, retry_after=7)
        with pytest.raises(kind) as raised:
            await channel.send(str(PERSON), Message("x"))
        assert raised.value.retry_after == (7 if status == 429 else 0)
        assert TOKEN not in repr(raised.value)


async def test_a_lost_answer_leaves_the_fate_unknown() -> None:
    async with opened() as (channel, emulator):
        emulator.faults.add("sendMessage", drop="after")
        with pytest.raises(FateUnknown) as raised:
            await channel.send(str(PERSON), Message("x"))
        assert TOKEN not in repr(raised.value)
        assert emulator.chat(PERSON)[-1].text == "x"


async def test_a_server_that_is_not_there_takes_nothing() -> None:
    channel = TelegramChannel(TOKEN, root="http://127.0.0.1:9")
    try:
        with pytest.raises(NotSent) as raised:
            await channel.open()
        assert TOKEN not in repr(raised.value)
    finally:
        await channel.close()


async def test_a_wrong_token_puts_the_channel_down() -> None:
    with pytest.raises(ChannelDown):
        async with opened("1:WRONG"):
            pass


async def test_somebody_who_never_started_the_bot_is_out_of_reach() -> None:
    async with opened() as (channel, emulator):
        emulator.add_person(78, "Budi")
        for address in ("78", "79"):
            with pytest.raises(Blocked):
                await channel.send(address, Message("x"))


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (Forbidden("Forbidden: bot was blocked by the user"), Reason.BLOCKED),
        (Forbidden("Forbidden: user is deactivated"), Reason.GONE),
        (BadRequest("Bad Request: chat not found"), Reason.GONE),
        (BadRequest("Bad Request: message is too long"), Reason.REFUSED),
        (TimedOut("Timed out"), Reason.NOT_SENT),
    ],
)
def test_each_refusal_has_its_reason(error: TelegramError, reason: Reason) -> None:
    assert translated(error).reason is reason


async def test_a_file_is_fetched_in_pieces(tmp_path: Path) -> None:
    content = bytes(range(256)) * 1000
    async with opened() as (channel, emulator):
        file_id = emulator.store("surat.pdf", content)
        await channel.fetch(FileRef(file_id, "document", "surat.pdf", "", None), tmp_path / "x")
        assert (tmp_path / "x").read_bytes() == content
        big = emulator.store("besar.pdf", b"\0" * 20_000_001)
        with pytest.raises(Refused):
            await channel.fetch(FileRef(big, "document", "besar.pdf", "", None), tmp_path / "y")


async def test_raw_updates_are_polled_also_those_the_library_cannot_read() -> None:
    async with opened() as (channel, emulator):
        emulator.raw({"update_id": emulator.updates.next_id + 5, "message": {"strange": True}})
        polled = await channel.poll(None, seconds=0)
        assert [row.unreadable for row in polled.arrivals] == ["", ""]
        assert "strange" in polled.arrivals[1].raw
        assert polled.after == polled.arrivals[1].external_id
        assert await channel.poll(polled.after, seconds=0) == Polled([], None)


async def test_menus_are_set_for_everybody_and_for_one() -> None:
    async with opened() as (channel, emulator):
        await channel.set_menu([("status", "Keadaan")], language="")
        await channel.send(str(PERSON), Message("Halo", menu=(("draf", "Daftar draf"),)))
        assert emulator.commands["all_private_chats:", ""][0]["command"] == "status"
        assert emulator.commands[f"chat:{PERSON}", ""][0]["command"] == "draf"


@pytest.mark.parametrize("kind", ["photo", "document"])
async def test_a_file_arrives_with_caption_buttons_and_its_own_name(tmp_path: Path, kind: Any) -> None:
    content = b"\x89PNG\r\n\x1a\n" + b"0" * 40
    path = tmp_path / "0f3a"
    path.write_bytes(content)
    carried = Attachment(kind, "file", {"sha256": "aa"}, "peta <b>.png")
    async with opened() as (channel, emulator):
        message = Message("Peta <kota>", ((Choice("Ya", Raw("a:1")),),), attachment=carried)
        reference = await channel.send(str(PERSON), message, file=path)
        seen = emulator.chat(PERSON)[-1]
        assert reference == str(seen.message_id)
        assert (seen.text, seen.keyboard) == ("Peta <kota>", [[("Ya", "a:1")]])
        assert seen.file is not None
        assert (seen.file.kind, seen.file.name) == (kind, "peta <b>.png")
        assert emulator.files[seen.file.file_id][1] == content
        changed = await channel.send(str(PERSON), Message("Baru", edit=reference))
        assert changed != reference  # a caption cannot become a text: a new message takes its place


async def test_a_held_file_goes_up_once_and_again_when_telegram_has_forgotten_it(tmp_path: Path) -> None:
    file = tmp_path / "f"
    file.write_bytes(b"%PDF-1.7 surat")
    message = Message("x", attachment=Attachment("document", "file", {"sha256": "aa" * 32}, "surat.pdf"))
    async with opened() as (channel, emulator):
        for _ in range(3):
            await channel.send(str(PERSON), message, file=file)
        assert len(emulator.files) == 1
        emulator.files.clear()
        await channel.send(str(PERSON), message, file=file)
        assert [seen.file.name for seen in emulator.chat(PERSON)[-4:] if seen.file] == ["surat.pdf"] * 4


@pytest.mark.parametrize(("rate", "paid"), [(30, False), (1000, True)])
async def test_only_announcements_above_the_free_rate_are_paid_for(rate: float, paid: bool) -> None:
    async with opened() as (_, emulator), serve(emulator.app) as url:
        channel = TelegramChannel(TOKEN, root=url, rates=Rates(rate, 1, 3))
        await channel.open()
        await channel.send(str(PERSON), Message("jawaban"))
        await channel.send(str(PERSON), Message("siaran", broadcast=True))
        await channel.close()
        asked = [
            call.params.get("allow_paid_broadcast", False)
            for call in emulator.journal
            if call.method == "sendMessage"
        ]
        assert asked == [False, paid]
