"""What screens have in common: the place they take, the way through their pages, the name of an innovation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from domain.buttons import Button
from domain.message import Choice, Kind, Message, Rows
from domain.people import Office
from domain.texts import Say
from handlers.context import Context

NAME_CHARS = 40  # of an office on a button


def in_place(ctx: Context, messages: list[Message]) -> list[Message]:
    """Let the first message take the place of the one whose button was tapped; what was typed is answered below."""
    if not messages or ctx.inbound.kind is not Kind.BUTTON:
        return messages
    return [replace(messages[0], edit=ctx.inbound.message_ref), *messages[1:]]


def pages(count: int, size: int) -> int:
    """Count the pages that hold so many entries, at least one."""
    return max(1, -(-count // size))


def pager(ctx: Context, to: Callable[[int], Button], page: int, pages: int) -> Rows:
    """Make the way round all pages, counted from 0; nothing where there is but one."""
    if pages == 1:
        return ()
    here = ctx.say("conversation.page", page=page + 1, pages=pages)
    before, after = to((page - 1) % pages), to((page + 1) % pages)
    return ((Choice("◀", before), Choice(here, to(page)), Choice("▶", after)),)


def office_name(office: Office) -> str:
    """Name an office on a button; a long name is said by its short form."""
    return office.name if len(office.name) <= NAME_CHARS else office.short


def title(say: Say, given: str) -> str:
    """Name an innovation, also one that has no title yet."""
    return given or str(say("conversation.untitled"))


def turns(to: Callable[[int], Button], page: int, *, more: bool) -> Rows:
    """Make the ways back and on through a list nobody has counted; nothing where it fits on one page."""
    back = (Choice("◀", to(page - 1)),) if page else ()
    onward = (Choice("▶", to(page + 1)),) if more else ()
    return ((*back, *onward),) if back or onward else ()
