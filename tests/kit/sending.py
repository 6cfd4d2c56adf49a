"""A sender on a real database, with a channel that does what the test says."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from bot.attachments.making import Maker
from bot.channels.limits import Capabilities
from bot.log import logger
from bot.meters import CountingLog, Meters
from bot.outbound.one_message import Hooks, Means
from bot.outbound.pace import Pace
from bot.outbound.sender import FIRST_PAUSE, RECOVER_SECONDS, Leased, Sender
from bot.store.folder import FolderStore
from bot.store.local_copies import LocalCopies
from domain.message import Attachment, Message
from storage import outbox
from storage.engine.database import Database
from tests.kit.patience import PATIENCE
from tests.kit.phone import Phone

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


class Bench:
    """A sender on a real database; its channel tells nothing later."""

    def __init__(
        self,
        database: Database,
        folder: Path,
        *,
        rate: float = 1e6,
        hooks: Hooks | None = None,
        first_pause: float = FIRST_PAUSE,
        recover_seconds: float = RECOVER_SECONDS,
    ) -> None:
        self.database, self.phone, self.now, self.folder = database, Phone(), START, folder
        self.phone.can = Capabilities()
        self.copies = LocalCopies(FolderStore(folder), folder / "sending")
        self.maker = Maker(database, copies=self.copies, drawn=folder / "drawn")
        self.meters = Meters()
        self.sender = Sender(
            Means(
                database,
                self.phone,
                clock=lambda: self.now,
                pace=Pace(rate, 1e6, 1e6),
                maker=self.maker,
                log=CountingLog(logger(), self.meters),
                meters=self.meters,
                hooks=hooks or Hooks(),
            ),
            first_pause=first_pause,
            recover_seconds=recover_seconds,
        )

    async def queue(self, address: str, text: str, **more: Any) -> int:
        message = Message(text)
        row = await self.database.run(
            lambda tx: outbox.insert(
                tx,
                channel="telegram",
                address=address,
                message=message,
                now=self.now,
                terms=outbox.Terms(**more),
            )
        )
        assert row is not None
        return row

    async def carrying(self, sha256: str, *, kind: Literal["document", "photo"] = "document") -> int:
        """Queue a message that carries a held file."""
        carried = Attachment(kind, "file", {"sha256": sha256}, "surat.pdf")
        row = await self.database.run(
            lambda tx: outbox.insert(
                tx, channel="telegram", address="a", message=Message("x", attachment=carried), now=self.now
            )
        )
        assert row is not None
        return row

    async def state(self, row: int) -> tuple[str, int]:
        found: tuple[str, int] = await self.database.read(
            lambda tx: tx.execute("SELECT state, attempts FROM outbox WHERE id = ?", (row,)).fetchone()
        )
        return found

    async def reasons(self) -> list[str | None]:
        return await self.database.read(
            lambda tx: [reason for (reason,) in tx.execute("SELECT reason FROM outbox ORDER BY id")]
        )

    async def leased(self) -> bool:
        return bool(
            await self.database.read(
                lambda tx: tx.execute("SELECT 1 FROM outbox WHERE state = 'leased'").fetchall()
            )
        )

    async def claim(self) -> Leased:
        return await self.database.run(lambda tx: self.sender.claim(tx, self.now))

    async def settled(self) -> None:
        """Run until nothing is left that could leave now."""
        await self.sender.prepare()
        running = asyncio.create_task(self.sender.run())
        self.sender.wake()
        await asyncio.wait_for(self.sender.idle(), PATIENCE)
        running.cancel()
        await asyncio.wait({running})
