"""What a test of troubles asks: what the desk heard, what the figures show, and how it looks now."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import monotonic

import httpx

from bot.app import App
from bot.conditions import DOWN_SECONDS
from tests.kit.both_channels import BothWorld
from tests.kit.patience import PATIENCE
from tests.kit.people import SARI
from tests.kit.world import World


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


async def shown(world: World) -> tuple[int, dict[str, str], str]:
    """Ask for the health, the troubles it names, and the lines of `/metrics` about troubles."""
    private = f"http://127.0.0.1:{app_of(world).private_port}"
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"{private}/health")
        figures = (await client.get(f"{private}/metrics")).text
    return answer.status_code, answer.json()["troubles"], figures


def has_lasted(since: dict[str, float], channel: str) -> None:
    """Set back when it began, as if the desk's five minutes had passed."""
    since[channel] = monotonic() - DOWN_SECONDS - 1


def heard(world: World, words: str) -> int:
    return sum(words in message.text for message in world.person(SARI).heard)


def heard_on_whatsapp(world: BothWorld, words: str) -> int:
    return sum(words in message.text for message in world.on_whatsapp(SARI).shown)
