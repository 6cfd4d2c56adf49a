"""A webhook's body becomes its items, each under an id of its own, and each an Inbound or a refusal."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels import Unreadable
from bot.channels.contract import SendStatus
from bot.channels.whatsapp.items import items
from bot.channels.whatsapp.parse import parse
from bot.channels.whatsapp.signature import challenge, is_signed
from domain.delivery import Progress, Reason
from domain.message import Inbound, Kind

RINA: Mapping[str, Any] = {"profile": {"name": "Rina"}, "wa_id": "6281200001001", "user_id": "ID.1001"}
BUDI: Mapping[str, Any] = {"profile": {"name": "Budi"}, "wa_id": "6281200001002"}


def message(number: int, *, who: Mapping[str, Any] = RINA, **told: Any) -> dict[str, Any]:
    sender = {"from": who.get("wa_id"), "from_user_id": who.get("user_id")}
    head = {name: value for name, value in sender.items() if value}
    return {**head, "id": f"wamid.{number}", "timestamp": "1760000000", **told}


def text(number: int, body: str, *, who: Mapping[str, Any] = RINA) -> dict[str, Any]:
    return message(number, who=who, type="text", text={"body": body})


def reply(number: int, kind: str, **chosen: str) -> dict[str, Any]:
    """A tap on a button, or on a row of a list."""
    return message(number, type="interactive", interactive={"type": kind, kind: chosen})


def value(*, contacts: Sequence[Mapping[str, Any]] | None = None, **told: Any) -> dict[str, Any]:
    metadata = {"display_phone_number": "62531210000", "phone_number_id": "100"}
    return {"messaging_product": "whatsapp", "metadata": metadata, "contacts": contacts or [RINA], **told}


def body(*values: Mapping[str, Any], field: str = "messages") -> dict[str, Any]:
    changes = [{"field": field, "value": told} for told in values]
    return {"object": "whatsapp_business_account", "entry": [{"id": "900", "changes": changes}]}


def read(told: Mapping[str, Any]) -> Inbound:
    (item,) = items(body(value(messages=[told])))
    inbound = parse(item.raw)
    assert isinstance(inbound, Inbound)
    return inbound


def test_every_message_and_status_of_a_batch_is_its_own_item_with_its_own_person() -> None:
    statuses = [{"id": "wamid.9", "status": "delivered", "recipient_id": BUDI["wa_id"]}]
    batch = body(
        value(messages=[text(1, "satu"), text(2, "dua", who=BUDI)], contacts=[BUDI, RINA]),
        value(statuses=statuses, contacts=[BUDI]),
    )
    batch["entry"].append(body(value(messages=[text(3, "tiga")]))["entry"][0])
    found = list(items(batch))
    assert [item.external_id for item in found] == ["wamid.1", "wamid.2", "wamid.9:delivered", "wamid.3"]
    assert [item.address for item in found] == ["ID.1001", BUDI["wa_id"], BUDI["wa_id"], "ID.1001"]
    acts = [parse(item.raw) for item in found if item.kind == "message"]
    assert [act.name for act in acts if isinstance(act, Inbound)] == ["Rina", "Budi", "Rina"]


def test_what_comes_again_has_the_same_id_and_a_notice_is_kept_by_its_content() -> None:
    notice = {"event": "PAUSED", "message_template_name": "pengingat", "message_template_language": "id"}
    first, again = (list(items(body(notice, field="message_template_status_update"))) for _ in range(2))
    assert first == again
    assert (first[0].kind, first[0].raw["field"]) == ("notice", "message_template_status_update")


NONSENSE: tuple[Any, ...] = (
    None,
    [],
    7,
    "x",
    {},
    {"entry": 3},
    {"entry": [3, {"changes": "x"}, {"changes": [None]}]},
)


def test_a_long_batch_is_kept_whole_and_nonsense_holds_nothing() -> None:
    many = body(value(messages=[text(n, "x") for n in range(10_000)]))
    assert len({item.external_id for item in items(many)}) == 10_000
    for nonsense in NONSENSE:
        assert list(items(nonsense)) == []


CASES = [
    pytest.param(text(1, "halo"), (Kind.TEXT, "halo", ""), id="text"),
    pytest.param(
        reply(2, "button_reply", id="f:1:judul:3:x", title="Kembali"),
        (Kind.BUTTON, "Kembali", "f:1:judul:3:x"),
        id="a reply button",
    ),
    pytest.param(
        reply(3, "list_reply", id="o:7", title="Dinkes"),
        (Kind.BUTTON, "Dinkes", "o:7"),
        id="a row of a list",
    ),
    pytest.param(
        message(4, type="button", button={"payload": "k:tugas", "text": "Isi sekarang"}),
        (Kind.BUTTON, "Isi sekarang", "k:tugas"),
        id="a template's quick reply",
    ),
    pytest.param(
        message(5, type="button", button={"text": "Isi sekarang"}),
        (Kind.BUTTON, "Isi sekarang", "Isi sekarang"),
        id="a quick reply without data is no answer to what is asked now",
    ),
    pytest.param(
        message(6, type="image", image={"id": "7", "caption": "foto"}), (Kind.FILE, "foto", ""), id="image"
    ),
    pytest.param(
        message(7, type="location", location={"latitude": -2.5, "longitude": 112}), (Kind.LOCATION, "", "")
    ),
    pytest.param(message(8, type="sticker", sticker={"id": "1"}), (Kind.OTHER, "", ""), id="sticker"),
    pytest.param(
        message(8, type="audio", audio={"id": "1", "mime_type": "audio/ogg; codecs=opus", "voice": True}),
        (Kind.OTHER, "", ""),
        id="voice note",
    ),
    pytest.param(
        message(8, type="audio", audio={"id": "1", "mime_type": "audio/mpeg", "voice": False}),
        (Kind.FILE, "", ""),
        id="recording sent as a file",
    ),
    pytest.param(message(9, type="order", order={"product_items": []}), (Kind.OTHER, "", ""), id="order"),
    pytest.param(
        message(10, type="unsupported", errors=[{"code": 131051}]), (Kind.OTHER, "", ""), id="unsupported"
    ),
    pytest.param(
        message(11, type="reaction", reaction={"emoji": "👍"}), (Kind.IGNORED, "", ""), id="reaction"
    ),
    pytest.param(
        message(19, type="unsupported", errors=[{"code": 131051}], unsupported={"type": "revoke"}),
        (Kind.IGNORED, "", ""),
        id="a message taken back",
    ),
    pytest.param(
        message(20, type="unsupported", errors=[{"code": 131051}], unsupported={"type": "poll_creation"}),
        (Kind.OTHER, "", ""),
        id="a poll",
    ),
    pytest.param(
        message(18, type="revoke", revoke={"original_message_id": "wamid.1"}), (Kind.IGNORED, "", "")
    ),
    pytest.param(
        message(12, type="system", system={"type": "user_identity_changed"}),
        (Kind.NOTED, "", ""),
        id="a note of the platform",
    ),
    pytest.param(message(13, type="tomorrow"), (Kind.OTHER, "", ""), id="a kind of tomorrow"),
    pytest.param(
        text(14, "\u200bPosy\xadandu\x00 \ud83d"), (Kind.TEXT, "Posyandu \ufffd", ""), id="unseen signs"
    ),
    pytest.param(text(15, "\u200b\u2060 \x00"), (Kind.OTHER, "", ""), id="nothing to be seen"),
    pytest.param(
        message(16, type="interactive", interactive={"type": "nfm_reply", "nfm_reply": {"name": "flow"}}),
        (Kind.OTHER, "", ""),
        id="a form of the platform's own",
    ),
    pytest.param(message(17, type="document", document={}), (Kind.OTHER, "", ""), id="a file without an id"),
]


@pytest.mark.parametrize(("told", "expected"), CASES)
def test_every_kind_of_message_is_understood_or_set_aside(
    told: Mapping[str, Any], expected: tuple[Kind, str, str]
) -> None:
    inbound = read(told)
    assert (inbound.kind, inbound.text, inbound.button) == expected
    assert (inbound.address, inbound.phone, inbound.phone_is_own) == ("ID.1001", RINA["wa_id"], True)


def test_a_document_keeps_its_name_and_a_card_is_ones_own_only_with_ones_own_number() -> None:
    document = read(
        message(1, type="document", document={"id": "5", "filename": "SK.pdf", "mime_type": "a/b"})
    )
    assert document.file is not None
    assert (document.file.remote_id, document.file.kind, document.file.name) == ("5", "document", "SK.pdf")
    for number, own in ((RINA["wa_id"], True), (BUDI["wa_id"], False)):
        card = read(
            message(2, type="contacts", contacts=[{"phones": [{"phone": f"+{number}", "wa_id": number}]}])
        )
        assert (card.kind, card.phone, card.phone_is_own) == (Kind.PHONE, number, own)


def test_a_card_with_several_numbers_is_ones_own_when_ones_own_is_among_them() -> None:
    phones = [{"phone": "021 555"}, {"phone": "+62 812-0000-1001"}, {"wa_id": BUDI["wa_id"]}]
    own = read(message(1, type="contacts", contacts=[{"phones": phones}]))
    assert (own.phone, own.phone_is_own) == (RINA["wa_id"], True)
    theirs = read(message(1, type="contacts", contacts=[{"phones": phones[2:]}]))
    assert (theirs.phone, theirs.phone_is_own) == (BUDI["wa_id"], False)


def test_a_batch_of_many_people_is_taken_apart_in_time_with_their_number() -> None:
    """Each message finds its contact at once: comparing all with all would stall everybody."""
    crowd = [{"wa_id": str(n), "user_id": f"ID.{n}", "profile": {"name": f"N{n}"}} for n in range(1, 20_001)]
    told = [text(n, "x", who=contact) for n, contact in enumerate(reversed(crowd))]
    batch = list(items(body(value(contacts=crowd, messages=told))))
    assert batch[0].raw["contact"]["profile"]["name"] == "N20000"
    assert len({item.address for item in batch}) == 20_000


def test_a_tap_names_the_message_it_stands_in() -> None:
    reply = {"type": "button_reply", "button_reply": {"id": "x", "title": "y"}}
    tap = read(message(1, type="interactive", interactive=reply, context={"from": "62", "id": "wamid.8"}))
    assert tap.message_ref == "wamid.8"


def test_an_edit_that_is_not_passed_on_is_an_edit_of_an_unknown_text() -> None:
    edited = read(message(6, type="unsupported", errors=[{"code": 131051}], unsupported={"type": "edit"}))
    assert (edited.kind, edited.text, edited.message_ref) == (Kind.EDITED, "", "")


def test_an_edited_text_names_the_message_it_was_and_an_edited_caption_is_nothing() -> None:
    now = {"type": "text", "text": {"body": "halo lagi"}}
    edited = read(message(5, type="edit", edit={"original_message_id": "wamid.1", "message": now}))
    assert (edited.kind, edited.text, edited.message_ref) == (Kind.EDITED, "halo lagi", "wamid.1")
    caption = {"type": "image", "image": {"id": "7", "caption": "foto"}}
    ignored = read(message(5, type="edit", edit={"original_message_id": "wamid.1", "message": caption}))
    assert ignored.kind is Kind.IGNORED


def test_a_changed_number_moves_the_person() -> None:
    system = {"type": "user_changed_number", "wa_id": "6281200009999", "body": "Rina changed"}
    moved = read(message(1, type="system", system=system))
    assert (moved.kind, moved.address) == (Kind.NOTED, "6281200009999")
    assert moved.before == (RINA["wa_id"], RINA["user_id"])


def test_a_changed_number_brings_a_new_id_and_may_be_told_by_that_alone() -> None:
    ids = {"user_id": "ID.2001", "previous_user_id": "ID.1001"}
    both = {"type": "user_changed_number", "wa_id": "6281200009999", **ids}
    moved = read(message(1, who={"wa_id": RINA["wa_id"]}, type="system", system=both))
    assert (moved.address, moved.also) == ("ID.2001", "6281200009999")
    assert moved.before == ("ID.1001", RINA["wa_id"])
    (item,) = items({"entry": [{"changes": [{"value": {"messages": [
        {"id": "wamid.1", "type": "system", "system": {"type": "user_changed_user_id", **ids}}
    ]}}]}]})  # fmt: skip
    hidden = parse(item.raw)
    assert isinstance(hidden, Inbound)
    assert (hidden.address, hidden.also, hidden.before) == ("ID.2001", "ID.2001", ("ID.1001",))


def test_a_status_names_our_own_message_and_why_it_failed() -> None:
    told = {
        "id": "wamid.9",
        "status": "failed",
        "biz_opaque_callback_data": "17",
        "errors": [{"code": 131026}],
    }
    (item,) = items(body(value(statuses=[told])))
    status = parse(item.raw)
    assert isinstance(status, SendStatus)
    assert (status.outbox_id, status.progress, status.message_ref) == (17, Progress.FAILED, "wamid.9")
    assert status.reason is Reason.UNDELIVERABLE
    trackers = ("x", "9" * 300, str(2**63), "١٧")
    for odd in (
        {**told, "status": "warped"},
        *({**told, "biz_opaque_callback_data": tracker} for tracker in trackers),
    ):
        (item,) = items(body(value(statuses=[odd])))
        with pytest.raises(Unreadable):
            parse(item.raw)


@pytest.mark.parametrize(
    "told",
    [
        pytest.param({"id": "wamid.1", "type": "text"}, id="nobody"),
        pytest.param(
            message(1, type="location", location={"latitude": "x", "longitude": True}), id="no place"
        ),
        pytest.param(
            message(1, type="location", location={"latitude": 91, "longitude": 0}), id="no place on earth"
        ),
    ],
)
def test_what_cannot_be_read_is_said_so(told: Mapping[str, Any]) -> None:
    (item,) = items(body(value(contacts=[{}], messages=[told])))
    with pytest.raises(Unreadable):
        parse(item.raw)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=8)
    | st.text("a\ud800\udfff\0\u200b", max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(("id", "type", "text", "body", "from", "location", "phones", "x")), inner
        )
    ),
    max_leaves=12,
)


@given(st.sampled_from([case.values[0] for case in CASES]), st.data())
def test_any_field_may_hold_anything(told: Any, data: st.DataObject) -> None:
    changed = json.loads(json.dumps(told))
    holder, name = changed, data.draw(st.sampled_from(sorted(changed)))
    if isinstance(changed[name], dict) and changed[name] and data.draw(st.booleans()):
        holder, name = changed[name], data.draw(st.sampled_from(sorted(changed[name])))
    holder[name] = data.draw(JSON)
    for item in items(body(value(messages=[changed]))):
        try:
            inbound = parse(item.raw)
        except Unreadable:
            continue
        assert isinstance(inbound, Inbound)
        assert all(
            isinstance(part, str) for part in (inbound.address, inbound.text, inbound.button, inbound.name)
        )
        assert inbound.location is None or all(isinstance(part, float) for part in inbound.location)
        for kept in (
            item.external_id,
            item.address,
            inbound.address,
            inbound.also,
            inbound.name,
            inbound.text,
        ):
            assert "\0" not in kept.encode().decode(), "every database keeps it"


SECRET = b"app-secret"


def test_only_the_signature_of_this_body_by_this_secret_is_taken() -> None:
    body_bytes = b'{"entry": []}'
    right = b"sha256=" + hmac.new(SECRET, body_bytes, hashlib.sha256).hexdigest().encode()
    assert is_signed(body_bytes, right, app_secret=SECRET)
    assert not is_signed(body_bytes + b" ", right, app_secret=SECRET)
    assert not is_signed(body_bytes, right, app_secret=b"another")
    assert not is_signed(body_bytes, right, app_secret=b"")
    for odd in (
        b"",
        b"sha256=",
        right.upper(),
        b"sha1=" + right[7:],
        "sha256=é".encode("latin-1"),
        right[:-1],
    ):
        assert not is_signed(body_bytes, odd, app_secret=SECRET)


def test_the_handshake_gives_the_challenge_back_only_for_our_word_and_mode() -> None:
    asked = b"hub.mode=subscribe&hub.verify_token=ours&hub.challenge=1158201444"
    assert challenge(asked, verify_token=b"ours") == "1158201444"
    assert challenge(asked, verify_token=b"theirs") is None
    assert challenge(asked, verify_token=b"") is None
    assert challenge(asked.replace(b"subscribe", b"unsubscribe"), verify_token=b"ours") is None
    assert challenge(b"hub.mode=subscribe&hub.verify_token=%E2%82%AC", verify_token=b"ours") is None
    assert challenge(asked + b"&x=1" * 30, verify_token=b"ours") is None


SPELLINGS = ["6281200001001", "+62 812-0000-1001", "081200001001", "+62 (0)812 0000 1001", "0062812 00001001"]


@pytest.mark.parametrize("spelled", SPELLINGS)
def test_a_number_in_every_spelling_is_the_same_person(spelled: str) -> None:
    """Also where a platform or an app writes it another way than it says it does (F95)."""
    (item,) = items({"entry": [{"changes": [{"value": {"messages": [
        {"from": spelled, "id": "wamid.1", "type": "text", "text": {"body": "halo"}}
    ]}}]}]})  # fmt: skip
    told = parse(item.raw)
    assert isinstance(told, Inbound)
    assert item.address == told.address == told.phone == "6281200001001"
    card = parse({"kind": "message", "contact": {}, "item": {
        "from": "6281200001001", "id": "wamid.2", "type": "contacts",
        "contacts": [{"phones": [{"phone": spelled}]}],
    }})  # fmt: skip
    assert isinstance(card, Inbound)
    assert card.phone_is_own
