from __future__ import annotations

import pytest

from domain.buttons import Button, ClosedDraft, Form, OfficeList, StatusInnovation, StatusOffice, Whatif
from domain.message import Rows
from domain.pager import To, page_count, pager, turns
from domain.texts import Say
from domain.typed_page import PageWords, TypedPage, typed_page

WORDS = {
    "pager.before": "< {page}",
    "pager.after": "{page}/{pages} >",
    "pager.earlier": "<",
    "pager.later": ">",
}
SAY = Say(WORDS, "id")
TYPED = PageWords(last=("akhir",), after=("lagi",), before=("tadi",))


def shown(rows: Rows) -> list[tuple[str, str]]:
    return [(choice.label, choice.data) for row in rows for choice in row]


@pytest.mark.parametrize(("count", "pages"), [(0, 1), (1, 1), (8, 1), (9, 2), (16, 2), (17, 3)])
def test_a_list_has_as_many_pages_as_it_fills_and_one_at_least(count: int, pages: int) -> None:
    assert page_count(count, 8) == pages


@pytest.mark.parametrize(
    ("page", "pages", "rows"),
    [
        (0, 1, []),
        (0, 2, [("2/2 >", "o:l:1")]),
        (1, 2, [("1/2 >", "o:l:0")]),
        (0, 3, [("< 3", "o:l:2"), ("2/3 >", "o:l:1")]),
        (2, 3, [("< 2", "o:l:1"), ("1/3 >", "o:l:0")]),
    ],
)
def test_a_pager_goes_round_and_is_left_out_for_one_page(
    page: int, pages: int, rows: list[tuple[str, str]]
) -> None:
    assert shown(pager(SAY, OfficeList, page=page, pages=pages)) == rows


@pytest.mark.parametrize(
    ("page", "more", "rows"),
    [
        (0, False, []),
        (0, True, [(">", "o:l:1")]),
        (2, True, [("<", "o:l:1"), (">", "o:l:3")]),
        (2, False, [("<", "o:l:1")]),
    ],
)
def test_turning_needs_no_count(page: int, more: bool, rows: list[tuple[str, str]]) -> None:
    assert shown(turns(SAY, OfficeList, page=page, more=more)) == rows


NUMBERED = Say({"pager.before": "◀ Hal. {page}", "pager.after": "Hal. {page} dari {pages} ▶"}, "id")


@pytest.mark.parametrize("pages", [2, 5])
@pytest.mark.parametrize(
    "to",
    [
        OfficeList,
        lambda page: StatusOffice(1, page),
        lambda page: StatusInnovation(1, page),
        lambda page: StatusInnovation(7, page),
        lambda page: ClosedDraft(1, page),
        lambda page: Whatif("all", page=page),
        lambda page: Whatif("i", 1, page),
        lambda page: Form(1, "#ind", 3, "p", str(page)),
    ],
)
def test_a_typed_page_is_turned_to_from_everywhere_and_of_the_same_list(to: To, pages: int) -> None:
    """The first page may be left out of the data: the number before it is not taken for one."""
    for page in range(pages):
        choices = [choice for row in pager(NUMBERED, to, page=page, pages=pages) for choice in row]
        turned = [typed_page(f"hal {n + 1}", choices, words=lambda: TYPED) for n in range(pages)]
        assert turned == [TypedPage(to(n).data(), pages, exists=True) for n in range(pages)]
        for said, wanted in (("akhir", pages - 1), ("lagi", page + 1), ("tadi", page - 1)):
            by_word = typed_page(said, choices, words=lambda: TYPED)
            assert by_word == TypedPage(to(wanted % pages).data(), pages, exists=True)
        beyond = typed_page(f"hal {pages + 1}", choices, words=lambda: TYPED)
        assert beyond == TypedPage(to(pages - 1).data(), pages, exists=False)
        assert typed_page("ini", choices, words=lambda: TYPED) is None


@pytest.mark.parametrize(
    ("button", "shown_page"),
    [(OfficeList(5), 2), (Form(1, "#ind", 3, "p", "x"), 2), (Form(1, "i16", 3, "j"), 1)],
)
def test_a_button_that_opens_another_page_than_it_says_opens_none(button: Button, shown_page: int) -> None:
    assert button.at_page(1, shown=shown_page) is None
