"""What a turn needs of the desk and of the way out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from domain.message import Fetched, Inbound, Message
from domain.templates import TemplateNews
from storage.engine.transaction import Transaction
from storage.outbox_leases import Outgoing


class Desk(Protocol):
    """Who answers a turn."""

    def take(
        self, tx: Transaction, inbound: Inbound, *, fetched: Fetched | None, now: datetime
    ) -> Sequence[Message]:
        """Answer; raises WantsFile or WantsLink when the turn needs what lies outside."""

    def too_fast(self, tx: Transaction, channel: str, *, address: str) -> tuple[bool, Message]:
        """Say whether this is somebody we know, and what a person hears who writes faster than we answer."""

    def template_told(self, tx: Transaction, channel: str, *, news: TemplateNews, now: datetime) -> None:
        """Keep what a platform says of a template, and tell the desk where it can be used no more."""

    def not_arrived(self, tx: Transaction, outbox_id: int, *, now: datetime) -> None:
        """Try another way to the person where a message failed for good."""

    def given_up(
        self, tx: Transaction, inbound: Inbound, *, now: datetime
    ) -> Sequence[tuple[str, str, Message]]:
        """Say who is told what about a turn that failed every time."""


class Deliverer(Protocol):
    """Who sends what the turns wrote."""

    def claim(self, tx: Transaction, now: datetime) -> list[Outgoing]:
        """Lease what can leave now, inside the turn's own transaction."""

    def take(self, rows: Sequence[Outgoing]) -> None:
        """Send these: they are leased and committed."""
