"""Whatever a person may type can be printed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.attachments.csv_guard import guarded, harmless
from bot.exporting.paper import Paper
from bot.exporting.paper_text import SIGN, printable
from bot.exporting.row_pages import KEPT_TOGETHER, row_pages

HARD = [
    pytest.param("W" * 4000, id="a thousand wide characters"),
    pytest.param("https://contoh.go.id/" + "a" * 2000, id="a long link"),
    pytest.param("baris\n" * 300, id="three hundred lines"),
    pytest.param("ꦗꦮ 日本語 हिन्दी ภาษา 😀👩‍👩‍👧 ∑ ع", id="scripts of the world"),
    pytest.param("\ud83d x \u200b\u202e \x00 \U0010ffff", id="what has no shape"),
    pytest.param("", id="nothing"),
]


@pytest.mark.parametrize("text", HARD)
def test_any_text_can_stand_in_head_pair_and_table(text: str, tmp_path: Path) -> None:
    paper = Paper(text[:40], page_words="{n}/{all}")
    paper.head(text, text)
    paper.heading(text[:80])
    paper.pair(text[:80], text)
    paper.lines(
        [text[:20], "b", "c"], (6, 40, 54), rows=[("1", "x", text), (text, text, text), ("3", "y", "z")]
    )
    paper.output(str(tmp_path / "x.pdf"))
    assert (tmp_path / "x.pdf").stat().st_size > 1000


def test_what_the_fonts_have_is_kept_and_the_rest_gets_a_sign() -> None:
    code_points = frozenset(map(ord, "SK 12–abcd"))
    assert printable("SK 12–", code_points=code_points) == "SK 12–"
    assert printable("a\r\nb\u2028c\td", code_points=code_points) == "a\nb\nc d"
    assert printable("a\u200bb\x00c", code_points=code_points) == "abc"
    assert printable("日\ud83d", code_points=code_points) == SIGN * 2


@given(st.lists(st.floats(6, 110), max_size=60), st.floats(0, 250))
def test_every_row_is_on_one_page_that_has_room_for_it(heights: list[float], first: float) -> None:
    full = 240.0
    pages = row_pages(heights, first=first, full=full)
    assert [row for page in pages for row in page] == list(range(len(heights)))
    for number, page in enumerate(pages):
        assert sum(heights[row] for row in page) <= (full if number else first) + 1e-9


@given(st.lists(st.floats(6, 60), min_size=8, max_size=60))
def test_one_or_two_rows_never_stand_alone_on_the_last_page(heights: list[float]) -> None:
    assert len(row_pages(heights, first=100, full=240)[-1]) >= KEPT_TOGETHER


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@x", "\n=1", " =1", "\t=1", "\r", "\u3000=1", "＝1", "\ufeff＠x"]
)
def test_no_text_becomes_a_formula(text: str) -> None:
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("value", ["teks", "a=b", "", " teks", 7, None, "3-4"])
def test_what_is_no_formula_stays(value: object) -> None:
    assert guarded(value) == value


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("+628110001001", "+628110001001"),
        ("=12", "'=12"),
        ("-12", "'-12"),
        ("@12", "'@12"),
        ("＝12", "'＝12"),
    ],
)
def test_a_phone_alone_keeps_its_sign(cell: str, kept: str) -> None:
    assert harmless(cell) == kept
