"""/status: how many offices have brought their innovation this period."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from domain.dates import PartialDate, say_date
from domain.message import Choice, Message
from domain.numbers import say_number
from domain.people import Right
from domain.texts import Marked
from handlers.context import Command, Context, message
from storage import innovations, offices, periods, reports
from storage.innovations import COUNTS
from storage.periods import Period


def status(ctx: Context) -> list[Message]:
    """Say the participation of the period; an office also hears about itself."""
    period = periods.current(ctx.tx)
    again = (Choice(ctx.say("status.again"), "k:status"),)
    if period is None:
        return message(ctx.say("filling.no_period"), again)
    figures = reports.participation(ctx.tx, period.id)
    text = ctx.say(
        "status.regency",
        year=period.year,
        rules=period.rule_year,
        done=figures.done,
        offices=figures.offices,
        percent=percent(figures.done, figures.offices, ctx.say.language),
        innovations=figures.innovations,
        drafts=figures.drafts,
        deadline=say_date(PartialDate(period.deadline, "day"), ctx.say.language),
        left=_left(ctx, period),
        office=_own(ctx, period),
        at=ctx.time(ctx.now),
    )
    return message(text, again)


def percent(part: int, whole: int, language: str) -> str:
    """Say a share in per cent with one decimal, half up; 0 of 0 is 0."""
    share = Decimal(100 * part) / whole if whole else Decimal(0)
    return say_number(share.quantize(Decimal("0.1"), ROUND_HALF_UP), language, places=1)


def _left(ctx: Context, period: Period) -> str:
    days = (period.deadline - ctx.today).days
    if days < 0:
        return ctx.say("status.passed", days=-days)
    return ctx.say("status.today") if days == 0 else ctx.say("status.days_left", days=days)


def _own(ctx: Context, period: Period) -> str:
    """Say how the person's own office stands; nothing for leaders and the desk."""
    office = offices.load(ctx.tx, ctx.person.office) if ctx.person.office else None
    if office is None:
        return ""
    own = [i for i in innovations.of_office(ctx.tx, office.id, period.id) if not i.discarded_at]
    sent = sum(i.state in COUNTS for i in own)
    key = "status.own_done" if sent else "status.own_draft" if own else "status.own_none"
    return Marked("\n\n" + ctx.say(key, office=office.name, sent=sent, drafts=len(own) - sent))


COMMAND = Command("status", "", "status", Right.SEE_STATUS, status)
