"""The names one address goes by on a channel: a business-scoped id and a phone number may be the same
person's.

Either may be missing in what a platform delivers; where both stand in one message they are the same from
then on.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from storage import service_windows
from storage.engine.transaction import Transaction
from storage.outbox import HAS_LEFT

_KNOWN = "SELECT name, address FROM address_names WHERE channel = ? AND name IN (?, ?)"
_HAS_PERSON = "SELECT EXISTS (SELECT 1 FROM addresses WHERE channel = ? AND address = ?)"
_NOTE = """
INSERT INTO address_names (channel, name, address) VALUES (?, ?, ?)
ON CONFLICT (channel, name) DO UPDATE SET address = excluded.address
"""


def kept(tx: Transaction, channel: str, *, address: str) -> str:
    """Find the address under which a name is kept; the name itself where it was never told with another."""
    row = tx.execute(_KNOWN, (channel, address, address)).fetchone()
    return str(row[1]) if row else address


_NAMES_OF = "SELECT name FROM address_names WHERE channel = ? AND address = ? ORDER BY name"


def names_of(tx: Transaction, channel: str, *, address: str) -> list[str]:
    """List the names that lead to an address: what came is kept under the one it came with."""
    return [name for (name,) in tx.execute(_NAMES_OF, (channel, address))]


def is_somebodys(tx: Transaction, channel: str, *, address: str) -> bool:
    """Tell whether this is a person's address, or a name of one."""
    if _is_person(tx, channel, address=address):
        return True
    kept_as = kept(tx, channel, address=address)
    return kept_as != address and _is_person(tx, channel, address=kept_as)


def resolve(tx: Transaction, channel: str, *, address: str, also: str) -> str:
    """Return the address under which this person is kept, and remember the names.

    `also` is another name in the same message, or the address again where there is none. Where two were kept
    apart until now they become one, but two people never do: then the name that is told first holds.
    """
    names = {address, also or address}
    noted: dict[str, str] = dict(tx.execute(_KNOWN, (channel, address, also or address)).fetchall())
    known = list(dict.fromkeys(noted[name] for name in (address, also) if name in noted))
    is_both = len(names) > 1
    if len(known) == 1 and noted.keys() == names and (known[0] in names or not is_both):
        return known[0]  # as with nearly every message: nothing is new
    if len(known) > 1 and _count_people(tx, channel, addresses=known) > 1:
        return known[0]
    kept_as = (
        _merge(tx, channel, known=known)
        if known
        else _keep_known_name(tx, channel, address=address, also=also)
    )
    if is_both and kept_as not in names:
        # an id that came anew with a known number: the one before is no longer anybody's
        _rename(tx, channel, before=kept_as, after=address)
        kept_as = address
    for name in names:
        tx.execute(_NOTE, (channel, name, kept_as))
    return kept_as


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
    stays = next((address for address in known if _is_person(tx, channel, address=address)), known[0])
    for other in known:
        if other != stays:
            _move(tx, channel, address=other, to=stays)
    return stays


_LEAD = "UPDATE address_names SET address = ? WHERE channel = ? AND address = ?"
_PEOPLE = """
SELECT count(DISTINCT contact_id) FROM addresses WHERE channel = ? AND address IN (?, ?)
"""
_FORGET = "DELETE FROM addresses WHERE channel = ? AND address = ?"
_WAITING = "UPDATE outbox SET address = ? WHERE channel = ? AND address = ? AND state = 'waiting'"


def _move(tx: Transaction, channel: str, *, address: str, to: str) -> None:
    """Lead everything of an address to another."""
    tx.execute(_FORGET, (channel, address))
    tx.execute(_WAITING, (to, channel, address))
    service_windows.move(tx, channel, address=address, to=to)
    tx.execute(_LEAD, (to, channel, address))


def _count_people(tx: Transaction, channel: str, *, addresses: list[str]) -> int:
    return int(tx.execute(_PEOPLE, (channel, addresses[0], addresses[-1])).fetchone()[0])


_RENAME = "UPDATE addresses SET address = ? WHERE channel = ? AND address = ?"
# what came under a name that is nobody's any more, where an erasing finds it
_WROTE = """
UPDATE inbox SET address = ? WHERE channel = ? AND address IN (SELECT value FROM json_each(?))
  AND state NOT IN ('waiting', 'fetching')
"""
_FORGET_NAMES = "DELETE FROM address_names WHERE channel = ? AND address = ?"


def renumber(tx: Transaction, channel: str, *, before: Sequence[str], after: str) -> None:
    """Take over that a person writes from another number now; `before` are the names that are told of the
    old one.

    Every name of before is nobody's any more: a number may be given to somebody else, and the platform makes
    a new business-scoped id with a new number
    (developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/system).
    """
    old = next((name for name in before if is_somebodys(tx, channel, address=name)), "")
    kept_as = kept(tx, channel, address=old)
    if not old or kept_as == after or _is_person(tx, channel, address=after):
        return  # somebody is known by that number already; only they themselves can say who they are
    names = [kept_as, *names_of(tx, channel, address=kept_as)]
    tx.execute(_WROTE, (after, channel, json.dumps(names)))
    tx.execute(_FORGET_NAMES, (channel, kept_as))
    _rename(tx, channel, before=kept_as, after=after)
    tx.execute(_NOTE, (channel, after, after))


# what was said there is still replied to, and its choices are still typed
_SAID = f"""
UPDATE outbox SET address = ? WHERE channel = ? AND address = ? AND {HAS_LEFT}
"""
_ANSWERED = "UPDATE answer_messages SET address = ? WHERE channel = ? AND address = ?"


def _rename(tx: Transaction, channel: str, *, before: str, after: str) -> None:
    for statement in (_RENAME, _WAITING, _SAID, _ANSWERED):
        tx.execute(statement, (after, channel, before))
    service_windows.move(tx, channel, address=before, to=after)
    tx.execute(_LEAD, (after, channel, before))
