"""The index in words wherever it is shown: number, predikat, change, target, disclaimer."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from domain.index.whatif import Rise
from domain.reading.dates import say_datetime
from domain.reading.numbers import say_number
from domain.rules.indicators import IndicatorSet
from domain.rules.load import NOT_ASSESSED
from domain.texts import Marked, Say

_PREDIKAT = {
    "Sangat Inovatif": "index_words.sangat_inovatif",
    "Inovatif": "index_words.inovatif",
    "Kurang Inovatif": "index_words.kurang_inovatif",
    NOT_ASSESSED: "index_words.not_assessed",
}


def number(say: Say, value: Decimal | int, *, places: int | None = 2) -> str:
    """Say a figure the way of the language."""
    return say_number(Decimal(value), say.language, places=places)


def signed(say: Say, value: Decimal, *, places: int | None = 2) -> str:
    """Say a change with its sign; nothing changed has none."""
    return f"{_choose_sign(value)}{number(say, abs(value), places=places)}"


def _choose_sign(value: Decimal) -> str:
    if not value:
        return ""
    return "+" if value > 0 else "−"


def predikat(say: Say, name: str) -> Marked:
    """Name a predikat; "" is one whose limit the year's rules do not tell."""
    return say(_PREDIKAT.get(name, "index_words.predikat_unknown"))


def distance(say: Say, target: Decimal, *, gap: Decimal) -> Marked:
    """Say how much an index lacks of the target, or that it is reached."""
    return say(
        "index_words.gap" if gap else "index_words.reached", target=number(say, target), gap=number(say, gap)
    )


def rise_line(say: Say, rise: Rise, *, indicators: IndicatorSet) -> Marked:
    """Say what raising one indicator brings, as a line of a list."""
    name = indicators.by_no[rise.no].name.in_(say.language)
    return say("index_words.rise", no=rise.no, name=name, many=rise.times, points=rise.points)


def footer(say: Say, rule_year: int, *, at: datetime) -> Marked:
    """Say what figures of the index are, by which rules and as of which local moment."""
    return say(
        "index_words.footer", rules=rule_year, at=say_datetime(at, say.language, zone=at.tzname() or "")
    )
