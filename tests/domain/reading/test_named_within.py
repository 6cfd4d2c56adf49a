"""A sentence names an option among other words; what it denies, or where it names several, is not meant."""

from __future__ import annotations

import pytest

from domain.reading.named_within import named_within
from domain.reading.names import Name
from tests.kit.draft_facts import FORM


@pytest.mark.parametrize(
    ("question", "text", "option"),
    [
        ("inisiator", "yang bikin pak camat", "opd"),
        ("inisiator", "pak camat hendra sama kasi pelayanan", "opd"),
        ("inisiator", "idenya dari warga sini pak", "masyarakat"),
        ("klasifikasi", "kecamatan yang jalankan", "perangkat"),
        ("jenis", "tidak pakai aplikasi cuma datang ke kampung", "non_digital"),
        ("jenis", "pakai aplikasi android pak", "digital"),
        ("jenis", "non digital lah", "non_digital"),
        ("asta_cita", "yang birokrasi itu lah", "asta_7"),
        ("bentuk", "itu pelayanan ktp pak", "pelayanan"),
        ("jenis", "bukan yang aplikasi", ""),
        ("inisiator", "camat atau warga", ""),
        ("inisiator", "bukan hanya camat, warga juga", ""),
        ("inisiator", "saya lupa", ""),
        ("jenis", "aplikasi " + "kami dipakai warga " * 8, ""),
        ("jenis", "", ""),
    ],
)
def test_one_option_is_found_in_a_sentence(question: str, text: str, option: str) -> None:
    options = FORM.by_id[question].options
    names = tuple(Name(one.id, (one.label.id, one.label.en, *one.synonyms)) for one in options)
    assert named_within(text, names) == option
