"""What reads as the rest of a text sent a moment before."""

from __future__ import annotations

import pytest

from domain.reading.continuations import goes_on


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("SIPANDU", "di Wilayah Hulu"),
        ("SIPANDU Sistem Posyandu", "Terpadu di Baamang"),
        ("SIPANDU -", "posyandu terpadu"),
        ("SIPANDU dan", "keluarga sehat"),
        ("Tim Gizi,", "puskesmas"),
        ("SIPANDU", "(Sistem Posyandu Terpadu)"),
        ("Sehat", "untuk semua"),
    ],
)
def test_a_link_a_sign_or_a_name_goes_on(text: str, more: str) -> None:
    assert goes_on(text, more)


@pytest.mark.parametrize(
    "more",
    ["digitalisasi", "sudah jalan", "Sudah jalan", "16", "opd", "yang", "", "tidak tahu pak", "dinas pemuda"],
)
def test_anything_else_is_a_choice_somebody_meant(more: str) -> None:
    assert not goes_on("SIPANDU Posyandu", more)
