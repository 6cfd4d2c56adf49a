"""What people's phones show: messages of both sides, edits applied, keyboards, toasts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.emulated_phone import Phone
from sandbox.wire import BotApiObject


@dataclass(slots=True)
class SeenFile:
    """A file in a chat."""

    file_id: str
    kind: str
    name: str
    size: int


@dataclass(slots=True)
class ChatMessage:
    """One message as the phone shows it."""

    message_id: int
    at: float
    from_bot: bool
    text: str = ""
    html: str = ""
    keyboard: list[list[tuple[str, str]]] = field(default_factory=list)
    reply_keyboard: str = ""  # phone, location, words, remove
    reply_labels: list[str] = field(default_factory=list)
    file: SeenFile | None = None
    group: str = ""  # of files sent together
    reply_to: int | None = None  # the message this one answers
    location: tuple[float, float] | None = None  # latitude and longitude
    forwarded_from: str = ""  # who wrote it first
    edited: bool = False
    tapped: bool = False  # one of its buttons, since the bot changed it last
    seen: bool = False  # by the person, of what the bot sent


@dataclass(slots=True)
class EmulatedPerson(Phone):
    """Somebody with a phone; the private chat carries the person's number."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = "id"
    phone: str = ""
    started: bool = False
    messages: dict[int, ChatMessage] = field(default_factory=dict)
    toasts: list[str] = field(default_factory=list)

    def user(self) -> BotApiObject:
        """The person as Telegram describes a user."""
        fields: BotApiObject = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        for name in ("last_name", "username", "language_code"):
            if value := getattr(self, name):
                fields[name] = value
        return fields

    def chat(self) -> BotApiObject:
        """The private chat as Telegram describes it."""
        fields: BotApiObject = {"id": self.id, "type": "private", "first_name": self.first_name}
        if self.username:
            fields["username"] = self.username
        return fields

    @property
    def unread(self) -> int:
        """How many messages of the bot the person has not seen."""
        return sum(message.from_bot and not message.seen for message in self.messages.values())

    def reads(self) -> None:
        """See everything that is there."""
        if self.unread:
            for message in self.messages.values():
                message.seen = True
            self.touch()


def inline(markup: Mapping[str, Any] | None) -> list[list[tuple[str, str]]]:
    """Read an inline keyboard as rows of label and data."""
    if not markup:
        return []
    return [
        [(str(button["text"]), str(button.get("callback_data") or button.get("url") or "")) for button in row]
        for row in markup.get("inline_keyboard", ())
    ]


def shares(markup: Mapping[str, Any] | None) -> tuple[str, list[str]]:
    """Read what kind of reply keyboard is shown, and its labels."""
    if not markup:
        return "", []
    if markup.get("remove_keyboard"):
        return "remove", []
    buttons = [button for row in markup.get("keyboard", ()) for button in row]
    if not buttons:
        return "", []
    labels = [str(button["text"] if isinstance(button, dict) else button) for button in buttons]
    for button in buttons:
        if isinstance(button, dict) and button.get("request_contact"):
            return "phone", labels
        if isinstance(button, dict) and button.get("request_location"):
            return "location", labels
    return "words", labels
