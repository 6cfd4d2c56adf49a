"""What the picture of the estimate shows: two figures by component, the target, and how they moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from domain.index import index_words
from domain.index.estimate import Estimate
from domain.reading.dates import PartialDate, say_date, say_datetime
from domain.texts import Say

WEEKS = 12  # shown beside today at most
MONTH_CHARS = 3  # of a month's name under the line


@dataclass(frozen=True, slots=True)
class Figure:
    """One estimate of the index; numbers are text, as a Decimal is written."""

    index: str
    predikat: str
    counted: int  # innovations
    shares: tuple[str, ...]  # of the index: SPD, maturity, number

    @classmethod
    def of(cls, estimate: Estimate) -> Figure:
        """Take what a picture and a summary keep of an estimate."""
        shares = tuple(str(line.share) for line in estimate.lines)
        return cls(str(estimate.index), estimate.predikat, estimate.sums.count, shares)

    @property
    def drawn(self) -> str:
        """The index as the line shows it: without innovations there is nothing to assess, whatever the SPD."""
        return self.index if self.counted else "0"


class Week(NamedTuple):
    """One point of the line; a plain row, because summaries keep it as a JSON list."""

    day: str  # local date
    claimed: str
    verified: str

    @classmethod
    def of(cls, day: date, *, claimed: Estimate, verified: Estimate) -> Week:
        """Take both figures of one day."""
        return cls(day.isoformat(), Figure.of(claimed).drawn, Figure.of(verified).drawn)


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything the picture shows, before it is put into words."""

    year: int
    rule_year: int
    at: datetime  # local
    claimed: Figure
    verified: Figure
    target: Decimal
    trend: tuple[Week, ...]  # the oldest first, then now


def described(chart: Chart, say: Say) -> dict[str, Any]:
    """Say the picture as JSON keeps it (read by `bot/attachments/chart.py`)."""
    at = say_datetime(chart.at, say.language, zone=chart.at.tzname() or "")
    return {
        "title": str(say("chart.title", year=chart.year)),
        "components": [str(say(key)) for key in ("chart.spd", "chart.average", "chart.count")],
        "bars": [_bar("chart.claimed", chart.claimed, say), _bar("chart.verified", chart.verified, say)],
        "target": str(chart.target),
        "target_said": str(say("chart.target", target=index_words.number(say, chart.target))),
        "trend": [list(week) for week in chart.trend],
        "days": [short_day(date.fromisoformat(week.day), say.language) for week in chart.trend],
        "trend_title": str(say("chart.trend")),
        "note": str(say("chart.note", rules=chart.rule_year, at=at)),
    }


def _bar(key: str, figure: Figure, say: Say) -> dict[str, Any]:
    if not figure.counted:
        return {"name": str(say(key)), "shares": ["0"] * len(figure.shares), "said": str(say("chart.none"))}
    said = index_words.number(say, Decimal(figure.index))
    return {"name": str(say(key)), "shares": list(figure.shares), "said": said}


def short_day(day: date, language: str) -> str:
    """Say a day as short as fits under a line: "3 Agu"."""
    number, month, _ = say_date(PartialDate(day), language).split()
    return f"{number} {month[:MONTH_CHARS]}"
