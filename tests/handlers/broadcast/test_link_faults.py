"""Which links behind words are sent."""

from __future__ import annotations

import pytest

from domain.announcing.linked_words import LinkedWords
from handlers.broadcast.link_faults import find_fault

BPS = "https://kotimkab.bps.go.id/isi?a=1&b=2"


@pytest.mark.parametrize(
    ("words", "address", "fault"),
    [
        ("formulir", BPS, ""),
        ("kotimkab.bps.go.id", BPS, ""),
        ("bps.go.id", BPS, ""),
        ("surat.pdf", BPS, ""),
        ("www.bps.go.id", "https://bps.go.id/", ""),
        ("bkn.go.id", BPS, "disguise"),
        ("https://kotimkab.go.id", "https://kotimkab.go.id.jahat.example/", "disguise"),
        ("formulir", "javascript:alert", "address"),
        ("formulir", "tg://user?id=1", "address"),
        ("formulir", "https://bps.go.id@jahat.example/", "address"),
        ("formulir", "http://10.0.0.1/", "address"),
        ("formulir", "https://bрs.go.id/", "address"),  # a Cyrillic letter
    ],
)
def test_only_an_open_address_that_is_what_it_says_is_sent(words: str, address: str, fault: str) -> None:
    assert find_fault(LinkedWords(words, address)) == fault
