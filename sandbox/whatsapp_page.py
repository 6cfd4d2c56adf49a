"""The WhatsApp phones of the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from starlette.exceptions import HTTPException

from sandbox.demo import DemoPerson
from sandbox.phone_page import Act, Body, PhonePage, PhoneShown
from sandbox.phone_requests import Upload, location_in, text_in
from sandbox.whatsapp import WhatsAppEmulator
from sandbox.whatsapp_phones import WhatsAppMessage, WhatsAppPerson

OFFLINE = "the phone is off: turn it on first"
# the platform's words for the kinds of files that the page sends
_KINDS = {"photo": "image", "voice": "audio", "sticker": "sticker", "document": "document"}


class WhatsAppPage(PhonePage):
    """Shows the phones of one emulator, and does what people do at them."""

    channel = "whatsapp"

    def __init__(self, emulator: WhatsAppEmulator, crowd: Sequence[DemoPerson]) -> None:
        super().__init__(crowd)
        self._emulator, self._people = emulator, emulator.people

    def phone(self, address: str) -> WhatsAppPerson:
        return self._people.by_user_id[address]

    def now(self) -> float:
        return self._emulator.clock()

    def look(self, address: str) -> PhoneShown:
        phone = self.phone(address)
        return {
            "messages": [asdict(message) for message in phone.messages.values() if phone.has(message)],
            "window_open": phone.window_open(self._emulator.clock()),
            "offline": phone.offline,
        }

    def labels(self, message: Mapping[str, Any]) -> Iterable[str]:
        yield message["list_button"]
        yield from (title for title, _ in message["buttons"])
        yield from (part for *parts, _ in message["rows"] for part in parts)

    def cut(self, address: str) -> str:
        return OFFLINE if self.phone(address).offline else super().cut(address)

    def settings(self) -> Mapping[str, Act]:
        return {**super().settings(), "window": self._close_window, "power": self._switch}

    def say(self, address: str, body: Body) -> None:
        self._people.says(address, text_in(body), reply_to=str(body.get("reply_to") or ""))

    def edit(self, address: str, body: Body) -> None:
        message = self._find_message(address, body)
        if message.from_business or message.file is not None:
            raise HTTPException(400, "only a text of one's own is edited")
        self._people.edits(address, message.wamid, text_in(body))

    def tap(self, address: str, body: Body) -> None:
        try:
            self._people.taps(address, self._find_message(address, body).wamid, str(body.get("data")))
        except LookupError:
            raise HTTPException(404, "no such button") from None

    def forward(self, address: str, body: Body) -> None:
        owner = self.find_person({"person": body.get("of")})
        self._people.forwards(address, self._find_message(owner, body))

    def share_contact(self, address: str, body: Body) -> None:
        phone = self.phone(address)
        self._people.shares_contact(address, name=phone.name, phone=phone.phone)

    def share_location(self, address: str, body: Body) -> None:
        self._people.shares_location(address, *location_in(body))

    def read(self, address: str, body: Body) -> None:
        self._people.reads(address)

    def block(self, address: str, body: Body) -> None:
        """Block the business, or take it back; Meta says neither to the business."""
        phone = self.phone(address)
        phone.blocked = not phone.blocked
        phone.touch()

    def _close_window(self, address: str, body: Body) -> None:
        """Let a day go by without a word of this person."""
        self.phone(address).last_spoke = None
        self.phone(address).touch()

    def _switch(self, address: str, body: Body) -> None:
        """Turn the phone off, or on again, when it takes what waited."""
        phone = self.phone(address)
        if phone.offline:
            self._emulator.comes_online(address)
        else:
            phone.offline = True
        phone.touch()

    def _find_message(self, address: str, body: Body) -> WhatsAppMessage:
        message = self.phone(address).messages.get(str(body.get("message")))
        if message is None:
            raise HTTPException(404, "no such message")
        return message

    def send(self, address: str, upload: Upload, *, group: str) -> None:
        """Send a file; this platform does not say which were chosen together."""
        self._people.sends_file(
            address,
            kind=_KINDS[upload.kind],
            name=upload.name,
            mime=upload.mime,
            content=upload.content,
            caption=upload.caption,
        )

    def stored(self, file_id: str) -> bytes | None:
        media = self._emulator.media.stored.get(file_id)
        return media.content if media is not None else None

    def journal(self) -> Iterable[Any]:
        return self._emulator.journal
