"""The parameters of a Bot API call, in any of its encodings."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.requests import Request

from sandbox.wire import BotApiObject, Receive, Scope, read_body

_NESTED = (
    "reply_markup",
    "reply_parameters",
    "commands",
    "scope",
    "allowed_updates",
    "link_preview_options",
    "entities",
    "media",
)


async def parameters(scope: Scope, receive: Receive) -> tuple[BotApiObject, dict[str, tuple[str, bytes]]]:
    """Read the parameters of a call, and its files by field name."""
    params: BotApiObject = dict(parse_qsl(scope["query_string"].decode()))
    if scope["method"] != "POST":
        return _decode(params), {}
    kind = next((value.decode() for name, value in scope["headers"] if name == b"content-type"), "")
    if kind.startswith("multipart/"):
        return await _read_multipart(scope, receive, params=params)
    body = await read_body(receive)
    if body and kind.startswith("application/json"):
        return _decode({**params, **json.loads(body)}), {}
    return _decode({**params, **dict(parse_qsl(body.decode()))}), {}


async def _read_multipart(
    scope: Scope, receive: Receive, *, params: BotApiObject
) -> tuple[BotApiObject, dict[str, tuple[str, bytes]]]:
    files: dict[str, tuple[str, bytes]] = {}
    async with Request(scope, receive).form() as form:
        for name, value in form.items():
            if isinstance(value, UploadFile):
                files[name] = (value.filename or name, await value.read())
            else:
                params[name] = value
    return _decode(params), files


def _decode(params: BotApiObject) -> BotApiObject:
    """Forms carry numbers, truth and nested values as text."""
    for name in _NESTED:
        if isinstance(params.get(name), str) and params[name]:
            params[name] = json.loads(params[name])
    return params
