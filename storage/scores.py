"""The maturity of each innovation and the sums of its period, kept with the write they follow from."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import date, datetime
from typing import Any

from domain.draft.eligibility import DECIDES as ELIGIBLE_BY
from domain.draft.eligibility import CountingRule, eligibility
from domain.index.estimate import Sums
from domain.review import MEETS_DUTY, State
from domain.rules.form import Answers
from domain.rules.indicators import NUMBERS, IndicatorSet
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text

# answers on which it hangs whether and where an innovation counts
DECIDES = frozenset({*ELIGIBLE_BY, "urusan_utama"})

_VERDICTS = "SELECT indicator, level FROM verdicts WHERE innovation_id = ?"
_KEEP = "UPDATE innovations SET claimed = ?, verified = ?, levels = ? WHERE id = ?"


def keep(
    tx: Transaction, innovation_id: int, *, answers: Answers, indicators: IndicatorSet, now: datetime
) -> None:
    """Store both figures, in points: by the levels of the answers, and by the levels the desk accepted.

    Called in the transaction of every write that changes a level or a verdict; `refresh` is part of it.
    """
    levels = indicators.levels(answers)
    text = "".join(str(levels.get(number, 0)) for number in NUMBERS)
    verified = indicators.maturity(verdicts(tx, innovation_id))
    tx.execute(_KEEP, (indicators.maturity(levels), verified, text, innovation_id))
    refresh(tx, innovation_id, now=now)


def verdicts(tx: Transaction, innovation_id: int) -> Mapping[int, int]:
    """Load the levels the desk has accepted, by indicator number."""
    return dict(tx.execute(_VERDICTS, (innovation_id,)).fetchall())


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one innovation puts into the sums of its period."""

    period: int
    office: int
    state: str
    claimed: int | None  # points; None: not in the claimed figure
    verified: int | None
    affair: str
    levels: str
    reason: str  # why it does not count, whatever its state; "": nothing is in the way

    def tallied(self) -> Counter[str]:
        """The columns of `tallies` it adds to, and by how much."""
        counted, verified = self.claimed is not None, self.verified is not None
        columns = Counter({self.state: 1, "counted": int(counted), "claimed": self.claimed or 0})
        columns.update({"verified_count": int(verified), "verified": self.verified or 0})
        if counted:
            columns.update(
                {f"l{number}": int(level) for number, level in zip(NUMBERS, self.levels, strict=True)}
            )
        return columns

    def represented(self) -> tuple[int, int]:
        """How it counts for its affair: claimed, verified."""
        return int(self.claimed is not None), int(self.verified is not None)


_FACTS = """
SELECT i.period_id, i.office_id, i.state, i.claimed, i.verified, i.levels,
       coalesce(p.window_from, r.opens), coalesce(p.window_until, r.closes), coalesce(r.mandatory, '[]')
FROM innovations i JOIN periods p ON p.id = i.period_id
LEFT JOIN counting_rules r ON r.rule_year = i.rule_year
WHERE i.id = ? AND i.discarded_at IS NULL
"""
_DECIDING = f"""
SELECT question, json_extract(value, '$') FROM answers
WHERE innovation_id = ? AND question IN ({", ".join(f"'{question}'" for question in sorted(DECIDES))})
"""
_KEPT = """
SELECT period_id, office_id, state, claimed, verified, affair, levels, reason FROM contributions
WHERE innovation_id = ?
"""
_CONTRIBUTE = """
INSERT INTO contributions (innovation_id, period_id, office_id, state, claimed, verified, affair, levels,
    reason)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (innovation_id) DO UPDATE SET period_id = excluded.period_id, office_id = excluded.office_id,
    state = excluded.state, claimed = excluded.claimed, verified = excluded.verified,
    affair = excluded.affair, levels = excluded.levels, reason = excluded.reason
"""
_WITHDRAW = "DELETE FROM contributions WHERE innovation_id = ?"


def refresh(tx: Transaction, innovation_id: int, *, now: datetime) -> None:
    """Bring the sums of its period up to an innovation, by the difference to what it put in before.

    Called after every write that moves an innovation: its state, its office, its period, its levels, its
    verdicts, the answers in DECIDES, discarding, deletion. Called once too often it changes nothing.
    """
    before, after = _read_contribution(tx, innovation_id), _compute_contribution(tx, innovation_id)
    if before == after:
        return
    for period in {contribution.period for contribution in (before, after) if contribution is not None}:
        note_before(tx, period, now=now)
    if after is None:
        tx.execute(_WITHDRAW, (innovation_id,))
    else:
        tx.execute(_CONTRIBUTE, (innovation_id, *astuple(after)))
    _tally(tx, before, after=after)
    _tally_affairs(tx, before, after=after)


def _read_contribution(tx: Transaction, innovation_id: int) -> Contribution | None:
    row = tx.execute(_KEPT, (innovation_id,)).fetchone()
    return Contribution(*row) if row else None


def _compute_contribution(tx: Transaction, innovation_id: int) -> Contribution | None:
    """Return what the innovation adds to the sums: nothing when it is gone or discarded."""
    row = tx.execute(_FACTS, (innovation_id,)).fetchone()
    if row is None:
        return None
    period, office, state, claimed, verified, levels, opens, closes, mandatory = row
    answers = dict(tx.execute(_DECIDING, (innovation_id,)).fetchall())
    accepted = verdicts(tx, innovation_id) if state == State.VERIFIED else {}
    judged = eligibility(
        answers, levels=accepted, rule=_read_counting_rule(opens, closes, mandatory=mandatory)
    )
    counted = claimed if judged.counts and state in MEETS_DUTY else None
    accepted_points = verified if judged.counts_verified and state == State.VERIFIED else None
    affair = answers.get("urusan_utama") or ""
    return Contribution(period, office, state, counted, accepted_points, affair, levels, judged.reason or "")


def _read_counting_rule(opens: str | None, closes: str | None, *, mandatory: str) -> CountingRule:
    """Read what is asked; a rule year nobody has told us about has a window without end."""
    first, last = (
        date.fromisoformat(day) if day else end for day, end in ((opens, date.min), (closes, date.max))
    )
    return CountingRule(first, last, tuple(json.loads(mandatory)))


_SUMMED = (*State, "counted", "claimed", "verified_count", "verified")
_TALLIED = (*_SUMMED, *(f"l{number}" for number in NUMBERS))
_TALLY = f"""
INSERT INTO tallies (period_id, office_id, {", ".join(_TALLIED)}) VALUES (?, ?{", ?" * len(_TALLIED)})
ON CONFLICT (period_id, office_id)
DO UPDATE SET {", ".join(f"{name} = tallies.{name} + excluded.{name}" for name in _TALLIED)}
"""


def _tally(tx: Transaction, before: Contribution | None, *, after: Contribution | None) -> None:
    changes: dict[tuple[int, int], Counter[str]] = {}
    for contribution, sign in ((before, -1), (after, 1)):
        if contribution is not None:
            change = changes.setdefault((contribution.period, contribution.office), Counter())
            for name, amount in contribution.tallied().items():
                change[name] += sign * amount
    for key, change in changes.items():
        tx.execute(_TALLY, (*key, *(change[name] for name in _TALLIED)))


_TALLY_AFFAIR = """
INSERT INTO affair_tallies (period_id, affair, counted, verified_count) VALUES (?, ?, ?, ?)
ON CONFLICT (period_id, affair) DO UPDATE SET counted = affair_tallies.counted + excluded.counted,
    verified_count = affair_tallies.verified_count + excluded.verified_count
"""


def _tally_affairs(tx: Transaction, before: Contribution | None, *, after: Contribution | None) -> None:
    for contribution, sign in ((before, -1), (after, 1)):
        if (
            contribution is not None
            and contribution.affair
            and (counts := contribution.represented()) != (0, 0)
        ):
            tx.execute(
                _TALLY_AFFAIR, (contribution.period, contribution.affair, sign * counts[0], sign * counts[1])
            )


@dataclass(frozen=True, slots=True)
class Figures:
    """The counts and sums of a period at one moment."""

    offices: int  # with a duty
    exempt: int  # active offices without one in this period
    done: int  # of those with a duty, with at least one innovation that meets it
    states: Mapping[str, int]  # innovations by state, discarded ones left out
    claimed: Sums
    verified: Sums

    @property
    def sent(self) -> int:
        """Innovations that meet the duty of their office."""
        return sum(self.states[state] for state in MEETS_DUTY)

    def to_json(self) -> str:
        """Write them as the table keeps them."""
        fields: dict[str, Any] = {"offices": self.offices, "exempt": self.exempt, "done": self.done}
        fields["states"] = dict(self.states)
        fields["sums"] = [
            [totals.count, totals.maturity, sorted(totals.affairs)]
            for totals in (self.claimed, self.verified)
        ]
        return json.dumps(fields, separators=(",", ":"))

    @classmethod
    def from_json(cls, raw: str) -> Figures:
        """Read back what `to_json` wrote."""
        fields = json.loads(raw)
        claimed, verified = (Sums(n, points, frozenset(them)) for n, points, them in fields["sums"])
        counts = (fields["offices"], fields.get("exempt", 0), fields["done"])  # "exempt" came later
        return cls(*counts, fields["states"], claimed, verified)


_MEETS = " + ".join(f"t.{state}" for state in MEETS_DUTY)
# an office that is exempt in the period has no duty: it is neither done nor lacking (F67)
IS_EXEMPT = """
EXISTS (SELECT 1 FROM extensions e WHERE e.period_id = ?1 AND e.office_id = o.id AND e.until IS NULL)
"""
_FIGURES = f"""
SELECT (SELECT count(*) FROM offices o WHERE o.state = 'active' AND NOT {IS_EXEMPT}),
       (SELECT count(*) FROM offices o WHERE o.state = 'active' AND {IS_EXEMPT}),
       count(*) FILTER (WHERE o.state = 'active' AND {_MEETS} > 0 AND NOT {IS_EXEMPT}),
       {", ".join(f"coalesce(sum(t.{name}), 0)" for name in _SUMMED)}
FROM tallies t JOIN offices o ON o.id = t.office_id WHERE t.period_id = ?1
"""
_AFFAIRS = "SELECT affair, counted > 0, verified_count > 0 FROM affair_tallies WHERE period_id = ?"


def figures(tx: Transaction, period_id: int) -> Figures:
    """Read how a period stands now; costs one row for each office, however many innovations there are."""
    row = tx.execute(_FIGURES, (period_id,)).fetchone()
    affairs = tx.execute(_AFFAIRS, (period_id,)).fetchall()
    n, points, verified_n, verified_points = row[3 + len(State) :]
    return Figures(
        offices=row[0],
        exempt=row[1],
        done=row[2],
        states=dict(zip(State, row[3:], strict=False)),
        claimed=Sums(n, points, frozenset(affair for affair, counts, _ in affairs if counts)),
        verified=Sums(
            verified_n, verified_points, frozenset(affair for affair, _, counts in affairs if counts)
        ),
    )


_NOTED = "SELECT 1 FROM figures_before WHERE period_id = ? AND hour = ?"
_NOTE = "INSERT INTO figures_before (period_id, hour, figures) VALUES (?, ?, ?)"
HOUR_CHARS = 13  # of a time as text, up to the hour


def note_before(tx: Transaction, period_id: int, *, now: datetime) -> None:
    """Keep how the period stands before the first change of an hour; the other changes of the hour cost
    nothing.
    """
    hour = utc_text(now)[:HOUR_CHARS]
    if tx.execute(_NOTED, (period_id, hour)).fetchone() is None:
        tx.execute(_NOTE, (period_id, hour, figures(tx, period_id).to_json()))


_NOTED_PERIODS = "SELECT DISTINCT period_id FROM figures_before"


def note_every_period(tx: Transaction, now: datetime) -> None:
    """Keep how each period with a record stands, before offices are added, closed or brought back."""
    for (period,) in tx.execute(_NOTED_PERIODS).fetchall():
        note_before(tx, period, now=now)


def note_if_recorded(tx: Transaction, period_id: int, *, now: datetime) -> None:
    """Keep how a period with a record stands, before the duty of one of its offices changes."""
    if tx.execute(_FIRST_OF_PERIOD, (period_id,)).fetchone()[0] is not None:
        note_before(tx, period_id, now=now)


_AT = "SELECT figures FROM figures_before WHERE period_id = ? AND hour >= ? ORDER BY hour LIMIT 1"
_FIRST_OF_PERIOD = "SELECT min(hour) FROM figures_before WHERE period_id = ?"


def figures_at(tx: Transaction, period_id: int, *, moment: datetime) -> Figures | None:
    """Read how a period stood at the beginning of an hour; None before the first change."""
    hour = utc_text(moment)[:HOUR_CHARS]
    first = tx.execute(_FIRST_OF_PERIOD, (period_id,)).fetchone()[0]
    if first is None or hour <= first:
        return None
    row = tx.execute(_AT, (period_id, hour)).fetchone()
    return Figures.from_json(row[0]) if row else figures(tx, period_id)


_FIRST = "SELECT min(hour) FROM figures_before"


def first_hour(tx: Transaction) -> datetime | None:
    """When the first change ever is noted."""
    hour = tx.execute(_FIRST).fetchone()[0]
    return datetime.fromisoformat(f"{hour}:00:00+00:00") if hour else None


_PERIOD_AT = """
SELECT p.id FROM periods p WHERE EXISTS (SELECT 1 FROM figures_before WHERE period_id = p.id AND hour < ?)
ORDER BY p.year DESC LIMIT 1
"""


def period_at(tx: Transaction, moment: datetime) -> int | None:
    """The newest period in which something had happened by then; None when nothing had."""
    row = tx.execute(_PERIOD_AT, (utc_text(moment)[:HOUR_CHARS],)).fetchone()
    return int(row[0]) if row else None
