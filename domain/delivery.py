"""Decides what becomes of a message after a failed send."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

TRIES = 8  # of one message; with the backoff below about five minutes
FIRST_WAIT = 1.0  # seconds, doubled with every try
LONGEST_WAIT = 120.0  # seconds


class Reason(StrEnum):
    """Why a message did not arrive, whatever the channel; kept with the message."""

    BLOCKED = "blocked"  # the person takes nothing from us
    GONE = "gone"  # there is nobody at the address any more
    REFUSED = "refused"  # the platform will never take this message
    NOT_SENT = "not_sent"  # it did not leave
    UNMADE = "unmade"  # what it carries could not be made
    UNKNOWN = "unknown"  # it may have arrived
    WINDOW = "window"  # the person has not spoken for too long: only an approved template may be sent
    UNDELIVERABLE = "undeliverable"  # the number takes no messages of this channel, this time


class Progress(StrEnum):
    """How far a message came, as the platform tells later; from the least to the most, and never back."""

    ACCEPTED = "accepted"  # the platform took it
    SENT = "sent"  # it is on its way to the phone
    FAILED = "failed"  # it will not arrive; a delivery that is told all the same is believed
    DELIVERED = "delivered"
    READ = "read"


def furthest(known: Progress | None, reported: Progress) -> Progress:
    """Return how far a message came when `reported` arrives after `known`: statuses come repeated and in any
    order.
    """
    return reported if known is None or _RANK[reported] > _RANK[known] else known


_RANK = {progress: rank for rank, progress in enumerate(Progress)}


@dataclass(frozen=True, slots=True)
class Reported:
    """How far a platform says that a message of ours came, and what it costs."""

    outbox_id: int
    progress: Progress
    message_ref: str = ""
    reason: Reason | None = None  # why it failed
    billable: bool | None = None  # whether it is paid for; None: not told
    category: str = ""  # of its price


@dataclass(frozen=True, slots=True)
class Departure:
    """What becomes of an unasked message right before it would leave."""

    leaves: bool = True
    until: datetime | None = None  # it waits until then; None where it was taken back


@dataclass(frozen=True, slots=True)
class Failure:
    """How a send failed, whatever the channel."""

    retry: bool
    unknown: bool
    blocked: bool
    retry_after: float = 0.0  # seconds the platform wants
    again: bool = False  # the try before may have arrived, too
    told_within: float = 0.0  # seconds in which the platform most likely tells what became of it; 0: never


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of the message."""

    state: Literal["failed", "unknown", "waiting"]
    not_before: datetime | None = None


def decide(
    failure: Failure, *, attempts: int, repeatable: bool, now: datetime, jitter: float = 0.0
) -> Decision:
    """Decide about a message after its `attempts`-th try; `jitter` from 0 to 1 spreads the waiting.

    What may have arrived is repeated once, only where a repeat does no harm, and not before the platform has
    had time to tell what became of it.
    A pause the platform asks for is honoured exactly and counts as no try.
    """
    if failure.retry_after:
        return Decision("waiting", now + timedelta(seconds=failure.retry_after))
    if failure.blocked or not failure.retry:
        return Decision("failed")
    if failure.unknown and (failure.again or not repeatable):
        return Decision("unknown")
    if attempts >= TRIES:
        return Decision("unknown" if failure.unknown else "failed")
    wait = min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT) * (1 + jitter / 4)
    if failure.unknown:
        wait = max(wait, failure.told_within)
    return Decision("waiting", now + timedelta(seconds=wait))
