from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.announcing.announcement import digest, read_marks, too_long, unclosed
from domain.message import BOLD_OFF, BOLD_ON, ITALIC_OFF, ITALIC_ON, MARKS, Attachment
from domain.message_length import CAPTION_AT, SPLIT_AT


def shown(text: str) -> str:
    return (
        read_marks(text)
        .replace(BOLD_ON, "<b>")
        .replace(BOLD_OFF, "</b>")
        .replace(ITALIC_ON, "<i>")
        .replace(ITALIC_OFF, "</i>")
    )


@pytest.mark.parametrize(
    ("typed", "looks"),
    [
        ("*Bimtek* hari _Senin_", "<b>Bimtek</b> hari <i>Senin</i>"),
        ("lihat https://x.id/a_b_c/*d dan *ini*", "lihat https://x.id/a_b_c/*d dan <b>ini</b>"),
        ("*lihat https://x.id/_a_ ya*", "<b>lihat https://x.id/_a_ ya</b>"),
        ("5 * 3 = 15", "5 * 3 = 15"),
        ("* butir satu\n* butir dua", "* butir satu\n* butir dua"),
        ("nama_berkas_ini.pdf", "nama_berkas_ini.pdf"),
    ],
)
def test_marks_are_read_and_addresses_left_alone(typed: str, looks: str) -> None:
    assert shown(typed) == looks


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Halo\n*Bimtek hari Senin", ("*", 2, "*Bimtek hari Senin")),
        ("_penting", ("_", 1, "_penting")),
        ("*tebal* dan *lagi", ("*", 1, "*lagi")),
        ("*tebal* dan biasa", None),
        ("* butir", None),
        ("5*3", None),
    ],
)
def test_a_sign_that_never_closes_is_found_with_its_line(
    typed: str, found: tuple[str, int, str] | None
) -> None:
    got = unclosed(typed)
    assert (got and (got.sign, got.line, got.words)) == found


def test_it_says_by_how_much_and_where_a_text_is_too_long() -> None:
    assert too_long("x" * SPLIT_AT, attachment=False) is None
    over = too_long("x" * SPLIT_AT + "batas lewat", attachment=False)
    assert over is not None
    assert (over.over, over.limit, over.words) == (11, SPLIT_AT, "batas lewat")
    caption = too_long("😀" * (CAPTION_AT // 2) + "y", attachment=True)
    assert caption is not None
    assert (caption.over, caption.words) == (1, "y")


@given(st.text(alphabet="ab *_\n/:https.\ue000\ue001\ue010😀", max_size=80))
def test_reading_marks_loses_nothing_but_closed_pairs(text: str) -> None:
    kept = [c for c in text if c not in MARKS + "\ue010" and c not in "*_"]
    assert [c for c in read_marks(text) if c not in MARKS and c not in "*_"] == kept
    assert not set(read_marks(text, literal=True)) & set(MARKS)


def test_the_same_words_with_another_file_are_another_announcement() -> None:
    file = Attachment("document", "file", {"sha256": "aa"}, "a.pdf")
    assert digest("a  b\n", None) == digest("a b", None)
    assert digest("a b", file) != digest("a b", None)
