"""The dispatcher: whose turn it is, what is undone, and that nobody stops the others."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.inbound.turns import Turns
from domain.message import Fetched, Inbound, Message
from domain.message_length import SPLIT_AT
from storage import inbox, inbox_counts, outbox
from storage.engine.transaction import Transaction
from storage.inbox import Arrival
from tests.kit.databases import in_memory, migrated
from tests.kit.dispatching import (
    START,
    Chat,
    Parrot,
    Post,
    TurnBench,
    audited,
    commits,
    limit,
    raises,
    runs_away_writing,
)


async def test_it_answers_and_hands_the_answer_to_the_sender(bench: TurnBench) -> None:
    await bench.hears(("a", "halo"))
    await bench.quiet()
    assert bench.post.sent == [("a", "halo")]
    assert await bench.states() == [("handled", 0)]
    found = await bench.database.read(
        lambda tx: tx.execute("SELECT state, dedupe_key FROM outbox").fetchall()
    )
    assert found == [("leased", "reply:1:0")]


async def test_the_turns_of_many_people_share_one_commit(bench: TurnBench) -> None:
    await bench.quiet()
    await bench.database.run(
        lambda tx: inbox.insert(
            tx, "telegram", arrivals=bench.rows(*((str(n), "halo") for n in range(60))), now=START
        )
    )

    async def wake() -> None:
        bench.dispatcher.wake()
        await bench.quiet()

    # a look for more may follow; on a busy machine the database's thread begins before all turns are there
    assert await commits(bench.database, wake()) <= 6
    assert len(bench.post.sent) == 60


async def test_more_people_than_fit_in_a_round_are_all_answered(bench: TurnBench) -> None:
    await bench.hears(*((str(n), "halo") for n in range(150)))
    await bench.quiet()
    assert sorted(bench.post.sent) == sorted((str(n), "halo") for n in range(150))


async def test_one_persons_rows_are_taken_in_order(bench: TurnBench) -> None:
    await bench.hears(("a", "1"), ("a", "2"), ("b", "x"), ("a", "3"))
    await bench.quiet()
    assert [text for text in bench.desk.order_of_turns if text != "x"] == ["1", "2", "3"]
    assert bench.desk.order_of_turns.index("x") == 1, "nobody waits behind another's rows"


async def test_a_long_answer_leaves_in_parts_under_their_own_keys(bench: TurnBench) -> None:
    await bench.hears(("a", "x" * (SPLIT_AT + 5)))
    await bench.quiet()
    found = await bench.database.read(
        lambda tx: tx.execute("SELECT dedupe_key FROM outbox ORDER BY id").fetchall()
    )
    assert found == [("reply:1:0",), ("reply:1:1",)]


async def test_a_turn_that_raises_is_undone_and_comes_back_later(bench: TurnBench) -> None:
    await bench.hears(("a", "raise"), ("a", "after"), ("b", "halo"))
    await bench.quiet()
    assert bench.post.sent == [("b", "halo")]
    assert await bench.states() == [("waiting", 1), ("waiting", 0), ("handled", 0)]
    assert await audited(bench) == ["halo"]
    bench.desk.orders.clear()
    await bench.later(0.9)
    assert bench.post.sent == [("b", "halo")]
    await bench.later(0.1)
    assert [text for _, text in bench.post.sent] == ["halo", "raise"]


async def test_the_fifth_time_it_is_given_up_with_an_apology_and_a_line_to_the_desk(bench: TurnBench) -> None:
    await bench.hears(("a", "raise"), ("a", "after"))
    await bench.quiet()
    for tries, wait in enumerate((1, 2, 4), start=2):
        await bench.later(wait - 0.01)
        assert await bench.states() == [("waiting", tries - 1), ("waiting", 0)]
        await bench.later(0.01)
        assert await bench.states() == [("waiting", tries), ("waiting", 0)]
    assert bench.post.sent == []
    await bench.later(8)
    assert await bench.states() == [("given_up", 5), ("handled", 0)]
    assert bench.post.sent == [("a", "sorry"), ("desk", "look at this")]
    assert len(bench.log.said("turn_given_up")) == 1


async def test_an_apology_that_raises_brings_nothing_back(bench: TurnBench) -> None:
    bench.desk.apologise = raises
    await bench.hears(("a", "raise"), ("a", "after"))
    await bench.quiet()
    for wait in (1, 2, 4, 8):
        await bench.later(wait)
    assert await bench.states() == [("given_up", 5), ("handled", 0)]
    assert len(bench.log.said("apology_failed")) == 1


@pytest.mark.parametrize("raw", ["{", "[]", '{"from": "a"}', "[" * 5_000, "null", '{"from": "a", "text": {}'])
async def test_what_cannot_be_read_is_noted_and_passed_by(bench: TurnBench, raw: str) -> None:
    await bench.database.run(
        lambda tx: inbox.insert(tx, "telegram", arrivals=[Arrival("bad", "a", raw)], now=START)
    )
    await bench.hears(("a", "halo"), ("b", "halo"))
    await bench.quiet()
    assert await bench.states() == [("unreadable", 0), ("handled", 0), ("handled", 0)]
    assert len(bench.log.said("update_unreadable")) == 1


async def test_what_people_wrote_is_in_no_line_of_the_log(bench: TurnBench) -> None:
    await bench.database.run(
        lambda tx: inbox.insert(tx, "telegram", arrivals=[Arrival("x", "a", '{"my secret"')], now=START)
    )
    await bench.hears(("b", "raise"))
    await bench.quiet()
    assert len(bench.log.lines) == 2
    assert "secret" not in repr(bench.log.lines)
    assert bench.log.said("turn_failed")[0]["at"].startswith("raises:")


@pytest.mark.parametrize("runaway", ["runaway read", "runaway write"])
async def test_a_runaway_turn_is_interrupted_counted_and_stops_nobody(bench: TurnBench, runaway: str) -> None:
    await bench.hears(("a", "one"), ("b", runaway), ("c", "two"))
    await bench.quiet()
    assert sorted(bench.post.sent) == [("a", "one"), ("c", "two")]
    assert await bench.states() == [("handled", 0), ("waiting", 1), ("handled", 0)]
    assert sorted(await audited(bench)) == ["one", "two"]
    for wait in (1, 2, 4, 8):
        await bench.later(wait)
    assert (await bench.states())[1] == ("given_up", 5)
    assert bench.post.sent[2:] == [("b", "sorry"), ("desk", "look at this")]


async def test_a_runaway_turn_does_not_harm_units_that_share_its_commit(bench: TurnBench) -> None:
    await bench.hears(("b", "runaway write"))
    await bench.starts()
    ids = await asyncio.gather(
        *(
            bench.database.run(
                lambda tx, n=n: outbox.insert(  # type: ignore[misc]
                    tx, channel="whatsapp", address=str(n), message=Message("x"), now=START
                )
            )
            for n in range(5)
        )
    )
    await bench.quiet()
    kept = await bench.database.read(lambda tx: tx.execute("SELECT count(*) FROM outbox").fetchone()[0])
    assert len(set(ids)) == kept == 5


async def test_an_apology_that_runs_away_too_is_left_out(bench: TurnBench) -> None:
    bench.desk.apologise = runs_away_writing
    await bench.hears(("a", "runaway write"), ("a", "after"))
    await bench.quiet()
    for wait in (1, 2, 4, 8):
        await bench.later(wait)
    assert await bench.states() == [("given_up", 5), ("handled", 0)]
    assert bench.post.sent == [("a", "after")]


async def test_rows_of_a_channel_that_is_off_are_kept_for_when_it_is_on(bench: TurnBench) -> None:
    await bench.database.run(
        lambda tx: inbox.insert(tx, "whatsapp", arrivals=[Arrival("1", "a", "{}")], now=START)
    )
    await bench.hears(("a", "halo"))
    await bench.quiet()
    assert await bench.states() == [("waiting", 0), ("handled", 0)]
    assert bench.log.said("channel_off") == [{"inbox": 1, "channel": "whatsapp"}]


async def test_a_full_disk_pauses_everything_counts_nobody_and_resumes_by_itself(bench: TurnBench) -> None:
    bench.desk.orders["big"] = lambda tx: tx.execute(
        "INSERT INTO audit (at, actor, action, detail) VALUES ('x', 1, 'y', ?)", ("z" * 99_999,)
    )
    await bench.quiet()
    await limit(bench.database, extra=3)
    await bench.hears(("a", "big"), ("b", "halo"))
    await bench.until(lambda: bench.log.said("disk_full"))
    assert await bench.states() == [("waiting", 0), ("waiting", 0)]
    assert bench.post.sent == []
    await limit(bench.database, extra=100_000)
    await bench.until(lambda: len(bench.post.sent) == 2)
    assert await bench.states() == [("handled", 0), ("handled", 0)]
    assert [pairs["pause"] for pairs in bench.log.said("disk_full")] == [1.0]


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
    while inbox_counts.open_count(tx):
        tx.begin()
        turns.take(tx, now=now)
        tx.commit()
        now += timedelta(seconds=1)
    for person in "abc":
        own = [turn for turn in desk.order_of_turns if turn[0] == person]
        assert own == sorted(own)
    states = dict(tx.execute("SELECT state, count(*) FROM inbox GROUP BY state").fetchall())
    assert states.pop("handled", 0) == len(desk.order_of_turns)
    assert set(states) <= {"given_up"}
    tx.close()
