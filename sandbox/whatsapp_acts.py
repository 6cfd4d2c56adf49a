"""What people do on their emulated WhatsApp; each act becomes a webhook as Meta writes it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sandbox.whatsapp_media import Media
from sandbox.whatsapp_phones import TICKS, WhatsAppFile, WhatsAppMessage, WhatsAppPerson
from sandbox.whatsapp_webhooks import Webhooks
from sandbox.wire import CloudApiObject

UNSUPPORTED_ERROR = {
    "code": 131051,
    "title": "Message type unknown",
    "message": "Message type unknown",
    "error_data": {"details": "Message type is currently not supported."},
}


class People:
    """The people of one business number, and everything they can do."""

    def __init__(
        self,
        *,
        phone_id: str,
        webhooks: Webhooks,
        media: Media,
        clock: Callable[[], float],
        series: str = "",
    ) -> None:
        """Their webhooks name `phone_id`; `clock` gives seconds since 1970; `series` sets their ids apart."""
        self.phone_id = phone_id
        self.webhooks = webhooks
        self.media = media
        self.clock = clock
        self.passes_edits = False  # Meta does so for a number that is used in the WhatsApp Business app too
        self.by_user_id: dict[str, WhatsAppPerson] = {}
        self._series = series
        # what people sent and the business has not taken, by the webhook's number
        self._under_way: dict[int, tuple[WhatsAppPerson, WhatsAppMessage]] = {}
        self._said: dict[str, tuple[WhatsAppPerson, WhatsAppMessage]] = {}  # by wamid, all that people sent
        self._messages = 0

    def add(self, user_id: str, name: str, *, phone: str = "") -> WhatsAppPerson:
        """Put somebody at a phone; without `phone` only the business-scoped id is known."""
        person = self.by_user_id[user_id] = WhatsAppPerson(user_id, phone, name)
        return person

    def remember(self, person: WhatsAppPerson, messages: Iterable[WhatsAppMessage]) -> None:
        """Put a chat of an earlier sandbox back on a phone."""
        person.messages = {message.wamid: message for message in messages}
        own = (message for message in person.messages.values() if not message.from_business)
        self._said.update((message.wamid, (person, message)) for message in own)

    def find(self, to: str) -> WhatsAppPerson | None:
        """The person behind a phone number or a business-scoped id."""
        if by_id := self.by_user_id.get(to):
            return by_id
        return next(
            (person for person in self.by_user_id.values() if person.phone and person.phone == to), None
        )

    def says(self, user_id: str, text: str, *, reply_to: str = "") -> int:
        """Type a text, or reply with it to a message; returns the webhook's number."""
        return self._add_message(
            user_id, {"type": "text", "text": {"body": text}}, seen=text, reply_to=reply_to
        )

    def edits(self, user_id: str, wamid: str, text: str) -> int:
        """Edit a text sent before: the platform says so, and what it reads now only where `passes_edits`."""
        _, said = self._said[wamid]
        said.text, said.edited = text, True
        part: CloudApiObject = {
            "type": "unsupported",
            "errors": [UNSUPPORTED_ERROR],
            "unsupported": {"type": "edit"},
        }
        if self.passes_edits:
            change = {"original_message_id": wamid, "message": {"type": "text", "text": {"body": text}}}
            part = {"type": "edit", "edit": change}
        number = self._add_message(user_id, part, seen="", speaks=False)
        self.by_user_id[user_id].touch()
        return number

    def forwards(self, user_id: str, message: WhatsAppMessage) -> int:
        """Pass a message of anybody's chat on to the business."""
        if message.file is None:
            part: CloudApiObject = {"type": "text", "text": {"body": message.text}}
        else:
            part = self._describe_file(message.file, caption=message.text)
        seen = WhatsAppMessage("", 0.0, False, text=message.text, file=message.file, forwarded=True)
        return self._add_message(user_id, {**part, "context": {"forwarded": True}}, seen=seen)

    def taps(self, user_id: str, wamid: str, title: str) -> int:
        """Tap a button or pick a row of a message by its title (or its id); raises LookupError."""
        person = self.by_user_id[user_id]
        message = person.messages[wamid]
        for shown, button_id in message.buttons:
            if title in (shown, button_id):
                if message.template:
                    part: CloudApiObject = {"type": "button", "button": {"payload": button_id, "text": shown}}
                else:
                    part = _make_interactive("button_reply", {"id": button_id, "title": shown})
                return self._add_message(user_id, part, seen=shown, reply_to=wamid)
        for shown, description, row_id in message.rows:
            if title in (shown, row_id, description):
                reply = {
                    "id": row_id,
                    "title": shown,
                    **({"description": description} if description else {}),
                }
                return self._add_message(
                    user_id, _make_interactive("list_reply", reply), seen=shown, reply_to=wamid
                )
        raise LookupError(f"{title!r} is no button of that message")

    def replies_with_id(self, user_id: str, button_id: str, *, wamid: str = "") -> int:
        """Send any button id at all: a client can."""
        part = _make_interactive("button_reply", {"id": button_id, "title": "x"})
        return self._add_message(user_id, part, seen="x", reply_to=wamid)

    def sends_file(
        self,
        user_id: str,
        *,
        kind: str = "document",
        name: str = "berkas.bin",
        mime: str = "application/octet-stream",
        content: bytes = b"",
        caption: str = "",
    ) -> int:
        """Send a document, image, video, audio or sticker."""
        file = WhatsAppFile(self.media.store(name, mime, content), kind, name, mime, len(content))
        seen = WhatsAppMessage("", 0.0, False, text=caption, file=file)
        return self._add_message(user_id, self._describe_file(file, caption=caption), seen=seen)

    def _describe_file(self, file: WhatsAppFile, *, caption: str) -> CloudApiObject:
        media = self.media.stored[file.media_id]
        part: CloudApiObject = {"id": file.media_id, "mime_type": file.mime, "sha256": media.sha256}
        if caption and file.kind in ("document", "image", "video"):
            part["caption"] = caption
        if file.kind == "document":
            part["filename"] = file.name
        if file.kind == "audio":
            part["voice"] = True
        return {"type": file.kind, file.kind: part}

    def shares_location(self, user_id: str, latitude: float, longitude: float) -> int:
        location = {"latitude": latitude, "longitude": longitude, "name": "", "address": ""}
        seen = WhatsAppMessage("", 0.0, False, location=(latitude, longitude))
        return self._add_message(user_id, {"type": "location", "location": location}, seen=seen)

    def shares_contact(self, user_id: str, *, name: str, phone: str) -> int:
        """Send a contact card."""
        card = {
            "name": {"formatted_name": name, "first_name": name},
            "phones": [{"phone": f"+{phone}", "wa_id": phone, "type": "CELL"}],
        }
        return self._add_message(user_id, {"type": "contacts", "contacts": [card]}, seen=f"☎ {name}")

    def reads(self, user_id: str) -> None:
        """Open the chat: everything delivered becomes read."""
        for message in self.by_user_id[user_id].messages.values():
            if message.from_business and message.tick == "delivered":
                self.tick(self.by_user_id[user_id], message, "read")

    def raw(self, value: Mapping[str, Any], *, field: str = "messages") -> int:
        """Put anything at all into a webhook."""
        return self.webhooks.put(value, field=field)

    def tick(
        self,
        person: WhatsAppPerson,
        message: WhatsAppMessage,
        state: str,
        *,
        error: Mapping[str, Any] | None = None,
    ) -> int:
        """Report a state of a message of the business (`sent`, `delivered`, `read`, `failed`)."""
        if state in TICKS and TICKS.index(state) > TICKS.index(message.tick):
            message.tick = state
            person.touch()
        status: CloudApiObject = {
            "id": message.wamid,
            "status": state,
            "timestamp": str(int(self.clock())),
            **person.recipient(),
        }
        if message.tracker:
            status["biz_opaque_callback_data"] = message.tracker
        if state in ("sent", "delivered"):
            status["pricing"] = self._describe_pricing(person, message)
        if error is not None:
            status["errors"] = [error]
        return self.webhooks.put({**self._make_head(), "contacts": [person.contact()], "statuses": [status]})

    def _describe_pricing(self, person: WhatsAppPerson, message: WhatsAppMessage) -> CloudApiObject:
        billable = bool(message.template) and not person.window_open(self.clock())
        category = "utility" if message.template else "service"
        kind = "regular" if billable else "free_customer_service"
        return {"billable": billable, "pricing_model": "PMP", "category": category, "type": kind}

    def wamid(self) -> str:
        """Name a message."""
        self._messages += 1
        return (
            "wamid."
            + hashlib.sha256(f"{self.phone_id}{self._series}:{self._messages}".encode())
            .hexdigest()[:32]
            .upper()
        )

    def _make_head(self) -> CloudApiObject:
        metadata = {"display_phone_number": "62531210000", "phone_number_id": self.phone_id}
        return {"messaging_product": "whatsapp", "metadata": metadata}

    def _add_message(
        self,
        user_id: str,
        part: Mapping[str, Any],
        *,
        seen: str | WhatsAppMessage,
        reply_to: str = "",
        speaks: bool = True,
    ) -> int:
        """Send a webhook; `seen` is what the person's own phone shows of it, where it `speaks`."""
        person = self.by_user_id[user_id]
        now, wamid = self.clock(), self.wamid()
        said = WhatsAppMessage("", 0.0, False, text=seen) if isinstance(seen, str) else seen
        said.wamid, said.at = wamid, now
        said.tick, said.reply_to = "sent", reply_to
        message = {**person.sender(), "id": wamid, "timestamp": str(int(now)), **part}
        if reply_to:
            message["context"] = {"from": "62531210000", "id": reply_to}
        if speaks:
            self.reads(user_id)
            person.last_spoke = now
            person.messages[wamid] = said
            self._said[wamid] = (person, said)
            person.touch()
        number = self.webhooks.put(
            {**self._make_head(), "contacts": [person.contact()], "messages": [message]}
        )
        if speaks:
            self._under_way[number] = (person, said)
        return number

    def looked_at(self, wamid: str, *, typing_seconds: float = 0.0) -> None:
        """Show a person that the business has read what they sent, and for a while that it writes."""
        if wamid in self._said:
            person, said = self._said[wamid]
            said.tick = "read"
            person.typing_until = self.clock() + typing_seconds if typing_seconds else person.typing_until
            person.touch()

    def taken(self, number: int) -> None:
        """Show a person that the business has what they sent."""
        if number in self._under_way:
            person, said = self._under_way.pop(number)
            said.tick = max(said.tick, "delivered", key=TICKS.index)  # it may have been read meanwhile
            person.touch()


def _make_interactive(kind: str, reply: Mapping[str, Any]) -> CloudApiObject:
    return {"type": "interactive", "interactive": {"type": kind, kind: dict(reply)}}
