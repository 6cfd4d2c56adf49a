"""The notices about a changed period, to each person concerned once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from domain import buttons
from domain.message import Choice, Rows
from domain.people import Office, Role
from domain.reading.dates import PartialDate, say_date
from domain.texts import Marked, Say
from handlers import notices
from handlers.context import Context
from handlers.notices import Words
from storage import contacts, innovations, outbox, periods, reviews
from storage.contacts import Reachable
from storage.periods import Period


def _list_everybody(ctx: Context) -> list[Reachable]:
    """Everybody who hears of a change for all: the desk and the leaders last, so that an office's words
    win.
    """
    return [
        reader
        for role in (Role.ADMIN, Role.LEADER, Role.FOCAL_POINT)
        for reader in contacts.posts(ctx.tx, role)
    ]


def concerned_by_deadline(ctx: Context, now: Period, *, after: date) -> list[Reachable]:
    """Find whose last day moves with the period's: an office with a later day of its own keeps that."""
    extensions, then = periods.extensions(ctx.tx, now.id), _move(now, after)
    return [
        reader
        for reader in _list_everybody(ctx)
        if reader.office_id is None
        or (own := extensions.get(reader.office_id)) is None
        or periods.last_day(now, own) != periods.last_day(then, own)
    ]


def _move(now: Period, after: date) -> Period:
    return Period(now.id, now.year, now.rule_year, now.opens_on, after, now.open, now.window)


def opened(ctx: Context, now: Period) -> Marked:
    """Tell everybody that a period opens."""

    def words(say: Say) -> Marked:
        days = {"opens": _say_day(say, now.opens_on), "deadline": _say_day(say, now.deadline)}
        return say("period.told_open", year=now.year, **days)

    return _tell_everybody(ctx, now, key=f"period_open:{now.id}", words=words)


def deadline_moved(
    ctx: Context, now: Period, *, after: date, people: list[Reachable], change: int, reason: str
) -> Marked:
    """Tell those whose last day moves, from the day they know.

    What has not left yet is taken back, since it holds no more: a deadline moved three times at night is told
    once, and one that is back where it was is not told at all.
    """
    known = _withdraw_deadlines(ctx, now)
    count = 0
    for before in sorted({now.deadline, *known.values()} - {after}):
        readers = [reader for reader in people if known.get(reader.contact_id, now.deadline) == before]
        count += _tell_of_deadline(
            ctx, now, days=(before, after), people=readers, change=change, reason=reason
        )
    return notices.result(ctx, count)


def _write_deadline_key(period_id: int) -> str:
    return f"period:{period_id}:deadline:"


def _withdraw_deadlines(ctx: Context, now: Period) -> dict[int, date]:
    """Take back the notices of a moved deadline that still wait; returns the day each of their readers knows.

    A key ends with that day and the number of the person.
    """
    keys = (key.split(":") for key in outbox.withdraw(ctx.tx, _write_deadline_key(now.id)))
    return {int(parts[-1]): date.fromisoformat(parts[-2]) for parts in keys}


def _tell_of_deadline(
    ctx: Context, now: Period, *, days: tuple[date, date], people: list[Reachable], change: int, reason: str
) -> int:
    before, after = days

    def words(say: Say) -> Marked:
        said = {"before": _say_day(say, before), "after": _say_day(say, after)}
        return say("period.told_deadline", year=now.year, reason=reason, **said)

    return notices.tell(
        ctx,
        f"{_write_deadline_key(now.id)}{change}:{before.isoformat()}",
        people=people,
        words=_add_door(ctx, words),
        template="period",
        tahun=str(now.year),
    )


def closed(ctx: Context, now: Period, *, change: int, reason: str) -> Marked:
    """Tell everybody that a period is closed, and what becomes of what is open."""

    def words(say: Say) -> Marked:
        desk = ctx.desk_in(say)
        return say("period.told_close", year=now.year, reason=reason, desk=desk)

    return _tell_of_state(ctx, now, change=change, words=words)


def reopened(ctx: Context, now: Period, *, change: int, reason: str) -> Marked:
    """Tell everybody that a period is open again, and until when."""

    def words(say: Say) -> Marked:
        return say("period.told_reopen", year=now.year, reason=reason, deadline=_say_day(say, now.deadline))

    return _tell_of_state(ctx, now, change=change, words=words)


def _tell_of_state(ctx: Context, now: Period, *, change: int, words: Callable[[Say], Marked]) -> Marked:
    """Tell everybody the newest state of a period; what still waits of an older one is taken back."""
    outbox.withdraw(ctx.tx, f"period:{now.id}:state:")
    return _tell_everybody(ctx, now, key=f"period:{now.id}:state:{change}", words=words)


def _tell_everybody(ctx: Context, now: Period, *, key: str, words: Callable[[Say], Marked]) -> Marked:
    """Tell everybody once for the key; says to the desk how many."""
    count = notices.tell(
        ctx,
        key,
        people=_list_everybody(ctx),
        words=_add_door(ctx, words),
        template="period",
        tahun=str(now.year),
    )
    return notices.result(ctx, count)


def of_one_office(ctx: Context, now: Period, *, office: Office, change: int, reason: str) -> Marked:
    """Tell an office what holds for it alone from now on."""
    until = periods.deadline_for(ctx.tx, now, office_id=office.id)
    people = [reader for reader in contacts.posts(ctx.tx, Role.FOCAL_POINT) if reader.office_id == office.id]

    own = f"period:{now.id}:office:{office.id}:"
    outbox.withdraw(ctx.tx, own)  # of what holds for it alone, the newest

    def words(say: Say) -> Marked:
        key = {"office": office.name, "year": now.year, "reason": reason}
        if until is None:
            return say("period.told_exempt", **key)
        return say("period.told_until", until=_say_day(say, until), **key)

    return notices.result(
        ctx,
        notices.tell(
            ctx,
            f"{own}{change}",
            people=people,
            words=_add_door(ctx, words),
            template="period",
            tahun=str(now.year),
        ),
    )


def _add_door(ctx: Context, words: Callable[[Say], Marked]) -> Words:
    """Give an office the way to its drafts or, where it has none, its tasks; everybody else the figures."""

    def both(say: Say, reader: Reachable) -> tuple[Marked, Rows]:
        name, button = _choose_door(ctx, reader.office_id)
        return words(say), ((Choice(say(f"opens.{name}"), button),),)

    return both


def _choose_door(ctx: Context, office_id: int | None) -> tuple[str, buttons.Open]:
    """Choose a door by its text and what it opens."""
    if office_id is None:
        return "status", buttons.Open("status")
    office = (office_id,)
    has_drafts = innovations.drafts_of(ctx.tx, office) or reviews.returned_to(ctx.tx, office)
    return ("drafts", buttons.Open("draf")) if has_drafts else ("tasks", buttons.Open("tugas"))


def _say_day(say: Say, day: date) -> str:
    return say_date(PartialDate(day, "day"), say.language)
