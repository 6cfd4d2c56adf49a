"""Text from outside is as it looks: what nobody sees is gone, what builds an emoji stays."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.reading.clean_text import clean, code_text, one_line


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("Dinas\u200b Kesehatan", "Dinas Kesehatan"),
        ("\u202eabc\u202c", "abc"),
        ("\u2066x\u2069\u200e\u200f\ufeff\u00ad\u2060\u061c", "x"),
        ("a\x00\x1b[31mb\x07\x7f", "a[31mb"),
        ("satu\r\ndua\u2028tiga\x85empat\vlima", "satu\ndua\ntiga\nempat\nlima"),
        ("a\u00a0b\u2003c\u3000d\te", "a b c d e"),
        ("a\u2011b", "a-b"),
        ("kata\u200dkata\u200ckata", "katakatakata"),
        ("\ud83d\ude00", "\U0001f600"),
        ("cut \ud83d", "cut \ufffd"),
        ("\ue000tebal\ue001", "tebal"),
        ("tag\U000e0041\U000e007f", "tag"),
        ("e\u0301\u034f", "e\u0301"),
        ("\u2060\u200d\u2060", ""),
        ("\u3164\ufe0f\u200d\u3164", "  "),
        ("🇮🇩 Jum’at — “ya” … ½", "🇮🇩 Jum’at — “ya” … ½"),
        ("بسم", "بسم"),
    ],
)
def test_it_takes_off_what_nobody_sees(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@pytest.mark.parametrize("emoji", ["👨‍👩‍👧", "1️⃣", "❤️", "👍🏽", "👩🏽‍⚕️", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🏳️‍🌈", "✔️", "☎︎", "🙏"])
def test_emoji_stay_whole(emoji: str) -> None:
    assert clean(f"Baik {emoji} Bu") == f"Baik {emoji} Bu"


@pytest.mark.parametrize(
    "text", ["\u3164", "\u200b", "\u2800\u115f\u1160\uffa0", " \u00a0\n", "\u202e\u202c", "\ufe0f"]
)
def test_what_looks_blank_is_blank(text: str) -> None:
    assert one_line(text) == ""


def test_one_line_is_one_line() -> None:
    assert one_line(" Judul\r\nkedua\u2029 baris ") == "Judul kedua baris"


def test_codes_are_plain_letters() -> None:
    assert code_text("\u202aＤＩ－２０２６‑０００１\u200b") == "DI-2026-0001"


UNSEEN = {"Cc", "Cs", "Zl", "Zp"}


@given(
    st.text(
        st.characters()
        | st.sampled_from("\u200b\u200d\u202e\u3164\u2060\x00\ud800\udc00\ufe0f👍🏽❤\U000e0041\u00a0\r\n")
    )
)
def test_any_text_comes_out_clean_and_stays_so(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert not {unicodedata.category(c) for c in cleaned.replace("\n", "")} & UNSEEN
    assert not set(cleaned) & set(
        "\u200b\u200e\u200f\u202a\u202d\u202e\u2066\u2069\ufeff\u00ad\u2060\u3164\u2800"
    )
    cleaned.encode()
    assert "\n" not in one_line(text)
