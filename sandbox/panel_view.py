"""What the panel shows: the clock, the regency's figures, the outbox in words, the bot, the faults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from domain.index import headline
from domain.index.judgement import Judgement
from domain.message import plain
from domain.reading.partial_date import PartialDate, say_date, say_datetime
from domain.review import QUEUES
from sandbox.clock_moves import Moves
from sandbox.clock_stops import DEADLINE, HOUR, MORNING, WEEK_ON
from sandbox.kills import Kill
from sandbox.looks import KINDS
from sandbox.panel_words import PanelWords, Speaker
from storage import offices, reports, reviews
from storage.engine.transaction import Transaction
from storage.periods import Period

if TYPE_CHECKING:
    from domain.desk_data import DeskData

NOT_MOVED = timedelta(seconds=1)  # ahead of the machine's clock: none of it was asked for


def show_clock(moves: Moves, period: Period | None, *, speaker: Speaker) -> Mapping[str, Any]:
    """Say the time, how far it was moved, where it is going, and how far the deadline is."""
    words, language = speaker.words, speaker.language
    local = speaker.now.astimezone(speaker.zone)
    deadline = period.deadline if period else None
    ahead = timedelta(seconds=moves.clock.ahead)
    return {
        "day": say_date(PartialDate(local.date()), language, weekday=True),
        "time": f"{local:%H:%M %Z}" if language == "en" else f"{local:%H.%M %Z}",
        "ahead": (
            words("panel.clock_moved", span=say_span(ahead, words))
            if ahead > NOT_MOVED
            else words("panel.clock_true")
        ),
        "deadline": _say_deadline(deadline, local.date(), speaker=speaker),
        "going": (
            words("panel.clock_going", day=_say_moment(moves.until, speaker))
            if moves.until and not moves.speed
            else ""
        ),
        "speed": moves.speed,
        "targets": {
            name: moves.stops.target(name, speaker.now, deadline=deadline) is not None
            for name in (HOUR, MORNING, WEEK_ON, DEADLINE)
        },
    }


def _say_moment(moment: datetime, speaker: Speaker) -> str:
    local = moment.astimezone(speaker.zone)
    return say_datetime(local, speaker.language, zone=local.tzname() or "", weekday=True)


def say_span(span: timedelta, words: PanelWords) -> str:
    """Say how long: days and hours, or hours and minutes."""
    minutes = round(span.total_seconds() / 60)
    days, hours = divmod(minutes // 60, 24)
    if days:
        return words("panel.span_days", days=days, hours=hours)
    return words("panel.span_hours", hours=hours, minutes=minutes % 60)


def _say_deadline(deadline: date | None, today: date, *, speaker: Speaker) -> str:
    words = speaker.words
    if deadline is None:
        return words("panel.clock_no_period")
    days = (deadline - today).days
    day = say_date(PartialDate(deadline), speaker.language)
    if days == 0:
        return words("panel.clock_last_day")
    if days > 0:
        return words("panel.clock_deadline", day=day, days=days)
    return words("panel.clock_passed", day=day)


def show_figures(
    tx: Transaction, desk_data: DeskData, *, period: Period | None, speaker: Speaker
) -> Mapping[str, Any]:
    """Say how the regency stands, in the very words of `/status`, and the counts behind them."""
    done, due = 0, len(offices.active(tx))
    sent = 0
    lines: Sequence[str] = ()
    if period is not None:
        known = reports.period_figures(tx, period.id, rule=desk_data.rules[period.rule_year])
        done, due = known.figures.done, known.figures.offices
        sent = known.figures.sent
        lines = _say_standing(reports.judged(tx, desk_data, period=period, figures=known), desk_data, speaker)
    states = reviews.counts(tx)
    counts = {
        "offices": f"{done} / {due}",
        "innovations": speaker.say_number(sent),
        "queue": speaker.say_number(sum(states.get(state, 0) for state in QUEUES["wait"])),
    }
    rows = [
        {"label": speaker.words(f"panel.figures_{name}"), "value": value} for name, value in counts.items()
    ]
    return {"lines": lines, "rows": rows}


def _say_standing(judged: Judgement, desk_data: DeskData, speaker: Speaker) -> Sequence[str]:
    say = desk_data.words.in_(speaker.language)
    lines = [*headline.headline(judged, say)]
    lines += [headline.official(judged, say)] if judged.leads else []
    return [plain(line) for line in lines if line]


def show_kill(kill: Kill | None, *, speaker: Speaker) -> Mapping[str, Any] | None:
    """Say what a kill did, with the counts before and after; None when there was none."""
    if kill is None:
        return None
    words = speaker.words
    seconds = speaker.say_number(Decimal(str(round(kill.seconds, 1))))
    if kill.after is None:
        text = words("panel.killing")
    else:
        text = words("panel.killed" if kill.kept else "panel.killed_lost", seconds=seconds)
    after = kill.after or {}
    rows = [
        {
            "label": words(f"panel.count_{kind}"),
            "before": speaker.say_number(kill.before[kind]),
            "after": speaker.say_number(after[kind]) if kind in after else "…",
        }
        for kind in KINDS
    ]
    return {"number": kill.number, "text": text, "rows": rows, "back": kill.after is not None}
