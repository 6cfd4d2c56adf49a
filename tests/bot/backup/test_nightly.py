"""A backup is made every night by itself; one that fails is tried again, and the desk hears of it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.backup.nightly import is_due
from bot.backup.shelf import Shelf
from bot.cli.check import check
from bot.conditions import judge
from bot.config import Settings, load, without_secrets
from bot.health import gather
from bot.running import running
from domain.condition import Level
from storage import kept_backups
from tests.kit.patience import PATIENCE
from tests.kit.people import SARI
from tests.kit.world import World

JAKARTA = ZoneInfo("Asia/Jakarta")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=JAKARTA).astimezone(UTC)


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [
        ("", "2026-03-02 12:00", True),
        ("2026-03-02 02:00", "2026-03-02 23:59", False),
        ("2026-03-02 02:00", "2026-03-03 01:59", False),
        ("2026-03-02 02:00", "2026-03-03 02:00", True),
        ("2026-03-01 02:00", "2026-03-02 09:30", True),  # the bot was off at night
        ("2026-03-02 09:30", "2026-03-02 10:00", False),
    ],
)
def test_one_is_due_once_a_night_has_begun(last: str, now: str, due: bool) -> None:
    assert is_due(at(last) if last else None, now=at(now), zone=JAKARTA) is due


async def until_kept(site: Path) -> list[str]:
    async with asyncio.timeout(PATIENCE):
        while not (names := Shelf(site).names()):
            await asyncio.sleep(0.05)
    return names


async def test_the_first_start_makes_one_and_the_next_start_none(world: World, tmp_path: Path) -> None:
    await world.stop()
    settings = world.settings.model_copy(update={"backup_dir": tmp_path / "kept"})
    async with running(settings, clock=world.clock):
        names = await until_kept(tmp_path / "kept")
    world.clock.now += timedelta(minutes=5)
    async with running(settings, clock=world.clock) as app:
        await app.idle()
        await asyncio.sleep(0.2)
    assert Shelf(tmp_path / "kept").names() == names


async def test_the_desk_hears_once_a_day_that_none_was_made(world: World, tmp_path: Path) -> None:
    await world.person(SARI).says("/bantuan")
    await world.stop()
    (tmp_path / "kept").write_text("a file where the folder should be")
    settings = world.settings.model_copy(update={"backup_dir": tmp_path / "kept"})
    for _ in range(2):
        async with running(settings, clock=world.clock) as app, asyncio.timeout(PATIENCE):
            while not any("Cadangan data malam ini" in one.text for one in world.person(SARI).heard):
                await asyncio.sleep(0.05)
            await app.idle()
    assert sum("Cadangan data malam ini" in one.text for one in world.person(SARI).heard) == 1


async def test_a_place_that_is_away_for_long_costs_the_other_none_of_its_nights(
    world: World, tmp_path: Path
) -> None:
    """What fails is tried again every hour; the site that works has its backup of the night already."""
    await world.stop()
    settings = world.settings.model_copy(
        update={"backup_dir": tmp_path / "kept", "backup_url": "nowhere://away/desk", "backup_keep": 2}
    )
    async with running(settings, clock=world.clock) as app:
        kept = await until_kept(tmp_path / "kept")
        for hours in (2, 2, 48):
            world.clock.passes(hours=hours)
            app.nightly._not_before = None
            await app.nightly._look()
            if hours == 2:
                assert Shelf(tmp_path / "kept").names() == kept
        assert len(Shelf(tmp_path / "kept").names()) == 2
        kept_at = await app.database.read(lambda tx: kept_backups.kept_at(tx, settings.backup_sites))
        assert kept_at["storage"] is None
        assert kept_at["folder"]
        assert kept_at["folder"] > world.clock() - timedelta(hours=1)
        judged = [one for one in judge(app, await gather(app)) if one.kind == "backup"]
    assert [(one.subject, one.level) for one in judged] == [("folder", Level.GREEN), ("storage", Level.AMBER)]


@pytest.mark.parametrize(
    ("setting", "fine", "said"),
    [
        ("", True, "none are made at night; set DESK_BACKUP_DIR or DESK_BACKUP_URL"),
        ("new", True, "none yet"),
        ("kept", True, "1, newest 20260302T010000Z"),
        ("file", False, "file cannot be written to"),
    ],
)
async def test_check_says_what_lies_there(tmp_path: Path, setting: str, fine: bool, said: str) -> None:
    copy = tmp_path / "kept" / "copies" / "20260302T010000Z"
    copy.mkdir(parents=True)
    (copy / "manifest.json").write_text("{}")
    (tmp_path / "file").write_text("")
    named = {"DESK_BACKUP_DIR": str(tmp_path / setting)} if setting else {}
    settings = load({"DESK_DATA_DIR": str(tmp_path / "data"), **named})
    lines = await check(settings, clock=lambda: at("2026-03-02 08:00"))
    assert [(line.fine, line.summary.endswith(said)) for line in lines if line.what == "backups"] == [
        (fine, True)
    ]


def test_the_settings_go_along_without_a_secret() -> None:
    token = "123456:SECRET-of_the-bot"
    written = without_secrets(
        load({"DESK_TELEGRAM_TOKEN": token, "DESK_LANGUAGE": "en", "DESK_BACKUP_KEEP": "3"})
    )
    assert "SECRET" not in written
    assert "# DESK_TELEGRAM_TOKEN= was set" in written
    assert {"DESK_LANGUAGE=en", "DESK_BACKUP_KEEP=3"} <= set(written.splitlines())
    assert isinstance(load(), Settings)


def test_an_address_with_a_key_in_it_is_refused() -> None:
    with pytest.raises(ValueError, match="expected no key in the address") as refusal:
        load({"DESK_BACKUP_URL": "s3://key:verysecret@bucket/desk"})
    assert "verysecret" not in str(refusal.value)
