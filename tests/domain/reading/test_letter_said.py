"""Number, date and subject in one message, in any order."""

from __future__ import annotations

from datetime import date
from itertools import permutations

import pytest

from domain.reading.letter_said import letter_said

TODAY = date(2026, 3, 1)
WHOLE = {"number": "188.45/12/Huk-2025", "date": "3 Maret 2025", "subject": "Tim Inovasi"}


@pytest.mark.parametrize("order", list(permutations(WHOLE.values())))
@pytest.mark.parametrize("between", [", ", "\n", "; "])
def test_the_parts_may_come_in_any_order(order: tuple[str, ...], between: str) -> None:
    assert letter_said(between.join(order), today=TODAY) == WHOLE


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Nomor 188.45/12/Huk-2025, 3 Maret 2025, tentang Tim Inovasi", WHOLE),
        ("Nomor 188.45/12/Huk-2025 tanggal 3 Maret 2025 tentang Tim Inovasi", WHOLE),
        ("188.45/12/Huk-2025 3 Maret 2025 tentang Tim Inovasi", WHOLE),
        ("188.45/12/Huk-2025, Senin, 3 Maret 2025, Tim Inovasi", WHOLE),
        ("Tim A, B, dan C; 5 Tahun 2025", {"number": "5 Tahun 2025", "subject": "Tim A, B, dan C"}),
        ("tanpa nomor, 3 Maret 2025, Tim", {"number": "-", "date": "3 Maret 2025", "subject": "Tim"}),
        ("nomornya 188.45/12/2025", {"number": "188.45/12/2025"}),
        ("tanggalnya 4 Maret 2025", {"date": "tanggal 4 Maret 2025"}),
        ("-", {"number": "-"}),
        ("nomor 1/2, nomor 2/3", {}),  # two of one part: which is meant is asked again
        ("apa itu perihal?", {}),
        ("???", {}),
        (
            "tentang Perubahan atas Peraturan Nomor 5 Tahun 2024 tentang X, 12 tahun 2025",
            {"number": "12 tahun 2025", "subject": "Perubahan atas Peraturan Nomor 5 Tahun 2024 tentang X"},
        ),
    ],
)
def test_what_is_said_of_a_letter(text: str, parts: dict[str, str]) -> None:
    assert letter_said(text, today=TODAY) == parts


@pytest.mark.parametrize("about", ["ttg", "ttg.", "mengenai", "tentang"])
def test_the_subject_follows_every_word_for_about(about: str) -> None:
    said = f"SK No. 188.45/12/2025 tgl 3-2-2025 {about} Tim Inovasi"
    assert letter_said(said, today=TODAY) == {
        "number": "188.45/12/2025",
        "date": "3-2-2025",
        "subject": "Tim Inovasi",
    }


@pytest.mark.parametrize("said", ["belum ada nomor", "nomornya belum ada", "nomor tidak tercantum", "strip"])
def test_a_number_that_is_not_there_yet_is_no_subject(said: str) -> None:
    assert letter_said(said, today=TODAY) == {"number": "-"}
