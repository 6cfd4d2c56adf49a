"""A dispatcher at work on a real database: a desk, a sender and a fetcher that do what they are told."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.channels.telegram.render import LIMITS
from bot.inbound.dispatcher import Dispatcher, TurnMeans
from bot.inbound.flood import Flood
from bot.inbound.links import Links
from domain.message import Fetched, FileRef, FileRefusal, Inbound, Kind, Message, StoredFile
from domain.templates import TemplateNews
from domain.wants import WantsFile
from storage import inbox, outbox_leases
from storage.engine.database import Database
from storage.engine.transaction import Transaction
from storage.inbox import Arrival
from storage.outbox_leases import Outgoing
from tests.kit.courier import CourierChannel
from tests.kit.patience import PATIENCE

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT "
FILE = FileRef("remote", "document", "bukti.pdf", "application/pdf", 9)
STORED = StoredFile("ab" * 32, "pdf", "bukti.pdf", 9)


class Chat(CourierChannel):
    """A channel whose updates are {"from": address, "text": text}, and "before" of who has a new address."""

    name, limits = "telegram", LIMITS

    def parse(self, raw: Mapping[str, Any]) -> Inbound:
        before = tuple(raw.get("before", ()))
        return Inbound(self.name, raw["from"], Kind.TEXT, text=raw["text"], before=before)

    def address_of(self, raw: Mapping[str, Any]) -> str:
        return str(raw["from"])


class CalmDesk:
    """A desk to which nothing happens but turns."""

    def too_fast(self, tx: Transaction, channel: str, address: str) -> tuple[bool, Message]:
        return True, Message("")

    def template_told(self, tx: Transaction, channel: str, news: TemplateNews, *, now: datetime) -> None:
        raise AssertionError("no news of a template here")

    def not_arrived(self, tx: Transaction, outbox_id: int, *, now: datetime) -> None:
        raise AssertionError("nothing is lost here")

    def given_up(
        self, tx: Transaction, inbound: Inbound, *, now: datetime
    ) -> Sequence[tuple[str, str, Message]]:
        return ()


class Parrot(CalmDesk):
    """A desk that says what it heard, and does what it is told to."""

    def __init__(self) -> None:
        self.orders: dict[str, Callable[[Transaction], Any]] = {
            "raise": raises,
            "runaway read": lambda tx: tx.execute(ENDLESS + "max(i) FROM n").fetchone(),
            "runaway write": runs_away_writing,
        }
        self.apologise: Callable[[Transaction], Any] = lambda tx: None
        self.slow: Callable[[Transaction], Any] = lambda tx: None
        self.order_of_turns: list[str] = []

    def take(
        self, tx: Transaction, inbound: Inbound, *, fetched: Fetched | None, now: datetime
    ) -> Sequence[Message]:
        tx.execute("INSERT INTO audit (at, action) VALUES ('x', ?)", (inbound.text,))
        if inbound.text.startswith("file") and (fetched is None or inbound.text == "file always"):
            raise WantsFile(FILE, accepts=frozenset({"pdf"}), max_bytes=99)
        if order := self.orders.get(inbound.text):
            order(tx)
        self.order_of_turns.append(inbound.text)
        return [
            Message(
                f"{inbound.text} {fetched.name}"
                if isinstance(fetched, StoredFile | FileRefusal)
                else inbound.text
            )
        ]

    def too_fast(self, tx: Transaction, channel: str, address: str) -> tuple[bool, Message]:
        self.slow(tx)
        return True, Message("slowly")

    def given_up(
        self, tx: Transaction, inbound: Inbound, *, now: datetime
    ) -> Sequence[tuple[str, str, Message]]:
        self.apologise(tx)
        return [
            ("telegram", inbound.address, Message("sorry")),
            ("telegram", "desk", Message("look at this")),
        ]


def raises(tx: Transaction) -> None:
    raise LookupError("she wrote: my secret")


def runs_away_writing(tx: Transaction) -> None:
    tx.execute("INSERT INTO audit (at, action) " + ENDLESS + "'x', i FROM n")


class Post:
    """A sender that keeps what it is given."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []

    def claim(self, tx: Transaction, now: datetime) -> list[Outgoing]:
        return outbox_leases.claim(tx, "telegram", now=now, until=now + timedelta(seconds=60), limit=100)

    def take(self, rows: Sequence[Outgoing]) -> None:
        self.sent += [(row.address, Message.from_json(row.payload).text) for row in rows]


class Files:
    """A fetcher that answers what it is told."""

    def __init__(self) -> None:
        self.answers: list[StoredFile | FileRefusal | Exception] = []
        self.asked = self.open = self.most_open = 0
        self.may_go = asyncio.Event()
        self.may_go.set()

    async def fetch(self, channel: str, wants: WantsFile) -> StoredFile | FileRefusal:
        self.asked += 1
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        await self.may_go.wait()
        self.open -= 1
        answer = self.answers.pop(0) if self.answers else STORED
        if isinstance(answer, Exception):
            raise answer
        return answer


class Log:
    def __init__(self) -> None:
        self.lines: list[tuple[str, str, dict[str, Any]]] = []

    def __getattr__(self, level: str) -> Callable[..., None]:
        return lambda event, **pairs: self.lines.append((level, event, pairs))

    def said(self, event: str) -> list[dict[str, Any]]:
        return [pairs for _, name, pairs in self.lines if name == event]


class TurnBench:
    """A dispatcher at work on a real database, and everything around it."""

    def __init__(self, database: Database, *, person_rate: float | None = None) -> None:
        self.database, self.now = database, START
        self.desk, self.post, self.files, self.log = Parrot(), Post(), Files(), Log()
        self.dispatcher = Dispatcher(
            TurnMeans(
                database,
                self.desk,
                clock=lambda: self.now,
                channels={"telegram": Chat()},
                sender=self.post,
                links=Links(seconds=0),
                fetcher=self.files,
                log=self.log,
                turn_seconds=0.25,
                flood=Flood(person_rate) if person_rate else None,
            )
        )
        self.arrived = 0
        self._task: asyncio.Task[None] | None = None

    def rows(self, *said: tuple[str, str]) -> list[Arrival]:
        first, self.arrived = self.arrived, self.arrived + len(said)
        return [
            Arrival(str(first + number), address, json.dumps({"from": address, "text": text}))
            for number, (address, text) in enumerate(said)
        ]

    async def hears(self, *said: tuple[str, str]) -> None:
        rows = self.rows(*said)
        await self.database.run(lambda tx: inbox.insert(tx, "telegram", arrivals=rows, now=self.now))
        self.dispatcher.wake()

    async def starts(self) -> None:
        self._task = asyncio.create_task(self.dispatcher.run())

    async def stops(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    async def quiet(self) -> None:
        if self._task is None:
            await self.starts()
        async with asyncio.timeout(PATIENCE):
            await self.dispatcher.idle()

    async def until(self, condition: Callable[[], Any]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not condition():
                await asyncio.sleep(0.005)

    async def states(self) -> list[tuple[str, int]]:
        found = await self.database.read(
            lambda tx: tx.execute("SELECT state, attempts FROM inbox ORDER BY id").fetchall()
        )
        return list(found)

    async def later(self, seconds: float) -> None:
        """Let time pass and the dispatcher notice."""
        self.now += timedelta(seconds=seconds)
        self.dispatcher.wake()
        await self.quiet()


async def commits(database: Database, work: Any) -> int:
    """Return how many commits the work took."""
    before = database.commits.count
    await work
    return database.commits.count - before


async def audited(bench: TurnBench) -> list[str]:
    return [
        a for (a,) in await bench.database.read(lambda tx: tx.execute("SELECT action FROM audit").fetchall())
    ]


_FULL = """
CREATE OR REPLACE FUNCTION refuse_over_pages() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF length(new::text) > 4096 * TG_ARGV[0]::bigint THEN
        RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full';
    END IF;
    RETURN new;
END $$
"""
_UNTIL_FULL = """
CREATE OR REPLACE TRIGGER until_full BEFORE INSERT ON {0}
FOR EACH ROW EXECUTE FUNCTION refuse_over_pages('{1}')
"""


async def limit(database: Database, *, extra: int) -> None:
    """Let the database grow by this many pages and no more, as a full disk would.

    On a server it is no row that is longer than these.
    """

    def unit(tx: Transaction) -> None:
        if not isinstance(tx, sqlite3.Connection):
            tx.execute(_FULL)
            for table in ("inbox", "audit"):
                # waited for: it would go with the first transaction that is undone
                assert tx.execute(_UNTIL_FULL.format(table, extra)).rowcount == 0
            return
        pages = tx.execute("PRAGMA page_count").fetchone()[0]
        tx.execute(f"PRAGMA max_page_count = {pages + extra}")

    await database._writer.unit(unit)
