"""A person who talks to the desk without a channel: turns, fetches and crashes, as fast as the database."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from bot.channels import Channel
from bot.inbound.files import Fetcher, FetchMeans
from bot.inbound.links import Links
from bot.log import logger
from bot.store.contract import FileStore
from bot.store.folder import FolderStore
from domain.message import Fetched, FileRef, Inbound, Kind, Message
from domain.rules.form import Answers
from domain.wants import WantsFile, WantsLink
from handlers.assembly import build
from handlers.desk import Desk
from storage import innovations
from storage.engine.database import Database
from storage.engine.transaction import Transaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.courier import CourierChannel
from tests.kit.databases import is_laid, lay, site_at, with_people
from tests.kit.in_process import InspectsHere
from tests.kit.network import internet
from tests.kit.people import RINA


@cache
def _built() -> Desk:
    """Read the packaged data once for all tests."""
    return build(timezone="Asia/Jakarta", language="id", new_code=lambda: "x")


class Killed(BaseException):
    """stands for the process being gone"""


class _Shelf(CourierChannel):
    """Hands over what was sent."""

    def __init__(self, direct: Direct) -> None:
        super().__init__()
        self._direct = direct

    async def fetch(self, ref: FileRef, target: Path) -> None:
        """Write the content of the moment."""
        target.write_bytes(self._direct.content)


class Direct:
    """One desk on a real database and a real folder; `crash_at` names the point where the next fetch dies."""

    def __init__(self, database: Database, folder: Path, *, store: FileStore | None = None) -> None:
        self.database, self.folder = database, folder
        self.desk = Desk(_built().desk_data, _built().registry)
        self.content, self.crash_at, self.now = b"", "", MORNING
        self.links: Links = internet()
        channels: dict[str, Channel] = {"telegram": _Shelf(self)}
        self.fetcher = Fetcher(
            FetchMeans(
                database,
                channels,
                store=store or FolderStore(folder, links=True),
                incoming=folder / "evidence" / ".incoming",
                clock=lambda: self.now,
                new_name=lambda: secrets.token_hex(16),
                log=logger(),
                inspector=InspectsHere(),
                about_to=self._about_to,
            )
        )

    @classmethod
    async def open(cls, folder: Path, *, store: FileStore | None = None) -> Direct:
        """Open the database of a folder; a new one has everybody in it. Files lie there too, unless given."""
        path = folder / "desk.db"
        if not is_laid(path):
            lay(path, with_people())
        database = await Database.open(site_at(path))
        made = cls(database, folder, store=store)
        await made.fetcher.prepare()
        return made

    def _about_to(self, point: str) -> None:
        if point == self.crash_at:
            self.dies()

    def dies(self) -> None:
        """End here; a test that wants a real kill puts its own in this place."""
        raise Killed

    async def says(self, text: str, *, by: int = RINA) -> Sequence[Message]:
        """Type a text."""
        return await self.turn(Inbound("telegram", str(by), Kind.TEXT, text=text))

    async def presses(self, data: str, *, by: int = RINA) -> Sequence[Message]:
        """Tap a button by its data."""
        return await self.turn(Inbound("telegram", str(by), Kind.BUTTON, button=data, callback_id="1"))

    async def sends(
        self, name: str, content: bytes, *, by: int = RINA, kind: str = "document"
    ) -> Sequence[Message]:
        """Send a file."""
        self.content = content
        ref = FileRef("id", kind, name, "", len(content))
        return await self.turn(Inbound("telegram", str(by), Kind.FILE, file=ref))

    async def turn(self, inbound: Inbound) -> Sequence[Message]:
        """Take a turn, and once more when it wants what lies outside; raises Killed at the crash point."""
        self.now += timedelta(seconds=1)
        try:
            return await self._take(inbound, None)
        except WantsFile as wants:
            return await self._take(inbound, await self.fetcher.fetch("telegram", wants))
        except WantsLink as wants:
            return await self._take(inbound, await self.links.look(wants.url))

    async def _take(self, inbound: Inbound, fetched: Fetched | None) -> Sequence[Message]:
        def unit(tx: Transaction) -> Sequence[Message]:
            return self.desk.take(tx, inbound, fetched=fetched, now=self.now)

        return await self.database.run(unit)

    async def starts_again(self) -> None:
        """Do what a start does after a kill."""
        self.crash_at = ""
        await self.fetcher.prepare()

    async def rows(self, sql: str, *values: Any) -> list[Any]:
        """Read from the database."""
        return await self.database.read(lambda tx: tx.execute(sql, values).fetchall())

    async def answers(self, innovation: int) -> Answers:
        """Read the answers of an innovation."""
        return await self.database.read(lambda tx: innovations.answers(tx, innovation))
