"""The buttons that turn the pages of a list longer than a screen."""

from __future__ import annotations

from collections.abc import Callable

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
