"""How figures of the estimate are said: the index with its predikat, signs, what it is and as of when."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from domain.index.estimate import Estimate
from domain.reading.numbers import say_number
from domain.rules.load import NOT_ASSESSED
from domain.texts import Marked
from handlers.context import Context
from storage import periods
from storage.periods import Period

_PREDIKAT = {
    "Sangat Inovatif": "figure_words.sangat_inovatif",
    "Inovatif": "figure_words.inovatif",
    "Kurang Inovatif": "figure_words.kurang_inovatif",
    NOT_ASSESSED: "figure_words.not_assessed",
}


def period(ctx: Context) -> Period | None:
    """The period figures are about: the open one, else the newest."""
    return periods.current(ctx.tx) or next(iter(periods.every(ctx.tx)), None)


def number(ctx: Context, value: Decimal | int, places: int | None = 2) -> str:
    """Say a figure the way of the person's language."""
    return say_number(Decimal(value), ctx.say.language, places)


def signed(ctx: Context, value: Decimal, places: int | None = 2) -> str:
    """Say a change with its sign; nothing changed has none."""
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{number(ctx, abs(value), places)}"


def predikat(ctx: Context, name: str) -> Marked:
    """Name a predikat; "" is one whose limit the year's rules do not tell."""
    return ctx.say(_PREDIKAT.get(name, "figure_words.predikat_unknown"))


def index(ctx: Context, found: Estimate) -> Marked:
    """Say an index with its predikat; without innovations there is nothing to assess."""
    if not found.sums.count:
        return ctx.say("figure_words.not_assessed")
    return ctx.say("figure_words.index", index=number(ctx, found.index), predikat=predikat(ctx, found.predikat))


def footer(ctx: Context, rule_year: int, at: datetime | None = None) -> Marked:
    """Say what the figures are, by which rules and as of when."""
    return ctx.say("figure_words.footer", rules=rule_year, at=ctx.time(at or ctx.now))
