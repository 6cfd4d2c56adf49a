"""The private address: every figure by Prometheus' own reader, and a page that says what to do."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.private_web import write_page
from domain.condition import Condition, Level
from handlers.operations import troubles
from handlers.words import load_words
from scheduler.ticks import Scheduler
from tests.kit.command_line import ROOT
from tests.kit.databases import migrated, on_disk
from tests.kit.patience import PATIENCE
from tests.kit.people import RINA
from tests.kit.world import World

FAMILIES = {
    "desk_updates", "desk_turn_seconds", "desk_sends", "desk_throttled", "desk_retries", "desk_ticks",
    "desk_log_events", "desk_queue_length",
    "desk_queue_oldest_seconds", "desk_exports", "desk_part_age_seconds", "desk_database_bytes",
    "desk_disk_free_bytes", "desk_disk_bytes", "desk_commit_seconds", "desk_trouble",
}  # fmt: skip


async def asked(world: World, path: str) -> httpx.Response:
    assert world.app is not None
    async with httpx.AsyncClient(timeout=PATIENCE) as client:
        return await client.get(f"http://127.0.0.1:{world.app.private_port}{path}")


async def test_the_figures_count_what_was_done(world: World) -> None:
    before = await figures(world)
    await world.person(RINA).says("/bantuan")
    await world.person(RINA).says("/status")
    after = await figures(world)
    assert {name.split("{")[0] for name in after} >= {
        f"{name}_total" for name in ("desk_updates", "desk_sends")
    }
    assert after['desk_updates_total{channel="telegram"}'] == 2
    assert after["desk_turn_seconds_count"] - before.get("desk_turn_seconds_count", 0) == 2
    assert 0 < after["desk_turn_seconds_sum"] < 60
    assert after["desk_commit_seconds_count"] > before["desk_commit_seconds_count"]
    assert after["desk_database_bytes"] > 100_000


async def test_before_the_first_turn_no_time_of_turns_is_told(world: World) -> None:
    told = await figures(world)
    assert (told["desk_turn_seconds_count"], told["desk_turn_seconds_sum"]) == (0, 0)


async def test_a_tick_counts_once_it_is_carried_out(world: World) -> None:
    assert world.app is not None
    scheduler = world.app.scheduler
    scheduler.stop()  # only what the test asks for is counted
    before = await figures(world)
    await scheduler.tick()
    after = await figures(world)
    for tick in ("housekeeping", "reminders"):
        name = f'desk_ticks_total{{tick="{tick}"}}'
        assert after[name] == before[name] + 1
    scheduler.start()


async def test_a_tick_that_fails_is_shown_as_none(world: World, tmp_path: Path) -> None:
    assert world.app is not None
    database, done = await on_disk(tmp_path / "closed.db", migrated()), Counter[str]()
    await database.close()
    desk_data, log = world.app.desk.desk_data, world.app.log
    await Scheduler(database, desk_data, clock=world.clock, wake=lambda: None, log=log, done=done).tick()
    assert dict(done) == {"housekeeping": 0, "reminders": 0}


async def figures(world: World) -> dict[str, float]:
    answer = await asked(world, "/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    families = list(text_string_to_metric_families(answer.text))
    assert {family.name for family in families} == FAMILIES
    assert all(family.documentation for family in families)
    return {
        sample.name + labels(sample.labels): sample.value for family in families for sample in family.samples
    }


def labels(given: dict[str, str]) -> str:
    return "{" + ",".join(f'{name}="{value}"' for name, value in given.items()) + "}" if given else ""


async def test_no_figure_names_a_person_or_an_office(world: World) -> None:
    await world.person(RINA).says("/status")
    text = (await asked(world, "/metrics")).text
    assert not any(word in text for word in ("Rina", "dinkes", "Dinas"))


async def test_the_page_is_green_while_all_is_well(world: World) -> None:
    page = (await asked(world, "/status")).text
    assert "Semua berjalan baik." in page
    assert "Telegram terhubung seperti biasa." in page


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_page_begins_with_what_stops_people(language: str) -> None:
    say = load_words().in_(language)
    conditions = [
        Condition("part", "sender", Level.GREEN),
        Condition("disk", "", Level.AMBER, megabytes=900),
        Condition("channel", "whatsapp", Level.RED, minutes=7),
    ]
    page = write_page(troubles.page(say, conditions, backups_asked=True), language)
    red, amber, green = (page.index(sign) for sign in ("✕", "!</b>", "✓"))
    assert red < amber < green
    assert "900 MB" in page
    assert "desk-inovasi check" in page


def test_alerts_and_dashboard_ask_for_figures_there_are() -> None:
    families = FAMILIES | {"desk_backup_age_seconds"}
    for name in ("alerts.yml", "dashboard.json"):
        asked_for = set(re.findall(r"desk_\w+", (ROOT / "docs" / name).read_text(encoding="utf-8")))
        assert asked_for
        for figure in asked_for:
            assert re.sub("_(total|count|sum)$", "", figure) in families, figure
    json.loads((ROOT / "docs" / "dashboard.json").read_text(encoding="utf-8"))
