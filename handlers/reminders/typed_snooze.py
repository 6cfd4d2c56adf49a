"""A day typed below a reminder puts it off as its buttons do: "besok pagi", "tunda sampai Rabu". Below the
earlier targets it is the one that is aimed at.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from domain import buttons
from domain.message import Choice, Kind, Message
from domain.people import Right
from domain.reading.dates import read_date
from domain.reading.result import Ambiguous, NotUnderstood
from domain.texts import join, listed
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
    days = _read_days(day, today=ctx.today)
    choices = _list_choices(ctx) if days or wishes else ()
    if days and (targets := _find_targets(choices)):
        return _aim(ctx, days, targets=targets)
    offer = _find_offer(choices)
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


def _read_days(day: str, *, today: date) -> frozenset[date]:
    """Read a day; several where it can be read in several ways, none where it is no day."""
    result = read_date(day, today=today) if day else None
    if result is None or isinstance(result, NotUnderstood):
        return frozenset()
    read = result.candidates if isinstance(result, Ambiguous) else (result.value,)
    return frozenset(reading.value for reading in read)


def _list_choices(ctx: Context) -> tuple[Choice, ...]:
    inbound = ctx.inbound
    return keyboards.newest(ctx.tx, inbound.channel, address=inbound.address, has_others=ctx.has_others)


def _find_offer(choices: Sequence[Choice]) -> buttons.Snooze | None:
    offers = (buttons.Snooze.parse(choice.data) for choice in choices)
    return next((offer for offer in offers if offer is not None), None)


def _find_targets(choices: Sequence[Choice]) -> list[buttons.Target]:
    targets = (buttons.Target.parse(choice.data) for choice in choices)
    return [target for target in targets if target is not None and target.day[:1].isdigit()]


def _aim(ctx: Context, days: frozenset[date], *, targets: Sequence[buttons.Target]) -> list[Message]:
    """Aim at the day that is offered; where another is meant, say so and offer them again."""
    meant = {day.isoformat() for day in days}
    if chosen := next((target for target in targets if target.day in meant), None):
        return snooze.tapped(ctx, chosen)
    first, *others = snooze.tapped(ctx, buttons.Target(targets[0].office))
    note = ctx.say("snooze.target_not_offered", day=ctx.day(max(days)))
    return [replace(first, text=join((note, first.text))), *others]
