"""Captured updates, and everything else Telegram or anybody could send."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels import Unreadable
from bot.channels.telegram.parse import address_of, parse
from domain.message import Kind

RINA = {"id": 1001, "is_bot": False, "first_name": "Rina", "last_name": "W", "language_code": "id"}
CHAT = {"id": 1001, "first_name": "Rina", "type": "private"}
GROUP = {"id": -100200, "title": "Kantor", "type": "supergroup"}
BOT = {"id": 42, "is_bot": True, "first_name": "Desk"}


def message(**parts: Any) -> dict[str, Any]:
    """A private message as it arrives."""
    return {"update_id": 1, "message": {"message_id": 7, "date": 1772413200, "chat": CHAT, "from": RINA, **parts}}


FILE = {"file_id": "F", "file_unique_id": "U", "file_size": 1234}
CASES = [
    pytest.param(message(text="halo"), Kind.TEXT, {"text": "halo", "name": "Rina W"}, id="text"),
    pytest.param(message(sticker={**FILE, "width": 1, "height": 1}), Kind.OTHER, {}, id="sticker"),
    pytest.param(message(voice={**FILE, "duration": 2}), Kind.OTHER, {}, id="voice"),
    pytest.param(message(video_note={**FILE, "duration": 2, "length": 3}), Kind.OTHER, {}, id="round video"),
    pytest.param(message(poll={"id": "1", "question": "?"}), Kind.OTHER, {}, id="poll"),
    pytest.param(
        message(caption="ini", document={**FILE, "file_name": "a.pdf"}), Kind.FILE, {"text": "ini"}, id="file"
    ),
    pytest.param(message(video={**FILE, "mime_type": "video/mp4"}), Kind.FILE, {}, id="video"),
    pytest.param(
        message(location={"latitude": -2.5, "longitude": 112.9}), Kind.LOCATION, {"location": (-2.5, 112.9)}, id="place"
    ),
    pytest.param(
        message(contact={"phone_number": "62811", "first_name": "R", "user_id": 1001}),
        Kind.PHONE,
        {"phone": "62811", "phone_is_own": True},
        id="own contact",
    ),
    pytest.param(
        message(contact={"phone_number": "62812", "first_name": "B", "user_id": 5}),
        Kind.PHONE,
        {"phone_is_own": False},
        id="somebody else's contact",
    ),
    pytest.param(
        message(contact={"phone_number": "62812", "first_name": "B"}),
        Kind.PHONE,
        {"phone_is_own": False},
        id="a contact without an account",
    ),
    pytest.param(
        {"update_id": 2, "callback_query": {"id": "9", "from": RINA, "data": "a:new", "message": {"message_id": 3}}},
        Kind.BUTTON,
        {"button": "a:new", "callback_id": "9", "message_ref": "3"},
        id="tap",
    ),
    pytest.param(
        {"update_id": 2, "callback_query": {"id": "9", "from": RINA, "chat_instance": "1"}},
        Kind.BUTTON,
        {"button": "", "message_ref": ""},
        id="tap at a message that is gone",
    ),
    pytest.param(
        {
            "update_id": 3,
            "my_chat_member": {"chat": CHAT, "from": RINA, "new_chat_member": {"user": BOT, "status": "kicked"}},
        },
        Kind.BLOCKED,
        {},
        id="blocked",
    ),
    pytest.param(
        {
            "update_id": 3,
            "my_chat_member": {"chat": CHAT, "from": RINA, "new_chat_member": {"user": BOT, "status": "member"}},
        },
        Kind.UNBLOCKED,
        {},
        id="taken back",
    ),
    pytest.param({"update_id": 4, "edited_message": message(text="x")["message"]}, Kind.IGNORED, {}, id="edit"),
    pytest.param({"update_id": 5, "channel_post": {"chat": GROUP, "text": "x"}}, Kind.IGNORED, {}, id="channel post"),
    pytest.param({"update_id": 6, "something_new": {"from": RINA}}, Kind.IGNORED, {}, id="a kind to come"),
]


@pytest.mark.parametrize(("raw", "kind", "parts"), CASES)
def test_each_update_is_read(raw: dict[str, Any], kind: Kind, parts: dict[str, Any]) -> None:
    inbound = parse(raw)
    assert inbound.kind is kind
    assert {name: getattr(inbound, name) for name in parts} == parts
    if kind is not Kind.IGNORED:
        assert (inbound.channel, inbound.address) == ("telegram", "1001")
        assert address_of(raw) == "1001"


def test_of_a_photo_the_largest_is_taken() -> None:
    sizes = [{**FILE, "file_id": f"{n}", "width": n, "height": n} for n in (90, 1280, 320)]
    inbound = parse(message(photo=sizes))
    assert inbound.file is not None
    assert (inbound.file.remote_id, inbound.file.kind) == ("1280", "photo")


def test_a_group_is_not_answered() -> None:
    raw = {"update_id": 1, "message": {"message_id": 1, "date": 1, "chat": GROUP, "from": RINA, "text": "/status"}}
    assert parse(raw).kind is Kind.IGNORED


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {"update_id": "satu"},
        {"update_id": 1, "message": "x"},
        {"update_id": 1, "message": {"text": "x"}},
        {"update_id": 1, "message": {"chat": {"id": "x", "type": "private"}, "text": "x"}},
        {"update_id": 1, "callback_query": {"id": "1"}},
        {"update_id": 1, "my_chat_member": {}},
        {"update_id": 1, "message": {"chat": CHAT, "date": 10**30, "text": "x"}},
    ],
)
def test_what_has_no_known_shape_is_unreadable(raw: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        parse(raw)


NAMES = st.sampled_from(
    ["update_id", "message", "callback_query", "my_chat_member", "chat", "from", "id", "type", "text", "photo", "date"]
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda deeper: st.lists(deeper, max_size=3) | st.dictionaries(NAMES, deeper, max_size=5),
    max_leaves=20,
)


@settings(max_examples=400, deadline=None)
@given(parts=st.dictionaries(NAMES, ANYTHING, max_size=5))
def test_nothing_anybody_sends_raises_anything_else(parts: dict[str, Any]) -> None:
    with contextlib.suppress(Unreadable):
        parse({"update_id": 1, **parts})
    assert isinstance(address_of({"update_id": 1, **parts}), str)
