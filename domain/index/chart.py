"""What the picture of the estimate shows: two figures by component, the target, and how they moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, TypedDict

from domain.index import headline, index_words
from domain.index.judgement import Figure, Judgement
from domain.message import plain
from domain.reading.dates import PartialDate, say_date, say_datetime
from domain.texts import Say

WEEKS = 12  # shown beside today at most
MONTH_CHARS = 3  # of a month's name under the line


class Week(NamedTuple):
    """One point of the line; a plain row, because summaries keep it as a JSON list. None: nothing to
    assess then.
    """

    day: str  # local date
    low: str | None  # of the claimed index
    high: str | None
    verified: str | None

    @classmethod
    def of(cls, day: date, judged: Judgement) -> Week:
        """Take what may be said of one day."""
        claimed, verified = judged.claimed, judged.verified
        low, high = (str(claimed.low), str(claimed.high)) if claimed else (None, None)
        return cls(day.isoformat(), low, high, str(verified.low) if verified else None)


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything the picture shows, before it is put into words."""

    at: datetime  # local
    judged: Judgement
    trend: tuple[Week, ...]  # the oldest first, then now


class Bar(TypedDict):
    """One bar in words; figures are decimals as text."""

    name: str
    shares: list[str]  # of each component, in the order of `components`; empty where there is no figure
    open: str  # what an unfilled profile could add
    said: str


class ChartDescribed(TypedDict):
    """The picture in words, as JSON keeps it and `bot/attachments/chart.py` draws it; indexes are decimals
    as text.
    """

    title: str
    components: list[str]
    bars: list[Bar]  # claimed above verified
    target: str | None
    target_said: str
    trend: list[list[str | None]]  # each a `Week`, the oldest first
    days: list[str]  # of the weeks, as they stand under the line
    trend_title: str
    decimal_mark: str
    official: str | None  # the latest official result
    official_said: str
    note: str


def described(chart: Chart, say: Say) -> ChartDescribed:
    """Say the picture as JSON keeps it (read by `bot/attachments/chart.py`)."""
    judged = chart.judged
    at = say_datetime(chart.at, say.language, zone=chart.at.tzname() or "")
    target = index_words.number(say, judged.target)
    official, official_said = _describe_official(judged, say)
    return {
        "title": str(say("chart.title", year=judged.year)),
        "components": [str(say(key)) for key in ("chart.spd", "chart.average", "chart.count")],
        "bars": [
            _describe_bar("chart.claimed", judged.claimed, none=say("headline.none"), say=say),
            _describe_verified_bar(judged, say),
        ],
        "target": str(judged.target) if judged.claimed else None,
        "target_said": str(say("chart.target", target=target)),
        "trend": [list(week) for week in chart.trend] if judged.claimed else [],
        "days": [short_day(date.fromisoformat(week.day), say.language) for week in chart.trend],
        "trend_title": str(say("chart.trend")),
        "decimal_mark": "." if say.language == "en" else ",",
        "official": official,
        "official_said": official_said,
        "note": str(say("chart.note", rules=judged.rule_year, at=at)),
    }


def _describe_official(judged: Judgement, say: Say) -> tuple[str | None, str]:
    """Give the latest official result, a line of its own beside the weeks of the estimate, and its words."""
    official = judged.official
    if official is None:
        return None, ""
    said = say("chart.official", year=official.year, index=index_words.number(say, official.value))
    return str(official.value), str(said)


def _describe_bar(key: str, figure: Figure | None, *, none: str, say: Say) -> Bar:
    """Describe one bar: its shares, what an unfilled profile could add, and the figure; no bar without a
    figure.
    """
    if figure is None:
        return {"name": str(say(key)), "shares": [], "open": "0", "said": plain(none)}
    shares = [str(share) for share in figure.shares]
    said = plain(headline.span(figure, say))
    return {"name": str(say(key)), "shares": shares, "open": str(figure.high - figure.low), "said": said}


def _describe_verified_bar(judged: Judgement, say: Say) -> Bar:
    """Describe the verified bar; its figure is never said without what it rests on."""
    bar = _describe_bar("chart.verified", judged.verified, none=say("chart.none"), say=say)
    if judged.verified is None:
        return bar
    said = say("chart.of", index=bar["said"], count=judged.verified.count, among=judged.count)
    return {**bar, "said": plain(said)}


def short_day(day: date, language: str) -> str:
    """Say a day as short as fits under a line: "3 Agu"."""
    number, month, _ = say_date(PartialDate(day), language).split()
    return f"{number} {month[:MONTH_CHARS]}"
