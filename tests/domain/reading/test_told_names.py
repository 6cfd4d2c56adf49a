"""A name is told from what stands around it in a sentence; a name alone stays as it is."""

from __future__ import annotations

import pytest

from domain.reading.told_names import told_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("inovasinya SIGAP, mulai maret 2024, yang bikin pak camat, gratis", "SIGAP"),
        ("SIGAP, mulai maret 2024, gratis", "SIGAP"),
        ("SIGAP. sudah jalan dari tahun lalu", "SIGAP"),
        ("nama inovasi kami adalah Antre Daring", "Antre Daring"),
        ("Namanya: SIPANDU, Sehat Bersama", "SIPANDU, Sehat Bersama"),
        ("it is called SIGAP, since 2024", "SIGAP"),
    ],
)
def test_a_name_told_in_a_sentence_stands_alone(text: str, name: str) -> None:
    assert told_name(text) == name


@pytest.mark.parametrize(
    "text",
    [
        "SIGAP",
        "Sehat, Cepat, Ramah",
        "Inovasi Layanan Cepat, Ramah, dan Gratis",
        "SIPANDU – Sistem Posyandu Terpadu",
        "Tepat, Gratis Ongkir",
        "Namanya",
        "Mulai Dari Kita",
        "",
    ],
)
def test_a_name_alone_is_left_as_it_is(text: str) -> None:
    assert told_name(text) == ""
