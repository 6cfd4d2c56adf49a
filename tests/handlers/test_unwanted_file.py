"""A file where none is asked for: people hear that it is not taken, and the question stays open."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from domain.message import WITHOUT_MARKS, FileRef, Inbound, Kind, Message
from domain.wants import WantsFile
from storage import contacts, dialogues
from storage.engine.sqlite import SqliteTransaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.desk_turns import DESK, says, taps
from tests.kit.direct import Direct
from tests.kit.people import RINA, SARI, WATI

FILES = tuple(FileRef(name, "document", name, "", 101) for name in ("satu.pdf", "dua.pdf"))
NOT_TAKEN = "berkas tidak diterima"


def sends(tx: SqliteTransaction, person: int, caption: str = "", *, album: bool = False) -> list[Message]:
    """Send a file, or two at once, with words beside it."""
    together = FILES if album else ()
    inbound = Inbound("telegram", str(person), Kind.FILE, text=caption, file=FILES[0], album=together)
    return list(DESK.take(tx, inbound, fetched=None, now=MORNING))


@pytest.mark.parametrize(
    ("person", "said"), [(WATI, "tidak ada yang menunggu"), (RINA, "Buka dahulu isiannya")]
)
def test_where_nothing_is_open_only_who_fills_in_a_form_is_led_to_it(
    tx: SqliteTransaction, person: int, said: str
) -> None:
    assert said in "".join(message.text for message in sends(tx, person))


@pytest.mark.parametrize("person", [WATI, RINA, SARI])
def test_a_voice_note_is_said_not_to_be_heard(tx: SqliteTransaction, person: int) -> None:
    inbound = Inbound("telegram", str(person), Kind.OTHER)
    heard = "".join(message.text for message in DESK.take(tx, inbound, fetched=None, now=MORNING))
    assert "mendengar pesan suara" in heard


@pytest.mark.parametrize("album", [False, True])
@pytest.mark.parametrize(
    ("person", "way"),
    [
        (SARI, ["/undang"]),
        (WATI, ["/opd"]),
        (SARI, ["/periode", "p:deadline:1"]),
        (SARI, ["/profil", "pf:target:0"]),
        (RINA, ["/tanya"]),
        (RINA, ["/privasi", "me:erase"]),
    ],
)
def test_it_is_said_first_and_the_question_stays(
    tx: SqliteTransaction, person: int, way: Sequence[str], album: bool
) -> None:
    for step in way:
        says(tx, person, step) if step.startswith("/") else taps(tx, person, step)
    number = contacts.by_address(tx, "telegram", address=str(person))
    assert number is not None
    before = dialogues.load(tx, number.id)
    assert before is not None
    said = sends(tx, person, "ya", album=album)
    assert NOT_TAKEN in said[0].text
    assert "“ya” tidak disimpan" in said[0].text
    assert len(said) > 1
    assert dialogues.load(tx, number.id) == before


@pytest.mark.parametrize("caption", ["", "ya", "ini buktinya"])
@pytest.mark.parametrize("person", [RINA, WATI, SARI])
def test_where_nothing_is_open_it_is_said_that_the_file_is_not_kept(
    tx: SqliteTransaction, person: int, caption: str
) -> None:
    said = sends(tx, person, caption)
    assert said[0].text.startswith("Berkas itu tidak disimpan")
    assert said[-1].rows


def test_the_desk_may_send_its_list_at_the_offices(tx: SqliteTransaction) -> None:
    says(tx, SARI, "/opd")
    with pytest.raises(WantsFile):
        sends(tx, SARI)


async def test_the_question_is_shown_again_as_it_was(tmp_path: Path) -> None:
    desk = await Direct.open(tmp_path)
    try:
        asked = await desk.says("/tanya")
        inbound = Inbound("telegram", str(RINA), Kind.FILE, file=FILES[0])
        said = await desk.turn(inbound)
        assert said[0].text.translate(WITHOUT_MARKS).startswith("Di sini berkas tidak diterima")
        assert [message.text for message in said[1:]] == [asked[-1].text]
    finally:
        await desk.database.close()
