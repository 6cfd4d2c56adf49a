"""What the phones show is there again at the next start of the sandbox."""

from __future__ import annotations

from pathlib import Path

from sandbox.kept_phones import FILE, KeptPhones
from sandbox.telegram import TelegramEmulator
from sandbox.telegram_chats import ChatMessage
from sandbox.whatsapp import EmulatedAccount, WhatsAppEmulator
from sandbox.whatsapp_phones import WhatsAppMessage
from tests.kit.clock_and_codes import MORNING
from tests.kit.people import TONO

DEWI = "ID.2001"
PAPER = b"%PDF-1.4 a paper"


def platforms(folder: Path) -> tuple[TelegramEmulator, WhatsAppEmulator, KeptPhones]:
    """Both platforms as a start of the sandbox makes them."""
    telegram = TelegramEmulator(token="1:x", clock=MORNING.timestamp)
    whatsapp = WhatsAppEmulator(
        clock=MORNING.timestamp, account=EmulatedAccount(token="x", phone_id="1", app_secret="x")
    )
    telegram.add_person(TONO, "Tono")
    whatsapp.people.add(DEWI, "Dewi", phone="62812")
    return telegram, whatsapp, KeptPhones(folder, telegram, whatsapp)


async def test_chats_files_and_what_was_not_taken_are_there_again(tmp_path: Path) -> None:
    telegram, whatsapp, phones = platforms(tmp_path)
    telegram.says(TONO, "/ajukan")
    telegram.sends_file(TONO, name="surat.pdf", content=PAPER)
    answer = ChatMessage(9, 1.0, True, text="Apa namanya?", keyboard=[[("Lanjut", "n:1")]], seen=True)
    telegram.people[TONO].messages[9] = answer
    whatsapp.people.says(DEWI, "ajukan")
    listed = WhatsAppMessage(
        "wamid.1", 2.0, True, rows=[("a", "b", "c")], headings={0: "Pilihan"}, tick="read"
    )
    whatsapp.people.by_user_id[DEWI].messages["wamid.1"] = listed
    whatsapp.people.sends_file(DEWI, name="surat.pdf", mime="application/pdf", content=PAPER)
    phones.save()

    later, elsewhere, again = platforms(tmp_path)
    again.load()
    assert list(later.people[TONO].messages.values()) == list(telegram.people[TONO].messages.values())
    assert elsewhere.people.by_user_id[DEWI].messages == whatsapp.people.by_user_id[DEWI].messages
    assert elsewhere.people.by_user_id[DEWI].last_spoke == MORNING.timestamp()
    assert [content for _, content in later.files.values()] == [PAPER]
    assert [media.content for media in elsewhere.media.stored.values()] == [PAPER]
    assert list(later.updates.pending) == list(telegram.updates.pending)
    assert [item.value for item in elsewhere.webhooks.waiting] == [
        item.value for item in whatsapp.webhooks.waiting
    ]
    said = next(key for key, message in elsewhere.people.by_user_id[DEWI].messages.items() if message.text)
    elsewhere.people.edits(DEWI, said, "ajukan inovasi")  # what was said before can still be edited


def test_a_file_that_cannot_be_read_is_as_none(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('{"telegram": [')
    telegram, _, phones = platforms(tmp_path)
    phones.load()
    assert telegram.people[TONO].messages == {}


async def test_nothing_is_written_while_nothing_changes(tmp_path: Path) -> None:
    telegram, _, phones = platforms(tmp_path)
    telegram.says(TONO, "halo")
    phones.save()
    (tmp_path / FILE).unlink()
    phones.save()
    assert not (tmp_path / FILE).exists()
