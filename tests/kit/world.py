"""A world to test in: the emulated Telegram, the bot on a real database, and people who talk to it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.app import App
from bot.config import Settings
from bot.parts import Helpers
from bot.running import running
from domain.draft.evidence import read_value
from sandbox.serve import serve
from sandbox.telegram import TelegramEmulator
from scheduler.ticks import remind, summarise
from storage.engine.database import Database
from storage.engine.transaction import Transaction
from tests.kit.clock_and_codes import Clock, Codes
from tests.kit.databases import lay, reading, site_at, url_at, with_people
from tests.kit.in_process import IN_PROCESS
from tests.kit.network import internet
from tests.kit.patience import PATIENCE
from tests.kit.people import PEOPLE

TOKEN = "4200000000:TEST-token-of-nobody-000000000000000"


class World:
    """One emulated Telegram, one bot, one database on disk."""

    def __init__(self, folder: Path, emulator: TelegramEmulator, url: str) -> None:
        self.folder, self.emulator, self.url = folder, emulator, url
        self.clock, self.codes = Clock(), Codes()
        self.person_rate = 100_000.0
        self.helpers = IN_PROCESS
        self.evidence_url = self.database_url = ""
        self._stack: AsyncExitStack | None = None
        self.app: App | None = None

    @property
    def settings(self) -> Settings:
        """How this world's bot is configured: fast, on loopback, with nothing of the machine's own."""
        return Settings(
            data_dir=self.folder,
            database_url=self.database_url or url_at(self.folder / "desk.db"),
            telegram_token=SecretStr(TOKEN),
            telegram_api_url=self.url,
            telegram_rate=100_000,
            telegram_chat_rate=100_000,
            telegram_chat_burst=100_000,
            person_rate=self.person_rate,
            evidence_url=self.evidence_url,
            web_port=0,
            metrics_port=0,
        )

    async def start(self) -> None:
        """Start the bot."""
        self._stack = AsyncExitStack()
        bot = running(
            self.settings, clock=self.clock, new_code=self.codes, links=internet(), helpers=self.helpers
        )
        self.app = await self._stack.enter_async_context(bot)
        if self.app.evidence_looked_at is not None:
            await self.app.evidence_looked_at

    async def stop(self) -> None:
        """Stop the bot in order."""
        if self._stack is not None:
            await self._stack.aclose()
        self._stack = self.app = None

    async def restart(self) -> None:
        """Stop and start again on the same disk."""
        await self.stop()
        await self.start()

    async def write(self, unit: Callable[[Transaction], Any]) -> Any:
        """Change the database as a command of the desk would; a regency takes longer than a turn may."""

        def at_leisure(tx: Transaction) -> Any:
            return tx.attempt(unit, seconds=PATIENCE)

        if self.app is not None:
            return await self.app.database.run(at_leisure)
        database = await Database.open(site_at(self.folder / "desk.db"))
        try:
            return await database.run(at_leisure)
        finally:
            await database.close()

    def rows(self, sql: str, *values: Any) -> list[Any]:
        """Read from the disk with a connection of its own."""
        with reading(self.folder / "desk.db") as connection:
            rows: list[Any] = connection.execute(sql, values).fetchall()
            return rows

    def answers(self, innovation: int = 1) -> dict[str, Any]:
        """Read the answers of an innovation from the disk."""
        found = self.rows("SELECT question, value FROM answers WHERE innovation_id = ?", innovation)
        return {question: read_value(json.loads(value)) for question, value in found}

    async def quiet(self, update_id: int) -> None:
        """Wait until this update is confirmed, handled and answered."""
        await self.emulator.confirmed(update_id, timeout=PATIENCE)
        if self.app is not None:
            await self.app.idle()

    async def reminds(self) -> int:
        """Let the reminder tick of this moment do its work, and everything arrive."""
        assert self.app is not None
        told = await summarise(self.app.database, self.app.desk.desk_data, now=self.clock())
        told += await remind(self.app.database, self.app.desk.desk_data, now=self.clock())
        self.app.sender.wake()
        await self.app.idle()
        return told

    async def meets(self, address: int, name: str) -> None:
        """Put somebody more at a phone, who has started the bot."""
        self.emulator.add_person(address, name)
        self.emulator.people[address].started = True

    async def holds_back(self, addresses: Collection[int]) -> None:
        """Have the platform ask for a pause at the next message to each of these."""
        for address in addresses:
            self.emulator.faults.add("sendMessage", chat_id=address, status=429, retry_after=1)

    def person(self, address: int) -> Person:
        """One of the people."""
        return Person(self, address)


class Person:
    """Somebody at a phone."""

    def __init__(self, world: World, address: int) -> None:
        self.world, self.address = world, address
        self.name = PEOPLE[address][0]

    @property
    def chat(self) -> list[Any]:
        """What the phone shows."""
        return list(self.world.emulator.chat(self.address))

    @property
    def heard(self) -> list[Any]:
        """What the bot said, oldest first."""
        return [message for message in self.chat if message.from_bot]

    @property
    def last(self) -> Any:
        """The newest message of the bot."""
        return self.heard[-1]

    async def says(self, text: str) -> None:
        """Type a text."""
        await self.world.quiet(self.world.emulator.says(self.address, text))

    async def replies(self, to: str, text: str) -> None:
        """Reply to the newest message of the bot that holds this."""
        message = next(message for message in reversed(self.heard) if to in message.text)
        await self.world.quiet(self.world.emulator.says(self.address, text, reply_to=message.message_id))

    async def edits(self, of: str, text: str) -> None:
        """Edit the newest message of one's own that holds this."""
        mine = next(m for m in reversed(self.chat) if not m.from_bot and of in m.text)
        await self.world.quiet(self.world.emulator.edits(self.address, mine.message_id, text))

    async def taps(self, label: str, *, oldest: bool = False) -> None:
        """Tap a button by its label; the newest one, or the oldest that carries it."""
        for message in self.heard if oldest else reversed(self.heard):
            for row in message.keyboard or ():
                for text, data in row:
                    if text == label or label in text:
                        await self.presses(message.message_id, data)
                        return
        raise AssertionError(f"no button {label!r}; the last message has {self.last.keyboard}")

    async def presses(self, message_id: int, data: str) -> None:
        """Tap whatever data at whatever message."""
        await self.world.quiet(self.world.emulator.taps(self.address, message_id, data))

    async def sends(
        self, name: str, content: bytes, *, kind: str = "document", mime: str = "", **more: Any
    ) -> None:
        """Send a file."""
        update = self.world.emulator.sends_file(
            self.address,
            kind=kind,
            name=name,
            mime=mime or "application/octet-stream",
            content=content,
            **more,
        )
        await self.world.quiet(update)

    async def shares_location(self, latitude: float, longitude: float) -> None:
        """Share a location."""
        await self.world.quiet(self.world.emulator.shares_location(self.address, latitude, longitude))

    async def shares_contact(self, phone: str | None = None, *, of: int | None = None) -> None:
        """Share a contact card: one's own, or somebody else's."""
        await self.world.quiet(self.world.emulator.shares_contact(self.address, phone=phone, of=of))

    def sees(self, text: str) -> None:
        """Check that the bot's newest message says this."""
        assert text in self.last.text, f"{text!r} is not in {self.last.text!r}"


@asynccontextmanager
async def world_in(folder: Path, *, helpers: Helpers = IN_PROCESS) -> AsyncIterator[World]:
    """Open a world with everybody in it, the bot running with these helpers."""
    emulator = TelegramEmulator(token=TOKEN)
    for address, (name, _, _) in PEOPLE.items():
        emulator.add_person(address, name, phone=f"62811000{address}")
    async with serve(emulator.app) as url:
        world = World(folder, emulator, url)
        world.helpers = helpers
        lay(folder / "desk.db", with_people())
        await world.start()
        try:
            yield world
        finally:
            await world.stop()
