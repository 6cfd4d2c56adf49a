"""Webhooks at a steady rate: what the platform sends, and whatever else is pushed at the same door."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import io
import itertools
import json
import random
import sqlite3
import statistics
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp

from sandbox.serve import serve
from storage.engine.database import Database
from storage.engine.transaction import Transaction
from tests.kit.people import enrol
from tests.kit.whatsapp_process import SECRET, BotOnWhatsApp, emulated

ATTACK_SHARE = 0.2  # of the webhooks
HEAPS_EVERY = 250  # webhooks between two of the largest bodies
HANDLED_SECONDS = 120.0
PEOPLE = 500


@dataclass(frozen=True)
class Push:
    """One body with its header, and what it may be answered with."""

    label: str
    body: bytes
    signature: str | None
    answers: frozenset[int]


@dataclass
class Report:
    """What came of all of them."""

    seconds: dict[str, list[float]] = field(default_factory=dict)  # of each answer, by label
    wrong: list[str] = field(default_factory=list)  # answers nobody may get
    stored: int = 0  # of the ordinary ones
    ordinary: int = 0
    unhandled: int = 0  # rows without a turn, or a place among the strangers, when time was up

    @property
    def every(self) -> list[float]:
        """All answers."""
        return [one for each in self.seconds.values() for one in each]

    @property
    def median(self) -> float:
        """Seconds of half the answers."""
        return statistics.median(self.every)

    @property
    def late_share(self) -> float:
        """How many took over a second."""
        return sum(one > 1 for one in self.every) / len(self.every)


def signed(body: bytes, secret: str = SECRET) -> str:
    """The header of a body as Meta writes it."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def change(**value: Any) -> bytes:
    """A body with one change."""
    metadata = {"phone_number_id": "100"}
    told = {"field": "messages", "value": {"metadata": metadata, **value}}
    return json.dumps(
        {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [told]}]}
    ).encode()


def message(number: int, who: int, **told: Any) -> dict[str, Any]:
    """One message of somebody."""
    kind = told or {"type": "text", "text": {"body": "halo"}}
    return {"id": f"wamid.{number}", "from_user_id": f"ID.{who}", "timestamp": str(int(time.time())), **kind}


def heap(number: int, count: int = 10_000) -> bytes:
    """As many reactions in one body."""
    react = {"type": "reaction", "reaction": {}}
    return change(messages=[message(number * 1_000_000 + n, 90_000 + n, **react) for n in range(count)])


def ordinary(number: int, chance: random.Random) -> Push:
    """What the platform sends: a text, or what became of a message of ours."""
    who = chance.randrange(PEOPLE)
    if chance.random() < 0.5:
        body = change(messages=[message(number, who)])
    else:
        status = {"id": f"wamid.s{number}", "status": "delivered", "biz_opaque_callback_data": "1"}
        body = change(statuses=[{**status, "recipient_user_id": f"ID.{who}"}])
    return Push("ordinary", body, signed(body), frozenset({200}))


REFUSED, STORED = frozenset({403}), frozenset({200})
Attack = Callable[[int], Push]
_GOOD = change(messages=[message(-1, 1)])
ATTACKS: tuple[Attack, ...] = (
    lambda n: Push("unsigned", _GOOD, None, REFUSED),
    lambda n: Push("wrong", _GOOD, "sha256=" + "0" * 64, REFUSED),
    lambda n: Push("upper-case", _GOOD, "sha256=" + signed(_GOOD)[7:].upper(), REFUSED),
    lambda n: Push("non-ASCII", _GOOD, "sha256=é" + "0" * 63, REFUSED),
    lambda n: Push("of another body", b"{}", signed(_GOOD), REFUSED),
    lambda n: Push("replayed", _GOOD, signed(_GOOD), STORED),
    lambda n: Push("nonsense", b"\x00\xff" + str(n).encode(), signed(b"\x00\xff" + str(n).encode()), STORED),
    lambda n: _stored("deep", b'{"entry":' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
    lambda n: _stored(
        "unknown kind", change(messages=[message(n, n % PEOPLE, type="tomorrow", tomorrow=[n])])
    ),
    lambda n: _stored(
        "unknown field", change(dreams=[{"id": n}], messages=[message(n, n % PEOPLE, dream=n)])
    ),
)
HEAPS: tuple[Attack, ...] = (
    lambda n: _stored("ten thousand items", heap(n)),
    lambda n: _stored("nearly 4 MB", b'{"entry":"' + b"x" * 3_900_000 + b'"}'),
    lambda n: Push("over 4 MB", b"x" * 4_000_001, "sha256=" + "0" * 64, frozenset({413})),
)


def _stored(label: str, body: bytes) -> Push:
    return Push(label, body, signed(body), STORED)


def pushes(count: int, *, seed: int, heaps_every: int = HEAPS_EVERY) -> list[Push]:
    """Draw what comes, in order."""
    chance, attacks = random.Random(seed), itertools.cycle(ATTACKS)
    drawn = []
    for number in range(count):
        if number % heaps_every == heaps_every - 1:
            drawn.append(HEAPS[number // heaps_every % len(HEAPS)](number))
        elif chance.random() < ATTACK_SHARE:
            drawn.append(next(attacks)(number))
        else:
            drawn.append(ordinary(number, chance))
    return drawn


async def attack(
    folder: Path, *, count: int, rate: float, seed: int, heaps_every: int = HEAPS_EVERY
) -> Report:
    """Push `count` webhooks at `rate` a second at a running bot, whatever it answers meanwhile."""
    drawn, report = pushes(count, seed=seed, heaps_every=heaps_every), Report()
    await _enrol(folder / "desk.db")
    async with serve(emulated().app) as api:
        bot = BotOnWhatsApp(folder, api=api)
        bot.start()
        try:
            await bot.until_up()
            connector = aiohttp.TCPConnector(limit=0)
            async with aiohttp.ClientSession(connector=connector) as session:
                began, posting = time.perf_counter(), []
                for number, push in enumerate(drawn):
                    await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
                    posting.append(
                        asyncio.create_task(_posted(session, bot.webhook, push=push, report=report))
                    )
                await asyncio.gather(*posting)
            await _until_handled(folder / "desk.db", report)
        finally:
            await bot.stop()
    _look(folder / "desk.db", drawn, report)
    return report


async def _enrol(path: Path) -> None:
    """Have the ordinary ones written by people we know: of strangers nothing is kept beyond their pace."""
    now = datetime.now(UTC)

    def unit(tx: Transaction) -> None:
        for who in range(PEOPLE):
            enrol(tx, f"ID.{who}", name=f"Orang {who}", channel="whatsapp", now=now)

    database = await Database.open(path)
    try:
        await database.run(unit)
    finally:
        await database.close()


async def _posted(session: aiohttp.ClientSession, url: str, *, push: Push, report: Report) -> None:
    headers = {} if push.signature is None else {"X-Hub-Signature-256": push.signature}
    began = time.perf_counter()
    async with session.post(url, data=io.BytesIO(push.body), headers=headers) as response:
        status = response.status
    report.seconds.setdefault(push.label, []).append(time.perf_counter() - began)
    if status not in push.answers:
        report.wrong.append(f"{push.label}: {status}")


def _read(path: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as disk:
        return disk.execute(sql).fetchall()


async def _until_handled(path: Path, report: Report) -> None:
    """Wait until every row had its turn, or its place among the strangers, who get theirs one by one."""
    until = time.monotonic() + HANDLED_SECONDS
    while time.monotonic() < until:
        ((report.unhandled,),) = _read(
            path, "SELECT count(*) FROM inbox WHERE state IN ('waiting', 'fetching') AND not_before IS NULL"
        )
        if not report.unhandled:
            return
        await asyncio.sleep(0.2)


def _look(path: Path, drawn: list[Push], report: Report) -> None:
    report.ordinary = sum(push.label == "ordinary" for push in drawn)
    kept = Counter(name for (name,) in _read(path, "SELECT external_id FROM inbox"))
    for push in (one for one in drawn if one.label == "ordinary"):
        value = json.loads(push.body)["entry"][0]["changes"][0]["value"]
        name = (
            value["messages"][0]["id"] if "messages" in value else f"{value['statuses'][0]['id']}:delivered"
        )
        report.stored += kept[name] == 1
