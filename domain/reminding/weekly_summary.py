"""The weekly summary: its inputs, its words and its picture; it can be made again from the inputs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from domain.index import headline, index_words
from domain.index.chart import Chart, Week, described
from domain.index.judgement import Judgement
from domain.index.whatif import Rise
from domain.message import Attachment, Message, Rows
from domain.reading.dates import PartialDate, say_date
from domain.reminding import early_summaries
from domain.rules.calendar import DAY_OPENS, WEEK, Calendar
from domain.rules.indicators import IndicatorSet
from domain.rules.reminder_rules import Readers
from domain.texts import Marked, Say, join

NAMES_SHOWN = 8  # offices in one line: with a picture a text has 1000 characters


@dataclass(frozen=True, slots=True)
class Recap:
    """Input of a summary, as it was at its moment."""

    at: str  # UTC
    deadline: str  # local date
    judged: Judgement
    change: Decimal | None  # of the claimed index since last week; None where the two cannot be compared
    offices: int
    done: int
    lacking: tuple[str, ...]  # short names of offices within reach
    unreached: tuple[str, ...]  # of those the bot does not reach: never mixed with the others
    steps: tuple[Rise, ...]  # those that bring most
    trend: tuple[Week, ...]
    exempt: int = 0  # offices without a duty; summaries of before it was kept have none
    sent: tuple[str, ...] = ()  # short names; none in summaries of before they were kept
    excused: tuple[str, ...] = ()
    skipped: tuple[tuple[Readers, int], ...] = ()  # rungs of the ladder, and at how many they are empty

    def to_json(self) -> str:
        """Write the inputs as the store keeps them."""
        return _KEPT.dump_json(self).decode()

    @classmethod
    def from_json(cls, raw: str) -> Recap:
        """Read back what `to_json` wrote, also long ago."""
        kept = json.loads(raw)
        if early_summaries.is_early(kept):
            kept = early_summaries.as_kept_now(kept)
        return _KEPT.validate_json(json.dumps(early_summaries.with_names_of_now(kept)))


_KEPT = TypeAdapter(Recap)


def morning_of(week: date, calendar: Calendar, *, zone: ZoneInfo) -> datetime:
    """The moment of the summary of a week, named by its Monday; a week of holidays leaves it to the morning
    after.
    """
    return datetime.combine(calendar.on_or_after(week), DAY_OPENS, tzinfo=zone)


def next_morning(now: datetime, calendar: Calendar, *, zone: ZoneInfo) -> datetime:
    """The moment of the first summary after now: what whoever subscribes now gets."""
    today = now.astimezone(zone).date()
    week = today - timedelta(days=today.weekday())
    while (morning := morning_of(week, calendar, zone=zone)) <= now:
        week += WEEK
    return morning


def message(recap: Recap, say: Say, *, indicators: IndicatorSet, zone: ZoneInfo, rows: Rows) -> Message:
    """Write the summary with its picture."""
    at = datetime.fromisoformat(recap.at).astimezone(zone)
    parts = (
        say("weekly_summary.title", day=say_date(PartialDate(at.date()), say.language, weekday=True)),
        join((*headline.headline(recap.judged, say), _say_change(recap, say)), by="\n"),
        join(
            (
                _say_offices(recap, say),
                _say_names("weekly_summary.sent", recap.sent, say=say),
                _say_names("weekly_summary.lacking", recap.lacking, say=say),
                _say_names("weekly_summary.excused", recap.excused, say=say),
                _say_unreached(recap, say),
                _say_skipped(recap, say),
            ),
            by="\n",
        ),
        _say_rises(recap, say, indicators=indicators),
        index_words.footer(say, recap.judged.rule_year, at=at),
    )
    chart = Chart(at, recap.judged, recap.trend)
    picture = Attachment("photo", "chart", described(chart, say), f"rekap-{at.date().isoformat()}.png")
    return Message(join(parts), rows, attachment=picture)


def is_unchanged(recap: Recap, before: Recap | None) -> bool:
    """Whether a week brought nothing that its summary would say; the first summary is always news."""
    return (
        before is not None
        and replace(recap, at=before.at, change=before.change, trend=before.trend) == before
    )


def left_out(recap: Recap, before: Recap, *, say: Say, zone: ZoneInfo, rows: Rows) -> Message:
    """Write why a week has no summary: nothing has changed since the one before, whose figure stands."""
    day, earlier = (datetime.fromisoformat(made.at).astimezone(zone).date() for made in (recap, before))
    parts = (
        say("weekly_summary.title", day=say_date(PartialDate(day), say.language, weekday=True)),
        say("weekly_summary.left_out", before=say_date(PartialDate(earlier), say.language)),
        join(headline.headline(recap.judged, say), by="\n"),
    )
    return Message(join(parts), rows)


def _say_change(recap: Recap, say: Say) -> Marked:
    """Return the change of the claimed index in a week; nothing where the two cannot be compared."""
    if recap.change is None:
        return Marked("")
    if not recap.change:
        return say("weekly_summary.unchanged")
    return say("weekly_summary.change", change=index_words.signed(say, recap.change))


def _say_offices(recap: Recap, say: Say) -> Marked:
    deadline = say_date(PartialDate(date.fromisoformat(recap.deadline)), say.language)
    said = say("weekly_summary.offices", done=recap.done, offices=recap.offices, deadline=deadline)
    counted = recap.exempt and not recap.excused
    return join((said, say("weekly_summary.exempt", count=recap.exempt) if counted else ""), by=" ")


def _say_names(key: str, names: Sequence[str], *, say: Say) -> Marked:
    if not names:
        return Marked("")
    shown, more = ", ".join(names[:NAMES_SHOWN]), len(names) - NAMES_SHOWN
    listed = say("weekly_summary.more", names=shown, count=more) if more > 0 else shown
    return say(key, count=len(names), names=listed)


def _say_unreached(recap: Recap, say: Say) -> Marked:
    return _say_names("weekly_summary.unreached", recap.unreached, say=say)


def _say_skipped(recap: Recap, say: Say) -> Marked:
    """Say which rungs of the ladder have nobody on them, at how many of those that have not sent."""
    if not recap.skipped:
        return Marked("")
    rungs = [say(f"weekly_summary.rung_{readers}", count=count) for readers, count in recap.skipped]
    return say("weekly_summary.skipped", rungs=join(rungs, by=", "))


def _say_rises(recap: Recap, say: Say, *, indicators: IndicatorSet) -> Marked:
    lines = [index_words.rise_line(say, rise, indicators=indicators) for rise in recap.steps]
    return join((say("weekly_summary.rises"), *lines), by="\n") if lines else Marked("")
