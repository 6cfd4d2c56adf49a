"""What the desk changes about a period for one office: more time, no duty, or back to what everybody has."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from domain.message import Message, Rows
from domain.people import Office, Right
from domain.texts import Marked, join
from handlers.change import typed_day_or_office
from handlers.change.acts import Act, Ask, Unfit, Values, option
from handlers.context import Context, message
from handlers.period import notices
from handlers.period.changes import back, day_note, must_be_open, period_of
from storage import offices, periods
from storage.audit import Actor
from storage.periods import Period


def _load_office(ctx: Context, values: Values) -> Office:
    office_known = offices.load(ctx.tx, values["office"])
    if office_known is None:
        raise LookupError(f"office {values['office']} is not there")
    return office_known


def _read_office(ctx: Context, values: Values, said: str) -> int:
    return typed_day_or_office.office(ctx, "office", said=said).id


def _read_extended(ctx: Context, values: Values, said: str) -> int:
    """Read an office for which something holds."""
    office = typed_day_or_office.office(ctx, "office", said=said)
    if periods.extension(ctx.tx, values["period"], office_id=office.id) is None:
        raise Unfit(ctx.say("period.nothing_held", office=office.name))
    return office.id


def _offer_extended(ctx: Context, values: Values) -> Rows:
    by_id = {office.id: office for office in offices.active(ctx.tx)}
    extended = [by_id[number] for number in periods.extensions(ctx.tx, values["period"]) if number in by_id]
    return tuple(
        option("office", f"={office.id}", label=typed_day_or_office.label(office)) for office in extended[:8]
    )


def _ask_until(ctx: Context, values: Values) -> Marked:
    last = max(ctx.today, period_of(ctx, values).deadline)
    return ctx.say("period.ask_until", example=ctx.day(last + EXAMPLE_AWAY))


def _read_until(ctx: Context, values: Values, said: str) -> str:
    until, now = typed_day_or_office.day(ctx, "until", said=said, to_come=True), period_of(ctx, values)
    if until < ctx.today:
        raise Unfit(ctx.say("period.deadline_past", day=ctx.day(until), today=ctx.day(ctx.today)))
    if until <= now.deadline:
        raise Unfit(ctx.say("period.until_before", day=ctx.day(until), deadline=ctx.day(now.deadline)))
    return until.isoformat()


def _look_extension(ctx: Context, values: Values) -> Marked:
    office, until = _load_office(ctx, values), date.fromisoformat(values["until"])
    before = periods.deadline_for(ctx.tx, period_of(ctx, values), office_id=office.id)
    said = ctx.day(before) if before else ctx.say("period.exempted")
    look = ctx.say("period.look_extend", office=office.name, before=said, after=ctx.day(until))
    return join((look, day_note(ctx, until)))


def _look_exemption(ctx: Context, values: Values) -> Marked:
    return ctx.say(
        "period.look_exempt", office=_load_office(ctx, values).name, year=period_of(ctx, values).year
    )


def _look_lifting(ctx: Context, values: Values) -> Marked:
    office, now = _load_office(ctx, values), period_of(ctx, values)
    return ctx.say("period.look_lift", office=office.name, year=now.year, deadline=ctx.day(now.deadline))


def _extend(ctx: Context, values: Values) -> list[Message]:
    until = date.fromisoformat(values["until"]) if "until" in values else None
    now, office = period_of(ctx, values), _load_office(ctx, values)
    change = periods.extend(
        ctx.tx,
        now,
        office_id=office.id,
        until=until,
        now=ctx.now,
        actor=Actor(ctx.person.id, values["reason"]),
    )
    return _tell_one(ctx, now, office=office, change=change, reason=values["reason"])


def _lift(ctx: Context, values: Values) -> list[Message]:
    now, office = period_of(ctx, values), _load_office(ctx, values)
    change = periods.lift(
        ctx.tx,
        now,
        office_id=office.id,
        now=ctx.now,
        actor=Actor(ctx.person.id, values["reason"]),
    )
    return _tell_one(ctx, now, office=office, change=change or 0, reason=values["reason"])


def _tell_one(ctx: Context, now: Period, *, office: Office, change: int, reason: str) -> list[Message]:
    result = notices.of_one_office(ctx, now, office=office, change=change, reason=reason)
    until = periods.deadline_for(ctx.tx, now, office_id=office.id)
    key = "period.done_office" if until else "period.done_exempt"
    done = ctx.say(key, office=office.name, until=ctx.day(until or now.deadline), year=now.year)
    return message(join((done, result)), back(ctx))


def _require_extension(ctx: Context, values: Values) -> Marked | None:
    if "office" in values and periods.extension(ctx.tx, values["period"], office_id=values["office"]) is None:
        return ctx.say("period.nothing_held", office=_load_office(ctx, values).name)
    return must_be_open(ctx, values)


EXAMPLE_AWAY = timedelta(days=14)  # of the extension in the example
_MANAGE = Right.MANAGE_PERIODS
_OFFICE = Ask("office", lambda ctx, _: ctx.say("period.ask_office"), _read_office)
_UNTIL = Ask("until", _ask_until, _read_until)
EXTEND = Act("period_extend", _MANAGE, (_OFFICE, _UNTIL), _look_extension, _extend, must_be_open)
EXEMPT = Act("period_exempt", _MANAGE, (_OFFICE,), _look_exemption, _extend, must_be_open)
_HELD = Ask("office", lambda ctx, _: ctx.say("period.ask_office"), _read_extended, _offer_extended)
LIFT = Act("period_lift", _MANAGE, (_HELD,), _look_lifting, _lift, _require_extension)

BY_DOOR: Mapping[str, Act] = {"extend": EXTEND, "exempt": EXEMPT, "lift": LIFT}
ACTS = tuple(BY_DOOR.values())
