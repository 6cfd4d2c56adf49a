"""The rules of counting as the data files have them, and the recount when they have changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from domain.draft.eligibility import CountingRule
from storage import audit, scores
from storage.engine.transaction import Transaction

_KEEP = """
INSERT INTO counting_rules (rule_year, opens, closes, mandatory) VALUES (?, ?, ?, ?)
ON CONFLICT (rule_year) DO UPDATE SET opens = excluded.opens, closes = excluded.closes,
    mandatory = excluded.mandatory
WHERE (counting_rules.opens, counting_rules.closes, counting_rules.mandatory)
   <> (excluded.opens, excluded.closes, excluded.mandatory)
"""
_KEPT = "SELECT opens, closes, mandatory FROM counting_rules WHERE rule_year = ?"
_COUNTED_BY = """
SELECT c.innovation_id, c.claimed IS NOT NULL FROM contributions c
JOIN innovations i ON i.id = c.innovation_id
WHERE i.rule_year = ? ORDER BY c.innovation_id
"""
_STILL_COUNTS = "SELECT claimed IS NOT NULL FROM contributions WHERE innovation_id = ?"


def adopt(tx: Transaction, rules: Mapping[int, CountingRule], *, now: datetime) -> list[int]:
    """Take the rules of counting over and recount what a changed one concerns.

    Returns the innovations that counted before and do not count any more. Costs nothing where nothing has
    changed.
    """
    lost = []
    for year, rule in sorted(rules.items()):
        values = (year, rule.opens.isoformat(), rule.closes.isoformat(), json.dumps(rule.mandatory))
        before = tx.execute(_KEPT, (year,)).fetchone()
        if tx.execute(_KEEP, values).rowcount:
            if before is not None:
                after = list(values[1:])
                audit.record(
                    tx, "counting_rule_changed", now=now, year=year, before=list(before), after=after
                )
            lost += _recount(tx, year, now=now)
    return lost


def _recount(tx: Transaction, rule_year: int, *, now: datetime) -> list[int]:
    lost = []
    for innovation, counted in tx.execute(_COUNTED_BY, (rule_year,)).fetchall():
        scores.refresh(tx, innovation, now=now)
        if counted and not tx.execute(_STILL_COUNTS, (innovation,)).fetchone()[0]:
            lost.append(int(innovation))
    return lost
