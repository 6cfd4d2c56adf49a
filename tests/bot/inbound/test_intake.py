"""The intake: nothing is confirmed before it is kept."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.channels import ChannelDown, Contested, NotSent, SendError
from bot.channels.contract import Polled
from bot.channels.telegram.arrivals import arrival, polled
from bot.channels.unreadable import unreadable
from bot.inbound.intake import Poller
from bot.waits import Waits
from storage import inbox
from storage.engine.database import Database
from storage.engine.errors import DiskFull
from storage.inbox import Arrival
from tests.kit.clock_and_codes import MORNING
from tests.kit.courier import CourierChannel
from tests.kit.patience import PATIENCE

Answer = list[Any] | Exception


class Platform(CourierChannel):
    """Answers polls from a list, then waits for ever; notes what each poll confirmed."""

    name = "telegram"

    def __init__(self, *answers: Answer) -> None:
        super().__init__()
        self.answers, self.offsets, self.webhooks_deleted = list(answers), list[int | None](), 0
        self.waits = asyncio.Event()

    async def subscribe(self) -> None:
        self.webhooks_deleted += 1

    async def poll(self, after: str | None) -> Polled:
        self.offsets.append(None if after is None else int(after) + 1)
        if not self.answers:
            self.waits.set()
            await asyncio.Event().wait()
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return polled(answer)


class Notes:
    """A log that keeps its events."""

    def __init__(self) -> None:
        self.events: list[tuple[str, dict[str, Any]]] = []

    def __getattr__(self, level: str) -> Callable[..., None]:
        return lambda event, **pairs: self.events.append((event, pairs))

    @property
    def names(self) -> list[str]:
        return [event for event, _ in self.events]


def says(update_id: int, text: str = "halo") -> dict[str, Any]:
    return {"update_id": update_id, "message": {"chat": {"id": 1001, "type": "private"}, "text": text}}


def keeper(database: Database) -> Callable[[str, Sequence[Arrival]], Any]:
    async def keep(channel: str, arrivals: Sequence[Arrival]) -> int:
        return await database.run(lambda tx: inbox.insert(tx, channel, arrivals=arrivals, now=MORNING))

    return keep


async def kept(database: Database) -> list[tuple[str, str]]:
    return await database.read(
        lambda tx: tx.execute("SELECT external_id, state FROM inbox ORDER BY id").fetchall()
    )


@asynccontextmanager
async def polling(
    database: Database, platform: Platform, log: Notes, keep: Any = None, first_wait: float = 0.0
) -> AsyncIterator[Poller]:
    poller = Poller(
        database, platform, take_in=keep or keeper(database), log=log, waits=Waits(first=first_wait)
    )
    task = asyncio.create_task(poller.run())
    async with asyncio.timeout(PATIENCE):
        yield poller
        await poller.stop(task)
    assert task.cancelled() or task.exception() is None


async def test_a_poll_confirms_only_what_is_kept(database: Database) -> None:
    platform = Platform([says(7), says(8)], [says(9)])
    async with polling(database, platform, Notes()):
        await platform.waits.wait()
    assert platform.offsets == [None, 9, 10]
    assert await kept(database) == [("7", "waiting"), ("8", "waiting"), ("9", "waiting")]


async def test_after_a_restart_the_poll_goes_on_behind_the_last_kept(database: Database) -> None:
    for platform, expected in ((Platform([says(41)]), [None, 42]), (Platform(), [42])):
        async with polling(database, platform, Notes()):
            await platform.waits.wait()
        assert platform.offsets == expected


async def test_an_update_that_comes_again_is_one_row(database: Database) -> None:
    platform = Platform([says(7), says(7)], [says(7), says(8)])
    async with polling(database, platform, Notes()):
        await platform.waits.wait()
    assert [external_id for external_id, _ in await kept(database)] == ["7", "8"]


async def test_a_full_disk_confirms_nothing_and_the_update_is_kept_when_there_is_room(
    database: Database,
) -> None:
    full, keep = DiskFull("database or disk is full"), keeper(database)
    room = [full] * 3

    async def full_at_first(channel: str, arrivals: Sequence[Arrival]) -> int:
        if room:
            raise room.pop()
        return int(await keep(channel, arrivals))

    platform, log = Platform(*[[says(7)]] * 4), Notes()
    async with polling(database, platform, log, full_at_first):
        await platform.waits.wait()
    assert platform.offsets == [None, None, None, None, 8]
    assert log.names == ["disk_full"] * 3
    assert await kept(database) == [("7", "waiting")]


async def test_what_is_no_update_is_kept_and_noted_and_stops_nobody(database: Database) -> None:
    rubbish: list[Any] = [None, 17, "x", [], {}, {"update_id": "7"}, {"message": {}}]
    platform = Platform([*rubbish, says(7)], [{"update_id": 8, "message": {"chat": "\ud800"}}])
    async with polling(database, platform, Notes()):
        await platform.waits.wait()
    assert platform.offsets == [None, 8, 9]
    states = [state for _, state in await kept(database)]
    assert states == ["unreadable"] * len(rubbish) + ["waiting", "waiting"]


async def test_a_batch_that_cannot_be_confirmed_does_not_turn_the_poll_into_a_hot_loop(
    database: Database,
) -> None:
    platform = Platform(*[[{}]] * 50)
    async with polling(database, platform, Notes(), first_wait=3600.0):
        while not await kept(database):
            await asyncio.sleep(0)
        for _ in range(20):
            await kept(database)  # time in which a loop would poll again
    assert platform.offsets == [None]


@pytest.mark.parametrize(
    ("error", "event", "looks_for_a_webhook"),
    [
        (NotSent("ClientConnectorError"), "poll_failed", 1),
        (Contested("Conflict: can't use getUpdates while webhook is active"), "poll_conflict", 2),
        (Contested("Conflict: terminated by other getUpdates request"), "poll_conflict", 2),
        (ChannelDown("the token is refused"), "poll_failed", 1),
    ],
)
async def test_a_poll_that_fails_is_told_and_tried_again(
    database: Database, error: SendError, event: str, looks_for_a_webhook: int
) -> None:
    platform, log = Platform([says(7)], error, error, [says(8)]), Notes()
    async with polling(database, platform, log):
        await platform.waits.wait()
    assert platform.offsets == [None, 8, 8, 8, 9]
    assert log.names == [event, event]
    assert log.events[0][1]["told"] == str(error)
    assert platform.webhooks_deleted == 1 + 2 * (looks_for_a_webhook - 1)


async def test_a_stop_lets_what_came_be_kept(database: Database) -> None:
    begun, go_on, keep = asyncio.Event(), asyncio.Event(), keeper(database)

    async def slow(channel: str, arrivals: Sequence[Arrival]) -> int:
        begun.set()
        await go_on.wait()
        return int(await keep(channel, arrivals))

    channel = Platform([says(7)])
    poller = Poller(database, channel, take_in=slow, log=Notes())
    task = asyncio.create_task(poller.run())
    await begun.wait()
    stopping = asyncio.create_task(poller.stop(task))
    await asyncio.sleep(0)
    go_on.set()
    async with asyncio.timeout(PATIENCE):
        await stopping
    assert await kept(database) == [("7", "waiting")]
    assert channel.offsets == [None]


@pytest.mark.parametrize(
    ("update", "address"),
    [
        ({"message": {"chat": {"id": 5, "type": "private"}, "from": {"id": 5}}}, "5"),
        ({"edited_message": {"chat": {"id": 5}}}, "5"),
        ({"callback_query": {"id": "1", "from": {"id": 6}, "message": {"chat": {"id": -9}}}}, "6"),
        ({"my_chat_member": {"chat": {"id": 7}, "from": {"id": 7}}}, "7"),
        ({"message": {"chat": {"id": -100, "type": "group"}, "from": {"id": 8}}}, "-100"),
        ({"inline_query": {"from": {"id": 9}}}, "9"),
        ({"poll": {"id": "x"}}, ""),
        ({"message": None}, ""),
        ({"message": {"chat": {"id": "x"}}}, ""),
    ],
)
def test_who_wrote_is_found_cheaply(update: dict[str, Any], address: str) -> None:
    row = arrival({"update_id": 3, **update})
    assert (row.external_id, row.address, row.unreadable) == ("3", address, "")
    assert json.loads(row.raw) == {"update_id": 3, **update}


def test_the_same_rubbish_twice_is_the_same_row() -> None:
    first, again, other = (unreadable(text, why="?").external_id for text in ("{]", "{]", "{["))
    assert first == again != other
    assert unreadable("\ud800", why="?").external_id.startswith("#")
