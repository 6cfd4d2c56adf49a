"""What people do on their emulated Telegram; each act becomes an update as the platform writes it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from sandbox.telegram_chats import ChatMessage, EmulatedPerson, SeenFile
from sandbox.telegram_queue import UpdateQueue
from sandbox.wire import BotApiObject

_MOVING = frozenset({"sticker", "video_note", "voice", "video", "animation", "audio"})


class TelegramActs:
    """Everything the people of one bot can do; the server it is part of brings queue, files and clock."""

    people: dict[int, EmulatedPerson]
    updates: UpdateQueue
    clock: Callable[[], float]
    taps_open: dict[str, tuple[int, float]]
    keep_chats: bool
    bot: Callable[[], BotApiObject]
    next_message_id: Callable[[], int]
    store: Callable[[str, bytes], str]

    def says(self, person: int, text: str, *, reply_to: int | None = None) -> int:
        """Type a text, or reply with it to a message; returns the update's number."""
        part: BotApiObject = {"text": text}
        if text.startswith("/"):
            part["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]
        if reply_to is not None:
            part["reply_to_message"] = self._describe_answered(person, reply_to)
        return self._add_message(person, part, ChatMessage(0, 0.0, False, text=text, reply_to=reply_to))

    def _describe_answered(self, person: int, message_id: int) -> BotApiObject:
        phone = self.people[person]
        answered = phone.messages.get(message_id)
        by_bot = answered is None or answered.from_bot
        return {
            "message_id": message_id,
            "date": int(answered.at if answered else self.clock()),
            "chat": phone.chat(),
            "from": self.bot() if by_bot else phone.user(),
            "text": (answered.text if answered else "") or "…",
        }

    def edits(self, person: int, message_id: int, text: str) -> int:
        """Edit a text sent before."""
        sender = self.people[person]
        now = int(self.clock())
        if (seen := sender.messages.get(message_id)) is not None:
            seen.text, seen.edited = text, True
            sender.touch()
        edited = {
            "message_id": message_id,
            "date": int(seen.at) if seen is not None else now,
            "edit_date": now,
            "chat": sender.chat(),
            "from": sender.user(),
        }
        return self.updates.put({"edited_message": {**edited, "text": text}}, person)

    def taps(self, person: int, message_id: int, data: str) -> int:
        """Tap a button; a client may send any data at any message."""
        sender = self.people[person]
        tap = hashlib.sha256(f"{person}:{self.updates.next_id}".encode()).hexdigest()[:19]
        self.taps_open[tap] = (person, self.clock())
        if (tapped := sender.messages.get(message_id)) is not None:
            tapped.tapped = True
            sender.touch()
        message = {"message_id": message_id, "date": int(self.clock()), "chat": sender.chat(), "text": "…"}
        query = {
            "id": tap,
            "from": sender.user(),
            "chat_instance": str(person),
            "data": data,
            "message": {**message, "from": self.bot()},
        }
        return self.updates.put({"callback_query": query}, person)

    def sends_file(
        self,
        person: int,
        *,
        kind: str = "document",
        name: str = "berkas.bin",
        mime: str = "application/octet-stream",
        content: bytes = b"",
        size: int | None = None,
        caption: str = "",
        group: str = "",
    ) -> int:
        """Send a file, one of several with the same `group`; the announced `size` may differ from what is
        there.
        """
        announced = len(content) if size is None else size
        file = SeenFile(self.store(name, content), kind, name, announced)
        extra = {"caption": caption} if caption else {}
        extra |= {"media_group_id": group} if group else {}
        seen = ChatMessage(0, 0.0, False, text=caption, file=file, group=group)
        return self._add_message(person, {kind: _describe_media(file, mime), **extra}, seen)

    def forwards(self, person: int, message: ChatMessage, *, of: int) -> int:
        """Pass a message of somebody's chat on to the bot: `of` is whose chat it stands in."""
        author = self.bot() if message.from_bot else self.people[of].user()
        origin = {"type": "user", "sender_user": author, "date": int(message.at)}
        part: BotApiObject = {"forward_origin": origin}
        if message.file is None:
            part["text"] = message.text
        else:
            part[message.file.kind] = _describe_media(message.file, "application/octet-stream")
            part |= {"caption": message.text} if message.text else {}
        seen = ChatMessage(0, 0.0, False, text=message.text, html=message.html, file=message.file)
        seen.forwarded_from = author["first_name"]
        return self._add_message(person, part, seen)

    def shares_contact(self, person: int, phone: str | None = None, *, of: int | None = None) -> int:
        """Share a contact card: one's own, or with `of` somebody else's."""
        owner = self.people[of or person]
        contact = {"phone_number": phone or owner.phone, "first_name": owner.first_name, "user_id": owner.id}
        seen = ChatMessage(0, 0.0, False, text=f"☎ {contact['phone_number']}")
        return self._add_message(person, {"contact": contact}, seen)

    def shares_location(self, person: int, latitude: float, longitude: float) -> int:
        location = {"latitude": latitude, "longitude": longitude}
        seen = ChatMessage(0, 0.0, False, location=(latitude, longitude))
        return self._add_message(person, {"location": location}, seen)

    def blocks(self, person: int) -> int:
        return self._change_member(person, "kicked", blocked=True)

    def unblocks(self, person: int) -> int:
        """Take the bot back."""
        return self._change_member(person, "member", blocked=False)

    def _add_message(self, person: int, part: BotApiObject, seen: ChatMessage) -> int:
        sender = self.people[person]
        sender.started = True
        message_id, now = self.next_message_id(), self.clock()
        if self.keep_chats:
            seen.message_id, seen.at = message_id, now
            sender.messages[message_id] = seen
            sender.touch()
        message = {
            "message_id": message_id,
            "date": int(now),
            "chat": sender.chat(),
            "from": sender.user(),
            **part,
        }
        return self.updates.put({"message": message}, person)

    def _change_member(self, person: int, status: str, *, blocked: bool) -> int:
        changed = self.people[person]
        changed.blocked = blocked
        changed.touch()
        member = {
            "chat": changed.chat(),
            "from": changed.user(),
            "date": int(self.clock()),
            "old_chat_member": {"user": self.bot(), "status": "member" if blocked else "kicked"},
            "new_chat_member": {"user": self.bot(), "status": status},
        }
        return self.updates.put({"my_chat_member": member}, person)


def _describe_media(file: SeenFile, mime: str) -> Any:
    """A file as the kind of message it is in describes it; of a photo two sizes."""
    media: BotApiObject = {"file_id": file.file_id, "file_unique_id": file.file_id[:16]}
    media["file_size"] = file.size
    if file.kind == "photo":
        small = {**media, "width": 90, "height": 60, "file_size": 900}
        return [small, {**media, "width": 1280, "height": 853}]
    described = {**media, "file_name": file.name, "mime_type": mime}
    if file.kind in _MOVING:
        described |= {"duration": 3, "width": 320, "height": 240, "length": 240, "type": "regular"}
        described |= {"is_animated": False, "is_video": False}
    return described
