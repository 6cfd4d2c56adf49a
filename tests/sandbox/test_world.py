"""The real bot under the sandbox's clock: what is said when time is moved, and nothing lost by a kill."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.cli.sandbox_options import USUAL
from sandbox.clock import SETTLE
from sandbox.clock_stops import DEADLINE, MORNING
from sandbox.data_folder import list_notes
from sandbox.demo import people
from sandbox.fault_switches import OFFLINE, TOO_MANY, FaultSwitches
from sandbox.world import World
from storage import periods
from storage.engine.transaction import Transaction
from tests.kit.people import BUDI, TONO

pytestmark = pytest.mark.serial
ZONE = ZoneInfo("Asia/Jakarta")
ARRIVES_SECONDS = 150.0  # on a loaded machine
_COUNTS = (
    "SELECT (SELECT count(*) FROM answers), (SELECT count(*) FROM history), (SELECT count(*) FROM files)"
)
_UNSURE = "SELECT count(*) FROM outbox WHERE state IN ('unknown', 'failed')"
_PASSED = "SELECT count(DISTINCT office_id) FROM occurrences WHERE rule = 'lewat' AND state = 'told'"


def deadline(tx: Transaction) -> date:
    """The last day of the period."""
    period = periods.current(tx)
    assert period is not None
    return period.deadline


def said_to(world: World, person: int) -> list[tuple[datetime, str]]:
    """What the bot has said at a phone, with the time of its bubble."""
    return [
        (datetime.fromtimestamp(message.at, ZONE), message.html or message.text)
        for message in world.telegram.chat(person)
        if message.from_bot
    ]


async def faults_keep_and_lose_nothing(world: World) -> None:
    """What is refused or cannot be reached arrives once the fault is gone."""
    switches = FaultSwitches(world.telegram, world.whatsapp, world.lines)
    for name in (TOO_MANY, OFFLINE):
        await switches.switch(name, on=True)
        heard = len(said_to(world, BUDI))
        world.telegram.says(BUDI, "/bantuan")
        await world.bot.ask(SETTLE)
        assert len(said_to(world, BUDI)) == heard
        await switches.switch(name, on=False)
        async with asyncio.timeout(ARRIVES_SECONDS):
            while len(said_to(world, BUDI)) == heard:
                await asyncio.sleep(0.1)
    assert await world.look(lambda tx: tx.execute(_UNSURE).fetchone()[0]) == 0


async def test_reminders_come_when_the_clock_is_moved_and_a_kill_loses_nothing(tmp_path: Path) -> None:
    (tmp_path / ".making").mkdir()  # a start was killed while it filled the folder
    (tmp_path / ".making" / "desk.db").write_bytes(b"half of it")
    (tmp_path / "evidence" / "ab").mkdir(parents=True)
    (tmp_path / "evidence" / "ab" / "abc").write_bytes(b"a paper no row names")
    world = World(tmp_path, people(), scenario=USUAL)
    async with world.running():
        assert "another version" not in " ".join(list_notes(tmp_path))
        last_day = await world.look(deadline)
        morning = world.stops.target(MORNING, world.clock.now(), deadline=None)
        assert morning is not None
        await world.moves.go(morning)
        [(at, text)] = said_to(world, TONO)
        assert (at.date(), 8 <= at.hour <= 10) == (morning.date(), True)
        assert f"({(last_day - at.date()).days} hari lagi)" in text  # bubble and text agree
        await faults_keep_and_lose_nothing(world)
        before = await world.look(lambda tx: tx.execute(_COUNTS).fetchone())
        starts = world.bot.starts
        world.bot.kill()
        await world.moves.go(world.clock.now() + timedelta(days=7))  # waits for the next bot
        assert world.bot.starts == starts + 1
        assert await world.look(lambda tx: tx.execute(_COUNTS).fetchone()) == before
        assert {at.date() for at, _ in said_to(world, TONO)} == {morning.date(), last_day - timedelta(days=7)}
        end = world.stops.target(DEADLINE, world.clock.now(), deadline=last_day)
        assert end is not None
        await world.moves.go(end)
        await world.moves.go(world.stops.end_of_morning(world.clock.now()))
        assert await world.look(lambda tx: tx.execute(_PASSED).fetchone()) == (32,)
        assert "sudah lewat" in said_to(world, TONO)[-1][1]
