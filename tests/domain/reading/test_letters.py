"""Data of a letter in one text: each part behind its word, nothing else filed as one."""

from __future__ import annotations

import pytest

from domain.reading.letters import is_absent, letter_parts

WHOLE = {"number": "188.45/12/2025", "date": "3 Maret 2025", "subject": "Penetapan Tim"}


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Nomor 188.45/12/2025 tanggal 3 Maret 2025 tentang Penetapan Tim", WHOLE),
        ("SK Bupati Nomor: 188.45/12/2025, tanggal 3 Maret 2025, tentang Penetapan Tim.", WHOLE),
        ("No. 188.45/12/2025 tgl. 3 Maret 2025 perihal: Penetapan Tim", WHOLE),
        ("Nomor surat: 188.45/12/2025\nTanggal: 3 Maret 2025\nPerihal: Penetapan Tim", WHOLE),
        ("Perihal: Penetapan Tim\nNomor: 188.45/12/2025\nTanggal: 3 Maret 2025", WHOLE),
        ("tertanggal 3 Maret 2025 nomor 188.45/12/2025 hal Penetapan Tim", WHOLE),
        ("188.45/12/2025 tanggal 3 Maret 2025 tentang Penetapan Tim", WHOLE),
        ("Letter number 188.45/12/2025 dated 3 Maret 2025 about Penetapan Tim", WHOLE),
        (
            "Peraturan Bupati Nomor 5 Tahun 2025 tentang Inovasi",
            {"number": "5 Tahun 2025", "subject": "Inovasi"},
        ),
        (
            "Nomor 5 tentang Perubahan atas Peraturan Nomor 3 tanggal 1 Mei 2024",
            {"number": "5", "subject": "Perubahan atas Peraturan Nomor 3 tanggal 1 Mei 2024"},
        ),
        ("188.45/NO/2025", {}),
        ("Dokumentasi kegiatan", {}),
        ("", {}),
    ],
)
def test_each_part_stands_behind_its_word(text: str, parts: dict[str, str]) -> None:
    assert letter_parts(text, first="number") == parts


@pytest.mark.parametrize(
    "text",
    [
        "-",
        "–",
        " - ",
        "tidak ada",
        "Tidak ada.",
        "tanpa nomor",
        "Nomornya tidak ada",
        "nihil",
        "no number",
        "n/a",
    ],
)
def test_what_is_not_there_is_said_in_many_ways(text: str) -> None:
    assert is_absent(text)


@pytest.mark.parametrize(
    "text", ["", "5", "tidak ada perubahan tarif", "Tanpa Nomor Antrean", "188.45/-/2025"]
)
def test_a_true_part_is_not_taken_for_a_missing_one(text: str) -> None:
    assert not is_absent(text)
