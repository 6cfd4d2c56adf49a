"""What a test of troubles asks: what the desk heard, what the figures show, and how it looks now."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from time import monotonic

import httpx

from bot.app import App
from bot.conditions import DOWN_SECONDS
from tests.kit.both_channels import BothWorld
from tests.kit.patience import PATIENCE
from tests.kit.people import SARI
from tests.kit.world import World

FIGURES = {"amber": 1.0, "red": 2.0}  # of a trouble, in `/metrics`


def app_of(world: World) -> App:
    assert world.app is not None
    return world.app


async def look(world: World) -> None:
    """Let the watch look, its probes as well."""
    app = app_of(world)
    app.watch._probed.clear()
    await app.watch.look()


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not true():
            await asyncio.sleep(0.01)


async def shown(world: World) -> tuple[int, dict[str, str]]:
    """Ask `/health` for the status and the troubles it names; `/metrics` and `/status` show the same ones."""
    private = f"http://127.0.0.1:{app_of(world).private_port}"
    async with httpx.AsyncClient(timeout=PATIENCE) as client:
        answer = await client.get(f"{private}/health")
        figures = (await client.get(f"{private}/metrics")).text
        page = (await client.get(f"{private}/status")).text
    troubles = answer.json()["troubles"]
    levels = Counter(troubles.values())
    assert {level: page.count(f'<li class="{level}">') for level in FIGURES} == {
        level: levels[level] for level in FIGURES
    }
    for trouble, level in troubles.items():
        kind, _, subject = trouble.partition(":")
        assert f'desk_trouble{{kind="{kind}",subject="{subject}"}} {FIGURES[level]}' in figures
    assert sum(not line.endswith(" 0.0") for line in _list_troubles(figures)) == len(troubles)
    return answer.status_code, troubles


async def page_of(world: World) -> str:
    """Ask for the page for whoever runs the server."""
    async with httpx.AsyncClient(timeout=PATIENCE) as client:
        return (await client.get(f"http://127.0.0.1:{app_of(world).private_port}/status")).text


def _list_troubles(figures: str) -> list[str]:
    return [line for line in figures.splitlines() if line.startswith("desk_trouble{")]


def has_lasted(since: dict[str, float], channel: str) -> None:
    """Set back when it began, as if the desk's five minutes had passed."""
    since[channel] = monotonic() - DOWN_SECONDS - 1


def heard(world: World, words: str) -> int:
    return sum(words in message.text for message in world.person(SARI).heard)


def heard_on_whatsapp(world: BothWorld, words: str) -> int:
    return sum(words in message.text for message in world.on_whatsapp(SARI).shown)
