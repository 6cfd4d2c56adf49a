"""What the desk changes about a period for one office: more time, no duty, or back to what everybody has."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from domain.message import Message, Rows
from domain.people import Office, Right
from domain.texts import Marked, join
from handlers.change import typed_day_or_office
from handlers.change.engine import Act, Ask, Given, Unfit, option
from handlers.context import Context, message
from handlers.period import notices
from handlers.period.changes import back, day_note, must_be_open, period_of
from storage import offices, periods
from storage.periods import Period


def _office(ctx: Context, given: Given) -> Office:
    found = offices.load(ctx.tx, given["office"])
    if found is None:
        raise LookupError(f"office {given['office']} is not there")
    return found


def _read_office(ctx: Context, given: Given, said: str) -> int:
    return typed_day_or_office.office(ctx, "office", said=said).id


def _read_held(ctx: Context, given: Given, said: str) -> int:
    """Read an office for which something holds."""
    office = typed_day_or_office.office(ctx, "office", said=said)
    if periods.extension(ctx.tx, given["period"], office_id=office.id) is None:
        raise Unfit(ctx.say("period.nothing_held", office=office.name))
    return office.id


def _offer_held(ctx: Context, given: Given) -> Rows:
    by_id = {office.id: office for office in offices.active(ctx.tx)}
    held = [by_id[number] for number in periods.extensions(ctx.tx, given["period"]) if number in by_id]
    return tuple(
        option("office", f"={office.id}", label=typed_day_or_office.label(office)) for office in held[:8]
    )


def _ask_until(ctx: Context, given: Given) -> Marked:
    last = max(ctx.today, period_of(ctx, given).deadline)
    return ctx.say("period.ask_until", example=ctx.day(last + EXAMPLE_AWAY))


def _read_until(ctx: Context, given: Given, said: str) -> str:
    until, now = typed_day_or_office.day(ctx, "until", said=said), period_of(ctx, given)
    if until < ctx.today:
        raise Unfit(ctx.say("period.deadline_past", day=ctx.day(until), today=ctx.day(ctx.today)))
    if until <= now.deadline:
        raise Unfit(ctx.say("period.until_before", day=ctx.day(until), deadline=ctx.day(now.deadline)))
    return until.isoformat()


def _look_extension(ctx: Context, given: Given) -> Marked:
    office, until = _office(ctx, given), date.fromisoformat(given["until"])
    before = periods.deadline_for(ctx.tx, period_of(ctx, given), office_id=office.id)
    said = ctx.day(before) if before else ctx.say("period.exempted")
    look = ctx.say("period.look_extend", office=office.name, before=said, after=ctx.day(until))
    return join((look, day_note(ctx, until)))


def _look_exemption(ctx: Context, given: Given) -> Marked:
    return ctx.say("period.look_exempt", office=_office(ctx, given).name, year=period_of(ctx, given).year)


def _look_lifting(ctx: Context, given: Given) -> Marked:
    office, now = _office(ctx, given), period_of(ctx, given)
    return ctx.say("period.look_lift", office=office.name, year=now.year, deadline=ctx.day(now.deadline))


def _extend(ctx: Context, given: Given) -> list[Message]:
    until = date.fromisoformat(given["until"]) if "until" in given else None
    now, office = period_of(ctx, given), _office(ctx, given)
    change = periods.extend(
        ctx.tx, now, office_id=office.id, until=until, reason=given["reason"], by=ctx.person.id, now=ctx.now
    )
    return _one_told(ctx, now, office=office, change=change, reason=given["reason"])


def _lift(ctx: Context, given: Given) -> list[Message]:
    now, office = period_of(ctx, given), _office(ctx, given)
    change = periods.lift(
        ctx.tx, now, office_id=office.id, reason=given["reason"], by=ctx.person.id, now=ctx.now
    )
    return _one_told(ctx, now, office=office, change=change or 0, reason=given["reason"])


def _one_told(ctx: Context, now: Period, *, office: Office, change: int, reason: str) -> list[Message]:
    told = notices.of_one_office(ctx, now, office=office, change=change, reason=reason)
    until = periods.deadline_for(ctx.tx, now, office_id=office.id)
    key = "period.done_office" if until else "period.done_exempt"
    done = ctx.say(key, office=office.name, until=ctx.day(until or now.deadline), year=now.year)
    return message(join((done, told)), back(ctx))


def _held_still(ctx: Context, given: Given) -> Marked | None:
    if "office" in given and periods.extension(ctx.tx, given["period"], office_id=given["office"]) is None:
        return ctx.say("period.nothing_held", office=_office(ctx, given).name)
    return must_be_open(ctx, given)


EXAMPLE_AWAY = timedelta(days=14)  # of the extension in the example
_MANAGE = Right.MANAGE_PERIODS
_OFFICE = Ask("office", lambda ctx, _: ctx.say("period.ask_office"), _read_office)
_UNTIL = Ask("until", _ask_until, _read_until)
EXTEND = Act("period_extend", _MANAGE, (_OFFICE, _UNTIL), _look_extension, _extend, must_be_open)
EXEMPT = Act("period_exempt", _MANAGE, (_OFFICE,), _look_exemption, _extend, must_be_open)
_HELD = Ask("office", lambda ctx, _: ctx.say("period.ask_office"), _read_held, _offer_held)
LIFT = Act("period_lift", _MANAGE, (_HELD,), _look_lifting, _lift, _held_still)

BY_DOOR: Mapping[str, Act] = {"extend": EXTEND, "exempt": EXEMPT, "lift": LIFT}
ACTS = tuple(BY_DOOR.values())
