from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels import NotSent
from bot.channels.telegram.render import LIMITS
from bot.inbound.dispatcher import Dispatcher
from bot.inbound.links import Links
from bot.inbound.turns import Turns
from domain.message import (
    SPLIT_AT,
    Fetched,
    FileRef,
    FileRefusal,
    Inbound,
    Kind,
    Message,
    StoredFile,
    WantsFile,
)
from domain.templates import Noted
from storage import inbox, outbox
from storage.engine.database import Database
from storage.engine.errors import DiskFull
from storage.engine.transaction import Transaction
from storage.inbox import Arrival
from storage.outbox import Outgoing
from tests.kit.courier import CourierChannel
from tests.kit.databases import in_memory, migrated, on_disk

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT "
FILE = FileRef("remote", "document", "bukti.pdf", "application/pdf", 9)
STORED = StoredFile("ab" * 32, "pdf", "bukti.pdf", 9)
PATIENCE = 20.0  # seconds until a test that waits for something gives up


class Chat(CourierChannel):
    """A channel whose updates are {"from": address, "text": text}."""

    name, limits = "telegram", LIMITS

    def parse(self, raw: Mapping[str, Any]) -> Inbound:
        return Inbound(self.name, raw["from"], Kind.TEXT, text=raw["text"])

    def address_of(self, raw: Mapping[str, Any]) -> str:
        return str(raw["from"])


class Parrot:
    """A desk that says what it heard, and does what it is told to."""

    def __init__(self) -> None:
        self.orders: dict[str, Callable[[Transaction], Any]] = {
            "raise": _raise,
            "runaway read": lambda tx: tx.execute(ENDLESS + "max(i) FROM n").fetchone(),
            "runaway write": _runaway_write,
        }
        self.apologise: Callable[[Transaction], Any] = lambda tx: None
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
        return True, Message("slowly")

    def template_told(self, tx: Transaction, channel: str, news: Noted, *, now: datetime) -> None:
        raise AssertionError("no news of a template here")

    def not_arrived(self, tx: Transaction, outbox_id: int, *, now: datetime) -> None:
        raise AssertionError("nothing is lost here")

    def given_up(
        self, tx: Transaction, inbound: Inbound, *, now: datetime
    ) -> Sequence[tuple[str, str, Message]]:
        self.apologise(tx)
        return [
            ("telegram", inbound.address, Message("sorry")),
            ("telegram", "desk", Message("look at this")),
        ]


def _raise(tx: Transaction) -> None:
    raise LookupError("she wrote: my secret")


def _runaway_write(tx: Transaction) -> None:
    tx.execute("INSERT INTO audit (at, action) " + ENDLESS + "'x', i FROM n")


class Post:
    """A sender that keeps what it is given."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []

    def claim(self, tx: Transaction, now: datetime) -> list[Outgoing]:
        return outbox.claim(tx, "telegram", now=now, until=now + timedelta(seconds=60), limit=100)

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


class Place:
    """A dispatcher at work on a real database, and everything around it."""

    def __init__(self, database: Database) -> None:
        self.database, self.now = database, START
        self.desk, self.post, self.files, self.log = Parrot(), Post(), Files(), Log()
        self.dispatcher = Dispatcher(
            database,
            self.desk,
            clock=lambda: self.now,
            channels={"telegram": Chat()},
            sender=self.post,
            links=Links(seconds=0),
            fetcher=self.files,
            log=self.log,
            turn_seconds=0.1,
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


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    database = await on_disk(tmp_path / "desk.db", migrated())
    place = Place(database)
    yield place
    await place.stops()
    await database.close()


async def commits(database: Database, work: Any) -> int:
    seen: list[str] = []
    await database._writer.unit(lambda tx: tx.set_trace_callback(seen.append))
    await work
    await database._writer.unit(lambda tx: tx.set_trace_callback(None))
    return seen.count("COMMIT")


async def audited(place: Place) -> list[str]:
    return [
        a for (a,) in await place.database.read(lambda tx: tx.execute("SELECT action FROM audit").fetchall())
    ]


async def test_it_answers_and_hands_the_answer_to_the_sender(place: Place) -> None:
    await place.hears(("a", "halo"))
    await place.quiet()
    assert place.post.sent == [("a", "halo")]
    assert await place.states() == [("handled", 0)]
    found = await place.database.read(
        lambda tx: tx.execute("SELECT state, dedupe_key FROM outbox").fetchall()
    )
    assert found == [("leased", "reply:1:0")]


async def test_the_turns_of_many_people_share_one_commit(place: Place) -> None:
    await place.quiet()
    await place.database.run(
        lambda tx: inbox.insert(
            tx, "telegram", arrivals=place.rows(*((str(n), "halo") for n in range(60))), now=START
        )
    )

    async def wake() -> None:
        place.dispatcher.wake()
        await place.quiet()

    assert await commits(place.database, wake()) == 1
    assert len(place.post.sent) == 60


async def test_more_people_than_fit_in_a_round_are_all_answered(place: Place) -> None:
    await place.hears(*((str(n), "halo") for n in range(150)))
    await place.quiet()
    assert sorted(place.post.sent) == sorted((str(n), "halo") for n in range(150))


async def test_one_persons_rows_are_taken_in_order(place: Place) -> None:
    await place.hears(("a", "1"), ("a", "2"), ("b", "x"), ("a", "3"))
    await place.quiet()
    assert [text for text in place.desk.order_of_turns if text != "x"] == ["1", "2", "3"]
    assert place.desk.order_of_turns.index("x") == 1, "nobody waits behind another's rows"


async def test_a_long_answer_leaves_in_parts_under_their_own_keys(place: Place) -> None:
    await place.hears(("a", "x" * (SPLIT_AT + 5)))
    await place.quiet()
    found = await place.database.read(
        lambda tx: tx.execute("SELECT dedupe_key FROM outbox ORDER BY id").fetchall()
    )
    assert found == [("reply:1:0",), ("reply:1:1",)]


async def test_a_turn_that_raises_is_undone_and_comes_back_later(place: Place) -> None:
    await place.hears(("a", "raise"), ("a", "after"), ("b", "halo"))
    await place.quiet()
    assert place.post.sent == [("b", "halo")]
    assert await place.states() == [("waiting", 1), ("waiting", 0), ("handled", 0)]
    assert await audited(place) == ["halo"]
    place.desk.orders.clear()
    await place.later(0.9)
    assert place.post.sent == [("b", "halo")]
    await place.later(0.1)
    assert [text for _, text in place.post.sent] == ["halo", "raise"]


async def test_the_fifth_time_it_is_given_up_with_an_apology_and_a_line_to_the_desk(place: Place) -> None:
    await place.hears(("a", "raise"), ("a", "after"))
    await place.quiet()
    for tries, wait in enumerate((1, 2, 4), start=2):
        await place.later(wait - 0.01)
        assert await place.states() == [("waiting", tries - 1), ("waiting", 0)]
        await place.later(0.01)
        assert await place.states() == [("waiting", tries), ("waiting", 0)]
    assert place.post.sent == []
    await place.later(8)
    assert await place.states() == [("given_up", 5), ("handled", 0)]
    assert place.post.sent == [("a", "sorry"), ("desk", "look at this")]
    assert len(place.log.said("turn_given_up")) == 1


async def test_an_apology_that_raises_brings_nothing_back(place: Place) -> None:
    place.desk.apologise = _raise
    await place.hears(("a", "raise"), ("a", "after"))
    await place.quiet()
    for wait in (1, 2, 4, 8):
        await place.later(wait)
    assert await place.states() == [("given_up", 5), ("handled", 0)]
    assert len(place.log.said("apology_failed")) == 1


@pytest.mark.parametrize("raw", ["{", "[]", '{"from": "a"}', "[" * 5_000, "null", '{"from": "a", "text": {}'])
async def test_what_cannot_be_read_is_noted_and_passed_by(place: Place, raw: str) -> None:
    await place.database.run(
        lambda tx: inbox.insert(tx, "telegram", arrivals=[Arrival("bad", "a", raw)], now=START)
    )
    await place.hears(("a", "halo"), ("b", "halo"))
    await place.quiet()
    assert await place.states() == [("unreadable", 0), ("handled", 0), ("handled", 0)]
    assert len(place.log.said("update_unreadable")) == 1


async def test_what_people_wrote_is_in_no_line_of_the_log(place: Place) -> None:
    await place.database.run(
        lambda tx: inbox.insert(tx, "telegram", arrivals=[Arrival("x", "a", '{"my secret"')], now=START)
    )
    await place.hears(("b", "raise"))
    await place.quiet()
    assert len(place.log.lines) == 2
    assert "secret" not in repr(place.log.lines)
    assert place.log.said("turn_failed")[0]["at"].startswith("_raise:")


@pytest.mark.parametrize("runaway", ["runaway read", "runaway write"])
async def test_a_runaway_turn_is_interrupted_counted_and_stops_nobody(place: Place, runaway: str) -> None:
    await place.hears(("a", "one"), ("b", runaway), ("c", "two"))
    await place.quiet()
    assert sorted(place.post.sent) == [("a", "one"), ("c", "two")]
    assert await place.states() == [("handled", 0), ("waiting", 1), ("handled", 0)]
    assert sorted(await audited(place)) == ["one", "two"]
    for wait in (1, 2, 4, 8):
        await place.later(wait)
    assert (await place.states())[1] == ("given_up", 5)
    assert place.post.sent[2:] == [("b", "sorry"), ("desk", "look at this")]


async def test_a_runaway_turn_does_not_harm_units_that_share_its_commit(place: Place) -> None:
    await place.hears(("b", "runaway write"))
    await place.starts()
    ids = await asyncio.gather(
        *(
            place.database.run(
                lambda tx, n=n: outbox.insert(  # type: ignore[misc]
                    tx, channel="whatsapp", address=str(n), message=Message("x"), now=START
                )
            )
            for n in range(5)
        )
    )
    await place.quiet()
    kept = await place.database.read(lambda tx: tx.execute("SELECT count(*) FROM outbox").fetchone()[0])
    assert len(set(ids)) == kept == 5


async def test_an_apology_that_runs_away_too_is_left_out(place: Place) -> None:
    place.desk.apologise = _runaway_write
    await place.hears(("a", "runaway write"), ("a", "after"))
    await place.quiet()
    for wait in (1, 2, 4, 8):
        await place.later(wait)
    assert await place.states() == [("given_up", 5), ("handled", 0)]
    assert place.post.sent == [("a", "after")]


async def test_a_turn_that_wants_its_file_gets_it_and_keeps_its_place(place: Place) -> None:
    place.files.may_go.clear()
    await place.hears(("a", "file"), ("a", "after"), ("b", "halo"))
    await place.starts()
    await place.until(lambda: place.post.sent and place.files.asked)
    assert place.post.sent == [("b", "halo")]
    assert (await place.states())[:2] == [("fetching", 0), ("waiting", 0)]
    assert await audited(place) == ["halo"]
    place.files.may_go.set()
    await place.quiet()
    assert place.desk.order_of_turns == ["halo", "file", "after"]
    assert ("a", "file bukti.pdf") in place.post.sent


async def test_no_more_than_four_files_are_fetched_at_once(place: Place) -> None:
    place.files.may_go.clear()
    await place.hears(*((str(n), "file") for n in range(10)))
    await place.starts()
    await place.until(lambda: place.files.asked >= 4)
    place.files.may_go.set()
    await place.quiet()
    assert (place.files.asked, place.files.most_open) == (10, 4)
    assert len(place.post.sent) == 10


async def test_a_refused_file_goes_to_the_turn_as_a_refusal(place: Place) -> None:
    place.files.answers = [FileRefusal("liar", "virus.pdf", "exe", 9)]
    await place.hears(("a", "file"))
    await place.quiet()
    assert place.post.sent == [("a", "file virus.pdf")]


async def test_a_fetch_that_fails_is_tried_again_and_at_last_the_file_is_gone(place: Place) -> None:
    place.files.answers = [NotSent() for _ in range(5)]
    await place.hears(("a", "file"))
    await place.quiet()
    for wait in (1, 4, 16):
        assert place.post.sent == []
        await place.later(wait)
    assert await place.states() == [("waiting", 4)]
    await place.later(64)
    assert place.files.asked == 5
    assert place.post.sent == [("a", "file bukti.pdf")]


async def test_a_turn_that_wants_its_file_for_ever_is_given_up(place: Place) -> None:
    await place.hears(("a", "file always"))
    await place.quiet()
    for wait in (1, 2, 4, 8):
        await place.later(wait)
    assert (await place.states(), place.files.asked) == ([("given_up", 5)], 1)


async def test_a_file_that_was_being_fetched_at_the_crash_is_wanted_again(place: Place) -> None:
    await place.hears(("a", "file"))
    await place.database.run(lambda tx: inbox.mark_fetching(tx, 1))
    await place.quiet()
    assert place.post.sent == [("a", "file bukti.pdf")]


async def test_rows_of_a_channel_that_is_off_are_kept_for_when_it_is_on(place: Place) -> None:
    await place.database.run(
        lambda tx: inbox.insert(tx, "whatsapp", arrivals=[Arrival("1", "a", "{}")], now=START)
    )
    await place.hears(("a", "halo"))
    await place.quiet()
    assert await place.states() == [("waiting", 0), ("handled", 0)]
    assert place.log.said("channel_off") == [{"inbox": 1, "channel": "whatsapp"}]


async def test_a_full_disk_pauses_everything_counts_nobody_and_resumes_by_itself(place: Place) -> None:
    place.desk.orders["big"] = lambda tx: tx.execute(
        "INSERT INTO audit VALUES (NULL, 'x', 1, 'y', ?)", ("z" * 99_999,)
    )
    await place.quiet()
    await limit(place.database, extra=3)
    await place.hears(("a", "big"), ("b", "halo"))
    await place.until(lambda: place.log.said("disk_full"))
    assert await place.states() == [("waiting", 0), ("waiting", 0)]
    assert place.post.sent == []
    await limit(place.database, extra=100_000)
    await place.until(lambda: len(place.post.sent) == 2)
    assert await place.states() == [("handled", 0), ("handled", 0)]
    assert [pairs["pause"] for pairs in place.log.said("disk_full")] == [1.0]


async def test_an_update_taken_in_is_kept_and_answered_in_one_commit(place: Place) -> None:
    await place.quiet()
    rows = place.rows(("a", "halo"))
    new: list[int] = []

    async def take_in() -> None:
        new.append(await place.dispatcher.take_in("telegram", rows))

    assert await commits(place.database, take_in()) == 1
    assert (new, place.post.sent) == ([1], [("a", "halo")])
    await take_in()
    assert (new, place.post.sent) == ([1, 0], [("a", "halo")])


async def test_what_a_batch_leaves_over_is_taken_by_the_loop(place: Place) -> None:
    await place.quiet()
    await place.dispatcher.take_in(
        "telegram", place.rows(("a", "1"), ("a", "2"), ("a", "raise"), ("b", "file"))
    )
    await place.quiet()
    assert [text for text in place.desk.order_of_turns if text != "file"] == ["1", "2"]
    assert ("b", "file bukti.pdf") in place.post.sent
    assert await place.states() == [("handled", 0), ("handled", 0), ("waiting", 1), ("handled", 0)]


async def test_a_runaway_turn_does_not_cost_the_updates_it_came_with(place: Place) -> None:
    await place.starts()
    assert await place.dispatcher.take_in("telegram", place.rows(("a", "runaway write"), ("b", "halo"))) == 2
    await place.quiet()
    assert await place.states() == [("waiting", 1), ("handled", 0)]
    assert place.post.sent == [("b", "halo")]


async def test_a_full_disk_acknowledges_no_update(place: Place) -> None:
    await limit(place.database, extra=0)
    rows = [Arrival(str(n), "a", json.dumps({"from": "a", "text": "x" * 9_999})) for n in range(9)]
    with pytest.raises(DiskFull):
        await place.dispatcher.take_in("telegram", rows)
    assert await place.states() == []


async def limit(database: Database, *, extra: int) -> None:
    """Let the database grow by this many pages and no more, as a full disk would."""

    def unit(tx: Transaction) -> None:
        pages = tx.execute("PRAGMA page_count").fetchone()[0]
        tx.execute(f"PRAGMA max_page_count = {pages + extra}")

    await database._writer.unit(unit)


class Moody(Parrot):
    """A desk that fails as often as chance says."""

    def __init__(self, moods: list[bool]) -> None:
        super().__init__()
        self.moods = iter(moods)

    def take(
        self, tx: Transaction, inbound: Inbound, *, fetched: Fetched | None, now: datetime
    ) -> Sequence[Message]:
        if next(self.moods, False):
            raise LookupError("not today")
        self.order_of_turns.append(f"{inbound.address}{inbound.text}")
        return [Message(inbound.text)]


@given(
    addresses=st.lists(st.sampled_from("abc"), min_size=1, max_size=10),
    moods=st.lists(st.booleans(), max_size=50),
)
def test_one_persons_turns_keep_their_order_whatever_fails(addresses: list[str], moods: list[bool]) -> None:
    tx = in_memory(migrated())
    desk, now = Moody(moods), START
    turns = Turns(desk, channels={"telegram": Chat()}, sender=Post())
    rows = [
        Arrival(str(number), address, json.dumps({"from": address, "text": f"{number:02d}"}))
        for number, address in enumerate(addresses)
    ]
    inbox.insert(tx, "telegram", arrivals=rows, now=now)
    while inbox.open_count(tx):
        tx.execute("BEGIN IMMEDIATE")
        turns.take(tx, now=now)
        tx.execute("COMMIT")
        now += timedelta(seconds=1)
    for person in "abc":
        own = [turn for turn in desk.order_of_turns if turn[0] == person]
        assert own == sorted(own)
    states = dict(tx.execute("SELECT state, count(*) FROM inbox GROUP BY state").fetchall())
    assert states.pop("handled", 0) == len(desk.order_of_turns)
    assert set(states) <= {"given_up"}
    tx.close()
