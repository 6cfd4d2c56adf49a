"""A channel for tests of what leaves."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.channels import SendError
from domain.message import Message
from tests.kit.courier import CourierChannel


class Phone(CourierChannel):
    """A channel that notes what leaves, and fails when told to."""

    name = "telegram"

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[tuple[str, str]] = []
        self.failures: list[SendError | None] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.waiting = 0  # sends that have come to the gate
        self.files: list[Path] = []

    async def send(
        self, address: str, message: Message, file: Path | None = None, *, tracker: int = 0
    ) -> str:
        self.waiting += 1
        await self.gate.wait()
        failure = self.failures.pop(0) if self.failures else None
        if failure is not None:
            raise failure
        self.sent.append((address, message.text))
        self.files += [file] if file else []
        return str(len(self.sent))
