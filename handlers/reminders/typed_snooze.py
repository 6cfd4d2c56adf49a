"""A day that is typed below a reminder puts it off as its buttons do: "besok pagi", "tunda sampai Rabu"."""

from __future__ import annotations

import re
from dataclasses import replace

from domain import buttons
from domain.message import Kind, Message
from domain.people import Right
from domain.reading.dates import read_date
from domain.reading.result import NotUnderstood
from domain.texts import listed
from handlers.context import Context
from handlers.reminders import snooze
from storage import keyboards

MOST_WORDS = 6  # of a text that says when: a longer one says something else
_WORD = re.compile(r"[^\s.,!]+")


def typed(ctx: Context) -> list[Message]:
    """Put off to the day that is typed, where the newest message offers that; nothing for any other text.

    Where it is asked to put off and no day is read, the day is asked for.
    """
    if ctx.inbound.kind is not Kind.TEXT or "?" in ctx.inbound.text or not ctx.may(Right.SUBMIT):
        return []
    wishes, day = _split(ctx)
    is_day = bool(day) and not isinstance(read_date(day, today=ctx.today), NotUnderstood)
    offer = _find_offer(ctx) if is_day or wishes else None
    if offer is None:
        return []
    if not day:
        return snooze.tapped(ctx, buttons.Snooze(offer.office, "tanggal"))
    return snooze.day_said(replace(ctx, inbound=replace(ctx.inbound, text=day)), office=offer.office)


def _split(ctx: Context) -> tuple[bool, str]:
    """Tell whether it is asked to put off, and what is left of the text as the day."""
    words, said = ctx.desk_data.words, _WORD.findall(ctx.inbound.text.casefold())
    if not said or len(said) > MOST_WORDS:
        return False, ""
    asking, around = listed(words, "typed_snooze.asking"), listed(words, "typed_snooze.around")
    return said[0] in asking, " ".join(word for word in said if word not in asking | around)


def _find_offer(ctx: Context) -> buttons.Snooze | None:
    inbound = ctx.inbound
    offered = keyboards.newest(ctx.tx, inbound.channel, address=inbound.address, has_others=ctx.has_others)
    offers = (buttons.Snooze.parse(choice.data) for choice in offered)
    return next((offer for offer in offers if offer is not None), None)
