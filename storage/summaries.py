"""The weekly summaries: their inputs are read, stored, and read back to make a summary again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from domain.desk_data import DeskData
from domain.index.whatif import Regency, Rise, cheapest
from domain.reminding.escalation import is_lacking, skipped
from domain.reminding.facts import Subject
from domain.reminding.weekly_summary import Recap
from domain.review import Standing
from storage import office_sums, profile, reminder_facts, reminder_texts, reports
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text
from storage.periods import Period
from storage.reports import PeriodFigures

RISES = 3


def gather(tx: Transaction, desk_data: DeskData, *, period: Period, now: datetime) -> Recap:
    """Gather everything a summary says at this moment."""
    figures = reports.period_figures(tx, period.id, rule=desk_data.rules[period.rule_year])
    judged = reports.judged(tx, desk_data, period=period, figures=figures)
    every = reminder_facts.load(tx, reminder_facts.look_at(desk_data, period, now=now))
    names = reminder_texts.names(tx, [entry.office for entry in every])
    lacking = [entry for entry in every if is_lacking(entry)]
    return Recap(
        at=utc_text(now),
        deadline=period.deadline.isoformat(),
        judged=judged,
        change=reports.change_of_week(tx, desk_data, period=period, now=now),
        offices=figures.figures.offices,
        exempt=figures.figures.exempt,
        done=figures.figures.done,
        lacking=_name(names, [entry for entry in lacking if entry.is_reachable]),
        unreached=_name(names, [entry for entry in lacking if not entry.is_reachable]),
        sent=_name(names, [entry for entry in every if entry.standing == Standing.DONE and not entry.exempt]),
        excused=_name(names, [entry for entry in every if entry.exempt]),
        skipped=tuple(skipped(lacking).items()),
        steps=_find_rises(tx, desk_data, period=period, figures=figures) if judged.gap else (),
        trend=reports.trend(tx, desk_data, period=period, now=now),
    )


def _name(names: Mapping[int, tuple[str, str]], entries: Sequence[Subject]) -> tuple[str, ...]:
    return tuple(names[entry.office][1] for entry in entries)


def _find_rises(
    tx: Transaction, desk_data: DeskData, *, period: Period, figures: PeriodFigures
) -> tuple[Rise, ...]:
    """Find which kinds of improvements bring most on the cheapest way to the target."""
    indicators = desk_data.indicators[period.rule_year]
    regency = Regency(desk_data.rules[period.rule_year], figures.claimed.sums, figures.spd)
    room, efforts = office_sums.room(tx, period.id), profile.efforts(tx)
    plan = cheapest(regency, indicators, room=room, target=figures.target, efforts=efforts)
    return plan.foremost(indicators, RISES)


_KEEP = "INSERT INTO summaries (period_id, week, at, inputs) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
_ONE = "SELECT inputs FROM summaries WHERE period_id = ? AND week = ?"
_THERE = "SELECT 1 FROM summaries WHERE period_id = ? AND week = ?"


def keep(tx: Transaction, period_id: int, *, week: date, recap: Recap | None, now: datetime) -> bool:
    """Keep the inputs of a week's summary, or that it was too late to send (None); False when it is there
    already.
    """
    values = (period_id, week.isoformat(), utc_text(now), recap.to_json() if recap else "")
    return tx.execute(_KEEP, values).rowcount == 1


def key(period_id: int, *, week: date, contact: int) -> str:
    """Name the message that brings somebody a week's summary: it is queued once."""
    return f"summary:{period_id}:{week}:{contact}"


_QUEUED = "SELECT dedupe_key FROM outbox WHERE dedupe_key IN (SELECT value FROM json_each(?))"


def without_message(tx: Transaction, period_id: int, *, week: date, contacts: Sequence[int]) -> list[int]:
    """List who of these was queued no message with a week's summary."""
    keys = {key(period_id, week=week, contact=contact): contact for contact in contacts}
    queued = {row[0] for row in tx.execute(_QUEUED, (json.dumps(list(keys)),))}
    return [contact for name, contact in keys.items() if name not in queued]


def is_kept(tx: Transaction, period_id: int, *, week: date) -> bool:
    """Tell whether a week's summary was made, or dropped."""
    return tx.execute(_THERE, (period_id, week.isoformat())).fetchone() is not None


def kept(tx: Transaction, period_id: int, *, week: date) -> Recap | None:
    """Load the inputs of a week's summary; None when there is none, or it was too late to send."""
    row = tx.execute(_ONE, (period_id, week.isoformat())).fetchone()
    return Recap.from_json(row[0]) if row and row[0] else None
