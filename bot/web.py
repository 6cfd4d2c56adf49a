"""The web side: webhooks, health and figures."""

from __future__ import annotations

import asyncio
import hmac
import json
import socket
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from time import monotonic
from typing import TYPE_CHECKING, Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.channels.telegram.parse import address_of
from bot.inbound.intake import arrival, unreadable
from bot.inbound.turns import where
from storage import inbox, outbox
from storage.engine.errors import is_full
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_time

if TYPE_CHECKING:
    from bot.app import App

BODY_BYTES = 1_000_000  # of a webhook; Telegram's updates are a few kilobytes
STALLED_SECONDS = 300.0  # after which a part counts as stalled
SECRET_HEADER = "x-telegram-bot-api-secret-token"


def application(app: App) -> Starlette:
    """Make the web application of a running bot."""

    async def telegram(request: Request) -> Response:
        return await _telegram(app, request)

    async def health(_: Request) -> Response:
        told = await _health(app)
        return JSONResponse(told, 200 if told["ok"] else 503)

    async def metrics(_: Request) -> Response:
        return PlainTextResponse(await _metrics(app))

    return Starlette(
        routes=[
            Route("/telegram", telegram, methods=["POST"]),
            Route("/health", health),
            Route("/metrics", metrics),
        ]
    )


async def _telegram(app: App, request: Request) -> Response:
    """Keep what Telegram pushes: 200 only after the commit, 403 without the secret, 503 while the disk is full."""
    secret = app.settings.telegram_webhook_secret
    given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "replace")
    if secret is None or not hmac.compare_digest(given, secret.get_secret_value().encode()):
        return Response(status_code=403)
    body = await _body(request)
    if body is None:
        return Response(status_code=413)
    row = _row(body)
    try:
        await app.dispatcher.take_in("telegram", [row])
    except Exception as error:
        app.log.error("disk_full" if is_full(error) else "webhook_not_stored", **where(error))
        return Response(status_code=503, headers={"Retry-After": "5"})
    return Response(status_code=200)


def _row(body: bytes) -> inbox.Arrival:
    text = body.decode("utf-8", "replace")
    try:
        return arrival(json.loads(text), address_of)
    except (ValueError, RecursionError):  # also a number of thousands of digits
        return unreadable(text)


async def _body(request: Request) -> bytes | None:
    """Read the body up to its cap; None when it is larger."""
    held = bytearray()
    async for piece in request.stream():
        held += piece
        if len(held) > BODY_BYTES:
            return None
    return bytes(held)


async def _health(app: App) -> dict[str, Any]:
    """Tell how each part is; a part is stalled when it has not come round for five minutes."""
    now = monotonic()
    beats = {
        "dispatcher": app.dispatcher.last_round,
        "sender": app.sender.last_round,
        "intake": app.last_intake(),
        "reminders": app.last_tick(),
        "announcements": app.last_feed(),
    }
    ages = {name: round(now - at, 1) for name, at in beats.items()}
    stalled = [name for name, age in ages.items() if age > STALLED_SECONDS]
    told: dict[str, Any] = {"ok": False, "database": "ok", "stalled": stalled, "seconds_since": ages}
    try:
        queues = await app.database.read(lambda tx: _queues(tx, app.clock()))
    except Exception as error:
        app.log.error("database_not_read", **where(error))
        return told | {"database": type(error).__name__}
    return told | {"ok": not stalled, **queues}


def _queues(tx: Transaction, now: datetime) -> dict[str, Any]:
    oldest = inbox.oldest_open(tx)
    age = None if oldest is None else round((now - utc_time(oldest)).total_seconds(), 1)
    return {"inbox_waiting": inbox.open_count(tx), "inbox_oldest_seconds": age, "outbox_waiting": outbox.open_count(tx)}


async def _metrics(app: App) -> str:
    waiting, states = await app.database.read(lambda tx: (inbox.counts(tx), outbox.counts(tx)))
    return "".join((*_lines("desk_inbox_updates", waiting), *_lines("desk_outbox_messages", states)))


def _lines(name: str, counts: Mapping[str, int]) -> list[str]:
    return [f"# TYPE {name} gauge\n", *(f'{name}{{state="{state}"}} {count}\n' for state, count in counts.items())]


async def serve(app: App, listener: socket.socket) -> None:
    """Serve until cancelled; signals stay with the process."""
    config = uvicorn.Config(
        application(app),
        log_config=None,
        access_log=False,
        lifespan="off",
        proxy_headers=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=5,
    )
    server = uvicorn.Server(config)
    serving: Callable[..., Awaitable[None]] = server._serve  # uvicorn's own entry would take the signals over
    task = asyncio.ensure_future(serving(sockets=[listener]))
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        server.should_exit = True
        await task
        raise
