"""What a platform tells later of a message of ours: how far it came, what it costs, and what follows when
it failed.
"""

from __future__ import annotations

from datetime import datetime

from bot.channels.contract import SendStatus
from domain.delivery import Progress, Reason
from storage import contacts, outbox, recipients, windows
from storage.engine.transaction import Transaction


def take_status(tx: Transaction, channel: str, *, told: SendStatus, now: datetime) -> None:
    """Write a status down; repeated ones and those that say less than is known change nothing.

    1. The message rises, and with it the recipient of an announcement.
    2. One that came too late for its window is judged again: as a template, or held until the person speaks.
    3. A number that takes nothing is counted; one whose owner stopped us is blocked.
    """
    number = told.outbox_id
    if told.billable is not None:
        outbox.keep_price(tx, channel, outbox_id=number, billable=told.billable, category=told.category)
    rose = outbox.move_up(
        tx,
        channel,
        outbox_id=number,
        reported=told.progress,
        now=now,
        message_ref=told.message_ref,
        reason=told.reason,
    )
    if not rose:
        return
    if told.reason is Reason.WINDOW and (reopened := outbox.reopen(tx, number)):
        channel, spoken = reopened
        windows.close(tx, channel, address=spoken)
        return
    recipients.follow(tx, number, now=now)
    address = outbox.address_of(tx, number)
    if told.progress in (Progress.DELIVERED, Progress.READ):
        contacts.delivered(tx, channel, address=address)
    elif told.reason is Reason.UNDELIVERABLE:
        contacts.undelivered(tx, channel, address=address, now=now)
    elif told.reason is Reason.BLOCKED:
        contacts.block(tx, channel, address=address, now=now)
