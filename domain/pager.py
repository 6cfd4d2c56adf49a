"""The buttons that turn the pages of a list longer than a screen."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence

from domain import buttons
from domain.buttons import Button
from domain.message import Choice, Rows
from domain.texts import Say

To = Callable[[int], Button]  # the button that opens a page, counted from 0


def page_count(count: int, size: int) -> int:
    """Count the pages that hold so many entries, at least one."""
    return max(1, -(-count // size))


def pager(say: Say, to: To, *, page: int, pages: int) -> Rows:
    """Make the way round all pages, each button named by the page it opens; nothing where there is but
    one.
    """
    if pages == 1:
        return ()
    before, after = (page - 1) % pages, (page + 1) % pages
    onward = _make_turn(say("pager.after", page=after + 1, pages=pages), to(after))
    if before == after:
        return ((onward,),)
    return ((_make_turn(say("pager.before", page=before + 1), to(before)), onward),)


def turns(say: Say, to: To, *, page: int, more: bool) -> Rows:
    """Make the ways back and on through a list nobody has counted; nothing where it fits on one page."""
    back = (_make_turn(say("pager.earlier"), to(page - 1)),) if page else ()
    onward = (_make_turn(say("pager.later"), to(page + 1)),) if more else ()
    return ((*back, *onward),) if back or onward else ()


def _make_turn(label: str, button: Button) -> Choice:
    return Choice(label, button, navigates=True)


_TYPED_PAGE = re.compile(r"(?:ke )?(?:hal|hlm|halaman|page)\.? ?(?:ke[ -]?)?(\d{1,4})")
_TURN = re.compile(r"◀ \D+(\d+)|\D+(\d+)\D+(\d+) ▶")  # "◀ Hal. 8", "Hal. 2 dari 8 ▶", in any language


def typed_page(text: str, choices: Sequence[Choice], *, last: Collection[str]) -> str:
    """Find the data that opens the typed page, "hal 5" or one of the words `last`, of a message that has
    pages; "" for anything else.
    """
    turning = [(choice, match) for choice in choices if (match := _TURN.fullmatch(choice.label))]
    pages = next((int(match[3]) for _, match in turning if match[3]), 0)
    said = " ".join(text.casefold().split()).strip(" .!")
    typed = _TYPED_PAGE.fullmatch(said)
    wanted = int(typed[1]) if typed else pages * (said in last)
    if not 1 <= wanted <= pages:
        return ""
    for choice, match in turning:
        button = buttons.read(choice.data)
        if button is not None and (turned := button.at_page(wanted, shown=int(match[1] or match[2]))):
            return turned.data()
    return ""
