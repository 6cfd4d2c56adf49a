"""The exports people asked for: what is to be made, the progress, where the file is.

Expired rows stay, as their numbers are in the keys of messages; who asks for others says so and
finds them by an index.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from storage import audit, files_to_remove
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text
from storage.files_to_remove import EXPORTS, Leaving

KEPT = timedelta(hours=24)  # a finished file
TRIES = 3  # of one export; then the person is told


@dataclass(frozen=True, slots=True)
class Job:
    """One export that was asked for."""

    id: int
    contact_id: int
    channel: str
    address: str
    language: str
    kind: str
    args: Mapping[str, Any]
    progress: str  # the message that shows how far it is; "" when there is none
    attempts: int


@dataclass(frozen=True, slots=True)
class Order:
    """An export as it is asked for."""

    by: int
    channel: str
    address: str
    language: str
    kind: str
    args: Mapping[str, Any]
    progress: str = ""  # the message that shows how far it is


_ASK = """
INSERT INTO exports (contact_id, channel, address, language, kind, args, progress, created_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id
"""
_SAME = """
SELECT id FROM exports
WHERE state <> 'expired' AND state IN ('waiting', 'running') AND contact_id = ? AND kind = ? AND args = ?
"""


def ask(tx: Transaction, order: Order, *, now: datetime) -> int | None:
    """Ask for an export; None when the same one is being made for this person already."""
    raw, kind = json.dumps(order.args, sort_keys=True), order.kind
    if tx.execute(_SAME, (order.by, kind, raw)).fetchone() is not None:
        return None
    reader = (order.channel, order.address, order.language)
    values = (order.by, *reader, kind, raw, order.progress, utc_text(now))
    number = int(tx.execute(_ASK, values).fetchone()[0])
    audit.record(tx, "export_asked", now=now, actor=order.by, export=number, kind=kind, args=dict(order.args))
    return number


_OF_JOB = "id, contact_id, channel, address, language, kind, args, progress, attempts"
_NEXT = f"""
UPDATE exports SET state = 'running', attempts = attempts + 1
WHERE id = (
    SELECT id FROM exports WHERE state <> 'expired' AND state = 'waiting'
    ORDER BY kind = 'evidence', id LIMIT 1
)
RETURNING {_OF_JOB}
"""


def take(tx: Transaction) -> Job | None:
    """Take the oldest export that waits; archives of evidence, which may be many parts, come last."""
    row = tx.execute(_NEXT).fetchone()
    return None if row is None else _to_job(row)


def _to_job(row: tuple[Any, ...]) -> Job:
    number, contact, channel, address, language, kind, args, progress, attempts = row
    return Job(number, contact, channel, address, language, kind, _read_args(args), progress, attempts)


def _read_args(text: str) -> Mapping[str, Any]:
    """Read what is to be made; of a row that cannot be read nothing: it fails as one that cannot be made."""
    try:
        args = json.loads(text)
    except ValueError:
        return {}
    return args if isinstance(args, dict) else {}


_AGAIN = """
UPDATE exports SET state = CASE WHEN attempts < ? THEN 'waiting' ELSE 'failed' END
WHERE id = ? AND state = 'running' RETURNING state
"""


def again(tx: Transaction, number: int) -> str:
    """Queue an interrupted export again; returns its state: "waiting", "failed" when it was interrupted too
    often, "" when nobody wants it any more.
    """
    row = tx.execute(_AGAIN, (TRIES, number)).fetchone()
    return row[0] if row else ""


_PUT_BACK = "UPDATE exports SET state = 'waiting', attempts = attempts - 1 WHERE id = ? AND state = 'running'"


def put_back(tx: Transaction, number: int) -> None:
    """Have an export wait as before it was taken: whoever stops in order did not try to make it."""
    tx.execute(_PUT_BACK, (number,))


_IS_RUNNING = "SELECT EXISTS (SELECT 1 FROM exports WHERE id = ? AND state = 'running')"


def is_running(tx: Transaction, number: int) -> bool:
    """Tell whether an export is being made and still wanted."""
    return bool(tx.execute(_IS_RUNNING, (number,)).fetchone()[0])


_ORPHANS = f"SELECT {_OF_JOB} FROM exports WHERE state <> 'expired' AND state = 'running' ORDER BY id"


def recover(tx: Transaction) -> list[Job]:
    """Queue again what was being made when the process before ended; returns those that were interrupted too
    often and are given up.
    """
    orphans = [_to_job(row) for row in tx.execute(_ORPHANS).fetchall()]
    return [job for job in orphans if again(tx, job.id) == "failed"]


_DONE = """
UPDATE exports SET state = 'done', path = ?, name = ?, finished_at = ? WHERE id = ? AND state = 'running'
"""


def expect(tx: Transaction, path: str, *, now: datetime) -> bool:
    """List a file that is about to be kept until an export names it; False where it is being removed."""
    if files_to_remove.is_going(tx, EXPORTS, path=path):
        return False
    files_to_remove.add(tx, EXPORTS, path=path, look_at=now + KEPT)
    return True


def finish(tx: Transaction, number: int, *, path: str, name: str, now: datetime) -> bool:
    """Note where the finished file lies; False when nobody wants it any more: then it goes."""
    if tx.execute(_DONE, (path, name, utc_text(now), number)).rowcount != 1:
        return False
    files_to_remove.removed(tx, [Leaving(EXPORTS, path)])  # this row names it from here on
    return True


_PATH = "SELECT path FROM exports WHERE id = ? AND state = 'done'"


def path_of(tx: Transaction, number: int) -> str | None:
    """Find where a finished export lies, under the exports folder."""
    row = tx.execute(_PATH, (number,)).fetchone()
    return row[0] if row else None


_PLACE = "SELECT channel, address FROM exports WHERE id = ?"


def address_of(tx: Transaction, number: int) -> tuple[str, str]:
    """Find the channel and address an export goes to now: where it was asked for may have been let go."""
    row: tuple[str, str] = tx.execute(_PLACE, (number,)).fetchone()
    return row


_OPEN = "SELECT count(*) FROM exports WHERE state <> 'expired' AND state IN ('waiting', 'running')"


def open_count(tx: Transaction) -> int:
    """Count what is still to be made."""
    return int(tx.execute(_OPEN).fetchone()[0])


_IS_WAITING = "SELECT EXISTS (SELECT 1 FROM exports WHERE state <> 'expired' AND state = 'waiting')"


def is_waiting(tx: Transaction) -> bool:
    """Tell whether an export waits to be made."""
    return bool(tx.execute(_IS_WAITING).fetchone()[0])


_COUNTS = "SELECT state, count(*) FROM exports WHERE state <> 'expired' GROUP BY state"


def counts(tx: Transaction) -> dict[str, int]:
    """Count exports by state, without those that have expired."""
    return dict(tx.execute(_COUNTS).fetchall())


_EXPIRE = "UPDATE exports SET state = 'expired', path = NULL WHERE id = ?"
_PAST = """
SELECT id, path FROM exports
WHERE state <> 'expired' AND state IN ('done', 'failed') AND coalesce(finished_at, created_at) < ?
"""


def sweep(tx: Transaction, *, now: datetime) -> int:
    """Expire exports finished more than a day ago and list their files; returns how many."""
    return _expire(tx, tx.execute(_PAST, (utc_text(now - KEPT),)).fetchall(), now=now)


_OF_CONTACT = "SELECT id, path FROM exports WHERE contact_id = ? AND state <> 'expired'"


def give_up(tx: Transaction, contact_id: int, *, now: datetime) -> int:
    """Expire whatever a person asked for, at once, what is being made as well; returns how many."""
    return _expire(tx, tx.execute(_OF_CONTACT, (contact_id,)).fetchall(), now=now)


def _expire(tx: Transaction, rows: Sequence[tuple[int, str | None]], *, now: datetime) -> int:
    for number, path in rows:
        tx.execute(_EXPIRE, (number,))
        if path:
            files_to_remove.add(tx, EXPORTS, path=path, look_at=now)
    return len(rows)
