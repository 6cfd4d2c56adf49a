"""The weekly summary: what it was made from, its words and its picture; made again from the same inputs any time."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from domain.index import index_words
from domain.index.chart import Chart, Figure, Week, described
from domain.index.whatif import Rise
from domain.message import Attachment, Message, Rows
from domain.reading.dates import PartialDate, say_date
from domain.rules.indicators import IndicatorSet
from domain.texts import Marked, Say, join

NAMES_SHOWN = 8  # offices in one line: with a picture a text has 1000 characters


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
    steps: tuple[Rise, ...]  # those that bring most
    trend: tuple[Week, ...]

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
        fields["steps"] = tuple(Rise(*row) for row in fields["steps"])
        fields["trend"] = tuple(Week(*row) for row in fields["trend"])
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
        index_words.footer(say, recap.rule_year, at=at),
    )
    chart = Chart(
        year=recap.year,
        rule_year=recap.rule_year,
        at=at,
        claimed=recap.claimed,
        verified=recap.verified,
        target=Decimal(recap.target),
        trend=recap.trend,
    )
    picture = Attachment("photo", "chart", described(chart, say), f"rekap-{at.date().isoformat()}.png")
    return Message(join(parts), rows, attachment=picture)


def _index(recap: Recap, say: Say) -> Marked:
    if not recap.claimed.counted:
        return say("weekly_summary.nothing_counted", year=recap.year)
    predikat = index_words.predikat(say, recap.claimed.predikat)
    index = index_words.number(say, Decimal(recap.claimed.index))
    return say("weekly_summary.index", year=recap.year, index=index, predikat=predikat)


def _change(recap: Recap, say: Say) -> Marked:
    if recap.before is None or not recap.claimed.counted:
        return say("weekly_summary.no_comparison")
    change = Decimal(recap.claimed.index) - Decimal(recap.before)
    if not change:
        return say("weekly_summary.unchanged")
    return say("weekly_summary.change", change=index_words.signed(say, change))


def _verified(recap: Recap, say: Say) -> Marked:
    if not recap.verified.counted:
        return Marked("")
    return say("weekly_summary.verified", index=index_words.number(say, Decimal(recap.verified.index)))


def _target(recap: Recap, say: Say) -> Marked:
    return index_words.distance(say, Decimal(recap.target), index=Decimal(recap.claimed.index))


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
    lines = [index_words.rise_line(say, rise, indicators) for rise in recap.steps]
    return join((say("weekly_summary.steps"), *lines), by="\n") if lines else Marked("")
