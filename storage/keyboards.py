"""The choices that stand before a person: those of the newest message of ours that had some, at whichever
address.

Who changes between two channels answers what was asked last, not what stands on the phone they took up again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from domain.kept_json import read_json
from domain.message import Choice, Message
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_time
from storage.outbox import ANSWER, HAS_LEFT, REPLY

Address = tuple[str, str]  # channel and address
LOOKED_AT = 12  # messages back; what was said since is more than a screen
_OF_PERSON = """
SELECT o.channel, o.address FROM addresses a JOIN addresses o ON o.contact_id = a.contact_id
WHERE a.channel = ? AND a.address = ?
"""


def _read_addresses(tx: Transaction, channel: str, *, address: str) -> list[Address]:
    """List all addresses of whoever has this one; it alone of a stranger."""
    return tx.execute(_OF_PERSON, (channel, address)).fetchall() or [(channel, address)]


_ARRIVED = f"""
SELECT id, payload, message_ref, priority, dedupe_key FROM outbox
WHERE channel = ? AND address = ? AND {HAS_LEFT} ORDER BY id DESC LIMIT ?
"""


def newest(
    tx: Transaction,
    channel: str,
    *,
    address: str,
    has_others: bool = True,
    passes: Callable[[str], bool] | None = None,
    unasked: bool = True,
) -> tuple[Choice, ...]:
    """List the choices of the newest message that has some and has not lost them since; empty when none
    has.

    Where it is known that the person does not have other addresses, they need not be looked for. A message
    is passed over where `passes` says so of the data of all its choices, and where it came unasked if
    `unasked` is False.
    """
    if not has_others:
        return _read_newest(tx, (channel, address), passes=passes, unasked=unasked)[1]
    addresses = _read_addresses(tx, channel, address=address)
    every = [_read_newest(tx, known, passes=passes, unasked=unasked) for known in addresses]
    return max(every, key=lambda numbered: numbered[0])[1]


def standing(
    tx: Transaction, channel: str, *, address: str, has_others: bool = True
) -> tuple[tuple[Choice, ...], tuple[Choice, ...]]:
    """List the choices of the newest message that has some, as `newest` does, and those above it in the same
    answer: of a page that was asked for, above the open question.
    """
    if not has_others:
        return _read_newest(tx, (channel, address))[1:]
    addresses = _read_addresses(tx, channel, address=address)
    return max((_read_newest(tx, known) for known in addresses), key=lambda numbered: numbered[0])[1:]


def _read_newest(
    tx: Transaction, address: Address, *, passes: Callable[[str], bool] | None = None, unasked: bool = True
) -> tuple[int, tuple[Choice, ...], tuple[Choice, ...]]:
    taken_away: set[str] = set()
    at, turn = 0, ""
    newest, above = tuple[Choice, ...](), tuple[Choice, ...]()
    for number, payload, reference, priority, key in tx.execute(_ARRIVED, (*address, LOOKED_AT)):
        if at and not (turn and key and key.startswith(turn)):
            break
        if priority != REPLY and not unasked:
            continue
        kept = read_json(payload)  # the choices alone are needed of it
        offered = [choice for row in kept.get("rows", ()) for choice in row if choice[1]]
        choices = tuple(map(Choice.from_list, offered))
        stand = choices and reference not in taken_away
        if stand and at:
            above += choices
        elif stand and (passes is None or not all(passes(choice.data) for choice in choices)):
            at, newest = number, choices
            turn = key.rpartition(":")[0] + ":" if key and key.startswith(ANSWER) else ""
            if not turn or key.endswith(":0"):
                break  # nothing of the same answer stands above it
        if edited := kept.get("edit"):
            taken_away.add(edited)
    return at, newest, above


_ASKED = f"""
SELECT payload FROM outbox
WHERE channel = ? AND address = ? AND priority = ? AND {HAS_LEFT}
ORDER BY id DESC LIMIT ?
"""


def asked_last(tx: Transaction, channel: str, *, address: str) -> Message | None:
    """Find the newest reply that offered choices, which is the open question, as it can be sent anew; None
    where there is none.
    """
    for (payload,) in tx.execute(_ASKED, (channel, address, REPLY, LOOKED_AT)):
        message = Message.from_json(payload)
        if any(choice.data for row in message.rows for choice in row):
            return replace(message, edit="", callback_id="", toast="", menu=(), attachment=None)
    return None


@dataclass(frozen=True, slots=True)
class Said:
    """Where and when we said something last to a person."""

    channel: str
    address: str
    at: datetime


_SAID_AT = """
SELECT id, created_at FROM outbox
WHERE channel = ? AND address = ? AND {states} AND dedupe_key LIKE '{answer}%'
ORDER BY id DESC LIMIT 1
"""
_SAID_COMING = _SAID_AT.format(states="state IN ('waiting', 'leased')", answer=ANSWER)
_SAID_GONE = _SAID_AT.format(states=HAS_LEFT, answer=ANSWER)


def said_last(tx: Transaction, channel: str, *, address: str) -> Said | None:
    """Find the newest answer to something a person did, at whichever address; None where there is none.

    What they are told unasked, as that a colleague changed something, is no answer.
    """
    newest: tuple[int, str, Address] = (0, "", ("", ""))
    for known in _read_addresses(tx, channel, address=address):
        for query in (_SAID_COMING, _SAID_GONE):
            for number, at in tx.execute(query, known):
                newest = max(newest, (number, at, known))
    number, at, (on, where) = newest
    return Said(on, where, utc_time(at)) if number else None


_COMING = """
SELECT id, payload FROM outbox
WHERE channel = ? AND address = ? AND state IN ('waiting', 'leased') ORDER BY id DESC LIMIT 1
"""
_SAID = f"""
SELECT id, payload FROM outbox
WHERE channel = ? AND address = ? AND {HAS_LEFT} ORDER BY id DESC LIMIT 1
"""


def is_last(tx: Transaction, channel: str, *, address: str, data: str) -> bool:
    """Whether the very last message to this person, sent or not, offers a choice with this data."""
    candidates = list(_read_last(tx, _read_addresses(tx, channel, address=address)))
    rows = read_json(max(candidates)[1]).get("rows", ()) if candidates else ()
    return any(choice[1] == data for row in rows for choice in row)


def _read_last(tx: Transaction, addresses: Iterable[Address]) -> Iterable[tuple[int, str]]:
    for address in addresses:
        for query in (_COMING, _SAID):
            yield from tx.execute(query, address)
