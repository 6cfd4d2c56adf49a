"""The webhook under attack: whatever comes is refused or stored, never answered with 500, and others go
on.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import json
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.kit.whatsapp_world import RINA, SECRET, WhatsAppWorld, whatsapp_world

GOOD = b'{"object":"whatsapp_business_account","entry":[]}'


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[WhatsAppWorld]:
    async with whatsapp_world(tmp_path) as made:
        yield made


def signed(body: bytes, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


async def posted(world: WhatsAppWorld, body: bytes, signature: str | None) -> int:
    headers = {} if signature is None else {"X-Hub-Signature-256": signature}
    url = f"http://127.0.0.1:{world.app.port}/whatsapp"
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=io.BytesIO(body), headers=headers) as response,
    ):
        return response.status


@pytest.mark.parametrize(
    ("label", "signature"),
    [
        ("missing", None),
        ("empty", ""),
        ("without its name", signed(GOOD).removeprefix("sha256=")),
        ("wrong", "sha256=" + "0" * 64),
        ("of another secret", signed(GOOD, "another")),
        ("of another body", signed(b"{}")),
        ("upper-case", "sha256=" + signed(GOOD).removeprefix("sha256=").upper()),
        ("too long", signed(GOOD) + "00"),
        ("cut short", signed(GOOD)[:-1]),
        ("non-ASCII", "sha256=é" + "0" * 63),
        ("another algorithm", "sha1=" + hmac.new(SECRET.encode(), GOOD, hashlib.sha1).hexdigest()),
    ],
)
async def test_only_the_right_signature_is_taken(
    world: WhatsAppWorld, label: str, signature: str | None
) -> None:
    assert await posted(world, GOOD, signature) == 403, label
    assert await world.rows("SELECT count(*) FROM inbox") == [(0,)]


def nested(levels: int) -> bytes:
    return b'{"entry":' + b"[" * levels + b"]" * levels + b"}"


def many(count: int) -> bytes:
    """One body with as many messages of strangers."""
    messages = [
        {"id": f"wamid.{n}", "from_user_id": f"ID.{n}", "type": "reaction", "reaction": {}}
        for n in range(count)
    ]
    change = {"field": "messages", "value": {"metadata": {"phone_number_id": "100"}, "messages": messages}}
    return json.dumps({"entry": [{"id": "1", "changes": [change]}]}).encode()


def odd_ids() -> bytes:
    """Half characters and NUL where ids stand."""
    messages = [
        {"id": "wamid.\ud800", "from_user_id": "ID.1\0", "type": "text", "text": {"body": "\0"}},
        {"id": "wamid.2\0", "from_user_id": "ID.\udfff", "type": "tomorrow\ud800"},
    ]
    statuses = [{"id": "wamid.\udc00", "status": "sent\0", "recipient_id": "\ud800"}]
    value = {"metadata": {"phone_number_id": "100"}, "messages": messages, "statuses": statuses}
    return json.dumps({"entry": [{"changes": [{"field": "messages", "value": value}]}]}).encode()


@pytest.mark.parametrize(
    ("label", "body"),
    [
        ("nothing", b""),
        ("no JSON", b"\x00\xff nonsense"),
        ("a number", b"17"),
        ("a number of 5,000 digits", b"9" * 5_000),
        ("not a number", b'{"entry": NaN}'),
        ("half a character", b'{"entry":[{"id":"\\ud800"}]}'),
        ("ids no database keeps", odd_ids()),
        ("100,000 levels", nested(100_000)),
        ("lists where objects belong", b'{"entry":[[[]], 1, null, {"changes": {"value": []}}]}'),
        ("ten thousand items", many(10_000)),
        ("nearly 4 MB", b'{"entry":"' + b"x" * 3_900_000 + b'"}'),
    ],
)
async def test_what_is_signed_is_stored_whatever_it_holds(
    world: WhatsAppWorld, label: str, body: bytes
) -> None:
    assert await posted(world, body, signed(body)) == 200, label
    first = await world.rows("SELECT count(*) FROM inbox")
    assert first[0] >= (1,)
    assert await posted(world, body, signed(body)) == 200, "the same again"
    again = await world.rows("SELECT count(*) FROM inbox")
    assert again <= first  # of a flood of strangers what waits too long may have been let go in between
    await world.says(RINA, "halo")
    assert world.heard(RINA)


async def test_what_another_number_of_the_account_got_is_not_ours(world: WhatsAppWorld) -> None:
    body = many(3).replace(b'"100"', b'"200"')
    assert await posted(world, body, signed(body)) == 200
    assert await world.rows("SELECT count(*) FROM inbox") == [(0,)]


async def test_more_than_4_mb_is_refused_before_it_is_read(world: WhatsAppWorld) -> None:
    body = b"x" * 4_000_001
    assert await posted(world, body, signed(body)) == 413
    assert await world.rows("SELECT count(*) FROM inbox") == [(0,)]
