"""Holds back a stranger until the turn in the line of strangers, and settles what stands behind it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from bot.inbound.strangers import Strangers
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
    if strangers is None or not may_hold(row, strangers):
        return False
    if _is_of_somebody(tx, row, parse=parse):
        return False
    if invitations.enrolment(tx, row.channel, address=row.address) is not None:
        return False
    came = [row, *inbox.behind(tx, row, limit=BEHIND_MOST)]
    with_code = [each for each in came if possible_codes(each.raw)]
    wait = strangers.wait(
        (row.channel, row.address),
        now,
        brings_code=bool(with_code),
        is_invited=lambda: any(_is_invited(tx, each, now=now) for each in with_code),
    )
    if wait is None:
        inbox.drop_waiting(tx, row.channel, address=row.address)
    elif wait:
        inbox.hold(tx, row, until=now + wait)
    elif row.has_waited:
        # one turn settles what came meanwhile, but for the last message that may bring a code
        kept = with_code[-1].id if with_code else row.id
        inbox.drop_waiting(tx, row.channel, address=row.address, but=(row.id, kept))
    return wait != timedelta()


def may_hold(row: InboxRow, strangers: Strangers | None) -> bool:
    """Tell whether a row may be a stranger's at all, by what is at hand."""
    return strangers is not None and row.fetched is None and bool(row.address) and not row.is_persons


def _is_of_somebody(tx: Transaction, row: InboxRow, *, parse: Parse) -> bool:
    """Tell whether somebody we know wrote it, or nobody at all, as with a status.

    A number we know may come with a business-scoped id that is new to us: the row has only the id.
    """
    if address_names.is_somebodys(tx, row.channel, address=row.address):
        return True
    try:
        parsed = parse(json.loads(row.raw))
    except Exception:  # its turn says so
        return False
    if not isinstance(parsed, Inbound):
        return True
    names = filter(None, (parsed.also, *parsed.before))
    return any(address_names.is_somebodys(tx, row.channel, address=name) for name in names)


def _is_invited(tx: Transaction, row: InboxRow, *, now: datetime) -> bool:
    """Tell whether a stranger brings a code that opens something."""
    invited = (invitations.by_code(tx, code) for code in possible_codes(row.raw))
    return any(invitation is not None and invitation.is_open(now) for invitation in invited)
