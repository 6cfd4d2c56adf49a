"""The web server: the channels' routes and health; plain ASGI, as a few fixed routes need no more."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from http import HTTPStatus
from typing import Any, Protocol

import uvicorn

from bot.channels import Channel
from bot.channels.contract import Answer, Request, Route
from bot.health import Running
from bot.health_answer import health
from bot.slow_clients import ACCEPTED_AT_ONCE, BoundedClient
from domain.event_log import EventLog, where
from storage.engine.errors import is_full
from storage.inbox import Arrival

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Handler = Callable[[Scope, Receive], Awaitable["Reply"]]
RETRY_SECONDS = b"5"  # after which a platform may push again what could not be kept
LARGE_BYTES = 50_000  # of a body that is taken apart in a thread, so that nobody else's answer waits for it
HEALTH = "/health"
TEXT, JSON = b"text/plain; charset=utf-8", b"application/json"


class PathTaken(ValueError):
    """two channels bring the same route"""


class Reply:
    """A whole answer."""

    __slots__ = ("body", "headers", "status")

    def __init__(self, status: int, body: bytes = b"", *, kind: bytes = TEXT) -> None:
        self.status, self.body = status, body
        self.headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode())]


class Application:
    """Answers by method and path; what is not there gets 404, another method 405."""

    def __init__(self, log: EventLog, handlers: Mapping[tuple[str, str], Handler]) -> None:
        """Map method and path to what answers; HEAD is answered as GET without its body."""
        self._log, self._handlers = log, handlers
        self._paths = {path for _, path in handlers}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, as ASGI asks it."""
        if scope["type"] != "http":
            return
        path, method = scope["path"], scope["method"]
        handle = self._handlers.get(("GET" if method == "HEAD" else method, path))
        if handle is None:
            is_known = path in self._paths
            reply = Reply(HTTPStatus.METHOD_NOT_ALLOWED if is_known else HTTPStatus.NOT_FOUND)
        else:
            reply = await self._handle(handle, scope, receive=receive)
        await send({"type": "http.response.start", "status": reply.status, "headers": reply.headers})
        await send({"type": "http.response.body", "body": b"" if method == "HEAD" else reply.body})

    async def _handle(self, handle: Handler, scope: Scope, *, receive: Receive) -> Reply:
        try:
            return await handle(scope, receive)
        except Exception as error:
            # the server would log it with its words, which may quote what somebody wrote
            self._log.error("request_failed", path=scope["path"], **where(error))
            return Reply(HTTPStatus.INTERNAL_SERVER_ERROR)


class Intake(Protocol):
    """Who keeps what is pushed: the bot itself, or a host that stands by."""

    channels: Mapping[str, Channel]
    log: EventLog

    async def take_in(self, channel: str, arrivals: Sequence[Arrival], *, somebody_waits: bool) -> None:
        """Keep what was pushed; returns after the commit, and raises what the database raises."""


class StandbyHost(Intake, Protocol):
    """A host that keeps what is pushed for the owner."""

    def tell_health(self) -> str:
        """Tell that it stands by, and for whom."""


def standby_application(host: StandbyHost) -> Application:
    """Make the public application of a host that stands by: webhooks are kept, and it tells that it waits."""

    async def answer_health(scope: Scope, receive: Receive) -> Reply:
        return Reply(200, host.tell_health().encode(), kind=JSON)

    return Application(host.log, {("GET", HEALTH): answer_health, **_map_routes(host)})


def application(running: Running) -> Application:
    """Make the public application of a running bot: webhooks and health; raises PathTaken."""
    return Application(running.log, _map_handlers(running))


async def tell_health(running: Running) -> Reply:
    """Answer how the bot is: 200 when all is well, else 503."""
    answer = await health(running)
    return Reply(200 if answer["ok"] else 503, json.dumps(answer).encode(), kind=JSON)


def _map_handlers(running: Running) -> dict[tuple[str, str], Handler]:
    """Map method and path to what answers."""

    async def answer_health(scope: Scope, receive: Receive) -> Reply:
        return await tell_health(running)

    return {("GET", HEALTH): answer_health, **_map_routes(running)}


def _map_routes(intake: Intake) -> dict[tuple[str, str], Handler]:
    handlers: dict[tuple[str, str], Handler] = {}
    for name, channel in intake.channels.items():
        for route in channel.routes():
            key = (route.method, route.path)
            if key in handlers or route.path == HEALTH:
                raise PathTaken(f"{route.method} {route.path} of {name} is there already")
            handlers[key] = _make_push_handler(intake, name, route=route)
    return handlers


def _make_push_handler(intake: Intake, channel: str, *, route: Route) -> Handler:
    """Make what answers a channel's route."""

    async def handle(scope: Scope, receive: Receive) -> Reply:
        headers = dict(scope["headers"])
        if not route.admits(headers):
            return Reply(HTTPStatus.FORBIDDEN)
        body = await _read_body(receive, most=route.max_bytes)
        if body is None:
            return Reply(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        request = Request(headers, scope["query_string"], body)
        if len(body) > LARGE_BYTES:
            answer = await asyncio.to_thread(route.answer, request)
        else:
            answer = route.answer(request)
        return await _keep(intake, channel, answer=answer)

    return handle


async def _keep(intake: Intake, channel: str, *, answer: Answer) -> Reply:
    """Keep what came, then say so: 200 only after the commit, 503 while the disk is full."""
    try:
        if answer.arrivals:
            await intake.take_in(channel, answer.arrivals, somebody_waits=answer.somebody_waits)
    except Exception as error:
        intake.log.error(
            "disk_full" if is_full(error) else "webhook_not_stored", channel=channel, **where(error)
        )
        reply = Reply(HTTPStatus.SERVICE_UNAVAILABLE)
        reply.headers.append((b"retry-after", RETRY_SECONDS))
        return reply
    return Reply(answer.status, answer.text.encode())


async def _read_body(receive: Receive, *, most: int) -> bytes | None:
    """Read the body up to its cap; None when it is larger, or its sender is gone."""
    chunks = bytearray()
    more = True
    while more:
        piece = await receive()
        if piece["type"] == "http.disconnect":
            return None
        chunks += piece.get("body", b"")
        if len(chunks) > most:
            return None
        more = piece.get("more_body", False)
    return bytes(chunks)


async def serve(
    served: Application, listener: socket.socket, *, client: type[BoundedClient] = BoundedClient
) -> None:
    """Serve until cancelled; signals stay with the process. `client` bounds each connection."""
    config = uvicorn.Config(
        served,
        log_config=None,
        access_log=False,
        lifespan="off",
        interface="asgi3",
        ws="none",
        proxy_headers=False,
        server_header=False,
        http=client,
        backlog=ACCEPTED_AT_ONCE,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=5,
    )
    config.load()
    server = uvicorn.Server(config)  # its own entry would take the signals over
    server.lifespan = config.lifespan_class(config)
    await server.startup(sockets=[listener])
    try:
        await server.main_loop()  # keeps the date of the answers right
    finally:
        await _end(server, listener)


async def _end(server: uvicorn.Server, listener: socket.socket) -> None:
    """Answer what is under way and end; at once where nothing is: uvicorn waits a tenth of a second then."""
    for listening in server.servers:
        listening.close()
    listener.close()
    state = server.server_state
    for connection in list(state.connections):
        connection.shutdown()
    await asyncio.sleep(0)  # idle ones close in the loop's next round
    if state.connections or state.tasks:
        await server.shutdown()
