"""The wire both emulators speak: bodies read with a limit, answers written without a framework's cost."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

BotApiObject = dict[str, Any]  # an object of core.telegram.org/bots/api
CloudApiObject = dict[str, Any]  # an object of the Cloud API or its webhooks, as Meta writes it
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
BODY_BYTES = 60_000_000  # uploads end at 50 MB


async def read_body(receive: Receive) -> bytes:
    pieces = []
    size = 0
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            break
        piece = event.get("body", b"")
        size += len(piece)
        if size > BODY_BYTES:
            break
        pieces.append(piece)
        if not event.get("more_body"):
            break
    return b"".join(pieces)


async def answer(send: Send, status: int, *, body: bytes, kind: bytes = b"application/json") -> None:
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def cut_off(send: Send) -> None:
    """Begin an answer and never end it: the connection is closed in the middle."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"100")]})
