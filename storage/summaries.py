"""The weekly summaries: gathered from the tables, kept with their inputs, made again from history."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from domain.desk_data import House
from domain.index.whatif import Regency, cheapest
from domain.reminding.escalation import is_lacking
from domain.reminding.weekly_summary import Figure, Recap
from storage import office_sums, profile, reminder_facts, reminder_texts, reports
from storage.engine.database import Transaction
from storage.engine.utc import utc_text
from storage.periods import Period
from storage.reports import Standing

WEEKS = 12  # shown in the picture at most
STEPS = 3
WEEK = timedelta(days=7)


def gather(tx: Transaction, house: House, period: Period, *, now: datetime) -> Recap:
    """Gather everything a summary says at this moment."""
    rule = house.rules[period.rule_year]
    found = reports.standing(tx, period.id, rule)
    then = reports.standing_at(tx, period.id, rule, now - WEEK)
    every = reminder_facts.load(tx, reminder_facts.look_at(house, period, now))
    names = reminder_texts.names(tx, [one.office for one in every])
    lacking = [one for one in every if is_lacking(one)]
    return Recap(
        year=period.year,
        rule_year=period.rule_year,
        at=utc_text(now),
        deadline=period.deadline.isoformat(),
        claimed=Figure.of(found.claimed),
        verified=Figure.of(found.verified),
        target=str(found.target),
        before=str(then.claimed.index) if then is not None and then.claimed.sums.count else None,
        offices=found.figures.offices,
        done=found.figures.done,
        lacking=tuple(names[one.office][1] for one in lacking if one.is_reachable),
        unreached=tuple(names[one.office][1] for one in lacking if not one.is_reachable),
        steps=_steps(tx, house, period, found),
        trend=_trend(tx, house, period, found, now),
    )


def _steps(tx: Transaction, house: House, period: Period, found: Standing) -> tuple[tuple[int, int, int], ...]:
    """Find which kinds of steps bring most on the cheapest way to the target."""
    if not found.gap or not found.claimed.sums.count:
        return ()
    indicators = house.indicators[period.rule_year]
    regency = Regency(house.rules[period.rule_year], found.claimed.sums, found.spd)
    room, efforts = office_sums.room(tx, period.id), profile.efforts(tx)
    taken = cheapest(regency, indicators, room, found.target, efforts=efforts).steps
    weights = {no: indicators.by_no[no].weight for no in taken}
    best = sorted(taken, key=lambda no: (-weights[no] * taken[no], no))[:STEPS]
    return tuple((no, taken[no], weights[no] * taken[no]) for no in best)


def _trend(
    tx: Transaction, house: House, period: Period, found: Standing, now: datetime
) -> tuple[tuple[str, str, str], ...]:
    """Both figures at the same hour of the past weeks, the oldest first, then now."""
    rule, rows = house.rules[period.rule_year], []
    for weeks in range(WEEKS, 0, -1):
        moment = now - weeks * WEEK
        then = reports.standing_at(tx, period.id, rule, moment)
        if then is not None:
            day = moment.astimezone(house.timezone).date()
            rows.append((day.isoformat(), str(then.claimed.index), str(then.verified.index)))
    today = now.astimezone(house.timezone).date()
    return (*rows, (today.isoformat(), str(found.claimed.index), str(found.verified.index)))


_KEEP = "INSERT INTO summaries (period_id, week, at, inputs) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
_ONE = "SELECT inputs FROM summaries WHERE period_id = ? AND week = ?"
_THERE = "SELECT 1 FROM summaries WHERE period_id = ? AND week = ?"


def keep(tx: Transaction, period_id: int, week: date, recap: Recap | None, *, now: datetime) -> bool:
    """Keep the inputs of a week's summary, or that it was too late to send (None); False when it is there already."""
    values = (period_id, week.isoformat(), utc_text(now), recap.to_json() if recap else "")
    return tx.execute(_KEEP, values).rowcount == 1


def is_kept(tx: Transaction, period_id: int, week: date) -> bool:
    """Tell whether a week's summary was made, or dropped."""
    return tx.execute(_THERE, (period_id, week.isoformat())).fetchone() is not None


def kept(tx: Transaction, period_id: int, week: date) -> Recap | None:
    """Load the inputs of a week's summary; None when there is none, or it was too late to send."""
    row = tx.execute(_ONE, (period_id, week.isoformat())).fetchone()
    return Recap.from_json(row[0]) if row and row[0] else None
