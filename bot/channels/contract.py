"""What a channel is: everything the rest of the bot asks of a platform, and all it knows of one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from bot.channels.errors import SendError
from bot.channels.limits import Capabilities, Limits, Rates
from domain.delivery import Progress, Reason, Reported
from domain.message import FileRef, Inbound, Message
from domain.templates import MessageTemplate, TemplateNews
from storage.inbox import Arrival

Headers = Mapping[bytes, bytes]  # names in lower case


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody sent to one of a channel's routes; the body is within the route's cap."""

    headers: Headers
    query: bytes
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What a route says: its arrivals are committed before a status of 200 leaves."""

    status: int
    arrivals: Sequence[Arrival] = ()
    text: str = ""
    somebody_waits: bool = True  # for what these bring; else they may be kept together with what comes next


def everybody(headers: Headers) -> bool:
    """Let everybody's body be read."""
    return True


@dataclass(frozen=True, slots=True)
class Route:
    """One address of the web server that a channel brings."""

    method: str
    path: str
    answer: Callable[[Request], Answer]
    # asked before the body is read; who is not admitted gets 403
    admits: Callable[[Headers], bool] = everybody
    max_bytes: int = 1_000_000


@dataclass(frozen=True, slots=True)
class SendStatus:
    """What a platform tells later of a message we sent."""

    outbox_id: int  # the tracker that went along with `send`
    progress: Progress
    message_ref: str = ""
    error: SendError | None = None  # why it failed
    billable: bool | None = None  # whether it is paid for; None: not told
    category: str = ""  # of its price

    @property
    def reported(self) -> Reported:
        """How far the message came and what it costs, as it is kept with it."""
        reference, reason = self.message_ref, self.reason
        return Reported(self.outbox_id, self.progress, reference, reason, self.billable, self.category)

    @property
    def reason(self) -> Reason | None:
        """Why it failed, as it is kept with the message."""
        return self.error.reason if self.error else None


@dataclass(frozen=True, slots=True)
class StatusArrival(Arrival):
    """An update that is a status, read as it came: it is written down with others, and waits for no turn."""

    status: SendStatus = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class AccountTemplate:
    """A template as the platform's account holds it."""

    name: str
    language: str
    status: str  # APPROVED, PENDING, REJECTED, PAUSED …
    category: str  # UTILITY, MARKETING …
    text: str = ""


@dataclass(frozen=True, slots=True)
class Polled:
    """What a poll brought, and the position behind it, which the next poll confirms."""

    arrivals: Sequence[Arrival]
    after: str | None  # None when nothing that came has a position


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing `check` looked at."""

    what: str
    fine: bool
    summary: str


@dataclass(frozen=True, slots=True)
class Call:
    """One request as the platform takes it, before a file is put in."""

    method: str
    parameters: Mapping[str, Any]


class Channel(Protocol):
    """One way to talk to people."""

    name: str  # in rows of the database, for ever
    title: str  # as people write it
    username: str  # the desk's own name there; known after `open`
    link: str  # opens a talk with the desk, with `{words}` ready to be said; known after `open`
    limits: Limits
    can: Capabilities
    rates: Rates
    polls: bool  # whether updates are fetched by `poll`; else they are pushed to `routes`
    token_setting: str  # the setting `open` needs
    webhook_setting: str  # the setting `subscribe` needs

    # the connection

    async def open(self) -> None:
        """Connect and learn the own name; raises SendError."""

    async def close(self) -> None:
        """Close every connection; also after an `open` that raised."""

    async def examine(self) -> Sequence[Finding]:
        """Look at token and webhook without changing anything; it opens and closes by itself and raises
        nothing.
        """

    async def probe(self, *, now: datetime) -> str:
        """Ask the platform whether it takes anything from us; raises SendError.

        Returns in its words what hinders it from pushing updates to us, "" where nothing does.
        """

    async def set_menu(
        self, commands: Sequence[tuple[str, str]], *, language: str = "", address: str = ""
    ) -> None:
        """Show commands in the menu, of everybody or of one person; raises SendError."""

    # what comes in

    async def subscribe(self) -> None:
        """Have updates pushed to the routes, or kept for polling; raises SendError."""

    async def poll(self, after: str | None) -> Polled:
        """Wait for updates behind a position, which this confirms; raises SendError, Contested if they go
        elsewhere.
        """

    def routes(self) -> Sequence[Route]:
        """List what it brings to the web server."""

    def parse(self, raw: Mapping[str, Any]) -> Inbound | SendStatus | TemplateNews:
        """Read an update; raises Unreadable for what has no known shape."""

    def address_of(self, raw: Mapping[str, Any]) -> str:
        """Find who wrote, cheaply; "" when it cannot be told."""

    async def fetch(self, ref: FileRef, target: Path) -> None:
        """Download a file to `target`, at most `limits.fetch_bytes`; raises SendError."""

    # what goes out

    def render(self, address: str, message: Message) -> Sequence[Call]:
        """Write the requests a message becomes, in order; raises ValueError for what no `fitted` message
        holds.
        """

    async def send(
        self, address: str, message: Message, *, file: Path | None = None, tracker: int = 0
    ) -> str:
        """Deliver one message and return its reference; `file` is what it carries, made. Raises SendError.

        `tracker` goes along where `can.statuses`, and comes back as `SendStatus.outbox_id`.
        """


@runtime_checkable
class HoldsTemplates(Protocol):
    """A channel whose platform reviews templates before they may be sent."""

    name: str

    async def templates(self) -> Sequence[AccountTemplate]:
        """List what the account holds; raises SendError."""

    @property
    def account_id(self) -> str:
        """Which account is ours; "" while that is not known."""

    def recognise(self, account_id: str) -> None:
        """Take the account that was noted before."""

    async def recognised(self) -> None:
        """Return once it is known which account is ours."""

    async def submit_template(self, template: MessageTemplate, language: str) -> AccountTemplate:
        """Hand one in for review; raises SendError."""

    async def close(self) -> None:
        """Close every connection."""
