"""The emulated Bot API refuses what the real one refuses, and delivers as it does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.serve import serve
from sandbox.telegram import EmulatedNetwork, TelegramEmulator
from sandbox.telegram_faults import MODELS, Limits, Overall, RollingSecond
from tests.kit.patience import PATIENCE

TOKEN = "4200000010:EMULATOR-token-of-nobody-00000000000"
PERSON = 5


class Server:
    """The emulator and a client that speaks plain HTTP to it."""

    def __init__(self, emulator: TelegramEmulator, url: str, session: aiohttp.ClientSession) -> None:
        self.emulator, self._root, self._session = emulator, f"{url}/bot{TOKEN}", session

    async def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Make a call and return the whole answer."""
        async with self._session.post(f"{self._root}/{method}", json=parameters) as answer:
            told: dict[str, Any] = await answer.json()
            return told


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    emulator = TelegramEmulator(token=TOKEN)
    emulator.add_person(PERSON, "Rina", phone="+62811")
    emulator.says(PERSON, "/start")
    async with serve(emulator.app) as url, aiohttp.ClientSession() as session:
        yield Server(emulator, url, session)
    await emulator.updates.close()


def keys(*rows: list[str]) -> dict[str, Any]:
    """An inline keyboard with this data."""
    return {"inline_keyboard": [[{"text": "x", "callback_data": data} for data in row] for row in rows]}


@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        pytest.param({"text": ""}, "message text is empty", id="nothing"),
        pytest.param({"text": "x" * 4097}, "message is too long", id="too long"),
        pytest.param({"text": "😀" * 2049}, "message is too long", id="too long in UTF-16"),
        pytest.param({"text": "<b>x", "parse_mode": "HTML"}, "can't parse entities", id="a tag left open"),
        pytest.param(
            {"text": "<div>x</div>", "parse_mode": "HTML"}, "Unsupported start tag", id="a tag it has not"
        ),
        pytest.param({"text": "a < b", "parse_mode": "HTML"}, "can't parse entities", id="a bare sign"),
        pytest.param({"text": "x", "parse_mode": "BBCode"}, "unsupported parse_mode", id="a mode it has not"),
        pytest.param(
            {"text": "x", "reply_markup": keys(["d" * 65])}, "BUTTON_DATA_INVALID", id="data too long"
        ),
        pytest.param({"text": "x", "reply_markup": keys(*[["d"]] * 101)}, "TOO_LONG", id="too many buttons"),
        pytest.param({"text": "x", "reply_markup": keys(["d"] * 9)}, "TOO_LONG", id="too many in a row"),
    ],
)
async def test_it_refuses_what_the_real_one_refuses(
    server: Server, parameters: dict[str, Any], told: str
) -> None:
    answer = await server.call("sendMessage", chat_id=PERSON, **parameters)
    assert (answer["ok"], answer["error_code"]) == (False, 400)
    assert told in answer["description"]


async def test_what_is_just_within_the_limits_passes(server: Server) -> None:
    assert (await server.call("sendMessage", chat_id=PERSON, text="x" * 4096))["ok"]
    assert (await server.call("sendMessage", chat_id=PERSON, text="&lt;" * 4096, parse_mode="HTML"))["ok"]
    assert (await server.call("sendMessage", chat_id=PERSON, text="x", reply_markup=keys(*[["d"]] * 100)))[
        "ok"
    ]


async def test_strangers_blockers_and_unknown_methods_are_refused(server: Server) -> None:
    assert (await server.call("sendMessage", chat_id=99, text="x"))[
        "description"
    ] == "Bad Request: chat not found"
    server.emulator.add_person(6, "Budi")
    assert (await server.call("sendMessage", chat_id=6, text="x"))["error_code"] == 403
    server.emulator.blocks(PERSON)
    assert "blocked" in (await server.call("sendMessage", chat_id=PERSON, text="x"))["description"]
    assert (await server.call("makeCoffee"))["error_code"] == 404


async def test_an_offset_confirms_what_lies_before_it(server: Server) -> None:
    server.emulator.says(PERSON, "dua")
    first = (await server.call("getUpdates"))["result"]
    assert [update["message"]["text"] for update in first] == ["/start", "dua"]
    assert (await server.call("getUpdates"))["result"] == first
    rest = (await server.call("getUpdates", offset=first[0]["update_id"] + 1))["result"]
    assert rest == first[1:]
    assert (await server.call("getUpdates", offset=-1))["result"] == first[1:]


async def test_a_long_poll_wakes_and_a_second_one_ends_the_first(server: Server) -> None:
    (update,) = (await server.call("getUpdates"))["result"]
    polling = asyncio.create_task(server.call("getUpdates", offset=update["update_id"] + 1, timeout=20))
    while not server.emulator.updates.is_polled:
        await asyncio.sleep(0)
    second = asyncio.create_task(server.call("getUpdates", timeout=20))
    assert (await polling)["error_code"] == 409
    server.emulator.says(PERSON, "halo")
    assert (await second)["result"][0]["message"]["text"] == "halo"


async def test_a_webhook_carries_its_secret_and_comes_again_until_it_is_taken(server: Server) -> None:
    seen: list[tuple[str, str]] = []

    async def take(request: Request) -> Response:
        update = await request.json()
        seen.append((request.headers["x-telegram-bot-api-secret-token"], update["message"]["text"]))
        return Response(status_code=500 if len(seen) == 1 else 200)

    async with serve(Starlette(routes=[Route("/hook", take, methods=["POST"])])) as url:
        await server.call("setWebhook", url=f"{url}/hook", secret_token="rahasia")
        assert (await server.call("getUpdates"))["error_code"] == 409
        last = server.emulator.says(PERSON, "dua")
        await server.emulator.confirmed(last, timeout=PATIENCE)
        assert seen == [("rahasia", "/start"), ("rahasia", "/start"), ("rahasia", "dua")]
        assert (await server.call("getWebhookInfo"))["result"]["pending_update_count"] == 0
        await server.call("deleteWebhook")


async def test_an_edit_that_changes_nothing_and_an_old_tap_are_refused(server: Server) -> None:
    sent = (await server.call("sendMessage", chat_id=PERSON, text="satu"))["result"]
    message = sent["message_id"]
    again = await server.call("editMessageText", chat_id=PERSON, message_id=message, text="satu")
    assert "message is not modified" in again["description"]
    assert (await server.call("editMessageText", chat_id=PERSON, message_id=message, text="dua"))["ok"]
    assert server.emulator.chat(PERSON)[-1].edited
    tap = await server.call("answerCallbackQuery", callback_query_id="1")
    assert "query is too old" in tap["description"]


async def test_every_call_but_empty_polls_stands_in_the_journal(server: Server) -> None:
    await server.call("sendMessage", chat_id=PERSON, text="x")
    await server.call("sendMessage", chat_id=PERSON, text="")
    assert [(call.method, call.status) for call in server.emulator.journal] == [
        ("sendMessage", 200),
        ("sendMessage", 400),
    ]


def sends(limit: Overall, gaps: list[float]) -> list[bool]:
    """Which of these sends a limit allows; `gaps` are the seconds before each."""
    now, allowed = 0.0, []
    for gap in gaps:
        now += gap
        allowed.append(limit.wait(now) <= 0)
        if allowed[-1]:
            limit.count(now)
    return allowed


@pytest.mark.parametrize(
    ("model", "gaps", "refused"),
    [
        pytest.param("rolling", [0.0] * 31, [30], id="thirty at once, the thirty-first not"),
        pytest.param("rolling", [0.0] * 30 + [0.9, 0.11], [30], id="not before the second is over"),
        pytest.param("bucket", [0.0] * 31 + [0.034], [30], id="a full bucket, then one by one"),
        pytest.param("small", [0.0] * 6 + [0.034], [5], id="five at once"),
        pytest.param("small", [1 / 30] * 90, [], id="evenly for ever"),
    ],
)
def test_each_model_of_the_limit_refuses_what_it_says(
    model: str, gaps: list[float], refused: list[int]
) -> None:
    assert [n for n, fine in enumerate(sends(MODELS[model](30), gaps)) if not fine] == refused


def test_a_chat_has_a_bucket_of_its_own_and_a_refusal_counts_nowhere() -> None:
    limits = Limits(RollingSecond(3), chat_rate=1.0, chat_burst=2.0)
    assert [limits.wait(1, 0.0), limits.wait(1, 0.0)] == [0.0, 0.0]
    assert limits.wait(1, 0.0) == 1.0
    assert [limits.wait(2, 0.0), limits.wait(3, 0.0)] == [0.0, 1.0]


async def test_a_round_trip_takes_its_time_and_calls_are_counted_without_a_journal() -> None:
    emulator = TelegramEmulator(
        token=TOKEN, journal_limit=0, network=EmulatedNetwork(latency=0.02, jitter=0.01)
    )
    async with serve(emulator.app) as url, aiohttp.ClientSession() as session:
        server, loop = Server(emulator, url, session), asyncio.get_running_loop()
        began = loop.time()
        await server.call("sendMessage", chat_id=9, text="x")
        await server.call("getMe")
        assert loop.time() - began >= 0.04
    assert dict(emulator.counts) == {("sendMessage", 400): 1, ("getMe", 200): 1}
    assert not emulator.journal
