"""Links behind words: read from what was typed, and shown without their marks in full."""

from __future__ import annotations

import pytest

from bot.channels.telegram.render import html
from bot.channels.whatsapp.render import marked as whatsapp_text
from domain.announcing.announcement import read_marks, unclosed
from domain.announcing.linked_words import linked_words, note_links
from domain.message import WITHOUT_MARKS

BPS = "https://kotimkab.bps.go.id/isi?a=1&b=2"


def test_what_lies_behind_words_is_kept_beside_letters_of_two_units() -> None:
    text = "😀 Isi formulir ini, lalu [kirim]."
    spans = [(3, 15, BPS), (26, 33, "https://x.id/(a)")]
    noted = note_links(text, spans)
    assert noted == f"😀 [Isi formulir]({BPS}) ini, lalu [(kirim)](https://x.id/%28a%29)."
    assert [link.words for link in linked_words(noted)] == ["Isi formulir", "(kirim)"]


@pytest.mark.parametrize("span", [(5, 3), (0, 99), (-1, 2), (2, 2)])
def test_a_span_outside_the_text_is_left_out(span: tuple[int, int]) -> None:
    assert note_links("Isi ini", [(*span, BPS)]) == "Isi ini"


@pytest.mark.parametrize("literal", [False, True])
def test_each_channel_shows_it_its_own_way(literal: bool) -> None:
    shown = read_marks(f"*Isi* [formulir_ini]({BPS}) & kirim", literal=literal)
    bold = ("*Isi*", "*Isi*") if literal else ("<b>Isi</b>", "*Isi*")
    escaped = BPS.replace("&", "&amp;")
    assert html(shown) == f'{bold[0]} <a href="{escaped}">formulir_ini</a> &amp; kirim'
    assert whatsapp_text(shown) == f"{bold[1]} formulir_ini ({BPS}) & kirim"
    assert f"formulir_ini ({BPS})" in shown.translate(WITHOUT_MARKS)
    assert html(shown[: shown.index("bps")]).endswith(
        "formulir_ini (https://kotimkab."
    )  # a link that was cut


def test_a_sign_in_an_address_behind_words_opens_nothing() -> None:
    assert unclosed("[isi](https://x.id/_a)") is None
