"""Captured updates, and everything else Telegram or anybody could send."""

from __future__ import annotations

import contextlib
import copy
from datetime import datetime
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels import Unreadable
from bot.channels.telegram.parse import address_of, parse
from domain.message import Inbound, Kind
from domain.reading.clean_text import clean, one_line

RINA = {"id": 1001, "is_bot": False, "first_name": "Rina", "last_name": "W", "language_code": "id"}
CHAT = {"id": 1001, "first_name": "Rina", "type": "private"}
GROUP = {"id": -100200, "title": "Kantor", "type": "supergroup"}
BOT = {"id": 42, "is_bot": True, "first_name": "Desk"}


def membership(status: str) -> dict[str, Any]:
    """What Telegram sends when a person blocks the bot (`kicked`) or takes it back (`member`)."""
    member = {"chat": CHAT, "from": RINA, "new_chat_member": {"user": BOT, "status": status}}
    return {"update_id": 3, "my_chat_member": member}


def message(**parts: Any) -> dict[str, Any]:
    """A private message as it arrives."""
    return {
        "update_id": 1,
        "message": {"message_id": 7, "date": 1772413200, "chat": CHAT, "from": RINA, **parts},
    }


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
        message(location={"latitude": -2.5, "longitude": 112.9}),
        Kind.LOCATION,
        {"location": (-2.5, 112.9)},
        id="location",
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
        {
            "update_id": 2,
            "callback_query": {"id": "9", "from": RINA, "data": "a:new", "message": {"message_id": 3}},
        },
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
        membership("kicked"),
        Kind.BLOCKED,
        {},
        id="blocked",
    ),
    pytest.param(
        membership("member"),
        Kind.UNBLOCKED,
        {},
        id="taken back",
    ),
    pytest.param(
        {"update_id": 4, "edited_message": message(text="x")["message"]},
        Kind.EDITED,
        {"text": "x"},
        id="edit",
    ),
    pytest.param(
        {"update_id": 4, "edited_message": message(location={"latitude": 1, "longitude": 2})["message"]},
        Kind.IGNORED,
        {},
        id="a location that moves",
    ),
    pytest.param(message(pinned_message={"message_id": 1}), Kind.IGNORED, {}, id="pinned"),
    pytest.param(
        message(message_auto_delete_timer_changed={"message_auto_delete_time": 86400}), Kind.IGNORED, {}
    ),
    pytest.param(message(write_access_allowed={}), Kind.IGNORED, {}, id="write access"),
    pytest.param(message(document=FILE, media_group_id="12"), Kind.FILE, {"group": "12"}, id="of an album"),
    pytest.param(
        {"update_id": 5, "channel_post": {"chat": GROUP, "text": "x"}}, Kind.IGNORED, {}, id="channel post"
    ),
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
    raw = {
        "update_id": 1,
        "message": {"message_id": 1, "date": 1, "chat": GROUP, "from": RINA, "text": "/status"},
    }
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
    [
        "update_id",
        "message",
        "callback_query",
        "my_chat_member",
        "chat",
        "from",
        "id",
        "type",
        "text",
        "photo",
        "date",
    ]
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


@pytest.mark.parametrize("update_id", [True, 2**63, -(2**63) - 1, 10**30, 1.0, "1", None, [1]])
def test_an_update_id_that_is_no_64_bit_number_is_unreadable(update_id: Any) -> None:
    with pytest.raises(Unreadable):
        parse({**message(text="halo"), "update_id": update_id})


SAMPLES: list[dict[str, Any]] = [
    *(cast("dict[str, Any]", case.values[0]) for case in CASES),
    message(photo=[{**FILE, "width": n, "height": n} for n in (90, 1280)]),
    message(caption="ini", text=None, animation={**FILE, "file_name": "a.gif", "mime_type": "image/gif"}),
    message(text="ya", reply_to_message={"message_id": 5, "date": 1, "chat": CHAT}),
]
ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 10**30, -(2**63), 1e300, float("inf"), float("nan")),
    *("", "x", "\ud800", "\u200b\u202e", [], [1, {"file_id": 3}], {}, {"id": "x"}),
)


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """List the way to everything inside an update."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, one in inner for found in [(*path, key), *paths(one, (*path, key))]]


def put(raw: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    changed = copy.deepcopy(raw)
    inside: Any = changed
    for key in path[:-1]:
        inside = inside[key]
    inside[path[-1]] = value
    return changed


def assert_typed(inbound: Inbound) -> None:
    """Check every field against what the contract says."""
    texts = [
        inbound.channel,
        inbound.address,
        inbound.text,
        inbound.button,
        inbound.callback_id,
        inbound.message_ref,
    ]
    texts += [inbound.reply_to, inbound.phone, inbound.name, inbound.language]
    if inbound.file is not None:
        texts += [inbound.file.remote_id, inbound.file.kind, inbound.file.name, inbound.file.mime]
        assert inbound.file.name
        assert inbound.file.size is None or type(inbound.file.size) is int
    for text in texts:
        assert isinstance(text, str)
        text.encode()
    assert isinstance(inbound.phone_is_own, bool)
    assert inbound.sent_at is None or isinstance(inbound.sent_at, datetime)
    if inbound.location is not None:
        latitude, longitude = inbound.location
        assert (type(latitude), type(longitude)) == (float, float)
        assert abs(latitude) <= 90
        assert abs(longitude) <= 180


@settings(max_examples=400, deadline=None)
@given(data=st.data(), raw=st.sampled_from(SAMPLES))
def test_a_field_of_the_wrong_type_never_gets_past(data: st.DataObject, raw: dict[str, Any]) -> None:
    for _ in range(data.draw(st.integers(1, 3))):
        raw = put(raw, data.draw(st.sampled_from(paths(raw))), data.draw(st.sampled_from(ODD)))
    assert isinstance(address_of(raw), str)
    with contextlib.suppress(Unreadable):
        assert_typed(parse(raw))


WRITTEN = (
    "text",
    "caption",
    "first_name",
    "last_name",
    "language_code",
    "file_name",
    "mime_type",
    "phone_number",
)
DIRTY = "aé7 \n\r\t\x00\x1b\u200b\u200d\u200e\u202e\u2066\ufeff\u00ad\u2060\u2011\u00a0\u3164\ud83d\ue000👍"


@settings(max_examples=200, deadline=None)
@given(data=st.data(), raw=st.sampled_from(SAMPLES))
def test_no_mark_that_nobody_sees_gets_past(data: st.DataObject, raw: dict[str, Any]) -> None:
    for path in paths(raw):
        if path[-1] in WRITTEN and isinstance(raw[path[0]], dict):
            raw = put(raw, path, data.draw(st.text(DIRTY, max_size=8)))
    inbound = parse(raw)
    assert inbound.text == clean(inbound.text)
    lines = [inbound.name, inbound.phone, inbound.language, inbound.file.name if inbound.file else ""]
    assert lines == [one_line(line) for line in lines]


def test_a_message_of_which_nothing_is_seen_is_no_text() -> None:
    assert parse(message(text="\u3164\u200b")).kind is Kind.OTHER
