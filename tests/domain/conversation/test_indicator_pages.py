"""An indicator's page fits a phone, however much evidence lies there."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from domain.conversation.conversation import open_at, respond
from domain.conversation.cursor import Cursor
from domain.conversation.indicator_page import kept_message, letter_message, page_message
from domain.conversation.pending import LetterAsked, Pending
from domain.conversation.question_message import MOST_BUTTONS
from domain.draft.evidence import Letter, Piece
from domain.draft.facts import Said
from domain.message import Message, StoredFile
from tests.kit.complete import COMPLETE
from tests.kit.draft_facts import facts, pressed

MOST_CHARS = 900
LETTER = Letter("188.45/123/Huk/2025", "2025-03-03", "Pembentukan Tim Pengelola SIPANDU")
PIECES = [Piece(f"{n:064d}", "pdf", f"SK Tim Pengelola {n}.pdf", 1_200_000, letter=LETTER) for n in range(10)]
PHOTOS = [Piece(f"{n + 50:064d}", "jpg", f"Foto kegiatan posyandu {n}.jpg", 900_000) for n in range(4)]
LEVELS = (0, 1, 2, 3)


def too_much(message: Message) -> str:
    count = sum(map(len, message.rows))
    over = f"{count} buttons" if count > MOST_BUTTONS else ""
    return over or (f"{len(message.text)} characters" if len(message.text) > MOST_CHARS else "")


@pytest.mark.parametrize("no", range(16, 36))
def test_however_much_evidence_lies_there_the_page_fits(no: int) -> None:
    known = facts()
    indicator = known.indicators.by_no[no]
    bases = [basis.id for basis in indicator.bases] or [""]
    for level, count, basis in product(LEVELS, (0, 1, 2, 3, 10), bases):
        answer: dict[str, Any] = {"level": level} if level else {}
        answer |= {"basis": basis} if basis else {}
        answers = {**COMPLETE, "foto": PHOTOS, "haki": PIECES[:1], "anggaran": PIECES[:2],
                   f"e{no}": PIECES[:count], **({f"i{no}": answer} if answer else {})}  # fmt: skip
        shown = [page_message(indicator, answers, facts=known, revision=1)]
        shown += [
            kept_message(indicator, answers, facts=known, revision=1, notice="✔ Tersimpan.", level=True)
        ]
        for message in shown:
            assert not too_much(message), (no, answer, count, too_much(message), message.text)


@pytest.mark.parametrize("no", range(16, 36))
def test_every_page_of_an_indicator_says_which_step_it_is(no: int) -> None:
    """F9: the part, and a step of those there are."""
    known = facts()
    indicator, step = (
        known.indicators.by_no[no],
        f"Bagian E · Indikator kematangan · Langkah {no - 15} dari 20",
    )
    answers = {**COMPLETE, f"e{no}": PIECES[:1]}
    letter = LetterAsked(piece=0, pieces=1, part="number")
    for shown in (
        page_message(indicator, answers, facts=known, revision=1),
        page_message(indicator, answers, facts=known, revision=1, tries=1),
        kept_message(indicator, answers, facts=known, revision=1, notice="", level=True),
        letter_message(indicator, answers, facts=known, revision=1, asked=letter),
    ):
        assert step in shown.text


@pytest.mark.parametrize("no", range(16, 35))
def test_what_follows_a_whole_indicator_fits_too(no: int) -> None:
    """The next one, with the way back to the one before."""
    known = facts()
    following = known.indicators.by_no[no + 1]
    basis = {"basis": following.bases[0].id} if following.bases else {}
    answers = {**COMPLETE, "foto": PHOTOS, "anggaran": PIECES[:2], f"i{no}": {"level": 1},
               f"i{no + 1}": {"level": 3, **basis}}  # fmt: skip
    cursor = open_at(known, Cursor(), answers=answers, place=f"i{no}").cursor
    kind = next(k for k in known.indicators.by_no[no].accepts(answers) if k != "url")
    turn = respond(
        known, cursor, answers=answers, said=Said(file=StoredFile("f" * 64, kind, f"bukti.{kind}", 1000))
    )
    for message in turn.messages:
        assert not too_much(message), (no, too_much(message), message.text)


@pytest.mark.parametrize("typed", ["20", "5", "Indikator 20", "Bimtek inovasi", "ubah Bimtek inovasi", ""])
def test_whoever_opens_an_indicator_from_the_list_goes_back_to_its_page(typed: str) -> None:
    known = facts()
    at_list = open_at(known, Cursor(), answers=COMPLETE, place="#ind").cursor
    said = Said(text=typed) if typed else pressed(f"f:7:#ind:{at_list.revision}:j:i20")
    opened = respond(known, at_list, answers=COMPLETE, said=said).cursor
    assert opened.at == "i20"
    leaves = pressed(f"f:7:i20:{opened.revision}:back")
    assert respond(known, opened, answers=COMPLETE, said=leaves).cursor.at == "#ind"


def test_a_picture_without_a_name_is_called_by_place_and_number() -> None:
    known = facts()
    answers = {"i25": {"level": 1}, "e25": PHOTOS[:1]}
    cursor = open_at(known, Cursor(), answers=answers, place="i25").cursor
    sent = Said(file=StoredFile("e" * 64, "jpg", "foto.jpg", 1000))
    turn = respond(known, cursor, answers=answers, said=sent)
    assert turn.changes["e25"][-1].name == "25 Sosialisasi inovasi daerah 2.jpg"
    again = respond(known, cursor, answers={**answers, **turn.changes}, said=sent)
    assert not again.changes  # the same picture under the name it has


@pytest.mark.parametrize(
    ("place", "typed", "asked_back"),
    [
        *(("i17", typed, True) for typed in ("17", "19", "35")),
        *(("i22", typed, False) for typed in ("22", "24", "35")),  # at most five groups take part
    ],
)
def test_a_number_of_an_indicator_opens_it_unless_it_may_be_a_count(
    place: str, typed: str, asked_back: bool
) -> None:
    known = facts()
    stand = open_at(known, Cursor(), answers=COMPLETE, place=place)
    turn = respond(known, stand.cursor, answers=COMPLETE, said=Said(text=typed))
    assert not turn.changes
    assert turn.cursor.at == (place if asked_back else f"i{typed}")
    assert turn.cursor.pending.numbers == ((typed,) if asked_back else ())


@pytest.mark.parametrize(("part", "typed"), [("subject", "17"), ("subject", "5"), ("number", "24")])
def test_a_bare_number_is_no_subject_and_asked_back_as_the_number_of_a_letter(part: str, typed: str) -> None:
    known = facts()
    answers = {**COMPLETE, "e16": [Piece("a" * 64, "pdf", "SK.pdf", 1000)], "i16": {"level": 1}}
    stand = open_at(known, Cursor(), answers=answers, place="i16")
    asked = replace(stand.cursor, pending=Pending(letter=LetterAsked(0, part)))  # type: ignore[arg-type]
    turn = respond(known, asked, answers=answers, said=Said(text=typed))
    assert not turn.changes
    assert turn.cursor.at == "i16"
    assert turn.cursor.pending.letter is not None


@pytest.mark.parametrize("place", ["i26", "i28", "i35"])
@pytest.mark.parametrize(
    "typed",
    ["ftp://contoh.id/buku4.pdf", "ini videonya ftp://contoh.id/5", "file:///C:/buku.pdf",
     "C:\\Users\\buku.pdf", "\\\\server\\buku 2.pdf", "javascript:alert(1)"],
)  # fmt: skip
def test_an_address_that_is_no_page_is_neither_evidence_nor_a_level(place: str, typed: str) -> None:
    turn = respond(facts(), Cursor(at=place), answers={}, said=Said(text=typed))
    assert not turn.changes
    assert not turn.cursor.pending
    assert "https://" in turn.messages[-1].text.partition("\n")[0]


@pytest.mark.parametrize("typed", ["data:5 unsur", "5 unsur"])
def test_what_only_resembles_such_an_address_is_read(typed: str) -> None:
    turn = respond(facts(), Cursor(at="i35"), answers={}, said=Said(text=typed))
    assert turn.changes or turn.cursor.pending
