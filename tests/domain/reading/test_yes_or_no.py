"""What stands beside a yes or no is left away; a text that says more is not made one."""

from __future__ import annotations

import pytest

from domain.reading.remarks import bare_yes_or_no


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("Iya pak", "iya"),
        ("ya, bu.", "ya"),
        ("boleh, silakan", "boleh"),
        ("pak, iya pak", "iya"),
        ("tidak usah bu", "tidak usah"),
        ("pak", "pak"),
        ("\N{THUMBS UP SIGN}", "\N{THUMBS UP SIGN}"),
        ("", ""),
        ("ya tapi nanti", "ya tapi nanti"),
        ("ya pak Budi", "ya pak budi"),
        ("ya besok saja", "ya besok"),
        ("Ya, pak?", "ya, pak?"),
    ],
)
def test_only_forms_of_address_are_left_away(text: str, bare: str) -> None:
    assert bare_yes_or_no(text) == bare
