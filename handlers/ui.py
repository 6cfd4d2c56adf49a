"""What screens share: showing in place, the title of an innovation, the name of an office, that no period is
open.
"""

from __future__ import annotations

from dataclasses import replace

from domain.message import Kind, Message
from domain.people import Office
from domain.texts import Marked, Say, join
from handlers.context import Context
from storage import periods
from storage.periods import Period

NAME_CHARS = 40  # of an office on a button


def in_place(ctx: Context, messages: list[Message]) -> list[Message]:
    """Let the first message take the place of the one whose button was tapped; what was typed is answered
    below.
    """
    if not messages or ctx.inbound.kind is not Kind.BUTTON:
        return messages
    return [replace(messages[0], edit=ctx.inbound.message_ref), *messages[1:]]


def as_one(answered: list[Message], leads_on: list[Message]) -> list[Message]:
    """Make one reply of an answer and of what leads on from it, whose buttons come first (F5)."""
    if len(answered) != 1 or len(leads_on) != 1:
        return [*answered, *leads_on]
    (answer,), (door,) = answered, leads_on
    offered = {choice.data for row in door.rows for choice in row}
    rows = [row for row in answer.rows if offered.isdisjoint(choice.data for choice in row)]
    return [replace(door, text=join((answer.text, door.text)), rows=(*door.rows, *rows))]


def office_name(office: Office) -> str:
    """Name an office on a button; a long name is said by its short form."""
    return office.name if len(office.name) <= NAME_CHARS else office.short


def title(say: Say, text: str) -> str:
    """Name an innovation, also one that has no title yet."""
    return text or str(say("conversation.untitled"))


def no_period(ctx: Context) -> Marked:
    """Say that no period is open, and that the newest one is closed where there was one."""
    newest = next(iter(periods.every(ctx.tx)), None)
    if newest is None or newest.open:
        return ctx.say("ui.no_period")
    return join((closing(ctx, newest), ctx.say("ui.period_over", desk=ctx.desk)), by="\n")


def closing(ctx: Context, period: Period) -> Marked:
    """Say that a period is closed: on which day where that was before its deadline, and why (F87)."""
    ended, days = period.closing, {"year": period.year, "deadline": ctx.day(period.deadline)}
    if ended is None:
        return ctx.say("ui.closed", **days)
    day = ended.at.astimezone(ctx.desk_data.timezone).date()
    said = ctx.say("ui.closed_early" if day < period.deadline else "ui.closed", day=ctx.day(day), **days)
    return join((said, ctx.say("ui.closed_why", reason=ended.why)), by="\n")
