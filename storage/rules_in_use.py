"""What the rules of a year said when it was begun with, and the editions a change has replaced (F88)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.review import State
from domain.rules.deciding import deciding, differences, digest
from domain.rules.indicators import IndicatorSet
from domain.rules.load import RuleYear
from storage import audit, innovations, scores
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text

Rules = Mapping[int, tuple[RuleYear, IndicatorSet]]  # by year


@dataclass(frozen=True, slots=True)
class Change:
    """A year in use whose data files say something else now."""

    rule_year: int
    differences: tuple[str, ...]  # a line each


# From one year to the next by the index: all innovations of ten years would be read at every start.
_IN_USE = """
WITH RECURSIVE later (year) AS (
    SELECT min(rule_year) FROM innovations
    UNION ALL
    SELECT (SELECT min(i.rule_year) FROM innovations i WHERE i.rule_year > later.year) FROM later
    WHERE later.year IS NOT NULL
)
SELECT rule_year FROM periods UNION SELECT year FROM later WHERE year IS NOT NULL ORDER BY 1
"""
_KEPT = "SELECT rule_year, content FROM rules_in_use ORDER BY rule_year"
_KEEP = """
INSERT INTO rules_in_use (rule_year, digest, content, indicators, taken_at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (rule_year) DO UPDATE SET digest = excluded.digest, content = excluded.content,
    indicators = excluded.indicators, taken_at = excluded.taken_at
"""


def changes(tx: Transaction, rules: Rules, *, now: datetime) -> list[Change]:
    """List the years in use that have changed; a year that is begun with is noted as it is now."""
    kept = dict(tx.execute(_KEPT).fetchall())
    in_use = [year for (year,) in tx.execute(_IN_USE).fetchall() if year in rules]
    for year in in_use:
        if year not in kept:
            _keep(tx, year, rules=rules, now=now)
    return changes_of({year: kept[year] for year in in_use if year in kept}, rules)


def changes_of(kept: Mapping[int, str], rules: Rules) -> list[Change]:
    """List the years whose rules are not what is kept of them, as JSON, any more."""
    compared = [
        Change(year, tuple(differences(json.loads(content), deciding(*rules[year]))))
        for year, content in kept.items()
        if year in rules
    ]
    return [change for change in compared if change.differences]


def _keep(tx: Transaction, year: int, *, rules: Rules, now: datetime) -> None:
    content = deciding(*rules[year])
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    indicators = rules[year][1].model_dump_json(by_alias=True)
    tx.execute(_KEEP, (year, digest(content), text, indicators, utc_text(now)))


_REPLACED = """
INSERT INTO rule_editions (rule_year, indicators, replaced_at)
SELECT rule_year, indicators, ? FROM rules_in_use WHERE rule_year = ? RETURNING id
"""
_STAY = """
UPDATE innovations SET rule_edition = ? WHERE rule_year = ? AND rule_edition IS NULL AND receipt IS NOT NULL
"""


def take(tx: Transaction, year: int, *, rules: Rules, reason: str, now: datetime) -> int:
    """Let a year follow its changed data files; returns how many innovations stay under what they were made
    with.

    What was handed in keeps the indicators it was made with; drafts follow the new ones.
    """
    change = next((changed for changed in changes(tx, rules, now=now) if changed.rule_year == year), None)
    if change is None:
        return 0
    before = tx.execute("SELECT digest FROM rules_in_use WHERE rule_year = ?", (year,)).fetchone()[0]
    edition = tx.execute(_REPLACED, (utc_text(now), year)).fetchone()[0]
    stay = tx.execute(_STAY, (edition, year)).rowcount
    _keep(tx, year, rules=rules, now=now)
    _recount_drafts(tx, year, indicators=rules[year][1], now=now)
    after = digest(deciding(*rules[year]))
    audit.record(
        tx, "rules_taken", now=now, year=year, before=before, after=after,
        changes=list(change.differences), stay=stay, edition=edition, reason=reason,
    )  # fmt: skip
    return stay


_DRAFTS = f"SELECT id FROM innovations WHERE rule_year = ? AND state = '{State.DRAFT}' ORDER BY id"


def _recount_drafts(tx: Transaction, year: int, *, indicators: IndicatorSet, now: datetime) -> None:
    for (number,) in tx.execute(_DRAFTS, (year,)).fetchall():
        scores.keep(tx, number, answers=innovations.answers(tx, number), indicators=indicators, now=now)


_EDITIONS = "SELECT id, indicators FROM rule_editions ORDER BY id"


def editions(tx: Transaction) -> Mapping[int, IndicatorSet]:
    """Load the indicators that were replaced, by the number of their edition."""
    return {number: IndicatorSet.model_validate_json(text) for number, text in tx.execute(_EDITIONS)}
