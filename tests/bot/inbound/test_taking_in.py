"""Updates that are kept and answered in one commit, before they are acknowledged."""

from __future__ import annotations

import json

import pytest

from storage.engine.errors import DiskFull
from storage.inbox import Arrival
from tests.kit.dispatching import TurnBench, commits, limit


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
