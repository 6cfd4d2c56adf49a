"""Webhooks of the emulated Cloud API: signed, and on request batched, repeated, late and shuffled."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import random
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import aiohttp

FIRST_RETRY, LONGEST_RETRY = 0.5, 60.0  # seconds between deliveries of a body that was not taken
HEAP = 2  # messages of people that make one
LATE, REPEATED = "late", "repeated"  # what the weather did
SHUFFLED = "shuffled"


@dataclass(slots=True)
class Weather:
    """How webhooks travel; calm unless told."""

    batch: int = 1  # items in one body, at most
    repeats: int = 0  # how often a body comes again after it was taken
    late_seconds: float = 0.0  # up to so much later
    late_least: float = 0.0  # seconds, for a person to notice it
    shuffled: bool = False  # later ones may overtake
    heap_seconds: float = 0.0  # how long one message waits for a second: alone it cannot be shuffled
    stopped: bool = False  # none travels at all
    statuses_later: bool = False  # what became of a message stays here until the weather changes


@dataclass(frozen=True, slots=True)
class Item:
    """One message, status or notice on its way."""

    number: int
    field: str  # messages, message_template_status_update …
    value: Mapping[str, Any]
    put_at: float  # seconds of `time.monotonic`


class Webhooks:
    """What the business has not taken yet."""

    def __init__(self, *, account_id: str, app_secret: str, seed: int = 0) -> None:
        """Sign with `app_secret`; `seed` is the chance of weather."""
        self._account_id, self.secret = account_id, app_secret
        self.when_taken: Callable[[int], None] = lambda number: None
        self.on_put: Callable[[Mapping[str, Any]], None] = lambda value: None  # told of everything queued
        self._chance = random.Random(seed)
        self.url = ""
        self.weather = Weather()
        # told what the weather did to how many messages of people
        self.on_weather: Callable[[str, int], None] = lambda kind, messages: None
        self.longest_retry = LONGEST_RETRY
        self.taken: set[int] = set()
        self.waiting: list[Item] = []
        self._later: list[Item] = []
        self.answers: list[int] = []  # statuses of HTTP, as they came
        self._number = 0
        self._arrived, self._settled = asyncio.Event(), asyncio.Event()
        self._session: aiohttp.ClientSession | None = None
        self._pump: asyncio.Task[None] | None = None
        self._posting: dict[asyncio.Task[None], int] = {}  # with how many messages of people

    def put(self, value: Mapping[str, Any], *, field: str = "messages") -> int:
        """Queue one item; returns its number."""
        self._number += 1
        self.on_put(value)
        later = self.weather.statuses_later and bool(value.get("statuses"))
        (self._later if later else self.waiting).append(Item(self._number, field, value, time.monotonic()))
        self._arrived.set()
        if self.url and self._pump is None:
            self._pump = asyncio.create_task(self._run())
        return self._number

    def point_to(self, url: str) -> None:
        """Push to this address from now on; "" keeps everything here."""
        self.url = url
        if url and self.waiting and self._pump is None:
            self._pump = asyncio.create_task(self._run())

    def change_weather(self, weather: Weather) -> None:
        """Let what is queued travel otherwise from now on."""
        self.weather = weather
        self.waiting += self._later
        self._later.clear()
        self._arrived.set()

    def body_of(self, items: Sequence[Item]) -> bytes:
        """One body with an entry for the account and a change for each item, as Meta batches them."""
        changes = [{"field": item.field, "value": item.value} for item in items]
        webhook = {
            "object": "whatsapp_business_account",
            "entry": [{"id": self._account_id, "changes": changes}],
        }
        return json.dumps(webhook).encode()

    def signature(self, body: bytes) -> str:
        """The header that proves who sent this body."""
        return "sha256=" + hmac.new(self.secret.encode(), body, hashlib.sha256).hexdigest()

    async def until_taken(self, number: int, *, timeout: float = 60.0) -> None:
        """Wait until the business has taken an item over."""
        async with asyncio.timeout(timeout):
            while number not in self.taken:
                self._settled.clear()
                await self._settled.wait()

    async def until_all_taken(self, *, timeout: float = 60.0) -> None:
        """Wait until nothing waits and nothing is under way."""
        async with asyncio.timeout(timeout):
            while self.waiting or self._posting:
                self._settled.clear()
                await self._settled.wait()

    def count_under_way(self) -> int:
        """Count the messages of people that have not been taken yet."""
        return count_messages(self.waiting) + sum(self._posting.values())

    async def _run(self) -> None:
        while True:
            if not self.waiting or not self.url or self.weather.stopped:
                self._arrived.clear()
                await self._arrived.wait()
                continue
            await self._wait_for_heap()
            if self.weather.stopped:
                continue
            batch = self._take_next()
            post = asyncio.create_task(self._carry(batch))
            self._posting[post] = count_messages(batch)
            post.add_done_callback(self._end)
            if not self.weather.shuffled:
                await asyncio.wait({post})

    def _end(self, post: asyncio.Task[None]) -> None:
        self._posting.pop(post, None)
        self._settled.set()

    async def _wait_for_heap(self) -> None:
        """Hold what is to be shuffled until there are two messages, or for as long as the weather says."""
        until = time.monotonic() + self.weather.heap_seconds
        while self.weather.heap_seconds and count_messages(self.waiting) < HEAP:
            self._arrived.clear()
            try:
                await asyncio.wait_for(self._arrived.wait(), until - time.monotonic())
            except TimeoutError:
                return

    def _take_next(self) -> list[Item]:
        most = self.weather.batch
        size = most if self.weather.heap_seconds else self._chance.randint(1, most)
        batch, self.waiting = self.waiting[:size], self.waiting[size:]
        if self.weather.shuffled and len(batch) > 1:
            self._shuffle(batch)
        return batch

    def _shuffle(self, batch: list[Item]) -> None:
        """Bring a body, and the messages of people in it, into another order than they had."""
        before = [item for item in batch if item.value.get("messages")]
        self._chance.shuffle(batch)
        if [item for item in batch if item.value.get("messages")] == before:
            batch.reverse()
        if (messages := count_messages(batch)) >= HEAP:
            self.on_weather(SHUFFLED, messages)

    async def _carry(self, batch: Sequence[Item]) -> None:
        """Deliver a body until it is taken, and again as often as the weather says."""
        await self._be_late(batch)
        body, retry = self.body_of(batch), FIRST_RETRY
        while not await self._post(body):
            await asyncio.sleep(retry)
            retry = min(retry * 2, self.longest_retry)
        for item in batch:
            self.taken.add(item.number)
            self.when_taken(item.number)
        self._settled.set()
        for _ in range(self.weather.repeats):
            await self._post(body)
            self.on_weather(REPEATED, count_messages(batch))

    async def _be_late(self, batch: Sequence[Item]) -> None:
        """Let a body come later, counted from when it was due: it may have waited for others already."""
        if not self.weather.late_seconds:
            return
        late = self._chance.uniform(self.weather.late_least, self.weather.late_seconds)
        await asyncio.sleep(max(0.0, batch[0].put_at + late - time.monotonic()))
        self.on_weather(LATE, count_messages(batch))

    async def _post(self, body: bytes) -> bool:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        headers = {"Content-Type": "application/json", "X-Hub-Signature-256": self.signature(body)}
        try:
            async with self._session.post(self.url, data=body, headers=headers) as response:
                self.answers.append(response.status)
                return response.status == 200
        except aiohttp.ClientError:
            return False

    async def close(self) -> None:
        """Stop pushing; what a bot that still ends sends from here on is pushed to nobody."""
        self.url = ""
        tasks = [task for task in (self._pump, *self._posting) if task is not None]
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task
        if self._session is not None:
            await self._session.close()


def count_messages(items: Sequence[Item]) -> int:
    """Count what people wrote or tapped; statuses and notices are nobody's message."""
    return sum(len(item.value.get("messages") or ()) for item in items)
