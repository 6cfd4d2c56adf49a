"""What stands on a page besides its buttons, typed: it leads to the page that shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain import buttons
from domain.message import Choice
from domain.texts import listed
from handlers.context import Context


@dataclass(frozen=True, slots=True)
class Head:
    """Words of a page (`words` is the key of their list), the button that tells the page, and where they
    lead.
    """

    words: str
    page: buttons.Button
    to: buttons.Button


_STATUS, _QUEUE = buttons.StatusOffices(0), buttons.ReviewQueue
HEADS: Sequence[Head] = (
    Head("page_heads.typed_offices", _STATUS, buttons.StatusOffices(0)),
    Head("page_heads.typed_figures", _STATUS, buttons.Status("why")),
    Head("page_heads.typed_waiting", _QUEUE("back", 0), _QUEUE("wait", 0)),
    Head("page_heads.typed_waiting", _QUEUE("done", 0), _QUEUE("wait", 0)),
    Head("page_heads.typed_returned", _QUEUE("done", 0), _QUEUE("back", 0)),
    Head("page_heads.typed_returned", _QUEUE("wait", 0), _QUEUE("back", 0)),
    Head("page_heads.typed_decided", _QUEUE("back", 0), _QUEUE("done", 0)),
    Head("page_heads.typed_decided", _QUEUE("wait", 0), _QUEUE("done", 0)),
)


def data_of(ctx: Context, text: str, offered: Sequence[Choice]) -> str:
    """Find the data of the button that words of the page with these choices stand for; "" for other words."""
    shown, said = {choice.data for choice in offered}, " ".join(text.casefold().split()).strip(" .!?")
    meant = (head.to for head in HEADS if head.page.data() in shown and _is_said(ctx, head, said))
    return next((to.data() for to in meant), "")


def _is_said(ctx: Context, head: Head, said: str) -> bool:
    return said in listed(ctx.desk_data.words, head.words)
