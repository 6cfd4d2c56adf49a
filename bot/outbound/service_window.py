"""What leaves when a person has not spoken for too long: an approved template, or nothing until they speak
again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.channels.limits import Limits
from domain.delivery import Reason
from domain.message import Message, Template
from storage import contacts, held_messages, outbox, second_channel, service_windows, templates
from storage.engine.transaction import Transaction
from storage.held_messages import HELD_UNTIL
from storage.outbox import Outcome, Outgoing

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


def outside(
    tx: Transaction, row: Outgoing, *, message: Message, bell: Callable[[str], Template] | None, now: datetime
) -> Message | Outcome:
    """Decide what becomes of a message outside the window: the template to send, or what to write down.

    1. Without a template that may be used it goes to the person's other address, or is held until they speak.
    2. A template that says enough by itself leaves in its place.
    3. Else the message is held, and a bell asks the person to open the talk, at most once a day.

    `bell` is told a language and fills the template for what has none of its own.
    """
    asked = message.template
    if asked is None and bell is not None:
        asked = bell(contacts.language_at(tx, row.channel, address=row.address))
    if asked is None or not templates.is_usable(tx, row.channel, name=asked.name, language=asked.language):
        return _without_template(tx, row, message=message)
    alone = Message("", template=asked, language=message.language)
    if is_bell(message) or not asked.follows:
        held_messages.leaves_as(tx, row.id, template=asked.name)
        return alone
    if service_windows.ring(tx, row.channel, address=row.address, now=now, pause=BELL_PAUSE):
        outbox.insert(
            tx,
            channel=row.channel,
            address=row.address,
            message=alone,
            now=now,
            terms=outbox.Terms(priority=row.priority, dedupe_key=f"rung:{row.id}", repeatable=False),
        )
    return hold(row)


def _without_template(tx: Transaction, row: Outgoing, *, message: Message) -> Outcome:
    if is_bell(message):
        return row.outcome("failed", reason=Reason.WINDOW, note="no approved template")
    if second_channel.may_go_elsewhere(tx, row.id):
        return row.outcome("dropped", reason=Reason.WINDOW, note="another address")
    return hold(row)


def hold(row: Outgoing) -> Outcome:
    """Keep a message until the person speaks."""
    return row.outcome("waiting", not_before=HELD_UNTIL, reason=Reason.WINDOW, untried=True)
