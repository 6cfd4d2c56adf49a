"""Updates that are kept and answered in one commit, before they are acknowledged."""

from __future__ import annotations

import json
from time import sleep

import pytest

from bot.inbound.turns import ROUND_SECONDS
from storage import turns_at_once
from storage.engine.errors import DiskFull
from storage.inbox import Arrival
from tests.kit.dispatching import START, TurnBench, commits, limit
from tests.kit.people import enrol


@pytest.fixture(params=["strangers", "people"])
async def bench(bench: TurnBench, request: pytest.FixtureRequest) -> TurnBench:
    """A bench to which strangers write, or people we know: theirs is kept as handled with its turn."""
    if request.param == "people":
        for address in ("a", "b"):
            await bench.database.run(
                lambda tx, address=address: enrol(tx, address, name=address, now=START)  # type: ignore[misc]
            )
    return bench


async def test_an_update_taken_in_is_kept_and_answered_in_one_commit(bench: TurnBench) -> None:
    await bench.quiet()
    rows = bench.rows(("a", "halo"))
    new: list[int] = []

    async def take_in() -> None:
        new.append(await bench.dispatcher.take_in("telegram", rows))

    assert await commits(bench.database, take_in()) == 1
    assert (new, bench.post.sent) == ([1], [("a", "halo")])
    await take_in()
    assert (new, bench.post.sent) == ([1, 0], [("a", "halo")])


async def test_what_a_batch_leaves_over_is_taken_by_the_loop(bench: TurnBench) -> None:
    await bench.quiet()
    await bench.dispatcher.take_in(
        "telegram", bench.rows(("a", "1"), ("a", "2"), ("a", "raise"), ("b", "file"))
    )
    await bench.quiet()
    assert [text for text in bench.desk.order_of_turns if text != "file"] == ["1", "2"]
    assert ("b", "file bukti.pdf") in bench.post.sent
    assert await bench.states() == [("handled", 0), ("handled", 0), ("waiting", 1), ("handled", 0)]


async def test_a_runaway_turn_does_not_cost_the_updates_it_came_with(bench: TurnBench) -> None:
    await bench.starts()
    assert await bench.dispatcher.take_in("telegram", bench.rows(("a", "runaway write"), ("b", "halo"))) == 2
    await bench.quiet()
    assert await bench.states() == [("waiting", 1), ("handled", 0)]
    assert bench.post.sent == [("b", "halo")]


async def test_a_full_disk_acknowledges_no_update(bench: TurnBench) -> None:
    await limit(bench.database, extra=0)
    rows = [Arrival(str(n), "a", json.dumps({"from": "a", "text": "x" * 9_999})) for n in range(9)]
    with pytest.raises(DiskFull):
        await bench.dispatcher.take_in("telegram", rows)
    assert await bench.states() == []


async def test_a_turn_that_fails_is_tried_again_and_given_up(bench: TurnBench) -> None:
    await bench.quiet()
    await bench.dispatcher.take_in("telegram", bench.rows(("a", "raise")))
    assert await bench.states() == [("waiting", 1)]
    for wait in (1, 2, 4, 8):
        await bench.later(wait)
    assert await bench.states() == [("given_up", 5)]
    assert bench.post.sent == [("a", "sorry"), ("desk", "look at this")]


async def test_what_comes_behind_one_that_waits_waits_with_it(bench: TurnBench) -> None:
    await bench.quiet()
    await bench.dispatcher.take_in("telegram", bench.rows(("a", "raise")))
    await bench.dispatcher.take_in("telegram", bench.rows(("a", "halo"), ("b", "halo")))
    assert await bench.states() == [("waiting", 1), ("waiting", 0), ("handled", 0)]
    del bench.desk.orders["raise"]
    await bench.later(1)
    assert bench.desk.order_of_turns == ["halo", "raise", "halo"]


async def test_what_cannot_be_read_is_passed_by(bench: TurnBench) -> None:
    await bench.quiet()
    await bench.dispatcher.take_in("telegram", [Arrival("x", "a", '{"from": "a"}')])
    await bench.dispatcher.take_in("telegram", bench.rows(("a", "halo")))
    assert await bench.states() == [("unreadable", 0), ("handled", 0)]


async def test_a_slow_turn_leaves_the_others_to_the_next_round(bench: TurnBench) -> None:
    bench.desk.orders["slow"] = lambda tx: sleep(2 * ROUND_SECONDS)
    await bench.dispatcher.take_in("telegram", bench.rows(("a", "slow"), ("b", "halo")))
    assert await bench.states() == [("handled", 0), ("waiting", 0)]
    await bench.quiet()
    assert bench.post.sent == [("a", "slow"), ("b", "halo")]


async def test_what_somebody_sends_too_fast_is_answered_later(bench: TurnBench) -> None:
    hasty = TurnBench(bench.database, person_rate=2)
    for text in ("1", "2"):
        await hasty.dispatcher.take_in("telegram", hasty.rows(("a", text)))
    assert await hasty.states() == [("handled", 0), ("waiting", 0)]
    await hasty.later(600)
    assert hasty.desk.order_of_turns == ["1", "2"]
    await hasty.stops()


async def test_an_update_of_an_unknown_channel_waits_for_it(bench: TurnBench) -> None:
    await bench.database.run(lambda tx: enrol(tx, "a", name="a", channel="telegraph", now=START))
    await bench.dispatcher.take_in("telegraph", bench.rows(("a", "halo")))
    await bench.dispatcher.take_in("telegram", bench.rows(("b", "halo")))
    assert await bench.states() == [("waiting", 0), ("handled", 0)]


@pytest.mark.parametrize("bench", ["people"], indirect=True)
async def test_what_somebody_writes_as_their_number_changes_goes_over_to_the_new_one(
    bench: TurnBench,
) -> None:
    """Else it would lie under a name that is nobody's any more, and no erasing would find it."""
    update = {"from": "new", "text": "halo", "before": ["a"]}
    await bench.dispatcher.take_in("telegram", [Arrival("1", "a", json.dumps(update))])
    rows = await bench.database.read(lambda tx: tx.execute("SELECT address, state FROM inbox").fetchall())
    assert rows == [("new", "handled")]


@pytest.mark.parametrize("bench", ["people"], indirect=True)
async def test_of_people_nothing_is_written_of_waiting(bench: TurnBench) -> None:
    new, rows = await bench.database.run(
        lambda tx: turns_at_once.insert(
            tx,
            "telegram",
            arrivals=bench.rows(("a", "1"), ("c", "stranger"), ("b", "2"), ("b", "3")),
            now=START,
            limit=9,
        )
    )
    assert (new, [row.id for row in rows]) == (4, [1])
    assert await bench.states() == [("handled", 0), ("waiting", 0), ("waiting", 0), ("waiting", 0)]
