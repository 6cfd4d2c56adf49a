"""Files that were sent at once are one turn: whenever they arrive, and whatever the process goes through."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.inbound.dispatcher import Dispatcher, TurnMeans
from bot.inbound.links import Links
from domain.message import (
    LONG_TEXT,
    Fetched,
    FetchedAlbum,
    FileRef,
    FileRefusal,
    Inbound,
    Kind,
    Message,
    StoredFile,
)
from domain.reading.cut_text import may_go_on
from domain.wants import WantsFile
from storage import inbox
from storage.engine.database import Database
from storage.engine.transaction import Transaction
from storage.inbox import Arrival
from storage.outbox_leases import Outgoing
from tests.kit.courier import CourierChannel
from tests.kit.databases import migrated, on_disk
from tests.kit.dispatching import CalmDesk
from tests.kit.patience import PATIENCE
from tests.kit.people import enrol

NOW = datetime(2026, 3, 2, tzinfo=UTC)
QUICK = 0.02  # seconds between two looks at an album
UNHURRIED = 1.0  # the same, where another file has to come between them on any machine


class Chat(CourierChannel):
    """A channel whose updates carry a file, and the album it belongs to."""

    name = "telegram"

    def parse(self, raw: Mapping[str, Any]) -> Inbound:
        if "file" not in raw:
            text = raw["text"]
            group = LONG_TEXT if may_go_on(text) else ""
            return Inbound(self.name, raw["from"], Kind.TEXT, text=text, message_ref="7", group=group)
        ref = FileRef(raw["file"], "document", raw["file"], "", 1)
        group = raw.get("group", "")
        return Inbound(self.name, raw["from"], Kind.FILE, text=raw.get("text", ""), file=ref, group=group)


class Desk(CalmDesk):
    """Notes each turn as it was given."""

    def __init__(self) -> None:
        self.turns: list[tuple[str, tuple[str, ...]]] = []

    def take(
        self, tx: Transaction, inbound: Inbound, *, fetched: Fetched | None, now: datetime
    ) -> Sequence[Message]:
        refs = inbound.album or ((inbound.file,) if inbound.file else ())
        if refs and fetched is None:
            raise WantsFile(refs[0], accepts=frozenset({"pdf"}), max_bytes=9, album=inbound.album)
        if isinstance(fetched, FetchedAlbum) and len(fetched.files) < len(refs):
            raise WantsFile(refs[0], accepts=frozenset({"pdf"}), max_bytes=9, album=inbound.album)
        files = fetched.files if isinstance(fetched, FetchedAlbum) else (fetched,) if fetched else ()
        self.turns.append((inbound.text, tuple(getattr(one, "name", "") for one in files)))
        return [Message("ok")]


class Post:
    def claim(self, tx: Transaction, now: datetime) -> list[Outgoing]:
        return []

    def take(self, rows: Sequence[Outgoing]) -> None:
        return


class Files:
    async def fetch(self, channel: str, wants: WantsFile) -> StoredFile | FileRefusal:
        if wants.ref.name.startswith("bad"):
            return FileRefusal("kind", wants.ref.name)
        return StoredFile("a" * 64, "pdf", wants.ref.name, 1)


class Log:
    def __getattr__(self, level: str) -> Any:
        return lambda event, **pairs: None


class TurnBench:
    """A dispatcher on a real database; it can be stopped in the middle and started anew."""

    def __init__(self, database: Database) -> None:
        self.database, self.desk, self.arrived = database, Desk(), 0
        self.gather_seconds = QUICK
        self.task: asyncio.Task[None] | None = None
        self.starts()

    def starts(self) -> None:
        self.dispatcher = Dispatcher(
            TurnMeans(
                self.database,
                self.desk,
                clock=lambda: NOW,
                channels={"telegram": Chat()},
                sender=Post(),
                fetcher=Files(),
                links=Links(seconds=0),
                log=Log(),
                gather_seconds=self.gather_seconds,
            )
        )
        self.task = asyncio.create_task(self.dispatcher.run())

    async def dies(self) -> None:
        assert self.task is not None
        self.task.cancel()
        await asyncio.wait({self.task})

    async def hears(self, *updates: dict[str, str]) -> None:
        rows = [
            Arrival(str(self.arrived + n), "a", json.dumps({"from": "a", **one}))
            for n, one in enumerate(updates)
        ]
        self.arrived += len(rows)
        await self.database.run(lambda tx: inbox.insert(tx, "telegram", arrivals=rows, now=NOW))
        self.dispatcher.wake()

    async def quiet(self) -> None:
        async with asyncio.timeout(PATIENCE):
            await self.dispatcher.idle()


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[TurnBench]:
    database = await on_disk(tmp_path / "desk.db", migrated())
    made = TurnBench(database)
    yield made
    await made.dies()
    await database.close()


def file(name: str, group: str = "g", text: str = "") -> dict[str, str]:
    return {"file": name, "group": group, "text": text}


async def test_files_sent_at_once_are_one_turn_with_one_caption(bench: TurnBench) -> None:
    await bench.hears(file("1", text="SK"), file("2"), file("bad3", text="SK"), {"text": "after"})
    await bench.quiet()
    assert bench.desk.turns == [("SK", ("1", "2", "bad3")), ("after", ())]


async def test_those_that_arrive_a_moment_later_belong_to_it(bench: TurnBench) -> None:
    await bench.dies()
    bench.gather_seconds = UNHURRIED
    bench.starts()
    await bench.hears(file("1"))
    while not bench.dispatcher._fetching:
        await asyncio.sleep(0)
    await bench.hears(file("2"))
    await bench.quiet()
    assert bench.desk.turns == [("", ("1", "2"))]


async def test_files_of_somebody_we_know_that_come_one_by_one_are_one_turn(bench: TurnBench) -> None:
    await bench.database.run(lambda tx: enrol(tx, "a", name="Rina", now=NOW))
    await bench.dies()
    bench.gather_seconds = UNHURRIED
    bench.starts()
    for name in ("1", "2"):
        update = json.dumps({"from": "a", **file(name)})
        await bench.dispatcher.take_in("telegram", [Arrival(name, "a", update)])
    await bench.quiet()
    assert bench.desk.turns == [("", ("1", "2"))]


async def test_an_album_that_a_restart_cut_in_two_is_still_one(bench: TurnBench) -> None:
    await bench.hears(file("1"))
    await bench.dies()
    assert bench.desk.turns == []
    await bench.hears(file("2"), file("3"))
    bench.starts()
    await bench.quiet()
    assert bench.desk.turns == [("", ("1", "2", "3"))]


async def test_two_albums_and_a_single_file_stay_apart(bench: TurnBench) -> None:
    await bench.hears(file("1", "g"), file("2", "g"), file("3", "h"), file("4", "h"), file("5", ""))
    await bench.quiet()
    assert [names for _, names in bench.desk.turns] == [("1", "2"), ("3", "4"), ("5",)]


async def test_every_row_of_an_album_is_closed_with_its_turn(bench: TurnBench) -> None:
    await bench.hears(file("1"), file("2"))
    await bench.quiet()
    states = await bench.database.read(lambda tx: tx.execute("SELECT state FROM inbox").fetchall())
    assert states == [("handled",)] * 2


async def test_a_text_the_app_cut_is_one_turn_whatever_lies_between(bench: TurnBench) -> None:
    first, second = "a" * 4096, "b" * 30
    await bench.hears({"text": first})
    await bench.dies()
    await bench.hears({"text": second}, {"text": "/status"})
    bench.starts()
    await bench.quiet()
    assert [text for text, _ in bench.desk.turns] == [first + second, "/status"]


async def test_two_texts_that_would_fit_one_message_stay_two(bench: TurnBench) -> None:
    await bench.hears({"text": "a" * 2100}, {"text": "b" * 300})
    await bench.quiet()
    assert [len(text) for text, _ in bench.desk.turns] == [2100, 300]
