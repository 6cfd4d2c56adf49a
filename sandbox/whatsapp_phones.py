"""What people's WhatsApp shows: messages of both sides with their ticks, buttons, lists and files."""

from __future__ import annotations

from dataclasses import dataclass, field

from sandbox.emulated_phone import Phone
from sandbox.wire import CloudApiObject

WINDOW_SECONDS = 24 * 3600.0  # of free messages after a person's last one
TICKS = ("accepted", "sent", "delivered", "read")  # only ever upwards


@dataclass(slots=True)
class WhatsAppFile:
    """A file in a chat."""

    media_id: str
    kind: str  # image, document, video, audio, sticker
    name: str
    mime: str
    size: int  # bytes


@dataclass(slots=True)
class WhatsAppMessage:
    """One message as the phone shows it."""

    wamid: str
    at: float  # seconds since 1970
    from_business: bool
    text: str = ""
    footer: str = ""
    buttons: list[tuple[str, str]] = field(default_factory=list)  # title and id
    list_button: str = ""
    rows: list[tuple[str, str, str]] = field(default_factory=list)  # title, description, id
    headings: dict[int, str] = field(default_factory=dict)  # of sections, by the number of their first row
    asks_location: bool = False
    file: WhatsAppFile | None = None
    template: str = ""
    reply_to: str = ""  # the message this one answers
    location: tuple[float, float] | None = None  # latitude and longitude
    forwarded: bool = False
    edited: bool = False
    tick: str = "accepted"  # of what the business sent
    tracker: str = ""


@dataclass(slots=True)
class WhatsAppPerson(Phone):
    """Somebody with WhatsApp; `phone` may be empty, then only the business-scoped id is known."""

    user_id: str  # business-scoped, such as ID.1234
    phone: str  # digits with the country code, or ""
    name: str
    offline: bool = False  # takes nothing until back: sent, not delivered
    last_spoke: float | None = None  # seconds since 1970; opens the window
    messages: dict[str, WhatsAppMessage] = field(default_factory=dict)

    def contact(self) -> CloudApiObject:
        """The person as a webhook describes them."""
        fields: CloudApiObject = {"profile": {"name": self.name}, "user_id": self.user_id}
        if self.phone:
            fields["wa_id"] = self.phone
        return fields

    def sender(self) -> CloudApiObject:
        """Who a message is from, as a webhook says it."""
        fields: CloudApiObject = {"from_user_id": self.user_id}
        if self.phone:
            fields["from"] = self.phone
        return fields

    def recipient(self) -> CloudApiObject:
        """Who a status is about, as a webhook says it."""
        fields: CloudApiObject = {"recipient_user_id": self.user_id}
        if self.phone:
            fields["recipient_id"] = self.phone
        return fields

    def window_open(self, now: float) -> bool:
        """Tell whether a free message may reach this person now."""
        return self.last_spoke is not None and now - self.last_spoke < WINDOW_SECONDS

    @property
    def unread(self) -> int:
        """How many messages have come to the phone and have not been seen."""
        return sum(
            message.from_business and message.tick == "delivered" for message in self.messages.values()
        )

    def has(self, message: WhatsAppMessage) -> bool:
        """Tell whether a message is on the phone: one of the business is once it was delivered."""
        return not message.from_business or message.tick in ("delivered", "read")
