"""The maturity of each innovation, stored with the answer or verdict it follows from."""

from __future__ import annotations

from collections.abc import Mapping

from domain.form import Answers
from domain.indicators import IndicatorSet
from storage.database import Transaction

_VERDICTS = "SELECT indicator, level FROM verdicts WHERE innovation_id = ?"
_KEEP = "UPDATE innovations SET claimed = ?, verified = ? WHERE id = ?"


def keep(tx: Transaction, innovation_id: int, *, answers: Answers, indicators: IndicatorSet) -> None:
    """Keep both figures, in points: what the levels of the answers give, and what the desk has accepted.

    Called in the transaction of every write that changes a level, a verdict or a state.
    """
    claimed = indicators.maturity(indicators.levels(answers))
    tx.execute(_KEEP, (claimed, indicators.maturity(verdicts(tx, innovation_id)), innovation_id))


def verdicts(tx: Transaction, innovation_id: int) -> Mapping[int, int]:
    """Load the levels the desk has accepted, by indicator number."""
    return dict(tx.execute(_VERDICTS, (innovation_id,)).fetchall())
