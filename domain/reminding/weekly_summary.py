"""The weekly summary: what it was made from, its words and its picture; made again from the same inputs any time."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from domain.index.estimate import Estimate
from domain.message import Attachment, Message, Rows
from domain.reading.dates import PartialDate, say_date, say_datetime
from domain.reading.numbers import say_number
from domain.rules.indicators import IndicatorSet
from domain.rules.load import NOT_ASSESSED
from domain.texts import Marked, Say, join

NAMES_SHOWN = 8  # offices in one line: with a picture a text has 1000 characters
DAY_CHARS = 6  # of a day in words under the line of the picture
_PREDIKAT = {
    "Sangat Inovatif": "figure_words.sangat_inovatif",
    "Inovatif": "figure_words.inovatif",
    "Kurang Inovatif": "figure_words.kurang_inovatif",
    NOT_ASSESSED: "figure_words.not_assessed",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One estimate of the index; numbers are text, as a Decimal is written."""

    index: str
    predikat: str
    counted: int  # innovations
    shares: tuple[str, ...]  # of the index: SPD, maturity, number

    @classmethod
    def of(cls, found: Estimate) -> Figure:
        """Take what a summary keeps of an estimate."""
        shares = tuple(str(line.share) for line in found.lines)
        return cls(str(found.index), found.predikat, found.sums.count, shares)


@dataclass(frozen=True, slots=True)
class Recap:
    """Everything a summary says, as it was at its moment."""

    year: int
    rule_year: int
    at: str  # UTC
    deadline: str  # local date
    claimed: Figure
    verified: Figure
    target: str
    before: str | None  # the claimed index a week earlier; None when nothing counted then
    offices: int
    done: int
    lacking: tuple[str, ...]  # short names of offices within reach
    unreached: tuple[str, ...]  # of those the bot does not reach: never mixed with the others
    steps: tuple[tuple[int, int, int], ...]  # indicator, how many times, points: what brings most
    trend: tuple[tuple[str, str, str], ...]  # local date, claimed, verified

    def to_json(self) -> str:
        """Write the inputs as the store keeps them."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, raw: str) -> Recap:
        """Read back what `to_json` wrote."""
        fields = json.loads(raw)
        for name in ("claimed", "verified"):
            fields[name] = Figure(**{**fields[name], "shares": tuple(fields[name]["shares"])})
        for name in ("lacking", "unreached"):
            fields[name] = tuple(fields[name])
        for name in ("steps", "trend"):
            fields[name] = tuple(tuple(row) for row in fields[name])
        return cls(**fields)


def message(recap: Recap, say: Say, indicators: IndicatorSet, zone: ZoneInfo, *, rows: Rows) -> Message:
    """Write the summary with its picture."""
    at = datetime.fromisoformat(recap.at).astimezone(zone)
    parts = (
        say("weekly_summary.title", day=say_date(PartialDate(at.date()), say.language, weekday=True)),
        join((_index(recap, say), _change(recap, say), _verified(recap, say), _target(recap, say)), by="\n"),
        join(
            (_offices(recap, say), _names("weekly_summary.lacking", recap.lacking, say), _unreached(recap, say)),
            by="\n",
        ),
        _steps(recap, say, indicators),
        say("figure_words.footer", rules=recap.rule_year, at=_moment(at, say)),
    )
    picture = Attachment("photo", "chart", described(recap, say, zone), f"rekap-{at.date().isoformat()}.png")
    return Message(join(parts), rows, attachment=picture)


def _moment(at: datetime, say: Say) -> str:
    return say_datetime(at, say.language, zone=at.tzname() or "")


def _number(value: str | Decimal, say: Say) -> str:
    return say_number(Decimal(value), say.language, 2)


def _index(recap: Recap, say: Say) -> Marked:
    if not recap.claimed.counted:
        return say("weekly_summary.nothing_counted", year=recap.year)
    predikat = say(_PREDIKAT.get(recap.claimed.predikat, "figure_words.predikat_unknown"))
    return say("weekly_summary.index", year=recap.year, index=_number(recap.claimed.index, say), predikat=predikat)


def _change(recap: Recap, say: Say) -> Marked:
    if recap.before is None or not recap.claimed.counted:
        return say("weekly_summary.no_comparison")
    change = Decimal(recap.claimed.index) - Decimal(recap.before)
    if not change:
        return say("weekly_summary.unchanged")
    return say("weekly_summary.change", change=f"{'+' if change > 0 else '−'}{_number(abs(change), say)}")


def _verified(recap: Recap, say: Say) -> Marked:
    if not recap.verified.counted:
        return Marked("")
    return say("weekly_summary.verified", index=_number(recap.verified.index, say))


def _target(recap: Recap, say: Say) -> Marked:
    gap = max(Decimal(0), Decimal(recap.target) - Decimal(recap.claimed.index))
    key = "status.gap" if gap else "status.reached"
    return say(key, target=_number(recap.target, say), gap=_number(gap, say))


def _offices(recap: Recap, say: Say) -> Marked:
    deadline = say_date(PartialDate(date.fromisoformat(recap.deadline)), say.language)
    return say("weekly_summary.offices", done=recap.done, offices=recap.offices, deadline=deadline)


def _names(key: str, names: Sequence[str], say: Say) -> Marked:
    if not names:
        return Marked("")
    shown, more = ", ".join(names[:NAMES_SHOWN]), len(names) - NAMES_SHOWN
    listed = say("weekly_summary.more", names=shown, count=more) if more > 0 else shown
    return say(key, count=len(names), names=listed)


def _unreached(recap: Recap, say: Say) -> Marked:
    return _names("weekly_summary.unreached", recap.unreached, say)


def _steps(recap: Recap, say: Say, indicators: IndicatorSet) -> Marked:
    lines = [
        say("whatif.kind", no=no, name=indicators.by_no[no].name.in_(say.language), many=many, points=points)
        for no, many, points in recap.steps
    ]
    return join((say("weekly_summary.steps"), *lines), by="\n") if lines else Marked("")


def described(recap: Recap, say: Say, zone: ZoneInfo) -> dict[str, Any]:
    """Say everything the picture shows, as JSON keeps it (read by `bot/attachments/chart.py`)."""
    at = datetime.fromisoformat(recap.at).astimezone(zone)
    bars = [
        {"name": str(say(key)), "shares": list(found.shares), "said": _number(found.index, say)}
        for key, found in (("chart.claimed", recap.claimed), ("chart.verified", recap.verified))
    ]
    days = [
        say_date(PartialDate(date.fromisoformat(day)), say.language)[:DAY_CHARS].strip() for day, _, _ in recap.trend
    ]
    return {
        "title": str(say("chart.title", year=recap.year)),
        "components": [str(say(key)) for key in ("chart.spd", "chart.average", "chart.count")],
        "bars": bars,
        "target": recap.target,
        "target_said": str(say("chart.target", target=_number(recap.target, say))),
        "trend": [list(row) for row in recap.trend],
        "days": days,
        "trend_title": str(say("chart.trend")),
        "note": str(say("chart.note", rules=recap.rule_year, at=_moment(at, say))),
    }
