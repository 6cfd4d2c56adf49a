"""Letters of offices, set as PDFs: what is read of them is right, and what is not certain is left out."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.inbound.pdf_text import read_letter
from domain.message import LetterRead
from domain.reading.letter_text import read_letter_text
from tests.kit.official_letters import OfficialLetter, letter_pdf, official_letters

FEWEST = 40  # letters in the set
PARTS = ("number", "date", "subject")


def _read(letter: OfficialLetter, folder: Path) -> LetterRead | None:
    path = folder / f"{letter.name}.pdf"
    path.write_bytes(letter_pdf(letter))
    return read_letter(path)


@pytest.mark.parametrize("letter", official_letters(), ids=lambda letter: letter.name)
def test_nothing_wrong_is_proposed_of_a_letter(letter: OfficialLetter, tmp_path: Path) -> None:
    read = _read(letter, tmp_path)
    if letter.form == "scan":
        assert read is None
        return
    assert read is not None
    assert read.is_letter is letter.is_letter
    assert all(getattr(read, part) in ("", right) for part, right in zip(PARTS, letter.right, strict=True))


def test_most_letters_are_read_wholly(tmp_path: Path) -> None:
    letters = [letter for letter in official_letters() if letter.is_letter and letter.form != "scan"]
    read = {letter.name: _read(letter, tmp_path) for letter in letters}
    right = {
        letter.name: (got.number, got.date, got.subject) for letter in letters if (got := read[letter.name])
    }
    wholly = [letter for letter in letters if all(right[letter.name]) and right[letter.name] == letter.right]
    partly = [letter for letter in letters if letter not in wholly and any(right[letter.name])]
    wrongly = [
        letter
        for letter in letters
        if any(got and got != want for got, want in zip(right[letter.name], letter.right, strict=True))
    ]
    print(f"letters {len(letters)}: wholly {len(wholly)}, partly {len(partly)}, wrongly {len(wrongly)}")
    assert len(letters) >= FEWEST
    assert not wrongly
    assert len(wholly) >= 30


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (  # two numbers in one head: which is meant is not for us to say
            "SURAT KEPUTUSAN BERSAMA\nNOMOR : 1/A/2025\nNOMOR : 2/B/2025\nTENTANG\nLAYANAN TERPADU\nKEPADA",
            LetterRead("", "", "LAYANAN TERPADU"),
        ),
        (  # the day an event takes place is not the letter's
            "PEMERINTAH KABUPATEN KOTAWARINGIN TIMUR\nNomor : 005/1/Setda\nHal : Undangan Rapat\nKepada\n"
            "Hari, tanggal : Senin, 10 Maret 2025\n",
            LetterRead("005/1/Setda", "", "Undangan Rapat"),
        ),
        (  # the telephone is not the number
            "DINAS KESEHATAN KABUPATEN KOTAWARINGIN TIMUR\nNomor Telepon : 0531/21234\nSURAT KETERANGAN\n"
            "Yang bertanda tangan di bawah ini",
            LetterRead(),
        ),
        (  # a subject whose end is not seen may go on
            "KEPUTUSAN KEPALA DINAS KESEHATAN KABUPATEN KOTAWARINGIN\nNOMOR : 1/A/2025\nTENTANG\n"
            + "\n".join(f"KALIMAT KE {n}" for n in range(12)),
            LetterRead("1/A/2025"),
        ),
    ],
)
def test_a_part_in_doubt_is_left_out(text: str, read: LetterRead) -> None:
    assert read_letter_text(text) == read


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=2000))
def test_any_text_is_read_without_failing(text: str) -> None:
    read_letter_text(f"NOMOR : {text}\nTENTANG\n{text}\nDitetapkan di Sampit\npada tanggal {text}")
