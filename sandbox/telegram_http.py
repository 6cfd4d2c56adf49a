"""The wire: reads a Bot API call in any of its encodings, cheaply."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.requests import Request

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
BODY_BYTES = 60_000_000  # uploads end at 50 MB
_NESTED = ("reply_markup", "commands", "scope", "allowed_updates", "link_preview_options", "entities", "media")


async def parameters(scope: Scope, receive: Receive) -> tuple[dict[str, Any], dict[str, tuple[str, bytes]]]:
    """Read the parameters of a call, and its files by field name."""
    given: dict[str, Any] = dict(parse_qsl(scope["query_string"].decode()))
    if scope["method"] != "POST":
        return _decoded(given), {}
    kind = next((value.decode() for name, value in scope["headers"] if name == b"content-type"), "")
    if kind.startswith("multipart/"):
        return await _multipart(scope, receive, given)
    body = await read_body(receive)
    if body and kind.startswith("application/json"):
        return _decoded({**given, **json.loads(body)}), {}
    return _decoded({**given, **dict(parse_qsl(body.decode()))}), {}


async def _multipart(
    scope: Scope, receive: Receive, given: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, tuple[str, bytes]]]:
    files: dict[str, tuple[str, bytes]] = {}
    async with Request(scope, receive).form() as form:
        for name, value in form.items():
            if isinstance(value, UploadFile):
                files[name] = (value.filename or name, await value.read())
            else:
                given[name] = value
    return _decoded(given), files


def _decoded(given: dict[str, Any]) -> dict[str, Any]:
    """Forms carry numbers, truth and nested values as text."""
    for name in _NESTED:
        if isinstance(given.get(name), str) and given[name]:
            given[name] = json.loads(given[name])
    return given


async def read_body(receive: Receive) -> bytes:
    """Read a whole body."""
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


async def answer(send: Send, status: int, body: bytes, kind: bytes = b"application/json") -> None:
    """Write an answer."""
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def cut_off(send: Send) -> None:
    """Begin an answer and never end it: the connection is closed in the middle."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"100")]})
