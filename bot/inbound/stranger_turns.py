"""Holds back a stranger until the turn in the line of strangers, and settles what stands behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.inbound.strangers import Strangers
from domain.kept_json import read_json
from domain.message import Inbound
from domain.reading.invitation_codes import possible_codes
from storage import address_names, inbox, invitations
from storage.engine.transaction import Transaction
from storage.inbox import InboxRow

BEHIND_MOST = 50  # messages of a stranger in line that are looked at for a code


Parse = Callable[[Any], object]


def hold(tx: Transaction, row: InboxRow, *, strangers: Strangers | None, parse: Parse, now: datetime) -> bool:
    """Tell whether this row has no turn now: a stranger's stands in line, or was dropped unanswered.

    Somebody we know, or who has begun to register, does not stand there. One turn answers all that came of a
    stranger in line. `parse` is the channel's.
    """
    if strangers is None or not may_hold(row, strangers) or not _stands_in_line(tx, row, parse=parse):
        return False
    came = [row, *inbox.behind(tx, row, limit=BEHIND_MOST)]
    with_code = [each for each in came if possible_codes(each.raw)]
    invited: list[InboxRow] = []

    def is_invited() -> bool:
        invited.extend(_find_invited(tx, with_code, parse=parse, now=now))
        return bool(invited)

    key = (row.channel, row.address)
    wait = strangers.wait(key, now, brings_code=bool(with_code), is_invited=is_invited)
    if wait is None:
        inbox.drop_waiting(tx, row.channel, address=row.address)
    elif wait:
        inbox.hold(tx, row, until=now + wait)
    elif row.has_waited or invited:
        # one turn settles what came meanwhile, but for the last message that may bring a code
        kept = (invited or with_code or [row])[-1].id
        inbox.drop_waiting(tx, row.channel, address=row.address, but=(row.id, kept))
    return wait != timedelta()


def may_hold(row: InboxRow, strangers: Strangers | None) -> bool:
    """Tell whether a row may be a stranger's at all, by what is at hand."""
    return strangers is not None and row.fetched is None and bool(row.address) and not row.is_persons


def _stands_in_line(tx: Transaction, row: InboxRow, *, parse: Parse) -> bool:
    if _is_of_somebody(tx, row, parse=parse):
        return False
    return invitations.enrolment(tx, row.channel, address=row.address) is None


def _is_of_somebody(tx: Transaction, row: InboxRow, *, parse: Parse) -> bool:
    """Tell whether somebody we know wrote it, or nobody at all, as with a status.

    A number we know may come with a business-scoped id that is new to us: the row has only the id.
    """
    if address_names.is_somebodys(tx, row.channel, address=row.address):
        return True
    try:
        parsed = parse(read_json(row.raw))
    except Exception:  # its turn says so
        return False
    if not isinstance(parsed, Inbound):
        return True
    names = filter(None, (parsed.also, *parsed.before))
    return any(address_names.is_somebodys(tx, row.channel, address=name) for name in names)


def _find_invited(
    tx: Transaction, rows: Sequence[InboxRow], *, parse: Parse, now: datetime
) -> list[InboxRow]:
    """Find the message with a code that opens something, the newest first; none where there is none.

    A code is looked at at the price of a try, as in a turn: whoever guesses gains nothing by a flood.
    """
    for row in reversed(rows):
        address = address_names.kept(tx, row.channel, address=row.address)
        for code in _read_codes(row, parse=parse):
            if not invitations.tries_left(tx, row.channel, address=address, now=now):
                return []
            invitation = invitations.by_code(tx, code)
            if invitation is None:
                invitations.count_wrong(tx, row.channel, address=address, now=now)
            elif invitation.is_open(now):
                return [row]
    return []


def _read_codes(row: InboxRow, *, parse: Parse) -> Sequence[str]:
    try:
        parsed = parse(read_json(row.raw))
    except Exception:  # its turn says so
        return ()
    return possible_codes(parsed.text) if isinstance(parsed, Inbound) else ()
