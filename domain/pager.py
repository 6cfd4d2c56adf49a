"""The ways through a list that is longer than a screen."""

from __future__ import annotations

from collections.abc import Callable

from domain.buttons import Button
from domain.message import Choice, Rows
from domain.texts import Say

To = Callable[[int], Button]  # the button that opens a page, counted from 0


def page_count(count: int, size: int) -> int:
    """Count the pages that hold so many entries, at least one."""
    return max(1, -(-count // size))


def pager(say: Say, to: To, page: int, pages: int) -> Rows:
    """Make the way round all pages; nothing where there is but one."""
    if pages == 1:
        return ()
    here = say("pager.page", page=page + 1, pages=pages)
    before, after = to((page - 1) % pages), to((page + 1) % pages)
    return ((_turn("◀", before), _turn(here, to(page)), _turn("▶", after)),)


def turns(to: To, page: int, *, more: bool) -> Rows:
    """Make the ways back and on through a list nobody has counted; nothing where it fits on one page."""
    back = (_turn("◀", to(page - 1)),) if page else ()
    onward = (_turn("▶", to(page + 1)),) if more else ()
    return ((*back, *onward),) if back or onward else ()


def _turn(label: str, button: Button) -> Choice:
    return Choice(label, button, navigates=True)
