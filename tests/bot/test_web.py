"""The web side: what is pushed is kept before it is acknowledged, and strangers are turned away."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from bot.channels.contract import Route
from bot.channels.telegram.arrivals import BODY_BYTES
from bot.channels.telegram.channel import TelegramChannel
from bot.config import Settings
from bot.health import STALLED_SECONDS
from bot.listening import PortTaken, bind
from bot.log import logger
from bot.meters import CountingLog, Meters
from bot.web import Application, PathTaken, Receive, Reply, Scope, application, serve
from storage import inbox
from storage.engine.database import Database
from storage.engine.errors import DiskFull
from storage.engine.transaction import Transaction
from storage.inbox import Arrival
from tests.kit.clock_and_codes import MORNING, Clock
from tests.kit.courier import CourierChannel, signature
from tests.kit.databases import migrated, on_disk
from tests.kit.world import TOKEN

SECRET = "rahasia_webhook-1-rahasia_webhook-1"
PARTS = ("intake", "dispatcher", "sender", "reminders", "announcements")
ROUNDS = 20
UPDATE = {"update_id": 7, "message": {"chat": {"id": 1001, "type": "private"}, "text": "halo"}}


class Keeper:
    """A dispatcher that keeps and takes no turns."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.fails: Exception | None = None

    async def take_in(self, channel: str, arrivals: Sequence[Arrival]) -> int:
        if self.fails:
            raise self.fails
        return await self.database.run(lambda tx: inbox.insert(tx, channel, arrivals=arrivals, now=MORNING))


def telegram(*, url: str) -> TelegramChannel:
    return TelegramChannel(TOKEN, root="http://127.0.0.1:9", webhook_url=url, webhook_secret=SECRET)


class House(SimpleNamespace):
    """What the web side needs of a running bot."""

    database: Database
    dispatcher: Keeper
    events: list[str]

    async def take_in(self, channel: str, arrivals: Sequence[Arrival], *, somebody_waits: bool) -> int:
        return await self.dispatcher.take_in(channel, arrivals)

    def last_rounds(self) -> dict[str, float]:
        return dict(self.rounds)

    async def rows(self) -> list[Any]:
        return await self.database.read(
            lambda tx: tx.execute("SELECT external_id, state FROM inbox").fetchall()
        )


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    database, events = await on_disk(tmp_path / "desk.db", migrated()), list[str]()
    yield House(
        database=database,
        dispatcher=Keeper(database),
        rounds=dict.fromkeys(PARTS, monotonic()),
        channels={"telegram": telegram(url="https://desk.example/telegram")},
        clock=Clock(),
        events=events,
        meters=Meters(),
        measure_disk=shutil.disk_usage,
        settings=Settings(data_dir=tmp_path),
        log=SimpleNamespace(error=lambda event, **_: events.append(event)),
    )
    await database.close()


@pytest.fixture
async def web(house: House) -> AsyncIterator[httpx.AsyncClient]:
    app: Any = house
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(application(app)), base_url="http://desk", headers={"X-T": "1"}
    ) as client:
        yield client


async def push(web: httpx.AsyncClient, body: bytes | None = None, secret: str | None = SECRET) -> int:
    headers = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret}
    return (
        await web.post("/telegram", content=json.dumps(UPDATE) if body is None else body, headers=headers)
    ).status_code


async def test_an_update_with_the_secret_is_kept(web: httpx.AsyncClient, house: House) -> None:
    assert await push(web) == 200
    assert await house.rows() == [("7", "waiting")]


@pytest.mark.parametrize("secret", [None, "", "rahasia", SECRET + "x", SECRET.upper()])
async def test_without_the_secret_there_is_no_row(
    web: httpx.AsyncClient, house: House, secret: str | None
) -> None:
    assert await push(web, secret=secret) == 403
    assert await house.rows() == []


async def test_while_updates_are_polled_for_nothing_is_taken(house: House) -> None:
    house.channels = {"telegram": telegram(url="")}
    app: Any = house
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(application(app)), base_url="http://desk"
    ) as web:
        assert await push(web, secret="") == 403
        assert await push(web) == 403
    assert await house.rows() == []


async def test_a_body_over_the_cap_is_refused_and_one_at_the_cap_is_kept(
    web: httpx.AsyncClient, house: House
) -> None:
    assert await push(web, b"x" * (BODY_BYTES + 1)) == 413
    assert await house.rows() == []
    assert await push(web, b"x" * BODY_BYTES) == 200


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff\xfe", b"null", b"[1]", b'{"message": {}}', b"1" * 5000, b"[" * 100_000, b'"\\ud800"'],
    ids=["empty", "cut off", "no text", "null", "list", "no id", "long number", "deep", "half a character"],
)
async def test_rubbish_with_the_secret_is_kept_as_unreadable(
    web: httpx.AsyncClient, house: House, body: bytes
) -> None:
    assert await push(web, body) == 200
    assert await push(web, body) == 200
    assert [state for _, state in await house.rows()] == ["unreadable"]


async def test_a_full_disk_acknowledges_nothing(web: httpx.AsyncClient, house: House) -> None:
    house.dispatcher.fails = DiskFull("database or disk is full")
    assert await push(web) == 503
    assert house.events == ["disk_full"]
    house.dispatcher.fails = None
    assert await push(web) == 200


async def test_health_tells_what_waits_and_since_when(web: httpx.AsyncClient, house: House) -> None:
    await push(web)
    house.clock.passes(seconds=90)
    answer = await web.get("/health")
    told = answer.json()
    assert answer.status_code == 200
    assert (told["ok"], told["database"], told["stalled"]) == (True, "ok", [])
    assert (told["inbox_waiting"], told["outbox_waiting"]) == (1, 0)
    assert told["inbox_oldest_seconds"] == pytest.approx(90, abs=1)
    assert set(told["seconds_since"]) == {"intake", "dispatcher", "sender", "reminders", "announcements"}


@pytest.mark.parametrize("part", PARTS)
async def test_health_fails_when_a_part_stands_still(web: httpx.AsyncClient, house: House, part: str) -> None:
    long_ago = monotonic() - STALLED_SECONDS - 1
    house.rounds[part] = long_ago
    answer = await web.get("/health")
    assert answer.status_code == 503
    assert answer.json()["stalled"] == [part]


async def test_health_fails_when_the_database_cannot_be_read(web: httpx.AsyncClient, house: House) -> None:
    async def broken(_: Any) -> Any:
        raise DiskFull("disk I/O error")

    house.database, kept = SimpleNamespace(read=broken), house.database  # type: ignore[assignment]
    answer = await web.get("/health")
    house.database = kept
    assert answer.status_code == 503
    assert (answer.json()["database"], answer.json()["troubles"]) == ("not read", {"database": "red"})


async def test_health_says_that_nothing_can_be_written(web: httpx.AsyncClient, house: House) -> None:
    def full(tx: Transaction) -> None:
        raise DiskFull("database or disk is full")

    with pytest.raises(DiskFull):
        await house.database.run(full)
    answer = await web.get("/health")
    assert (answer.status_code, answer.json()["database"]) == (503, "DiskFull")
    await house.database.run(lambda tx: None)
    assert (await web.get("/health")).status_code == 200


async def test_health_fails_on_a_full_disk(web: httpx.AsyncClient, house: House) -> None:
    house.measure_disk = lambda _: SimpleNamespace(free=1_000, total=10**12)
    assert (await web.get("/health")).status_code == 503


async def test_health_tells_each_channel_and_the_last_error(web: httpx.AsyncClient, house: House) -> None:
    house.meters.out_of_reach("telegram")
    CountingLog(house.log, house.meters).error("poll_failed", token="123456:secret")
    answer = (await web.get("/health")).json()
    assert answer["channels"]["telegram"] == {"state": "down", "seconds_since_sent": None}
    assert answer["last_error"]["event"] == "poll_failed"
    assert "secret" not in json.dumps(answer)


async def test_the_public_address_tells_no_figures(web: httpx.AsyncClient) -> None:
    assert (await web.get("/metrics")).status_code == 404
    assert (await web.get("/status")).status_code == 404


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/telegram", 405), ("GET", "/", 404)])
async def test_there_is_nothing_else(web: httpx.AsyncClient, method: str, path: str, status: int) -> None:
    assert (await web.request(method, path)).status_code == status


async def test_a_request_that_breaks_us_tells_nothing_of_itself(house: House) -> None:
    def broken(_: Any) -> Any:
        raise ValueError("what somebody wrote")

    courier = CourierChannel()
    courier.routes = lambda: [Route("POST", "/kurir", broken)]  # type: ignore[method-assign]
    house.channels = {"kurir": courier}
    app: Any = house
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(application(app)), base_url="http://desk"
    ) as web:
        answer = await web.post("/kurir", content=b"x")
    assert (answer.status_code, answer.content) == (500, b"")
    assert house.events == ["request_failed"]


async def test_two_channels_are_served_beside_each_other(house: House) -> None:
    house.channels = {**house.channels, "kurir": CourierChannel()}
    app: Any = house
    body = json.dumps({"letters": [{"no": "k-1", "sender": "a"}, {"no": "k-2", "sender": "b"}]}).encode()
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(application(app)), base_url="http://desk"
    ) as web:
        assert (await web.get("/kurir?challenge=7")).text == "challenge=7"
        assert (await web.head("/health")).status_code == 200
        assert (await web.post("/kurir", content=body)).status_code == 403
        signed = await web.post("/kurir", content=body, headers={"X-Signature": signature(body).decode()})
        assert signed.status_code == 200
        assert await push(web) == 200
    assert await house.rows() == [("k-1", "waiting"), ("k-2", "waiting"), ("7", "waiting")]


def test_two_channels_with_the_same_route_are_refused(house: House) -> None:
    house.channels = {"kurir": CourierChannel(), "lain": CourierChannel()}
    app: Any = house
    with pytest.raises(PathTaken, match="GET /kurir of lain"):
        application(app)


def test_a_port_in_use_is_refused_with_one_sentence() -> None:
    with bind("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken, match=rf"^127\.0\.0\.1:{port} cannot be used: .*DESK_WEB_PORT"):
            bind("127.0.0.1", port)


async def test_with_nothing_under_way_the_server_ends_at_once() -> None:
    async with _asked(_Door(is_open=True)) as (task, reader):
        assert (await reader.readuntil(b"fine")).startswith(b"HTTP/1.1 200")
        task.cancel()
        for _ in range(ROUNDS):  # of the loop; the tenth of a second that uvicorn waits is thousands
            await asyncio.sleep(0)
        assert task.done()


async def test_what_is_under_way_is_answered_before_the_server_ends() -> None:
    door = _Door(is_open=False)
    async with _asked(door) as (task, reader):
        await door.knocked.wait()
        task.cancel()
        for _ in range(ROUNDS):
            await asyncio.sleep(0)
        assert not task.done()
        door.opened.set()
        assert (await reader.readuntil(b"fine")).startswith(b"HTTP/1.1 200")


class _Door:
    """Answers once it is open."""

    def __init__(self, *, is_open: bool) -> None:
        self.knocked, self.opened = asyncio.Event(), asyncio.Event()
        if is_open:
            self.opened.set()

    async def answer(self, scope: Scope, receive: Receive) -> Reply:
        self.knocked.set()
        await self.opened.wait()
        return Reply(200, b"fine")


@asynccontextmanager
async def _asked(door: _Door) -> AsyncIterator[tuple[asyncio.Task[None], asyncio.StreamReader]]:
    """A server that was asked once, on a connection that stays; and where its answer is read."""
    listener = bind("127.0.0.1", 0)
    address, port = listener.getsockname()
    task = asyncio.create_task(serve(Application(logger(), {("GET", "/"): door.answer}), listener))
    reader, writer = await asyncio.open_connection(address, port)
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    try:
        yield task, reader
    finally:
        writer.close()
        task.cancel()
        await asyncio.wait({task})
