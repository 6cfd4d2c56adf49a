"""The names one address goes by on a channel: a business-scoped id and a phone number may be the same
person's.

Either may be missing in what a platform delivers; where both stand in one message they are the same from
then on.
"""

from __future__ import annotations

from storage import service_windows
from storage.engine.transaction import Transaction

_KNOWN = "SELECT name, address FROM address_names WHERE channel = ? AND name IN (?, ?)"
_HAS_PERSON = "SELECT EXISTS (SELECT 1 FROM addresses WHERE channel = ? AND address = ?)"
_NOTE = """
INSERT INTO address_names (channel, name, address) VALUES (?, ?, ?)
ON CONFLICT (channel, name) DO UPDATE SET address = excluded.address
"""


def resolve(tx: Transaction, channel: str, *, address: str, also: str) -> str:
    """Return the address under which this person is kept, and remember the names; `also` is another one,
    or "".

    Where two were kept apart until now they become one.
    """
    names = {address, also} - {""}
    noted: dict[str, str] = dict(tx.execute(_KNOWN, (channel, address, also or address)).fetchall())
    known = list(dict.fromkeys(noted.values()))
    if len(known) == 1 and noted.keys() == names:  # as with nearly every message: nothing is new
        return known[0]
    kept = (
        _merge(tx, channel, known=known)
        if known
        else _keep_known_name(tx, channel, address=address, also=also)
    )
    for name in names:
        tx.execute(_NOTE, (channel, name, kept))
    return kept


def _keep_known_name(tx: Transaction, channel: str, *, address: str, also: str) -> str:
    """Keep the name a person is known by already, from before names were remembered."""
    known_by_other = (
        also and not _is_person(tx, channel, address=address) and _is_person(tx, channel, address=also)
    )
    return also if known_by_other else address


def _is_person(tx: Transaction, channel: str, *, address: str) -> bool:
    return bool(tx.execute(_HAS_PERSON, (channel, address)).fetchone()[0])


def _merge(tx: Transaction, channel: str, *, known: list[str]) -> str:
    """Make one address of two: the one a person is known by stays, the other's names lead to it."""
    kept = next((address for address in known if _is_person(tx, channel, address=address)), known[0])
    for other in known:
        if other != kept:
            _move(tx, channel, address=other, to=kept)
    return kept


_LEAD = "UPDATE address_names SET address = ? WHERE channel = ? AND address = ?"
_SAME_PERSON = """
SELECT count(DISTINCT contact_id) FROM addresses WHERE channel = ? AND address IN (?, ?)
"""
_FORGET = "DELETE FROM addresses WHERE channel = ? AND address = ?"
_WAITING = "UPDATE outbox SET address = ? WHERE channel = ? AND address = ? AND state = 'waiting'"


def _move(tx: Transaction, channel: str, *, address: str, to: str) -> None:
    """Lead everything of an address to another; two different people are never made one here."""
    if tx.execute(_SAME_PERSON, (channel, address, to)).fetchone()[0] > 1:
        return
    tx.execute(_FORGET, (channel, address))
    tx.execute(_WAITING, (to, channel, address))
    service_windows.move(tx, channel, address=address, to=to)
    tx.execute(_LEAD, (to, channel, address))


_RENAME = "UPDATE addresses SET address = ? WHERE channel = ? AND address = ?"


def renumber(tx: Transaction, channel: str, *, before: str, after: str) -> None:
    """Take over that a person writes from another number now; the old one is nobody's any more."""
    kept = resolve(tx, channel, address=before, also="")
    if _is_person(tx, channel, address=after):
        return  # somebody is known by that number already; only they themselves can say who they are
    if kept == before:
        tx.execute(_RENAME, (after, channel, before))
        tx.execute(_WAITING, (after, channel, before))
        service_windows.move(tx, channel, address=before, to=after)
        tx.execute(_LEAD, (after, channel, before))
        kept = after
    tx.execute("DELETE FROM address_names WHERE channel = ? AND name = ?", (channel, before))
    tx.execute(_NOTE, (channel, after, kept))
