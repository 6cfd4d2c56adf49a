"""The composition root: what it refuses, and that it starts, serves and stops in order."""

from __future__ import annotations

import asyncio
import fcntl
import json
import shutil
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from bot.app import PartEnded
from bot.config import Settings
from bot.health_answer import health
from bot.listening import PortTaken, bind
from bot.ownership import OwnedElsewhere
from bot.running import running
from bot.startup import StartRefused
from bot.store.evidence import EvidenceUnknown
from domain.message import StoredFile
from domain.rules.indicators import load_indicators
from domain.rules.load import load_rules
from storage import files, rules_in_use
from storage.engine.database import Database, DatabaseGone, DatabaseRefused
from tests.kit.databases import url_at, writing
from tests.kit.patience import PATIENCE
from tests.kit.people import RINA, SARI
from tests.kit.ports import free_port
from tests.kit.world import World


def elsewhere(world: World, folder: Path, **more: object) -> Settings:
    """The settings of another desk: a folder and a database of its own."""
    places = {"data_dir": folder, "database_url": url_at(folder / "desk.db")}
    return world.settings.model_copy(update=places | more)


async def test_a_second_process_with_the_same_folder_is_refused(world: World) -> None:
    with pytest.raises(OwnedElsewhere, match="another desk-inovasi is running"):
        async with running(world.settings):
            pass


async def test_a_folder_that_is_free_a_moment_later_is_waited_for(tmp_path: Path, world: World) -> None:
    """As after a kill in the middle of starting a child, which holds the lock until it runs its own
    program.
    """
    settings = elsewhere(world, tmp_path / "held")
    settings.data_dir.mkdir()
    async with AsyncExitStack() as stack:
        with (settings.data_dir / "desk.lock").open("w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            starting = asyncio.create_task(stack.enter_async_context(running(settings)))
            await asyncio.sleep(0)  # it has looked once
            assert not starting.done()
        assert (await starting).database is not None


async def test_after_a_stop_the_folder_is_free_again(world: World) -> None:
    await world.stop()
    async with running(world.settings) as app:
        assert app.database is not None


async def test_a_new_database_begins_with_the_offices_and_without_a_period(
    tmp_path: Path, world: World
) -> None:
    settings = elsewhere(world, tmp_path / "new")
    async with running(settings) as app:
        counts = await app.database.read(
            lambda tx: tx.execute(
                "SELECT (SELECT count(*) FROM offices), (SELECT count(*) FROM periods)"
            ).fetchone()
        )
    assert counts == (47, 0)
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700


async def test_a_refused_token_ends_the_start(tmp_path: Path, world: World) -> None:
    wrong = SecretStr("99:wrong-token")
    settings = elsewhere(world, tmp_path / "other", telegram_token=wrong)
    with pytest.raises(StartRefused, match="refuses DESK_TELEGRAM_TOKEN"):
        async with running(settings):
            pass


async def test_no_channel_is_refused(tmp_path: Path, world: World) -> None:
    settings = elsewhere(world, tmp_path / "other", telegram_token=None)
    with pytest.raises(StartRefused, match="DESK_TELEGRAM_TOKEN"):
        async with running(settings):
            pass


async def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path, world: World) -> None:
    (tmp_path / "file").write_text("")
    settings = world.settings.model_copy(update={"data_dir": tmp_path / "file" / "data"})
    with pytest.raises(OwnedElsewhere, match="cannot be written to"):
        async with running(settings):
            pass


async def test_a_database_newer_than_the_program_is_refused(world: World) -> None:
    await world.write(lambda tx: tx.execute("INSERT INTO schema_migrations VALUES (9999, 'later', 'x')"))
    await world.stop()
    with pytest.raises(DatabaseRefused, match="newer"):
        async with running(world.settings):
            pass


async def test_a_taken_port_is_refused(tmp_path: Path, world: World) -> None:
    with bind("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        settings = elsewhere(world, tmp_path / "other", web_port=port)
        with pytest.raises(PortTaken, match=str(port)):
            async with running(settings):
                pass


async def test_a_platform_that_is_away_at_the_start_is_waited_for(tmp_path: Path, world: World) -> None:
    world.emulator.faults.add("getMe", drop="before")
    world.emulator.faults.add("getMe", status=502)
    async with asyncio.timeout(PATIENCE):
        async with running(elsewhere(world, tmp_path / "other")) as app:
            assert "telegram" in app.pollers


async def test_health_is_served_while_the_bot_polls(tmp_path: Path, world: World) -> None:
    port = free_port()
    settings = elsewhere(world, tmp_path / "other", web_port=port)
    async with running(settings), httpx.AsyncClient(timeout=PATIENCE) as client:
        answer = await client.get(f"http://127.0.0.1:{port}/health")
    assert answer.status_code == 200
    assert answer.json()["ok"]


async def test_a_webhook_is_set_with_its_secret_and_its_updates_are_answered(world: World) -> None:
    await world.stop()
    port = free_port()
    url = f"http://127.0.0.1:{port}/telegram"
    settings = world.settings.model_copy(
        update={
            "web_port": port,
            "telegram_webhook_url": url,
            "telegram_webhook_secret": SecretStr("rahasia"),
        }
    )
    async with running(settings, clock=world.clock) as app:
        assert not app.pollers
        assert (world.emulator.updates.webhook, world.emulator.updates.secret) == (url, "rahasia")
        await world.emulator.confirmed(world.emulator.says(RINA, "/bantuan"))
        await app.idle()
        assert len(world.person(RINA).heard) == 1
    await world.emulator.updates.close()
    await world.start()  # and back to polling
    await world.person(RINA).says("/bantuan")
    assert world.emulator.updates.webhook == ""
    assert len(world.person(RINA).heard) == 2


async def test_the_menu_of_strangers_is_shown_in_both_languages(world: World) -> None:
    async with asyncio.timeout(PATIENCE):
        while len(calls := [call for call in world.emulator.journal if call.method == "setMyCommands"]) < 2:
            await asyncio.sleep(0.01)
    assert {str(call.params.get("language_code", "")) for call in calls} == {"", "en"}


async def test_a_part_that_dies_ends_the_run_and_is_named(world: World) -> None:
    assert world.app is not None
    next(task for task in world.app.tasks if task.get_name() == "telegram sender").cancel()
    broken = asyncio.create_task(_breaks(), name="intake")
    world.app.tasks[:] = [broken]
    with pytest.raises(PartEnded, match=r"^the intake ended by itself \(KeyError in _breaks:\d+\)"):
        await world.app.ended()


async def _breaks() -> None:
    raise KeyError("what somebody wrote")


async def test_what_came_before_a_stop_is_answered_before_it(world: World) -> None:
    for _ in range(20):
        world.emulator.says(RINA, "/bantuan")
    update = world.emulator.says(RINA, "/bantuan")
    async with asyncio.timeout(PATIENCE):
        while not world.rows("SELECT 1 FROM inbox WHERE external_id = ?", str(update)):
            await asyncio.sleep(0)
    await world.stop()
    assert world.rows("SELECT DISTINCT state FROM inbox") == [("handled",)]
    leased = world.rows("SELECT count(*) FROM outbox WHERE state = 'leased'")
    assert leased == [(0,)]
    await world.start()
    await world.quiet(update)
    assert len(world.person(RINA).heard) == 21


@pytest.mark.sqlite
@pytest.mark.parametrize("deed", ["deleted", "exchanged", "an older copy written over it"])
async def test_a_database_that_is_not_ours_any_more_stops_the_bot_and_nothing_is_acknowledged(
    world: World, tmp_path: Path, deed: str
) -> None:
    path, copy = world.settings.database_path, tmp_path / "copy.db"
    await world.stop()
    shutil.copyfile(path, copy)
    await world.start()
    rina = world.person(RINA)
    await rina.says("/bantuan")
    answered = len(rina.heard)
    if deed == "deleted":
        path.unlink()
    elif deed == "exchanged":
        shutil.copyfile(copy, path.with_name("new")).replace(path)
    else:
        shutil.copyfile(copy, path)
    world.emulator.says(RINA, "/tugas")
    assert world.app is not None
    with pytest.raises(DatabaseGone, match="deleted, exchanged or written over"):
        async with asyncio.timeout(PATIENCE):
            await world.app.ended()
    assert not (await health(world.app))["ok"]
    assert len(rina.heard) == answered
    assert world.emulator.updates.pending
    await world.stop()
    if deed != "deleted":  # what was put there is as it was put, and opens
        assert path.read_bytes() == copy.read_bytes()
        await world.start()
        assert world.rows("PRAGMA integrity_check") == [("ok",)]


@pytest.mark.sqlite
async def test_a_start_beside_evidence_without_its_database_is_refused(world: World) -> None:
    await world.stop()
    kept = world.settings.data_dir / "evidence" / "ab" / "abc"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"a letter")
    world.settings.database_path.unlink()
    with pytest.raises(EvidenceUnknown, match="files set-aside"):
        async with running(world.settings):
            pass
    assert not world.settings.database_path.exists()
    assert kept.read_bytes() == b"a letter"


async def settled(world: World) -> None:
    assert world.app is not None
    await world.app.idle()


async def test_the_desk_hears_once_of_files_no_record_names(world: World) -> None:
    sari = world.person(SARI)
    await sari.says("/bantuan")
    await world.write(
        lambda tx: files.insert(tx, StoredFile("0" * 64, "pdf", "x", 1), path="zz/z", now=world.clock())
    )
    await world.stop()
    stray = world.settings.data_dir / "evidence" / "ab" / "abc"
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"a letter")
    await world.start()
    await settled(world)
    assert "1 berkas yang tidak tercatat" in sari.last.text
    heard = len(sari.heard)
    await world.restart()
    await settled(world)
    assert len(sari.heard) == heard
    (aside,) = (path for path in (world.settings.data_dir / "unknown").rglob("*") if path.is_file())
    assert aside.read_bytes() == b"a letter"


async def test_a_start_with_changed_rules_of_a_year_in_use_is_refused_until_they_are_taken(
    world: World,
) -> None:
    rina = world.person(RINA)
    await rina.says("/ajukan")
    await rina.says("SIPANDU")
    await world.stop()
    with writing(world.settings.data_dir / "desk.db") as tx:
        (content,) = tx.execute("SELECT content FROM rules_in_use WHERE rule_year = 2026").fetchone()
        then = {**json.loads(content), "indicator 17 weight": 99}
        tx.execute("UPDATE rules_in_use SET content = ? WHERE rule_year = 2026", (json.dumps(then),))
    away = world.settings.model_copy(update={"telegram_api_url": "http://127.0.0.1:9"})
    with pytest.raises(StartRefused, match=r"indicator 17 weight: 99 -> \d.*rules take 2026 --reason"):
        async with asyncio.timeout(PATIENCE), running(away):  # it waits for no platform before
            pass
    database = await Database.open(world.settings.database)
    rules = {2026: (load_rules()[2026], load_indicators()[2026])}
    await database.run(
        lambda tx: rules_in_use.take(tx, 2026, rules=rules, reason="Surat BSKDN", now=world.clock())
    )
    await database.close()
    await world.start()
    await rina.says("penerapan")
    rina.sees("Siapa yang memulai")
