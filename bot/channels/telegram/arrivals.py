"""Raw updates become rows of the inbox: from a poll, or from a webhook that carries our secret."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from typing import Any

from bot.channels.contract import Answer, Headers, Polled, Request, Route
from bot.channels.telegram.parse import address_of, has_id
from bot.channels.unreadable import unreadable
from domain.kept_json import read_json, write_json
from storage.inbox import Arrival

BODY_BYTES = 1_000_000  # of a webhook; Telegram's updates are a few kilobytes
SECRET_HEADER = b"x-telegram-bot-api-secret-token"  # core.telegram.org/bots/api#setwebhook


def arrival(raw: Any) -> Arrival:
    """Make the row of one raw update; what has no update_id is kept under its hash."""
    text = write_json(raw)
    if has_id(raw):
        return Arrival(str(raw["update_id"]), address_of(raw), text)
    return unreadable(text, why="no update_id")


def polled(updates: Sequence[Any]) -> Polled:
    """Make the rows of a poll; the position is the greatest id, which the next poll confirms."""
    rows = [arrival(raw) for raw in updates]
    ids = [int(row.external_id) for row in rows if not row.unreadable]
    return Polled(rows, str(max(ids)) if ids else None)


def route(secret: str) -> Route:
    """Make the webhook's route; without a secret nobody is admitted."""
    wanted = secret.encode()

    def admits(headers: Headers) -> bool:
        return bool(wanted) and hmac.compare_digest(headers.get(SECRET_HEADER, b""), wanted)

    return Route("POST", "/telegram", _take_pushed, admits=admits, max_bytes=BODY_BYTES)


def _take_pushed(request: Request) -> Answer:
    """Keep everything: only a status of 200 ends Telegram's tries."""
    text = request.body.decode("utf-8", "replace")
    try:
        return Answer(200, [arrival(read_json(text))])
    except (ValueError, RecursionError):  # also a number of thousands of digits
        return Answer(200, [unreadable(text, why="no update_id")])
