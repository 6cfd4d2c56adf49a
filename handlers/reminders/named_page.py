"""What is named behind /pengingat: a page of it, or its switch; the switch is named by /jeda too."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from domain import buttons
from domain.message import Kind, Message
from domain.texts import listed
from handlers.context import Context
from handlers.reminders import reminders, switch

_WORD = re.compile(r"[^\W_]+")
_Page = Literal["who", "plan", "reach", "on", "off"]
_NAMED: Sequence[_Page] = (*reminders.PAGES, "on", "off")


def command(ctx: Context) -> list[Message]:
    """Open the page that is named: "/pengingat simulasi", "/jeda on"; else the first."""
    page = _find_page(ctx, ctx.args, whole=ctx.inbound.text if ctx.inbound.kind is Kind.TEXT else "")
    return switch.tapped(ctx, buttons.Reminders(page)) if page else reminders.overview(ctx)


def reads_page(ctx: Context, said: str) -> bool:
    """Whether a text behind the name of the command names one of its pages."""
    return bool(_find_page(ctx, said, whole=ctx.inbound.text))


def _find_page(ctx: Context, said: str, *, whole: str) -> _Page | None:
    """Find the page by the words behind the command, or by the whole of it: "on" alone lets reminders go on,
    and "jeda on" holds them.
    """
    typed = {_fold(said), _fold(whole)}
    words = ctx.desk_data.words
    named = [page for page in _NAMED if typed & listed(words, f"named_page.{page}")]
    by_whole = [page for page in named if _fold(whole) in listed(words, f"named_page.{page}")]
    return next(iter((*by_whole, *named)), None)


def _fold(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))
