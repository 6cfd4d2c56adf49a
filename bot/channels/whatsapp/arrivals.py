"""The webhook's route: only signed bodies are taken, and every item of one is a row of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress

from bot.channels import Unreadable
from bot.channels.contract import Answer, Headers, Request, Route, StatusArrival
from bot.channels.unreadable import unreadable
from bot.channels.whatsapp.items import Item, items
from bot.channels.whatsapp.signature import PREFIX, challenge, is_signed
from bot.channels.whatsapp.statuses import status
from domain.kept_json import read_json, write_json
from storage.inbox import Arrival

BODY_BYTES = 4_000_000  # Meta sends up to 3 MB
SIGNATURE_HEADER = b"x-hub-signature-256"
PATH = "/whatsapp"


def routes(
    *, app_secret: bytes, verify_token: bytes, phone_id: str, seen: Callable[[Sequence[Arrival]], None]
) -> list[Route]:
    """Make the handshake's route and the one that takes items in; `seen` is told what was signed.

    An account may have several numbers and tells of them all: what another than `phone_id` got is not kept.
    """

    def greeted(request: Request) -> Answer:
        answer = challenge(request.query, verify_token=verify_token)
        return Answer(403) if answer is None else Answer(200, text=answer)

    def admits(headers: Headers) -> bool:
        return headers.get(SIGNATURE_HEADER, b"").startswith(PREFIX)

    def pushed(request: Request) -> Answer:
        signature = request.headers.get(SIGNATURE_HEADER, b"")
        if not is_signed(request.body, signature, app_secret=app_secret):
            return Answer(403)
        all_items = read_items(request.body)
        ours = [item for item in all_items if item.phone_id in ("", phone_id)]
        rows = arrivals(request.body, ours) if ours or not all_items else ()
        seen(rows)
        return Answer(200, rows, somebody_waits=any(item.kind == "message" for item in ours))

    return [
        Route("GET", PATH, greeted),
        Route("POST", PATH, pushed, admits=admits, max_bytes=BODY_BYTES),
    ]


def read_items(body: bytes) -> list[Item]:
    """Take a body apart; none where it holds nothing we know."""
    try:
        return list(items(read_json(_decode(body))))
    except (ValueError, RecursionError):  # also a number of thousands of digits
        return []


def arrivals(body: bytes, items_of_body: Sequence[Item]) -> list[Arrival]:
    """Make the rows of one body; one that holds nothing we know is kept under its hash."""
    rows = [_make_arrival(item) for item in items_of_body]
    return rows or [unreadable(_decode(body), why="no item of the Cloud API")]


def _decode(body: bytes) -> str:
    return body.decode("utf-8", "replace")


def _make_arrival(item: Item) -> Arrival:
    raw = write_json(item.raw)
    if item.kind == "status":
        with suppress(Unreadable):  # its row says so, when it has its turn
            return StatusArrival(item.external_id, item.address, raw, status=status(item.raw["item"]))
    return Arrival(item.external_id, item.address, raw)
