"""What the checks of the tour need to find in the world: a folder that another version filled, or one where
the tour was walked before, may lack it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from domain.review import State
from sandbox.demo import DemoPerson
from sandbox.examples import load_examples
from sandbox.scenarios import JUDGED, TO_RETURN
from storage import periods
from storage.engine.transaction import Transaction

_KNOWN = """
SELECT EXISTS (SELECT 1 FROM addresses a
 JOIN memberships m ON m.contact_id = a.contact_id AND m.until IS NULL AND m.role = ?
 WHERE a.channel = ? AND a.address = ?)
"""
_HAS_DRAFT = f"""
SELECT EXISTS (SELECT 1 FROM innovations i JOIN offices o ON o.id = i.office_id
 WHERE o.code = ? AND i.state = '{State.DRAFT}' AND i.discarded_at IS NULL)
"""
_HAS_ANY = f"""
SELECT EXISTS (SELECT 1 FROM innovations i JOIN offices o ON o.id = i.office_id
 WHERE o.code = ? AND i.state <> '{State.WITHDRAWN}' AND i.discarded_at IS NULL)
"""
_HAS_SENT = """
SELECT EXISTS (SELECT 1 FROM innovations i JOIN offices o ON o.id = i.office_id
 WHERE o.code = ? AND i.sent_at IS NOT NULL)
"""
_IN_REVIEW = f"""
SELECT EXISTS (SELECT 1 FROM innovations i
 JOIN answers a ON a.innovation_id = i.id AND a.question = 'nama' AND json_extract(a.value, '$') = ?
 WHERE i.state = '{State.IN_REVIEW}')
"""
Need = Callable[[Transaction, DemoPerson, date], bool]


def is_known(tx: Transaction, person: DemoPerson) -> bool:
    """Say whether the bot knows somebody of the page in their role."""
    return _ask(tx, _KNOWN, person.role, person.channel, person.address)


def _can_send(tx: Transaction, person: DemoPerson, today: date) -> bool:
    return _is_open(tx, today) and _ask(tx, _HAS_DRAFT, person.office)


def _can_choose(tx: Transaction, person: DemoPerson, today: date) -> bool:
    return _is_open(tx, today) and _ask(tx, _HAS_ANY, person.office)


def _can_be_reminded(tx: Transaction, person: DemoPerson, today: date) -> bool:
    return _is_open(tx, today) and not _ask(tx, _HAS_SENT, person.office)


def _can_verify(tx: Transaction, person: DemoPerson, today: date) -> bool:
    return _ask(tx, _IN_REVIEW, load_examples()[JUDGED].title)


def _can_return(tx: Transaction, person: DemoPerson, today: date) -> bool:
    return _ask(tx, _IN_REVIEW, load_examples()[TO_RETURN].title)


NEEDS: Mapping[str, Need] = {
    "sent": _can_send,
    "level": _can_choose,
    "reminded": _can_be_reminded,
    "verified": _can_verify,
    "returned": _can_return,
}  # by check; the others need only that whoever does the step is known


def _is_open(tx: Transaction, today: date) -> bool:
    period = periods.current(tx)
    return period is not None and period.open and today <= period.deadline


def _ask(tx: Transaction, sql: str, *values: object) -> bool:
    return bool(tx.execute(sql, values).fetchone()[0])
