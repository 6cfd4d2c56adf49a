"""Words of a label that are typed: which choice they stand for."""

from __future__ import annotations

import pytest

from domain import buttons
from domain.label_words import holding
from domain.message import Choice

LABELS = (
    "Buku kerja (Excel)",
    "Tabel CSV",
    "Lembar cetak",
    "Lembar unggah",
    "◀ Ubah isi",
    "◀ Hal. 2",
    "Lepaskan WhatsApp",
)
OFFERED = [Choice(label, buttons.OfficeList(number)) for number, label in enumerate(LABELS)]


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("excel", "Buku kerja (Excel)"),
        ("CSV dong", "Tabel CSV"),
        ("buku excel", "Buku kerja (Excel)"),
        ("unggah", "Lembar unggah"),
        ("lepas whatsapp", "Lepaskan WhatsApp"),
        ("lepa", ""),  # too short for a beginning
        ("kembali", "◀ Ubah isi"),
        ("back", "◀ Ubah isi"),
        ("lembar", ""),  # two have it
        ("excel bulan lalu", ""),
        ("saya minta yang excel itu", ""),
        ("ya", ""),
        ("2", ""),
        ("", ""),
    ],
)
def test_the_one_choice_whose_label_holds_the_words_is_meant(typed: str, label: str) -> None:
    choice = holding(typed, OFFERED)
    assert (choice.label if choice else "") == label
