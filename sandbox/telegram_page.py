"""The Telegram phones of the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from starlette.exceptions import HTTPException

from sandbox.demo import DemoPerson
from sandbox.language_of import language_of
from sandbox.phone_page import Body, PhonePage, PhoneShown
from sandbox.phone_requests import Upload, location_in, text_in
from sandbox.telegram import TelegramEmulator
from sandbox.telegram_chats import ChatMessage, EmulatedPerson

TOASTS_SHOWN = 3
DATA_CHARS = 256


class TelegramPage(PhonePage):
    """Shows the phones of one emulator, and does what people do at them."""

    channel = "telegram"

    def __init__(self, emulator: TelegramEmulator, crowd: Sequence[DemoPerson]) -> None:
        super().__init__(crowd)
        self._emulator = emulator

    def phone(self, address: str) -> EmulatedPerson:
        return self._emulator.people[int(address)]

    def now(self) -> float:
        return self._emulator.clock()

    def look(self, address: str) -> PhoneShown:
        phone = self.phone(address)
        return {
            "messages": [asdict(message) for message in phone.messages.values()],
            "toasts": [{"text": text, "lang": language_of(text)} for text in phone.toasts[-TOASTS_SHOWN:]],
            "toast_count": len(phone.toasts),
            "commands": self._list_commands(address),
        }

    def labels(self, message: Mapping[str, Any]) -> Iterable[str]:
        yield from (label for row in message["keyboard"] for label, _ in row)
        yield from message["reply_labels"]

    def _list_commands(self, address: str) -> list[dict[str, str]]:
        for scope in (f"chat:{address}", "all_private_chats:", "default:"):
            for language in ("id", ""):
                if listed := self._emulator.commands.get((scope, language)):
                    lang = language_of(" ".join(command["description"] for command in listed))
                    return [{**command, "lang": lang} for command in listed]
        return []

    def say(self, address: str, body: Body) -> None:
        answered = body.get("reply_to")
        self._emulator.says(int(address), text_in(body), reply_to=int(answered) if answered else None)

    def edit(self, address: str, body: Body) -> None:
        message = self._find_message(address, body)
        if message.from_bot or message.file is not None:
            raise HTTPException(400, "only a text of one's own is edited")
        self._emulator.edits(int(address), message.message_id, text_in(body))

    def tap(self, address: str, body: Body) -> None:
        self._emulator.taps(int(address), int(body["message"]), str(body["data"])[:DATA_CHARS])

    def forward(self, address: str, body: Body) -> None:
        owner = self.find_person({"person": body.get("of")})
        self._emulator.forwards(int(address), self._find_message(owner, body), of=int(owner))

    def share_contact(self, address: str, body: Body) -> None:
        self._emulator.shares_contact(int(address))

    def share_location(self, address: str, body: Body) -> None:
        self._emulator.shares_location(int(address), *location_in(body))

    def read(self, address: str, body: Body) -> None:
        self.phone(address).reads()

    def block(self, address: str, body: Body) -> None:
        if self.phone(address).blocked:
            self._emulator.unblocks(int(address))
        else:
            self._emulator.blocks(int(address))

    def _find_message(self, address: str, body: Body) -> ChatMessage:
        message = self.phone(address).messages.get(int(body["message"]))
        if message is None:
            raise HTTPException(404, "no such message")
        return message

    def send(self, address: str, upload: Upload, *, group: str) -> None:
        self._emulator.sends_file(
            int(address),
            kind=upload.kind,
            name=upload.name,
            mime=upload.mime,
            content=upload.content,
            caption=upload.caption,
            group=group,
        )

    def stored(self, file_id: str) -> bytes | None:
        file = self._emulator.files.get(file_id)
        return file[1] if file is not None and isinstance(file[1], bytes) else None

    def journal(self) -> Iterable[Any]:
        return self._emulator.journal
