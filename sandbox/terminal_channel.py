"""A channel whose phones are a terminal: nothing leaves this process, not even to loopback.

To the desk it is Telegram, with Telegram's limits, so that what people read is cut and laid out as there.
"""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.channels.contract import Call, Finding, Polled, Route
from bot.channels.limits import Rates
from bot.channels.telegram.render import CAN, LIMITS, calls
from domain.message import FileRef, Inbound, Kind, Message
from sandbox.demo import TELEGRAM
from storage.inbox import Arrival

WITHOUT_PACE = Rates(overall=1e6, chat=1e6, burst=1e6)  # nobody waits for a platform that is not there


@dataclass(frozen=True, slots=True)
class Heard:
    """A message as it reached somebody."""

    address: str
    message: Message
    reference: str
    file: Path | None  # what it carries


class TerminalChannel:
    """Says what the bot sends, and makes updates of what is typed."""

    name, title = TELEGRAM, "Telegram"
    username = "desk_inovasi_demo"
    link = "https://t.me/desk_inovasi_demo?start={words}"
    token_setting = webhook_setting = ""
    limits, can = LIMITS, CAN
    rates, polls = WITHOUT_PACE, False

    def __init__(self, tell: Callable[[Heard], None]) -> None:
        """`tell` hears every message to anybody."""
        self._tell = tell
        self._sent = 0

    def typed(self, address: str, text: str, *, name: str) -> Arrival:
        """Make the update of a text."""
        return _arrive(address, {"kind": Kind.TEXT, "text": text, "name": name})

    def tapped(self, address: str, data: str, *, of: str) -> Arrival:
        """Make the update of a tap at a message."""
        tap = {"kind": Kind.BUTTON, "button": data, "callback_id": secrets.token_hex(8), "message_ref": of}
        return _arrive(address, tap)

    def sent(self, address: str, file: Path, *, caption: str) -> Arrival:
        """Make the update of a file, which is read where it lies once the desk wants it."""
        path, size = str(file.absolute()), file.stat().st_size
        ref = {"remote_id": path, "kind": "document", "name": file.name, "mime": "", "size": size}
        return _arrive(address, {"kind": Kind.FILE, "text": caption, "file": ref})

    # what the desk asks of a channel

    async def open(self) -> None:
        """Connect to nothing."""

    async def close(self) -> None:
        """Close nothing."""

    async def examine(self) -> Sequence[Finding]:
        """Find nothing to look at."""
        return []

    async def probe(self, *, now: datetime) -> str:
        """Find nothing that hinders updates."""
        return ""

    async def set_menu(
        self, commands: Sequence[tuple[str, str]], *, language: str = "", address: str = ""
    ) -> None:
        """Show no menu: /bantuan lists the commands."""

    async def subscribe(self) -> None:
        """Wait for no updates: what is typed is handed over at once."""

    async def poll(self, after: str | None) -> Polled:
        """Bring nothing."""
        return Polled((), after)

    def routes(self) -> Sequence[Route]:
        """Listen nowhere."""
        return ()

    def parse(self, raw: Mapping[str, Any]) -> Inbound:
        """Read an update we have made."""
        fields = dict(raw)
        file = fields.pop("file", None)
        kind = Kind(fields.pop("kind"))
        return Inbound(self.name, kind=kind, file=FileRef(**file) if file else None, **fields)

    def address_of(self, raw: Mapping[str, Any]) -> str:
        return str(raw["address"])

    async def fetch(self, ref: FileRef, target: Path) -> None:
        """Copy the file from where it lies."""
        shutil.copyfile(ref.remote_id, target)

    def render(self, address: str, message: Message) -> Sequence[Call]:
        """Write a message as Telegram would have it, which finds what does not fit there."""
        return calls(address, message)

    async def send(
        self, address: str, message: Message, *, file: Path | None = None, tracker: int = 0
    ) -> str:
        """Say a message; an edit keeps the reference it had."""
        self._sent += 1
        reference = message.edit or str(self._sent)
        self._tell(Heard(address, message, reference, file))
        return reference


def _arrive(address: str, fields: Mapping[str, Any]) -> Arrival:
    raw = json.dumps({"address": address, **fields}, ensure_ascii=False)
    return Arrival(secrets.token_hex(12), address, raw)
