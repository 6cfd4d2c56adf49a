"""What a platform tells later of a message of ours: how far it came, what it costs, and what follows when
it failed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.channels.contract import Channel, SendStatus, StatusArrival
from bot.inbound.send_failure import HearsOfFailure, leaves_again
from domain.delivery import Progress, Reason
from domain.kept_json import read_json
from storage import (
    contacts,
    held_messages,
    inbox,
    outbox_leases,
    recipients,
    second_channel,
    send_progress,
    service_windows,
)
from storage.engine.transaction import Transaction
from storage.send_progress import SoFar

LOOKED_AT = 2_000  # newest rows that wait at a start; statuses of what was under way are among the last


def take_status(
    tx: Transaction, channel: str, *, status: SendStatus, now: datetime, desk: HearsOfFailure
) -> None:
    """Write a status down; repeated ones and those that say less than is known change nothing.

    1. The message rises, and with it the recipient of an announcement.
    2. One that came too late for its window is judged again: as a template, or held until the person speaks.
       One that failed for now, or with its template, leaves again too.
    3. A number that takes nothing is counted; one whose owner stopped us is blocked.
    4. What failed for good is tried another way, and called off there where it arrived after all.
    """
    number = status.outbox_id
    message = send_progress.load(tx, channel, outbox_id=number)
    if message is None:
        return
    after = send_progress.risen(message, status.reported)
    send_progress.keep(tx, [(message, after)], now=now)
    if after.progress is message.progress:
        return
    if status.reason is Reason.WINDOW and (reopened := held_messages.reopen(tx, number)):
        channel, spoken, leased_at = reopened
        service_windows.close(tx, channel, address=spoken, leased_at=leased_at)
        return
    if status.error and leaves_again(tx, number, error=status.error, now=now, desk=desk):
        return
    if message.is_announced:
        recipients.follow(tx, number, now=now)
    _learn_of_address(tx, channel, message, status=status, now=now)
    if status.progress is Progress.FAILED:
        desk.not_arrived(tx, number, now=now)


def keep_statuses(
    tx: Transaction, channel: str, arrivals: Sequence[StatusArrival], *, now: datetime, desk: HearsOfFailure
) -> int:
    """Keep that statuses came, and write down what the new ones say; returns how many are new."""
    new = inbox.keep_handled(tx, channel, arrivals=arrivals, now=now)
    if new:
        _take_together(tx, channel, [arrival.status for arrival in new], now=now, desk=desk)
    return len(new)


def _take_together(
    tx: Transaction, channel: str, statuses: Sequence[SendStatus], *, now: datetime, desk: HearsOfFailure
) -> None:
    """Write statuses down: all in a few statements, but for those of messages of which more follows.

    What failed comes first, as it may concern another to the same address.
    """
    failed = {status.outbox_id for status in statuses if status.progress is Progress.FAILED}
    for status in statuses:
        if status.outbox_id in failed:
            take_status(tx, channel, status=status, now=now, desk=desk)
    numbers = {status.outbox_id for status in statuses} - failed
    before = send_progress.load_many(tx, channel, outbox_ids=numbers) if numbers else {}
    after = dict(before)
    for status in statuses:
        message = after.get(status.outbox_id)
        if message is None:
            continue
        if message.concerns_others:
            take_status(tx, channel, status=status, now=now, desk=desk)
        else:
            after[message.id] = send_progress.risen(message, status.reported)
    send_progress.keep(tx, [(before[number], message) for number, message in after.items()], now=now)


def _learn_of_address(
    tx: Transaction, channel: str, message: SoFar, *, status: SendStatus, now: datetime
) -> None:
    if status.progress in (Progress.DELIVERED, Progress.READ):
        if message.has_missed:
            contacts.delivered(tx, channel, address=message.address)
        if message.is_replaced:
            second_channel.call_off(tx, message.id)
            recipients.follow(tx, message.id, now=now)
    elif status.reason is Reason.UNDELIVERABLE:
        contacts.undelivered(tx, channel, address=message.address, now=now)
    elif status.reason is Reason.BLOCKED:
        contacts.block(tx, channel, address=message.address, now=now)


@dataclass(frozen=True, slots=True)
class KeptStatus:
    """A status that waits for its turn, and where it lies."""

    row_id: int
    channel: str
    status: SendStatus


def kept_statuses(tx: Transaction, channels: Mapping[str, Channel]) -> list[KeptStatus]:
    """Find the statuses that were kept before a kill and had no turn yet, of messages that were under way
    then: what they tell of is not sent again. Reads alone.
    """
    under_way, kept = outbox_leases.leased(tx), []
    for row in inbox.newest_waiting(tx, limit=LOOKED_AT) if under_way else ():
        status = _read_status(channels.get(row.channel), row.raw)
        if status is not None and status.outbox_id in under_way:
            kept.append(KeptStatus(row.id, row.channel, status))
    return kept


def _read_status(channel: Channel | None, raw: str) -> SendStatus | None:
    """Read a row as a status; None where it is something else."""
    if channel is None or not channel.can.statuses:
        return None
    try:
        parsed = channel.parse(read_json(raw))
    except Exception:  # its turn says so, and keeps it as unreadable
        return None
    return parsed if isinstance(parsed, SendStatus) else None
