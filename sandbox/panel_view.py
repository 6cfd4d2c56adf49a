"""What the panel shows: the clock, the regency's figures, the outbox in words, the bot, the faults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from domain.index import headline
from domain.message import plain
from domain.reading.numbers import say_number
from domain.reading.partial_date import PartialDate, say_date, say_datetime
from domain.review import MEETS_DUTY, QUEUES
from sandbox.clock_moves import Moves
from sandbox.clock_stops import DEADLINE, HOUR, MORNING, WEEK_ON
from sandbox.kills import KINDS, Kill
from sandbox.panel_words import PanelWords
from storage import periods, reports, reviews
from storage.engine.transaction import Transaction
from storage.periods import Period

if TYPE_CHECKING:
    from domain.desk_data import DeskData

NOT_MOVED = timedelta(seconds=1)  # ahead of the machine's clock: none of it was asked for
_OFFICES = "SELECT count(*) FROM offices WHERE state = 'active'"
_DUTY = ", ".join(f"'{state}'" for state in MEETS_DUTY)
_COUNTED = f"""
SELECT count(DISTINCT office_id), count(*) FROM innovations
WHERE discarded_at IS NULL AND period_id = ? AND state IN ({_DUTY})
"""


def show_clock(
    moves: Moves, period: Period | None, *, words: PanelWords, language: str, zone: ZoneInfo
) -> Mapping[str, Any]:
    """Say the time, how far it was moved, where it is going, and how far the deadline is."""
    now = moves.clock.now()
    local = now.astimezone(zone)
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
        "deadline": _say_deadline(period, local, words=words, language=language),
        "going": (
            words("panel.clock_going", day=_say_moment(moves.until, language=language, zone=zone))
            if moves.until and not moves.speed
            else ""
        ),
        "speed": moves.speed,
        "targets": {
            name: moves.stops.target(name, now, deadline=deadline) is not None
            for name in (HOUR, MORNING, WEEK_ON, DEADLINE)
        },
    }


def _say_moment(moment: datetime, *, language: str, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return say_datetime(local, language, zone=local.tzname() or "", weekday=True)


def say_span(span: timedelta, words: PanelWords) -> str:
    """Say how long: days and hours, or hours and minutes."""
    minutes = round(span.total_seconds() / 60)
    days, hours = divmod(minutes // 60, 24)
    if days:
        return words("panel.span_days", days=days, hours=hours)
    return words("panel.span_hours", hours=hours, minutes=minutes % 60)


def _say_deadline(period: Period | None, local: datetime, *, words: PanelWords, language: str) -> str:
    if period is None:
        return words("panel.clock_no_period")
    days = (period.deadline - local.date()).days
    day = say_date(PartialDate(period.deadline), language)
    if days == 0:
        return words("panel.clock_last_day")
    return (
        words("panel.clock_deadline", day=day, days=days)
        if days > 0
        else words("panel.clock_passed", day=day)
    )


def show_figures(
    tx: Transaction, desk_data: DeskData, *, period: Period | None, words: PanelWords, language: str
) -> Mapping[str, Any]:
    """Say how the regency stands, in the very words of `/status`, and the counts behind them."""
    offices = tx.execute(_OFFICES).fetchone()[0]
    done, sent = tx.execute(_COUNTED, (period.id,)).fetchone() if period else (0, 0)
    states = reviews.counts(tx)
    lines: Sequence[str] = ()
    if period is not None:
        judged, say = reports.judged(tx, desk_data, period=period), desk_data.words.in_(language)
        said = [*headline.headline(judged, say)]
        said += [headline.official(judged, say)] if judged.leads else []
        lines = [plain(line) for line in said if line]
    counts = {
        "offices": f"{done} / {offices}",
        "innovations": say_number(Decimal(sent), language),
        "queue": say_number(Decimal(sum(states.get(state, 0) for state in QUEUES["wait"])), language),
    }
    rows = [{"label": words(f"panel.figures_{name}"), "value": value} for name, value in counts.items()]
    return {"lines": lines, "rows": rows}


def show_kill(kill: Kill | None, *, words: PanelWords, language: str) -> Mapping[str, Any] | None:
    """Say what a kill did, with the counts before and after; None when there was none."""
    if kill is None:
        return None
    seconds = say_number(Decimal(str(round(kill.seconds, 1))), language)
    if kill.after is None:
        text = words("panel.killing")
    else:
        text = words("panel.killed" if kill.kept else "panel.killed_lost", seconds=seconds)
    after = kill.after or {}
    rows = [
        {
            "label": words(f"panel.count_{kind}"),
            "before": say_number(Decimal(kill.before[kind]), language),
            "after": say_number(Decimal(after[kind]), language) if kind in after else "…",
        }
        for kind in KINDS
    ]
    return {"number": kill.number, "text": text, "rows": rows, "back": kill.after is not None}


def current_period(tx: Transaction) -> Period | None:
    """Load the period that is open now."""
    return periods.current(tx)
