"""What leaves when a person has not spoken for too long: an approved template, or nothing until they speak
again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.channels.limits import Limits
from domain.delivery import Reason
from domain.message import Message, Template
from storage import (
    contacts,
    held_messages,
    outbox,
    outbox_outcomes,
    second_channel,
    service_windows,
    templates,
)
from storage.engine.transaction import Transaction
from storage.held_messages import HELD_UNTIL
from storage.outbox_leases import Outgoing
from storage.outbox_outcomes import Outcome

# before a window ends: our clock and the platform's differ, and sending takes time
MARGIN = timedelta(minutes=1)
BELL_PAUSE = timedelta(hours=20)  # a person who does not answer is asked once a day to open the talk


def is_closed(row: Outgoing, limits: Limits, *, now: datetime) -> bool:
    """Tell whether this address takes no free message now."""
    if not limits.window_seconds:
        return False
    lasts = timedelta(seconds=limits.window_seconds) - MARGIN
    return row.spoke_at is None or now - row.spoke_at >= lasts


def is_bell(message: Message) -> bool:
    """Tell whether this is a template alone: it asks the person to open the talk and is not needed when it
    is open.
    """
    return message.template is not None and not message.text and message.attachment is None


def judge(
    tx: Transaction,
    row: Outgoing,
    *,
    message: Message,
    bell: Callable[[str], Template] | None,
    limits: Limits,
    now: datetime,
) -> Message | Outcome | None:
    """Decide what becomes of a message that was leased outside the window, as `outside` does.

    Whoever has spoken since gets the message itself: it may have waited for the pace.
    """
    open_seconds = limits.window_seconds - MARGIN.total_seconds()
    if service_windows.is_open(tx, row.channel, address=row.address, now=now, seconds=open_seconds):
        return inside(row, message)
    return outside(tx, row, message=message, bell=bell, now=now)


def outside(
    tx: Transaction, row: Outgoing, *, message: Message, bell: Callable[[str], Template] | None, now: datetime
) -> Message | Outcome | None:
    """Decide what becomes of a message outside the window: the template to send, or what to write down; None
    where that is written down already.

    1. Without a template that may be used it goes to the person's other address, or is held until they speak.
    2. A template that says enough by itself leaves in its place.
    3. Else the message is held, and a bell asks the person to open the talk, at most once a day.

    `bell` is told a language and fills the template for what has none of its own.
    """
    asked = message.template
    if asked is None and bell is not None:
        asked = bell(contacts.language_at(tx, row.channel, address=row.address))
    if asked is None or not templates.is_usable(tx, row.channel, name=asked.name, language=asked.language):
        return _without_template(tx, row, message=message, now=now)
    alone = Message("", template=asked, language=message.language)
    if is_bell(message) or not asked.follows:
        held_messages.leaves_as(tx, row.id, template=asked.name)
        return alone
    _ring(tx, row, bell=alone, now=now)
    _hold(tx, row, now=now)
    return None


def _ring(tx: Transaction, row: Outgoing, *, bell: Message, now: datetime) -> None:
    """Ask the person to open the talk, where that was not done lately."""
    if service_windows.ring(tx, row.channel, address=row.address, now=now, pause=BELL_PAUSE):
        key = f"rung:{row.id}"
        terms = outbox.Terms(priority=row.priority, dedupe_key=key, repeatable=False)
        outbox.insert(tx, channel=row.channel, address=row.address, message=bell, now=now, terms=terms)


def inside(row: Outgoing, message: Message) -> Message | Outcome:
    """Decide what becomes of a message inside the window: a bell is not needed any more."""
    return row.outcome("dropped", reason=Reason.WINDOW) if is_bell(message) else message


def _without_template(tx: Transaction, row: Outgoing, *, message: Message, now: datetime) -> Outcome | None:
    if is_bell(message):
        return row.outcome("failed", reason=Reason.WINDOW, note="no approved template")
    if second_channel.may_go_elsewhere(tx, row.id):
        return row.outcome("dropped", reason=Reason.WINDOW, note="another address")
    _hold(tx, row, now=now)
    return None


def _hold(tx: Transaction, row: Outgoing, *, now: datetime) -> None:
    """Keep a message until the person speaks: at once, for a turn of theirs lets go only what is held."""
    kept_back = row.outcome("waiting", not_before=HELD_UNTIL, reason=Reason.WINDOW, untried=True)
    outbox_outcomes.settle(tx, [kept_back], now=now)
