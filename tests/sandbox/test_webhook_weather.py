"""What a bad day does to WhatsApp's webhooks, so that somebody at the page sees it done."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from time import monotonic
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.serve import serve
from sandbox.whatsapp_webhooks import LATE, REPEATED, SHUFFLED, Weather, Webhooks

NEVER = 600.0  # seconds, longer than any test


class Road:
    """Webhooks on their way to a business that takes everything."""

    def __init__(self, hooks: Webhooks) -> None:
        self.hooks = hooks
        self.came: list[str] = []  # texts, in their order
        self.did: Counter[str] = Counter()
        hooks.on_weather = lambda kind, messages: self.did.update({kind: messages} if messages else {})

    def says(self, *texts: str) -> int:
        """Somebody writes; returns the last number."""
        return [self.hooks.put({"messages": [{"text": text}]}) for text in texts][-1]

    async def take(self, request: Request) -> Response:
        """Note what is delivered."""
        body: Any = json.loads(await request.body())
        for change in body["entry"][0]["changes"]:
            self.came += [message["text"] for message in change["value"].get("messages", ())]
        return Response()


@pytest.fixture
async def road() -> AsyncIterator[Road]:
    """A business on a port of this machine."""
    made = Road(Webhooks(account_id="1", app_secret="x"))
    async with serve(Starlette(routes=[Route("/", made.take, methods=["POST"])])) as address:
        made.hooks.point_to(f"{address}/")
        yield made
        await made.hooks.close()


async def test_one_message_waits_for_a_second_and_then_they_come_in_another_order(road: Road) -> None:
    road.hooks.change_weather(Weather(batch=5, shuffled=True, heap_seconds=NEVER))
    road.says("pertama")
    road.hooks.put({"statuses": [{"status": "read"}]})  # nobody's message
    await asyncio.sleep(0.05)
    assert (road.came, road.hooks.count_under_way()) == ([], 1)
    await road.hooks.until_taken(road.says("kedua"))
    assert road.came == ["kedua", "pertama"]
    assert road.did == {SHUFFLED: 2}


async def test_a_message_that_is_held_goes_on_when_the_weather_changes(road: Road) -> None:
    road.hooks.change_weather(Weather(batch=5, shuffled=True, heap_seconds=NEVER))
    number = road.says("sendiri")
    await asyncio.sleep(0.05)
    road.hooks.change_weather(Weather())
    await road.hooks.until_taken(number)
    assert road.came == ["sendiri"]


async def test_it_goes_on_alone_when_no_second_one_comes(road: Road) -> None:
    road.hooks.change_weather(Weather(batch=5, shuffled=True, heap_seconds=0.05))
    await road.hooks.until_taken(road.says("sendiri"))
    assert road.did == {}


async def test_what_is_late_is_so_by_a_time_one_notices_and_counted_from_when_it_was_due(road: Road) -> None:
    road.hooks.change_weather(Weather(late_least=0.3, late_seconds=0.3))
    began = monotonic()
    await road.hooks.until_taken(road.says("a", "b", "c"))
    assert monotonic() - began >= 0.3
    assert road.came == ["a", "b", "c"]
    assert road.did == {LATE: 3}


async def test_what_comes_again_is_counted(road: Road) -> None:
    road.hooks.change_weather(Weather(repeats=2))
    road.says("a")
    await road.hooks.until_all_taken()
    assert road.came == ["a", "a", "a"]
    assert road.did == {REPEATED: 2}


async def test_statuses_stay_until_the_weather_changes_and_messages_go_on(road: Road) -> None:
    road.hooks.change_weather(Weather(statuses_later=True))
    status = road.hooks.put({"statuses": [{"status": "read"}]})
    await road.hooks.until_taken(road.says("lebih dulu"))
    await road.hooks.until_all_taken()
    assert status not in road.hooks.taken
    road.hooks.change_weather(Weather())
    await road.hooks.until_taken(status)


async def test_what_is_put_after_the_end_stays_where_it_is(road: Road) -> None:
    await road.hooks.close()
    road.says("terlambat")
    assert road.hooks.count_under_way() == 1
    assert not any(task.get_coro().__qualname__ == "Webhooks._run" for task in asyncio.all_tasks())  # type: ignore[union-attr]
