"""Pushed updates share commits; nobody's costs another's, and nothing is told kept that is not."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from bot.inbound.gathering import AT_ONCE, Gathering
from storage.inbox import Arrival
from tests.kit.patience import PATIENCE


class Keeper:
    """Keeps in commits that last until they are let go."""

    def __init__(self) -> None:
        self.commits: list[list[str]] = []
        self.go_on = asyncio.Event()

    async def take_in(self, channel: str, arrivals: Sequence[Arrival]) -> int:
        await self.go_on.wait()
        ids = [row.external_id for row in arrivals]
        if "poison" in ids:
            raise OSError("not kept")
        self.commits.append(ids)
        return len(ids)


def row(name: str) -> Arrival:
    return Arrival(name, "1", "{}")


async def test_what_comes_while_a_commit_is_under_way_shares_the_next() -> None:
    keeper = Keeper()
    gathering = Gathering(keeper.take_in)
    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
        group.create_task(gathering.take_in("telegram", [row("1")]))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        for number in range(2, AT_ONCE + 3):
            group.create_task(gathering.take_in("telegram", [row(str(number))]))
        await asyncio.sleep(0)
        keeper.go_on.set()
    assert keeper.commits[0] == ["1"]
    assert [len(commit) for commit in keeper.commits] == [1, AT_ONCE, 1]
    assert [name for commit in keeper.commits for name in commit] == [str(n) for n in range(1, AT_ONCE + 3)]


async def test_one_that_cannot_be_kept_costs_nobody_else_theirs() -> None:
    keeper = Keeper()
    gathering = Gathering(keeper.take_in)
    keeper.go_on.set()
    async with asyncio.timeout(PATIENCE):
        told = await asyncio.gather(
            *(gathering.take_in("telegram", [row(name)]) for name in ("1", "poison", "2")),
            return_exceptions=True,
        )
    assert [type(one) for one in told] == [type(None), OSError, type(None)]
    assert sorted(name for commit in keeper.commits for name in commit) == ["1", "2"]


async def test_a_sender_that_is_gone_stops_nobody() -> None:
    keeper = Keeper()
    gathering = Gathering(keeper.take_in)
    gone = asyncio.create_task(gathering.take_in("telegram", [row("1")]))
    await asyncio.sleep(0)
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    keeper.go_on.set()
    async with asyncio.timeout(PATIENCE):
        await gathering.take_in("telegram", [row("2")])
    assert [name for commit in keeper.commits for name in commit] == ["1", "2"]


async def test_what_nobody_waits_for_comes_along_with_others() -> None:
    keeper = Keeper()
    keeper.go_on.set()
    gathering = Gathering(keeper.take_in)
    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
        group.create_task(gathering.take_in("whatsapp", [row("sent")], somebody_waits=False))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        group.create_task(gathering.take_in("whatsapp", [row("delivered")], somebody_waits=False))
        group.create_task(gathering.take_in("whatsapp", [row("asks")]))
    assert keeper.commits == [["sent", "delivered", "asks"]]


async def test_what_nobody_waits_for_is_kept_when_nothing_else_comes() -> None:
    keeper = Keeper()
    keeper.go_on.set()
    async with asyncio.timeout(PATIENCE):
        await Gathering(keeper.take_in).take_in("whatsapp", [row("read")], somebody_waits=False)
    assert keeper.commits == [["read"]]
