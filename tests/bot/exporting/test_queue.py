"""Exports that are made aside: they survive a crash, say when they cannot be made, and go after a day."""

from __future__ import annotations

import asyncio
import hashlib
import stat
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.exporting.queue import BrokeOff, Show
from bot.exporting.result_message import result
from bot.parts import APART
from handlers.export.export import SENDABLE_BYTES
from handlers.words import load_words
from storage import exports, unlinking
from storage.engine.transaction import Transaction
from storage.exports import Job
from tests.kit.clock_and_codes import MORNING
from tests.kit.handed_in import handed_in
from tests.kit.in_process import IN_PROCESS
from tests.kit.patience import PATIENCE
from tests.kit.people import ORANG, SARI
from tests.kit.telegram_process import start_bot
from tests.kit.warm_process import Process
from tests.kit.world import TOKEN, Person, World, world_in


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A world where an innovation was handed in, and exports are made by processes."""
    async with world_in(tmp_path / "data", helpers=APART) as opened:
        await opened.write(
            lambda tx: handed_in(tx, "SIPANDU", now=MORNING, folder=opened.folder / "evidence")
        )
        yield opened


async def settled(world: World) -> None:
    """Wait until nothing is being made."""
    assert world.app is not None
    await world.app.idle()


def bot_of(world: World) -> Process:
    """The bot of this world as a process of its own, to be killed."""
    return start_bot(world.folder, token=TOKEN, api=world.url)


async def asks_for(world: World, kind: str) -> Person:
    """Let the desk ask for an export of the year by its button, without waiting for it."""
    sari = world.person(SARI)
    await sari.says("/ekspor")
    menu = next(message for message in reversed(sari.heard) if message.keyboard)
    world.emulator.taps(SARI, menu.message_id, f"x:m:{kind}:2026")
    return sari


async def begun(world: World) -> None:
    """Wait until an export is being made."""
    async with asyncio.timeout(PATIENCE):
        while not world.rows("SELECT 1 FROM exports WHERE state = 'running'"):
            await asyncio.sleep(0.05)


@pytest.mark.serial
async def test_a_bot_that_is_killed_meanwhile_makes_it_anew_and_sends_it_once(world: World) -> None:
    sari = world.person(SARI)
    await sari.says("/ekspor")
    await world.stop()
    killed = bot_of(world)
    try:
        menu = next(message for message in reversed(sari.heard) if message.keyboard)
        world.emulator.taps(SARI, menu.message_id, "x:m:workbook:2026")
        await begun(world)
    finally:
        killed.kill()
        killed.wait()
    await world.start()
    await settled(world)
    assert world.rows("SELECT state FROM exports") == [("done",)]
    assert "1 dari 1 inovasi" in sari.last.text
    assert sum("Siap: buku kerja" in message.text for message in sari.heard) == 1


async def test_stopping_in_order_is_no_try(tmp_path: Path) -> None:
    """As a desk that is restarted while a long export is made: its last try must not be lost by that."""
    begun, worlds = asyncio.Event(), list[World]()

    async def make(task: Mapping[str, Any], show: Show) -> Mapping[str, Any]:
        if not begun.is_set():
            await worlds[0].write(lambda tx: tx.execute("UPDATE exports SET attempts = ?", (exports.TRIES,)))
            begun.set()
            await asyncio.Event().wait()
        return await IN_PROCESS.export(task, show)

    async with world_in(tmp_path / "data", helpers=replace(IN_PROCESS, export=make)) as world:
        worlds.append(world)
        sari = await asks_for(world, "csv")
        async with asyncio.timeout(PATIENCE):
            await begun.wait()
        await world.stop()
        assert world.rows("SELECT state, attempts FROM exports") == [("waiting", exports.TRIES - 1)]
        await world.start()
        await settled(world)
        assert world.rows("SELECT state, attempts FROM exports") == [("done", exports.TRIES)]
        assert sari.last.file is not None


@pytest.mark.sqlite
async def test_a_stop_is_not_held_up_by_a_database_that_takes_nothing(tmp_path: Path) -> None:
    begun, worlds = asyncio.Event(), list[World]()

    async def make(task: Mapping[str, Any], show: Show) -> Mapping[str, Any]:
        await worlds[0].write(lambda tx: tx.execute(REFUSING))
        begun.set()
        await asyncio.Event().wait()
        raise BrokeOff("never")

    async with world_in(tmp_path / "data", helpers=replace(IN_PROCESS, export=make)) as world:
        worlds.append(world)
        await asks_for(world, "csv")
        async with asyncio.timeout(PATIENCE):
            await begun.wait()
            await world.stop()
        assert world.rows("SELECT state, attempts FROM exports") == [("running", 1)]


async def tidied(folder: Path, *, left: list[str]) -> None:
    """Wait until the bot has cleared up, beside everything else; fails when it leaves anything else."""
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            while lying(folder) != sorted(left):
                await asyncio.sleep(0.05)
    assert lying(folder) == sorted(left)


def lying(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


async def test_one_that_cannot_be_made_is_tried_three_times_and_told(world: World) -> None:
    await world.person(SARI).says("/ekspor")
    await world.write(lambda tx: tx.execute(
        "INSERT INTO exports (contact_id, channel, address, language, kind, args, attempts, created_at) "
        "VALUES (5, 'telegram', ?, 'id', 'csv', '{}', 1, '2026-03-02T01:00:00.000000Z')",
        (str(SARI),)))  # fmt: skip
    await settled(world)
    assert world.rows("SELECT state, attempts FROM exports") == [("failed", 3)]
    assert "belum dapat disiapkan" in world.person(SARI).last.text
    await world.person(SARI).taps("Ekspor lagi")
    await world.person(SARI).taps("Tabel CSV")
    assert world.rows("SELECT state FROM exports ORDER BY id") == [("failed",), ("done",)]


@pytest.mark.parametrize(
    ("kind", "args", "state"),
    [
        ("csv", "not json", "waiting"),
        ("csv", "[2026]", "waiting"),
        ("unknown", "{}", "waiting"),
        ("workbook", '{"year": 2026}', "running"),  # it was interrupted three times: by a kill each
    ],
)
async def test_one_that_cannot_be_read_or_always_dies_stops_no_other(
    tmp_path: Path, kind: str, args: str, state: str
) -> None:
    async with world_in(tmp_path / "data", helpers=IN_PROCESS) as world:
        sari = world.person(SARI)
        await sari.says("/ekspor")
        await world.stop()
        await world.write(lambda tx: tx.execute(
            "INSERT INTO exports (contact_id, channel, address, language, kind, args, state, attempts, "
            "created_at) VALUES (5, 'telegram', ?, 'id', ?, ?, ?, ?, '2026-03-02T01:00:00.000000Z')",
            (str(SARI), kind, args, state, exports.TRIES if state == "running" else 0)))  # fmt: skip
        await world.start()
        await settled(world)
        assert world.rows("SELECT state, attempts FROM exports") == [("failed", exports.TRIES)]
        assert sum("belum dapat disiapkan" in message.text for message in sari.heard) == 1
        await sari.taps("Ekspor lagi")
        await sari.taps("Tabel CSV")
        assert world.rows("SELECT state FROM exports ORDER BY id") == [("failed",), ("done",)]


async def test_one_whose_file_is_lost_is_made_anew(tmp_path: Path) -> None:
    made: list[Path] = []

    async def make(task: Mapping[str, Any], show: Show) -> Mapping[str, Any]:
        counts = await IN_PROCESS.export(task, show)
        made.append(Path(task["out"]))
        if len(made) == 1:
            made[0].unlink()  # as a disk that is away
        return counts

    async with world_in(tmp_path / "data", helpers=replace(IN_PROCESS, export=make)) as world:
        await world.person(SARI).says("/ekspor")
        await world.person(SARI).taps("Tabel CSV")
        assert world.rows("SELECT state, attempts FROM exports") == [("done", 2)]
        assert world.person(SARI).last.file is not None


@pytest.mark.parametrize("tries", [1, exports.TRIES])
async def test_one_that_nobody_wants_any_more_is_not_made_again(tmp_path: Path, tries: int) -> None:
    """As somebody has themselves erased while it is made, and it breaks off."""
    worlds, tasks = list[World](), list[Mapping[str, Any]]()

    def leave(tx: Transaction) -> None:
        tx.execute("UPDATE exports SET attempts = ?", (tries,))
        ((person,),) = tx.execute("SELECT contact_id FROM exports")
        exports.give_up(tx, person, now=MORNING)

    async def make(task: Mapping[str, Any], show: Show) -> Mapping[str, Any]:
        tasks.append(task)
        if len(tasks) == 1:
            await worlds[0].write(leave)
        raise BrokeOff("killed")

    async with world_in(tmp_path / "data", helpers=replace(IN_PROCESS, export=make)) as world:
        worlds.append(world)
        await world.person(SARI).says("/ekspor")
        await world.person(SARI).taps("Tabel CSV")
        assert (world.rows("SELECT state FROM exports"), len(tasks)) == ([("expired",)], 1)
        assert world.rows("SELECT 1 FROM outbox WHERE dedupe_key LIKE 'export:%'") == []


async def test_one_goes_to_the_address_that_is_left_when_the_other_is_let_go_meanwhile(
    tmp_path: Path,
) -> None:
    worlds = list[World]()

    def let_go(tx: Transaction) -> None:
        ((person,),) = tx.execute("SELECT contact_id FROM exports")
        linked = "INSERT INTO addresses (channel, address, contact_id) VALUES ('telegram', ?, ?)"
        tx.execute(linked, (str(ORANG), person))
        assert unlinking.unlink(tx, person, channel="telegram", address=str(SARI), now=MORNING)

    async def make(task: Mapping[str, Any], show: Show) -> Mapping[str, Any]:
        await worlds[0].write(let_go)
        return await IN_PROCESS.export(task, show)

    async with world_in(tmp_path / "data", helpers=replace(IN_PROCESS, export=make)) as world:
        worlds.append(world)
        await world.person(SARI).says("/ekspor")
        await world.person(SARI).taps("Tabel CSV")
        await settled(world)
        queued = world.rows("SELECT DISTINCT address FROM outbox WHERE dedupe_key LIKE 'export:%'")
        assert queued == [(str(ORANG),)]
        assert not any(message.file for message in world.person(SARI).heard)


REFUSING = """
CREATE TRIGGER refusing BEFORE UPDATE ON exports WHEN old.state = 'running'
BEGIN SELECT raise(ABORT, 'no room'); END
"""


@pytest.mark.sqlite
async def test_one_that_cannot_be_noted_is_made_again_once_it_can(tmp_path: Path) -> None:
    refused, worlds = asyncio.Event(), list[World]()

    async def make(task: Mapping[str, Any], show: Show) -> Mapping[str, Any]:
        if not refused.is_set():
            refused.set()
            await worlds[0].write(lambda tx: tx.execute(REFUSING))
        return await IN_PROCESS.export(task, show)

    async with world_in(tmp_path / "data", helpers=replace(IN_PROCESS, export=make)) as world:
        worlds.append(world)
        sari = world.person(SARI)
        await sari.says("/ekspor")
        assert world.app is not None
        menu = next(message for message in reversed(sari.heard) if message.keyboard)
        world.emulator.taps(SARI, menu.message_id, "x:m:csv:2026")
        async with asyncio.timeout(PATIENCE):
            while not world.app.meters.events["error", "exports_paused"]:
                await asyncio.sleep(0.01)
        await world.write(lambda tx: tx.execute("DROP TRIGGER refusing"))
        await settled(world)
        assert world.rows("SELECT state FROM exports") == [("done",)]
        assert sari.last.file is not None


async def test_a_file_is_for_our_eyes_alone_and_goes_after_a_day(world: World) -> None:
    folder = world.folder / "exports"
    await world.person(SARI).says("/ekspor")
    await world.person(SARI).taps("Buku kerja")
    (made,) = folder.iterdir()
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert hashlib.sha256(made.read_bytes()).hexdigest() == made.stem
    (folder / "stranger.zip").write_bytes(b"no export names it")
    (world.folder / "making").mkdir(exist_ok=True)
    (world.folder / "making" / "1-1.xlsx.part").write_bytes(b"left by a crash")
    world.clock.passes(hours=23)
    await world.write(lambda tx: exports.sweep(tx, now=world.clock()))
    await world.restart()
    await tidied(folder, left=[made.name, "stranger.zip"])
    await tidied(world.folder / "making", left=[])
    world.clock.passes(hours=2)
    await world.write(lambda tx: exports.sweep(tx, now=world.clock()))
    await world.restart()
    await tidied(folder, left=["stranger.zip"])
    assert world.rows("SELECT state, path FROM exports") == [("expired", None)]


def test_what_is_too_big_to_send_says_where_it_can_be_had() -> None:
    say = load_words().in_("id")
    job = Job(1, 5, "telegram", "1005", "id", "evidence", {"year": 2026}, "9", 1)
    done = {"offices": (0, 0), "innovations": (28, 28), "files": (300, 301)}
    (told,) = result(say, job, done=done, size=SENDABLE_BYTES + 1)
    assert told.attachment is None
    assert told.edit == "9"
    assert "desk-inovasi export evidence" in told.text
    assert "28 dari 28 inovasi; 300 dari 301 berkas bukti" in told.text
    assert "belum lengkap" in told.text
    _, sent = result(say, job, done=done, size=SENDABLE_BYTES)
    assert sent.attachment is not None
    assert sent.attachment.args == {"id": 1}
