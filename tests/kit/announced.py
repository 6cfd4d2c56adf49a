"""An announcement on the tables: confirmed, fed to the outbox, sent and read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from domain.announcing.audience import Audience
from domain.delivery import Reason
from domain.message import Message
from domain.people import Role
from storage import (
    acknowledgements,
    audiences,
    broadcast_drafts,
    broadcasts,
    contacts,
    outbox_leases,
    outbox_outcomes,
    recipients,
)
from storage.acknowledgements import Origin
from storage.engine.transaction import Transaction
from storage.outbox_outcomes import Outcome

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
LATER = NOW + timedelta(seconds=30)
EVERYBODY = Audience(roles=frozenset({Role.FOCAL_POINT.value}))


def announce(tx: Transaction, *, follows: int | None = None, to: Audience = EVERYBODY) -> int:
    """Confirm an announcement, to everybody, or to the rest of another, and begin it."""
    number = hold(tx, follows=follows, to=to)
    assert broadcasts.start(tx, number, now=NOW)
    return number


def hold(tx: Transaction, *, follows: int | None = None, to: Audience = EVERYBODY) -> int:
    """Confirm an announcement that has not begun."""
    number = broadcast_drafts.create(
        tx,
        by=1,
        channel="telegram",
        address="1",
        now=NOW,
        draft=broadcast_drafts.NewDraft(text="x", follows=follows),
    )
    broadcast_drafts.set_audience(tx, number, audience=to)
    audiences.write_down(tx, number, audience=audiences.rest(follows) if follows else audiences.chosen(to, 1))
    draft = broadcasts.load(tx, number)
    assert draft is not None
    broadcasts.confirm(tx, draft, starts_at=NOW, now=NOW, urgent=False, progress_ref="")
    return number


def feed(tx: Transaction, number: int, limit: int = 100) -> int:
    return recipients.feed(
        tx, number, message=lambda language: Message(f"siaran {language}"), limit=limit, now=NOW
    )


def send(tx: Transaction, count: int, *, state: str = "sent", reason: Reason | None = None) -> None:
    """Have the sender send so many of what waits."""
    rows = outbox_leases.claim(tx, "telegram", now=NOW, until=LATER, limit=count)
    made = [Outcome(row.id, state, f"m{row.id}" if state == "sent" else "", reason=reason) for row in rows]  # type: ignore[arg-type]
    outbox_outcomes.settle(tx, made, now=NOW)


def read(tx: Transaction, number: int, first: int, address: int) -> bool | None:
    contact = contacts.by_address(tx, "telegram", address=str(address))
    assert contact is not None
    return acknowledgements.acknowledge(
        tx,
        number,
        first=first,
        origin=Origin(contact.id, "telegram", str(address), "7"),
        now=NOW,
    )


def sent_to(tx: Transaction, audience: Audience = EVERYBODY) -> int:
    """Announce, and have all of it sent."""
    number = announce(tx, to=audience)
    feed(tx, number)
    send(tx, 99)
    recipients.settle(tx, number, now=NOW)
    return number
