"""Turns taken straight at a desk with two channels, by people who may have an account on each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from domain.channel_facts import ChannelFacts
from domain.message import Inbound, Kind, Message
from handlers.assembly import Installation, build
from handlers.desk import Desk
from storage import outbox
from storage.engine.transaction import Transaction
from tests.kit.clock_and_codes import MORNING, Codes

TELEGRAM = ChannelFacts("telegram", "Telegram", "https://t.me/desk_bot?start={words}")
WHATSAPP = ChannelFacts("whatsapp", "WhatsApp", "https://wa.me/6253121000?text={words}", 24 * 3600, True)


def desk_of_both() -> Desk:
    """Build a desk that speaks on both channels, its codes in a row."""
    return build(
        timezone="Asia/Jakarta",
        language="id",
        new_code=Codes(),
        installation=Installation(channels=[TELEGRAM, WHATSAPP]),
    )


@dataclass
class Account:
    """One account on one channel; what the desk answers is written to the outbox as for a channel."""

    tx: Transaction
    desk: Desk
    channel: str
    address: str
    phone: str = ""
    now: datetime = MORNING
    sent_at: datetime | None = None  # as the platform dates what is sent next
    heard: list[Message] = field(default_factory=list)

    def says(self, text: str) -> str:
        """Type a text; returns all that is answered."""
        return self._does(Kind.TEXT, text=text)

    def taps(self, label: str) -> str:
        """Tap the newest choice whose label holds this."""
        rows = [row for message in reversed(self.heard) for row in message.rows]
        data = next(choice.data for row in rows for choice in row if label in choice.label)
        return self.presses(data)

    def presses(self, data: str) -> str:
        """Send whatever data."""
        return self._does(Kind.BUTTON, button=data, message_ref="9")

    def shares(self, phone: str) -> str:
        """Share one's own number."""
        self.phone = phone
        said = self._does(Kind.PHONE)
        self.phone = ""
        return said

    def _does(self, kind: Kind, *, text: str = "", button: str = "", message_ref: str = "") -> str:
        inbound = Inbound(
            self.channel, self.address, kind, text=text, button=button, message_ref=message_ref, name="Nama",
            phone=self.phone, phone_is_own=bool(self.phone), sent_at=self.sent_at,
        )  # fmt: skip
        said = list(self.desk.take(self.tx, inbound, fetched=None, now=self.now))
        self.heard += said
        for message in said:
            (before,) = self.tx.execute("SELECT count(*) FROM outbox").fetchone()
            number = outbox.insert(
                self.tx,
                channel=self.channel,
                address=self.address,
                message=message,
                now=self.now,
                terms=outbox.Terms(dedupe_key=f"{outbox.ANSWER}{before}:0"),
            )
            self.tx.execute("UPDATE outbox SET state = 'sent' WHERE id = ?", (number,))
        return "\n\n".join(message.text for message in said)
