"""A world to test in: the emulated Telegram, the bot on a real database, and people who talk to it."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.app import App, running
from bot.config import Settings
from bot.inbound.links import HEAD_BYTES, Links, Streams
from domain.people import Role
from domain.rules.load import load_offices
from sandbox.serve import serve
from sandbox.telegram import TelegramEmulator
from scheduler import remind, summarise
from storage import contacts, invitations, offices, periods
from storage.engine.database import Database, Transaction

TOKEN = "4200000000:TEST-token-of-nobody-000000000000000"
MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # Monday 08.00 WIB
YEAR, DEADLINE = 2026, date(2026, 12, 15)
QUIET_SECONDS = 20.0  # how long an answer may take on a loaded machine before the test gives up

# The same people in every test: two focal points of one office, one of another, a leader, the desk.
RINA, BUDI, TONO, WATI, SARI, ORANG = 1001, 1002, 1003, 1004, 1005, 1006
PEOPLE: dict[int, tuple[str, Role | None, str]] = {
    RINA: ("Rina", Role.FOCAL_POINT, "dinkes"),
    BUDI: ("Budi", Role.FOCAL_POINT, "dinkes"),
    TONO: ("Tono", Role.FOCAL_POINT, "kec_baamang"),
    WATI: ("Wati", Role.LEADER, ""),
    SARI: ("Sari", Role.ADMIN, ""),
    ORANG: ("Orang Baru", None, ""),
}


class Clock:
    """A clock that is set, never asked of the machine."""

    def __init__(self, now: datetime = MORNING) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """The time it is in this world; every look is a little later, so that order is visible."""
        self.now += timedelta(microseconds=1)
        return self.now

    def passes(self, **spans: float) -> None:
        """Let time pass."""
        self.now += timedelta(**spans)


class _Deaf(asyncio.Transport):
    """Takes everything and sends nothing."""

    def __init__(self, protocol: asyncio.Protocol) -> None:
        super().__init__()
        self._protocol, self._closed = protocol, False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Take it."""

    def is_closing(self) -> bool:
        """Tell whether it was closed."""
        return self._closed

    def close(self) -> None:
        """End the connection."""
        self._closed = True
        self._protocol.connection_lost(None)


def answering(answer: bytes, *, ends: bool = True) -> Streams:
    """A connection whose other side says this, and ends or falls silent."""
    reader = asyncio.StreamReader(limit=HEAD_BYTES)
    reader.feed_data(answer)
    if ends:
        reader.feed_eof()
    protocol = asyncio.StreamReaderProtocol(reader)
    return reader, asyncio.StreamWriter(_Deaf(protocol), protocol, reader, asyncio.get_running_loop())


def internet() -> Links:
    """A small internet without a network: `mati.…` has no address, `dalam.…` a private one, the rest answers."""

    async def resolve(host: str, port: int) -> list[str]:
        if host.startswith("mati."):
            raise OSError("no such name")
        return ["10.0.0.5"] if host.startswith("dalam.") else ["93.184.215.14"]

    async def connect(address: str, port: int, server_name: str) -> Streams:
        return answering(b"HTTP/1.1 200 OK\r\n\r\n")

    return Links(resolve=resolve, connect=connect)


class Codes:
    """Codes in a row instead of chance."""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self) -> str:
        """The next code."""
        self.made += 1
        return f"KodeUji{self.made:09d}"


def seed(tx: Transaction, now: datetime) -> None:
    """Put in the offices, the period and the people."""
    offices.upsert(tx, load_offices())
    periods.open_period(tx, year=YEAR, rule_year=2026, opens_on=date(2026, 1, 5), deadline=DEADLINE, now=now)
    for address, (name, role, code) in PEOPLE.items():
        if role is None or contacts.by_address(tx, "telegram", str(address)):
            continue
        contact = contacts.create(
            tx, channel="telegram", address=str(address), name=name, language="id", consent_version="1", now=now
        )
        office = offices.by_code(tx, code)
        contacts.grant(tx, contact, role=role, office_id=office.id if office else None, now=now)


FIRST_OF_ALL = 2001  # the address of the first of those who stand for the offices nobody else does


def everywhere(tx: Transaction, now: datetime) -> list[tuple[int, str]]:
    """Enrol somebody in every office that has nobody; returns address and name of each."""
    manned = {row[0] for row in tx.execute("SELECT office_id FROM memberships WHERE office_id IS NOT NULL")}
    people: list[tuple[int, str]] = []
    for office in offices.active(tx):
        if office.id not in manned:
            address, name = FIRST_OF_ALL + len(people), f"PIC {office.short}"
            contact = contacts.create(
                tx, channel="telegram", address=str(address), name=name, language="id", consent_version="1", now=now
            )
            contacts.grant(tx, contact, role=Role.FOCAL_POINT, office_id=office.id, now=now)
            people.append((address, name))
    return people


def invited(
    tx: Transaction, code: str, *, now: datetime, role: Role = Role.FOCAL_POINT, office: str = "dinkes", days: int = 14
) -> None:
    """Make an invitation with a code we know."""
    found = offices.by_code(tx, office)
    valid = timedelta(days=days)
    office_id = found.id if found and role is Role.FOCAL_POINT else None
    invitations.create(tx, code, role=role, office_id=office_id, by=None, now=now, valid_for=valid)


class World:
    """One emulated Telegram, one bot, one database on disk."""

    def __init__(self, folder: Path, emulator: TelegramEmulator, url: str) -> None:
        self.folder, self.emulator, self.url = folder, emulator, url
        self.clock, self.codes = Clock(), Codes()
        self.person_rate = 100_000.0
        self._stack: AsyncExitStack | None = None
        self.app: App | None = None

    @property
    def settings(self) -> Settings:
        """How this world's bot is configured: fast, on loopback, with nothing of the machine's own."""
        return Settings(
            data_dir=self.folder,
            telegram_token=SecretStr(TOKEN),
            telegram_api_url=self.url,
            telegram_rate=100_000,
            telegram_chat_rate=100_000,
            telegram_chat_burst=100_000,
            person_rate=self.person_rate,
            web_port=0,
        )

    async def start(self) -> None:
        """Start the bot."""
        self._stack = AsyncExitStack()
        bot = running(self.settings, clock=self.clock, new_code=self.codes, links=internet())
        self.app = await self._stack.enter_async_context(bot)

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
        """Change the database as a command of the desk would."""
        if self.app is not None:
            return await self.app.database.run(unit)
        database = await Database.open(self.folder / "desk.db")
        try:
            return await database.run(unit)
        finally:
            await database.close()

    def rows(self, sql: str, *values: Any) -> list[Any]:
        """Read from the disk with a connection of its own."""
        with sqlite3.connect(f"file:{self.folder / 'desk.db'}?mode=ro", uri=True) as connection:
            return connection.execute(sql, values).fetchall()

    def answers(self, innovation: int = 1) -> dict[str, Any]:
        """Read the answers of an innovation from the disk."""
        found = self.rows("SELECT question, value FROM answers WHERE innovation_id = ?", innovation)
        return {question: json.loads(value) for question, value in found}

    async def quiet(self, update_id: int) -> None:
        """Wait until this update is confirmed, handled and answered."""
        await self.emulator.confirmed(update_id, timeout=QUIET_SECONDS)
        if self.app is not None:
            await self.app.idle()

    async def reminds(self) -> int:
        """Let the reminder tick of this moment do its work, and everything arrive."""
        assert self.app is not None
        told = await summarise(self.app.database, self.app.desk.house, now=self.clock())
        told += await remind(self.app.database, self.app.desk.house, now=self.clock())
        self.app.sender.wake()
        await self.app.idle()
        return told

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

    async def sends(self, name: str, content: bytes, *, kind: str = "document", mime: str = "", **more: Any) -> None:
        """Send a file."""
        update = self.world.emulator.sends_file(
            self.address, kind=kind, name=name, mime=mime or "application/octet-stream", content=content, **more
        )
        await self.world.quiet(update)

    async def shares_location(self, latitude: float, longitude: float) -> None:
        """Share a place."""
        await self.world.quiet(self.world.emulator.shares_location(self.address, latitude, longitude))

    async def shares_contact(self, phone: str | None = None, *, of: int | None = None) -> None:
        """Share a contact card: one's own, or somebody else's."""
        await self.world.quiet(self.world.emulator.shares_contact(self.address, phone=phone, of=of))

    def sees(self, text: str) -> None:
        """Check that the bot's newest message says this."""
        assert text in self.last.text, f"{text!r} is not in {self.last.text!r}"


@asynccontextmanager
async def world_in(folder: Path) -> AsyncIterator[World]:
    """Open a world with everybody in it, the bot running."""
    emulator = TelegramEmulator(token=TOKEN)
    for address, (name, _, _) in PEOPLE.items():
        emulator.add_person(address, name, phone=f"62811000{address}")
    async with serve(emulator.app) as url:
        world = World(folder, emulator, url)
        await world.write(lambda tx: seed(tx, MORNING))
        await world.start()
        try:
            yield world
        finally:
            await world.stop()
