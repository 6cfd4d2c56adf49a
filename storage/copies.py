"""Innovations of earlier periods that can be copied, and innovations that move to another form or rule
year.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.review import State
from storage import history
from storage.engine.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Earlier:
    """An innovation of an earlier period, and its copy in the present one; 0 when there is none."""

    id: int
    year: int
    title: str
    copy: int


_EARLIER = """
SELECT i.id, p.year, json_extract(a.value, '$'), coalesce((
    SELECT max(c.id) FROM innovations c
    WHERE c.office_id = i.office_id AND c.period_id = ? AND c.copied_from = i.id
        AND c.discarded_at IS NULL), 0)
FROM innovations i
JOIN periods p ON p.id = i.period_id
JOIN answers a ON a.innovation_id = i.id AND a.question = 'nama'
WHERE i.office_id = ? AND p.year < (SELECT year FROM periods WHERE id = ?) AND i.discarded_at IS NULL
ORDER BY p.year DESC, i.id LIMIT ?
"""


def earlier(tx: Transaction, office_id: int, *, period_id: int, limit: int) -> list[Earlier]:
    """List what an office brought in the periods before this one, the newest period first."""
    return [Earlier(*row) for row in tx.execute(_EARLIER, (period_id, office_id, period_id, limit))]


_FORM = "UPDATE innovations SET form_version = ? WHERE id = ? AND form_version = ?"


def move_form(tx: Transaction, innovation_id: int, *, old: int, new: int, by: int, now: datetime) -> bool:
    """Let a draft follow a newer version of the form; False when somebody else has done it already."""
    if tx.execute(_FORM, (new, innovation_id, old)).rowcount != 1:
        return False
    change = history.Change("#form", str(old), str(new))
    history.add(tx, innovation_id, change=change, by=by, now=now)
    return True


_RULES = f"UPDATE innovations SET rule_year = ? WHERE id = ? AND rule_year = ? AND state = '{State.DRAFT}'"


def move_rules(tx: Transaction, innovation_id: int, *, old: int, new: int, by: int, now: datetime) -> bool:
    """Let a draft follow the rules of another year; False when it does already, or is no draft any more."""
    if tx.execute(_RULES, (new, innovation_id, old)).rowcount != 1:
        return False
    change = history.Change("#rules", str(old), str(new))
    history.add(tx, innovation_id, change=change, by=by, now=now)
    return True


_TOLD = "UPDATE innovations SET told_rule_year = ? WHERE id = ? AND told_rule_year IS DISTINCT FROM ?"


def tell_rules(tx: Transaction, innovation_id: int, *, rule_year: int) -> bool:
    """Note that the office hears of the period's rule year; False when it was told before."""
    return tx.execute(_TOLD, (rule_year, innovation_id, rule_year)).rowcount == 1
