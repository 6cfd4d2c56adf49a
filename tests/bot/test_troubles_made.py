"""Each trouble made to happen: the desk hears of it once, `/health` and `/metrics` show it, it is withdrawn.

The seconds a trouble has to last are set back in the meters, all else is the real thing.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from time import monotonic
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import SecretStr

from bot.conditions import EVENT_SECONDS
from bot.health import STALLED_SECONDS
from bot.meters import CLOCK_STEPPED, RESTARTED
from bot.page_check import PageCheck
from bot.running import running
from bot.waits import Waits
from bot.watch import Watch
from sandbox.telegram_faults import Fault
from storage import inbox, occurrences
from storage.engine.database import DatabaseDamaged, DatabaseGone
from storage.engine.errors import DiskFull
from storage.engine.transaction import Transaction
from storage.inbox import Arrival
from storage.troubles import try_for_room
from tests.kit.both_channels import BothWorld, both_in
from tests.kit.dispatching import limit
from tests.kit.failing_syncs import CAN_FAIL, fail_to_sync
from tests.kit.in_process import IN_PROCESS
from tests.kit.people import RINA, SARI
from tests.kit.ports import free_port
from tests.kit.troubles import app_of, has_lasted, heard, heard_on_whatsapp, look, page_of, shown, until
from tests.kit.world import TOKEN, World, world_in

TELEGRAM_AWAY = "Telegram tidak dapat dihubungi"
SOON = replace(IN_PROCESS, waits=Waits(longest=0.2))  # what failed is tried again at once


@pytest.fixture
async def both(tmp_path: Path) -> AsyncIterator[BothWorld]:
    """The bot on two platforms; the desk has begun its talk on Telegram."""
    async with both_in(tmp_path / "data", helpers=SOON) as opened:
        await opened.person(SARI).says("/bantuan")
        yield opened


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """The bot on Telegram; the desk has begun its talk."""
    async with world_in(tmp_path / "data") as opened:
        await opened.person(SARI).says("/bantuan")
        yield opened


async def write_on_telegram_last(both: BothWorld) -> None:
    """Have the desk write on both; Telegram is now where it is written to."""
    await both.on_whatsapp(SARI).says("/bantuan")
    both.clock.passes(minutes=1)
    await both.person(SARI).says("/bantuan")


async def lasts_and_is_told_on_whatsapp(both: BothWorld) -> None:
    """Have Telegram be away for as long as it takes; the desk is told once, and it is shown."""
    for _ in range(2):
        has_lasted(app_of(both).meters.polls_down_since, "telegram")
        await look(both)
    await until(lambda: heard_on_whatsapp(both, TELEGRAM_AWAY) == 1)
    status, troubles = await shown(both)
    assert (status, troubles["channel:telegram"]) == (503, "red")


async def is_told_of_the_return(both: BothWorld) -> None:
    """Have the desk told once that Telegram is back, and of nothing else once more."""
    await until(lambda: "telegram" not in app_of(both).meters.polls_down_since)
    app_of(both).sender.by_channel["telegram"]._account.down_until = 0  # its half minute of rest is over
    await look(both)
    await until(lambda: heard(both, "Telegram terhubung seperti biasa") == 1)
    assert heard_on_whatsapp(both, TELEGRAM_AWAY) == 1


async def test_a_revoked_telegram_token_is_told_on_whatsapp(both: BothWorld) -> None:
    await write_on_telegram_last(both)
    meters = app_of(both).meters
    both.emulator.take_token("another")
    both.emulator.says(RINA, "/bantuan")  # ends the poll that was under way
    await until(lambda: "telegram" in meters.polls_down_since)
    await look(both)
    assert heard_on_whatsapp(both, "tidak dapat dihubungi") == 0, "not before it has lasted"
    await lasts_and_is_told_on_whatsapp(both)

    both.emulator.take_token(TOKEN)
    both.emulator.says(RINA, "/bantuan")  # answers the next poll
    await is_told_of_the_return(both)
    assert (await shown(both))[0] == 200


async def test_a_refused_whatsapp_token_is_found_though_nobody_writes(both: BothWorld) -> None:
    meters = app_of(both).meters
    both.whatsapp.token = "another"
    await look(both)
    assert "whatsapp" in meters.polls_down_since
    has_lasted(meters.polls_down_since, "whatsapp")
    await look(both)
    await until(lambda: heard(both, "WhatsApp tidak dapat dihubungi") == 1)
    status, troubles = await shown(both)
    assert (status, troubles["channel:whatsapp"]) == (503, "red")
    both.whatsapp.token = "token"
    await look(both)
    await until(lambda: heard(both, "WhatsApp terhubung seperti biasa") == 1)
    assert heard(both, "WhatsApp tidak dapat dihubungi") == 1
    assert (await shown(both))[0] == 200


async def test_a_platform_that_is_away_is_told_on_the_other_channel(both: BothWorld) -> None:
    await write_on_telegram_last(both)
    meters, standing = app_of(both).meters, both.emulator.faults.standing
    standing += [Fault(method, drop="before") for method in ("", "getUpdates")]
    both.emulator.says(RINA, "/bantuan")  # ends the poll that was under way
    await until(lambda: "telegram" in meters.polls_down_since)
    await lasts_and_is_told_on_whatsapp(both)

    standing.clear()
    both.clock.passes(minutes=1)  # what could not leave is tried again
    both.emulator.says(RINA, "/bantuan")  # answers the next poll
    await is_told_of_the_return(both)
    await until(lambda: len(both.person(RINA).heard) >= 2)
    assert (await shown(both))[0] == 200


async def test_a_paused_template_is_told_by_name_and_its_return_too(both: BothWorld) -> None:
    both.whatsapp.decide("desk_pengingat", "id", status="PAUSED")
    await both.whatsapp.webhooks.until_all_taken()
    await look(both)
    await until(lambda: heard(both, "desk_pengingat") == 1)
    status, troubles = await shown(both)
    assert (status, troubles["template"]) == (200, "amber")
    both.whatsapp.decide("desk_pengingat", "id", status="APPROVED")
    await both.whatsapp.webhooks.until_all_taken()
    await look(both)
    await until(lambda: heard(both, "Semua template pesan dapat dipakai lagi") == 1)
    assert "template" not in (await shown(both))[1]


@asynccontextmanager
async def with_settings(world: World, **settings: Any) -> AsyncIterator[None]:
    """Run the world's bot with other settings."""
    await world.stop()
    async with running(world.settings.model_copy(update=settings), clock=world.clock) as app:
        world.app = app
        yield
    world.app = None


async def test_a_webhook_whose_certificate_fails_is_told(world: World) -> None:
    port = free_port()
    url = f"https://127.0.0.1:{port}/telegram"  # nobody speaks TLS there
    async with with_settings(
        world, telegram_webhook_url=url, telegram_webhook_secret=SecretStr("s" * 32), web_port=port
    ):
        world.emulator.says(RINA, "/bantuan")
        await until(lambda: "SSL" in world.emulator.updates.last_error)
        await look(world)
        await until(lambda: heard(world, "tidak dapat mengantar pesan") == 1)
        status, troubles = await shown(world)
        assert (status, troubles["webhook:telegram"]) == (503, "red")
        world.emulator.updates.way_to = lambda address: address.replace("https", "http")
        await until(lambda: not world.emulator.updates.pending)
        await look(world)
        await until(lambda: heard(world, "mengantar pesan seperti biasa") == 1)
        assert (await shown(world))[0] == 200
    await world.emulator.updates.close()


async def test_a_disk_that_fills_is_told_and_shown(tmp_path: Path) -> None:
    disk = SimpleNamespace(free=50 * 10**9, total=100 * 10**9)
    async with world_in(tmp_path / "data", helpers=replace(IN_PROCESS, measure_disk=lambda _: disk)) as world:
        await world.person(SARI).says("/bantuan")
        for free, status, level in ((9, 200, "amber"), (0.01, 503, "red")):
            disk.free = int(free * 10**9)
            await look(world)
            assert await shown(world) == (status, {"disk": level})
        await until(lambda: heard(world, "tinggal 9000 MB") == 1)
        disk.free = 50 * 10**9
        await look(world)
        await until(lambda: heard(world, "Ruang simpan server cukup") == 1)
        assert heard(world, "tinggal") == 1


async def test_a_tick_that_stands_still_is_told_and_shown(world: World) -> None:
    scheduler = app_of(world).scheduler
    scheduler.stop()
    scheduler.last_round = monotonic() - STALLED_SECONDS - 1
    await look(world)
    await look(world)
    await until(lambda: heard(world, "Pengingat berhenti bekerja") == 1)
    status, troubles = await shown(world)
    assert (status, troubles) == (503, {"part:reminders": "red"})
    scheduler.start()
    await scheduler._tick_reminders()
    await look(world)
    await until(lambda: heard(world, "Pengingat bekerja seperti biasa") == 1)
    assert (await shown(world))[0] == 200


async def test_a_queue_that_stands_is_told_though_it_is_night(world: World) -> None:
    arrival = Arrival("900", "900", "{}")

    def stand(tx: Transaction) -> None:
        inbox.insert(tx, "telegram", arrivals=[arrival], now=world.clock())
        tx.execute("UPDATE inbox SET state = 'fetching' WHERE external_id = '900'")

    world.clock.passes(hours=15)  # 23.00
    await world.write(stand)
    world.clock.passes(minutes=11)
    await look(world)
    await until(lambda: heard(world, "Pesan masuk menunggu sejak 11 menit") == 1)
    assert await shown(world) == (503, {"queue:inbox": "red"})
    await world.write(lambda tx: tx.execute("UPDATE inbox SET state = 'handled'"))
    await look(world)
    assert heard(world, "Pesan masuk berjalan lancar") == 0, "nobody waits any more: in the morning"
    world.clock.passes(hours=10)
    await until(lambda: heard(world, "Pesan masuk berjalan lancar") == 1)


async def test_an_old_backup_is_told_and_shown(world: World, tmp_path: Path) -> None:
    async with with_settings(world, backup_dir=tmp_path / "kept"):
        await app_of(world).nightly._look()  # the first is due at once
        assert (await shown(world))[1] == {}
        world.clock.passes(days=2, minutes=1)
        await look(world)
        await look(world)
        old = "Cadangan data di folder server: yang terbaru sudah lebih dari dua hari"
        await until(lambda: heard(world, old) == 1)
        status, troubles = await shown(world)
        assert (status, troubles) == (200, {"backup:folder": "amber"})
        await app_of(world).nightly._look()
        await look(world)
        await until(lambda: heard(world, "Cadangan data di folder server sudah baru") == 1)


async def test_a_backup_that_was_never_made_is_told_two_days_after_it_was_asked_for(
    world: World, tmp_path: Path
) -> None:
    site = tmp_path / "kept"
    site.write_text("a file where the folder should be")
    async with with_settings(world, backup_dir=site):
        await app_of(world).nightly._note_asked()
        await look(world)
        assert (await shown(world))[1] == {}, "not at once: the first is about to be made"
        assert "yang pertama segera dibuat" in (await page_of(world))
    world.clock.passes(days=2, minutes=1)
    async with with_settings(world, backup_dir=site):
        for _ in range(2):
            await look(world)
        await until(lambda: heard(world, "sudah lebih dari dua hari diminta") == 1)
        status, troubles = await shown(world)
        assert (status, troubles) == (200, {"backup:folder": "amber"})
        site.unlink()
        app_of(world).nightly._not_before = None  # the hour after a try that failed is over
        await app_of(world).nightly._look()
        await look(world)
        await until(lambda: heard(world, "Cadangan data di folder server sudah baru") == 1)
    async with with_settings(world):
        await look(world)
        assert (await shown(world))[1] == {}
        assert "Cadangan malam hari tidak dibuat" in (await page_of(world))
    assert heard(world, "sudah lebih dari dua hari") == 1


async def test_a_run_that_did_not_end_in_order_is_told_at_the_next_start(world: World) -> None:
    await world.restart()
    await look(world)
    await world.stop()
    assert heard(world, "berhenti mendadak") == 0
    await world.write(lambda tx: occurrences.set_tick(tx, occurrences.RUNNING, now=world.clock()))
    await world.start()  # as after a kill: nobody noted the end
    await until(lambda: heard(world, "Bot berhenti mendadak dan sudah berjalan lagi") == 1)
    assert await shown(world) == (200, {"restart": "amber"})
    app_of(world).meters.error_at[RESTARTED] = monotonic() - EVENT_SECONDS - 1
    await look(world)
    assert (await shown(world))[1] == {}
    await world.restart()
    await look(world)
    assert heard(world, "Bot berhenti mendadak") == 1


@pytest.mark.parametrize("seconds", [3 * 86_400, -3_600], ids=["ahead", "back"])
async def test_a_clock_that_is_set_is_told_once(world: World, seconds: float) -> None:
    app, ahead = app_of(world), [0.0]
    watch = Watch(app, app.desk.desk_data, wake=app.sender.wake, wall=lambda: monotonic() + ahead[0])
    await watch.look()
    ahead[0] = seconds
    await watch.look()
    await watch.look()
    await until(lambda: heard(world, "Jam server berubah mendadak") == 1)
    status, troubles = await shown(world)
    assert (status, troubles) == (200, {"clock": "amber"})
    app.meters.error_at[CLOCK_STEPPED] = monotonic() - EVENT_SECONDS - 1
    await watch.look()
    assert (await shown(world))[1] == {}
    assert heard(world, "Jam server berubah mendadak") == 1


@pytest.mark.sqlite
async def test_a_database_that_takes_nothing_is_told_past_it_and_so_is_its_return(world: World) -> None:
    app = app_of(world)
    await look(world)
    await limit(app.database, extra=0)
    with pytest.raises(DiskFull):
        await app.database.run(try_for_room)
    for _ in range(2):
        await look(world)
    assert heard(world, "Basis data tidak dapat ditulis") == 1
    status, troubles = await shown(world)
    assert (status, troubles) == (503, {"database": "red"})
    await limit(app.database, extra=100_000)
    for _ in range(2):
        await look(world)
    assert heard(world, "Basis data dapat ditulis seperti biasa") == 1
    assert (await shown(world))[0] == 200


@pytest.mark.sqlite
@pytest.mark.skipif(not CAN_FAIL, reason="this system cannot have the syncs of a thread fail")
async def test_a_disk_that_fails_to_sync_is_told_and_so_is_its_end_and_nothing_is_acknowledged_meanwhile(
    world: World,
) -> None:
    app = app_of(world)
    await look(world)
    syncs = await fail_to_sync(app.database)
    asked = world.emulator.says(RINA, "/bantuan")
    await until(lambda: bool(app.database.commits.failing))
    for _ in range(2):
        await look(world)
    assert heard(world, "Basis data tidak dapat ditulis") == 1
    status, troubles = await shown(world)
    assert (status, troubles) == (503, {"database": "red"})
    assert world.person(RINA).heard == []
    syncs.failing = False
    await look(world)
    await until(lambda: heard(world, "Basis data dapat ditulis seperti biasa") == 1)
    await until(lambda: any("bantu" in message.text.lower() for message in world.person(RINA).heard))
    assert world.rows("SELECT count(*), min(state) FROM inbox WHERE external_id = ?", str(asked)) == [
        (1, "handled")
    ]
    await look(world)
    assert (await shown(world))[0] == 200
    assert heard(world, "Basis data tidak dapat ditulis") == 1
    assert heard(world, "Basis data dapat ditulis seperti biasa") == 1


@pytest.mark.sqlite
@pytest.mark.parametrize("deed", ["deleted", "exchanged"])
async def test_a_database_that_is_gone_is_told_as_the_last_word(world: World, deed: str) -> None:
    path = world.settings.database_path
    await look(world)
    if deed == "exchanged":
        shutil.copyfile(path, path.with_name("new")).replace(path)
    else:
        path.unlink()
    with pytest.raises(DatabaseGone):
        await app_of(world).ended()
    assert heard(world, "Berkas basis data hilang, tertukar, atau rusak") == 1
    status, troubles = await shown(world)
    assert (status, troubles["database"]) == (503, "red")


@pytest.mark.sqlite
async def test_a_damaged_page_is_found_at_night_and_stops_the_bot(world: World) -> None:
    path, app = world.settings.database_path, app_of(world)
    check = PageCheck(app.database, zone=app.desk.desk_data.timezone, clock=world.clock, log=app.log)
    await look(world)
    await check.look()
    await app.database.fold_log()
    ((page, size),) = world.rows(
        "SELECT rootpage, (SELECT page_size FROM pragma_page_size) FROM sqlite_master WHERE name = 'verdicts'"
    )
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * 100)
    await check.look()
    world.clock.passes(days=1)
    app.tasks[:] = [asyncio.create_task(check.run(), name="page check")]
    with pytest.raises(DatabaseDamaged, match=r"is damaged .*restore"):
        await app.ended()
    assert heard(world, "hilang, tertukar, atau rusak") == 1
