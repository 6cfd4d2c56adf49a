"""Keeps what everybody's phones show between two starts of the sandbox, with the files in the chats."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from sandbox.telegram import TelegramEmulator
from sandbox.telegram_chats import ChatMessage
from sandbox.whatsapp import WhatsAppEmulator
from sandbox.whatsapp_media import StoredMedia
from sandbox.whatsapp_phones import WhatsAppMessage
from sandbox.wire import BotApiObject, CloudApiObject

FILE, FOLDER = "phones.json", "phones"  # in the data folder: the chats, and the files in them
SAVE_SECONDS = 3.0


@dataclass(slots=True)
class TelegramChat:
    """One person's Telegram."""

    messages: list[ChatMessage] = field(default_factory=list)
    started: bool = False
    blocked: bool = False


@dataclass(slots=True)
class WhatsAppChat:
    """One person's WhatsApp."""

    messages: list[WhatsAppMessage] = field(default_factory=list)
    last_spoke: float | None = None
    blocked: bool = False
    offline: bool = False


@dataclass(slots=True)
class Chats:
    """Everybody's phones, the names of the files, and what people did that the bot has not taken yet."""

    telegram: dict[int, TelegramChat] = field(default_factory=dict)
    whatsapp: dict[str, WhatsAppChat] = field(default_factory=dict)
    telegram_files: dict[str, str] = field(default_factory=dict)  # names, by id
    whatsapp_files: dict[str, tuple[str, str]] = field(default_factory=dict)  # name and media type, by id
    updates: list[BotApiObject] = field(default_factory=list)
    webhooks: list[tuple[str, CloudApiObject]] = field(default_factory=list)  # field and value


_CHATS = TypeAdapter(Chats)


class KeptPhones:
    """The phones of both platforms, and where they are kept."""

    def __init__(self, data: Path, telegram: TelegramEmulator, whatsapp: WhatsAppEmulator) -> None:
        self._file, self._folder = data / FILE, data / FOLDER
        self._telegram, self._whatsapp = telegram, whatsapp
        self._saved = -1

    def load(self) -> None:
        """Show what was kept; a file that cannot be read is as none."""
        try:
            chats = _CHATS.validate_json(self._file.read_bytes())
        except (OSError, ValidationError):
            return
        self._load_telegram(chats)
        self._load_whatsapp(chats)
        self._saved = self._count_changes()

    def _load_telegram(self, chats: Chats) -> None:
        for number, chat in chats.telegram.items():
            if (person := self._telegram.people.get(number)) is not None:
                person.messages = {message.message_id: message for message in chat.messages}
                person.started, person.blocked = chat.started or person.started, chat.blocked
                person.touch()
        for file_id, name in chats.telegram_files.items():
            self._telegram.files[file_id] = (name, self._read(file_id))
        for update in chats.updates:
            self._telegram.updates.put(update, 0)

    def _load_whatsapp(self, chats: Chats) -> None:
        for user_id, chat in chats.whatsapp.items():
            if (person := self._whatsapp.people.by_user_id.get(user_id)) is not None:
                self._whatsapp.people.remember(person, chat.messages)
                person.last_spoke = chat.last_spoke
                person.blocked, person.offline = chat.blocked, chat.offline
                person.touch()
        for media_id, (name, mime) in chats.whatsapp_files.items():
            self._whatsapp.media.stored[media_id] = StoredMedia(name, mime, self._read(media_id))
        for name, value in chats.webhooks:
            self._whatsapp.webhooks.put(value, field=name)

    def _read(self, file_id: str) -> bytes:
        try:
            return (self._folder / file_id).read_bytes()
        except OSError:
            return b""

    async def keep(self) -> None:
        """Save every few seconds until cancelled, and once more then."""
        try:
            while True:
                await asyncio.sleep(SAVE_SECONDS)
                self.save()
        finally:
            self.save()

    def save(self) -> None:
        """Write the phones down where they have changed; a kill meanwhile leaves the file before."""
        changes = self._count_changes()
        if changes == self._saved:
            return
        telegram = {
            file_id: content
            for file_id, (_, content) in self._telegram.files.items()
            if isinstance(content, bytes)
        }
        self._write_files(telegram)
        self._write_files({key: media.content for key, media in self._whatsapp.media.stored.items()})
        fresh = self._file.with_suffix(".new")
        fresh.write_text(json.dumps(asdict(self._gather(telegram)), ensure_ascii=False), encoding="utf-8")
        fresh.replace(self._file)
        self._saved = changes

    def _gather(self, telegram_files: Iterable[str]) -> Chats:
        telegram, whatsapp = self._telegram, self._whatsapp
        return Chats(
            {
                number: TelegramChat(list(person.messages.values()), person.started, person.blocked)
                for number, person in telegram.people.items()
            },
            {
                user_id: WhatsAppChat(
                    list(person.messages.values()), person.last_spoke, person.blocked, person.offline
                )
                for user_id, person in whatsapp.people.by_user_id.items()
            },
            {file_id: telegram.files[file_id][0] for file_id in telegram_files},
            {key: (media.name, media.mime) for key, media in whatsapp.media.stored.items()},
            [update for update in telegram.updates.pending if isinstance(update, dict)],
            [(item.field, dict(item.value)) for item in whatsapp.webhooks.waiting],
        )

    def _write_files(self, files: Mapping[str, bytes]) -> None:
        self._folder.mkdir(exist_ok=True, mode=0o700)
        for file_id, content in files.items():
            path = self._folder / file_id
            if not path.exists():
                path.write_bytes(content)

    def _count_changes(self) -> int:
        """Count the changes of all phones; it only grows."""
        people = [*self._telegram.people.values(), *self._whatsapp.people.by_user_id.values()]
        return sum(person.seq for person in people)
