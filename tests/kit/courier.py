"""A second channel, for tests alone: nothing about it is like Telegram.

It cannot edit, has no menus, toasts or shared numbers, takes short texts and three buttons, and is told of
its sends later.
Updates are pushed, several in one body, which is signed; a GET proves the webhook.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.channels.contract import Answer, Call, Finding, Polled, Request, Route, SendStatus
from bot.channels.errors import Unreadable
from bot.channels.limits import Capabilities, Limits, Rates
from bot.channels.unreadable import unreadable
from domain.delivery import Progress
from domain.message import FileRef, Inbound, Kind, Message
from storage.inbox import Arrival

KEY = b"kunci-kurir"


class CourierChannel:
    """Keeps what it is told to send; tests inherit what they need another way."""

    name, title, username = "kurir", "Kurir", "kurir_desk"
    link = "kurir:desk/{words}"
    token_setting, webhook_setting = "DESK_COURIER_KEY", "DESK_COURIER_URL"
    limits = Limits(
        text_chars=400,
        caption_chars=100,
        buttons=3,
        row_buttons=1,
        button_title_chars=20,
        button_data_bytes=256,
        fetch_bytes=20_000_000,
        send_bytes=1_000_000,
        file_buttons=3,
        list_rows=10,
        list_title_chars=24,
        list_note_chars=72,
    )
    can = Capabilities(statuses=True)
    rates = Rates(overall=1e6, chat=1e6, burst=1e6)
    polls = False

    def __init__(self) -> None:
        """Begin with nothing sent."""
        self.calls: list[Call] = []

    async def open(self) -> None:
        """Connect to nothing."""

    async def close(self) -> None:
        """Close nothing."""

    async def examine(self) -> Sequence[Finding]:
        """Find everything well."""
        return [Finding("courier", True, "ok")]

    async def probe(self, *, now: datetime) -> str:
        """Find the post office open."""
        return ""

    async def set_menu(
        self, commands: Sequence[tuple[str, str]], *, language: str = "", address: str = ""
    ) -> None:
        """Show no menu: nobody may ask for one here."""
        raise AssertionError("this channel has no menus")

    async def subscribe(self) -> None:
        """Be told of nothing."""

    async def poll(self, after: str | None) -> Polled:
        """Poll nothing: updates are pushed."""
        raise AssertionError("this channel is not polled")

    def routes(self) -> Sequence[Route]:
        """One route to prove the webhook, one that takes signed bodies."""
        return [Route("GET", "/kurir", _proved), Route("POST", "/kurir", self._pushed, max_bytes=10_000)]

    def _pushed(self, request: Request) -> Answer:
        if not hmac.compare_digest(request.headers.get(b"x-signature", b""), signature(request.body)):
            return Answer(403)
        try:
            letters = json.loads(request.body)["letters"]
        except (ValueError, KeyError, TypeError):
            return Answer(200, [unreadable(request.body.decode("utf-8", "replace"), why="no letters")])
        return Answer(200, [Arrival(one["no"], self.address_of(one), json.dumps(one)) for one in letters])

    def parse(self, raw: Mapping[str, Any]) -> Inbound | SendStatus:
        """Read a letter, or what became of one of ours; raises Unreadable."""
        if isinstance(raw, dict) and "came" in raw:
            return SendStatus(int(raw["of"]), Progress(raw["came"]), str(raw.get("no", "")))
        if not isinstance(raw, dict) or not isinstance(raw.get("sender"), str):
            raise Unreadable("no sender")
        if "chosen" in raw:
            return Inbound(self.name, raw["sender"], Kind.BUTTON, button=str(raw["chosen"]))
        return Inbound(self.name, raw["sender"], Kind.TEXT, text=str(raw.get("words", "")))

    def address_of(self, raw: Mapping[str, Any]) -> str:
        """Find who wrote."""
        return str(raw.get("sender", ""))

    def render(self, address: str, message: Message) -> Sequence[Call]:
        """Write one letter."""
        choices = [[choice.label[:20], choice.data] for row in message.rows for choice in row]
        return [Call("letter", {"to": address, "words": message.text, "choices": choices})]

    async def send(
        self, address: str, message: Message, file: Path | None = None, *, tracker: int = 0
    ) -> str:
        """Keep the letter."""
        self.calls += self.render(address, message)
        return str(len(self.calls))

    async def fetch(self, ref: FileRef, target: Path) -> None:
        """Bring an empty parcel."""
        target.write_bytes(b"")


def _proved(request: Request) -> Answer:
    return Answer(200, text=request.query.decode())


def signature(body: bytes) -> bytes:
    """Sign a body as the courier does."""
    return hmac.new(KEY, body, hashlib.sha256).hexdigest().encode()
