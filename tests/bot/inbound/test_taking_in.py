"""Updates that are kept and answered in one commit, before they are acknowledged."""

from __future__ import annotations

import json

import pytest

from storage.engine.errors import DiskFull
from storage.inbox import Arrival
from tests.kit.dispatching import Place, commits, limit


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
