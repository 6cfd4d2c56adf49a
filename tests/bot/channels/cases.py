"""What each channel's contract is tried with; a new channel adds its own here."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.channels import Channel
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.whatsapp.channel import WhatsAppChannel
from domain.message import Kind
from tests.kit.courier import CourierChannel, signature

SECRET = "rahasia_webhook-1-rahasia_webhook-1"


@dataclass(frozen=True)
class Cases:
    """One channel, payloads of every kind it can bring, and how its webhook is pushed to."""

    make: Callable[[], Channel]
    address: str
    payloads: Mapping[Kind, Any]
    rubbish: tuple[Any, ...]  # payloads that have no known shape
    push: Callable[[Any], tuple[dict[bytes, bytes], bytes]]  # headers and body that carry a payload
    status: tuple[Any, ...] = ()  # payloads that tell what became of a send


def _telegram() -> Channel:
    webhook = "https://desk.example/telegram"
    return TelegramChannel("42:token", root="http://127.0.0.1:9", webhook_url=webhook, webhook_secret=SECRET)


def _update(**told: Any) -> dict[str, Any]:
    who = {"id": 77, "first_name": "Rina"}
    return {
        "update_id": 5,
        "message": {"chat": {"id": 77, "type": "private"}, "from": who, "date": 1, **told},
    }


TELEGRAM = Cases(
    make=_telegram,
    address="77",
    payloads={
        Kind.TEXT: _update(text="halo"),
        Kind.BUTTON: {"update_id": 5, "callback_query": {"id": "1", "from": {"id": 77}, "data": "a:1"}},
        Kind.FILE: _update(document={"file_id": "x", "file_name": "surat.pdf", "file_size": 9}),
        Kind.LOCATION: _update(location={"latitude": -2.5, "longitude": 112.9}),
        Kind.PHONE: _update(contact={"user_id": 77, "phone_number": "628110001001"}),
        Kind.OTHER: _update(sticker={"file_id": "x"}),
        Kind.EDITED: {"update_id": 5, "edited_message": _update(text="halo")["message"]},
        Kind.BLOCKED: {
            "update_id": 5,
            "my_chat_member": {
                "chat": {"id": 77, "type": "private"},
                "new_chat_member": {"status": "kicked"},
            },
        },
    },
    rubbish=({}, {"update_id": "x"}, {"update_id": 1, "message": {"chat": 5}}),
    push=lambda payload: (
        {b"x-telegram-bot-api-secret-token": SECRET.encode()},
        json.dumps(payload).encode(),
    ),
)


def _letters(*letters: Any) -> tuple[dict[bytes, bytes], bytes]:
    body = json.dumps({"letters": letters}).encode()
    return {b"x-signature": signature(body)}, body


COURIER = Cases(
    make=CourierChannel,
    address="budi",
    payloads={
        Kind.TEXT: {"no": "k-1", "sender": "budi", "words": "halo"},
        Kind.BUTTON: {"no": "k-2", "sender": "budi", "chosen": "a:1"},
    },
    rubbish=({}, {"sender": 5}),
    push=_letters,
    status=({"no": "s-1", "of": 17, "came": "delivered"},),
)


def _whatsapp() -> Channel:
    return WhatsAppChannel(
        "token", phone_id="100", app_secret=SECRET, verify_token=SECRET, root="http://127.0.0.1:9"
    )


def _item(**told: Any) -> dict[str, Any]:
    """What the inbox keeps of one message."""
    head = {"from": "628110001001", "from_user_id": "ID.77", "id": "wamid.5", "timestamp": "1"}
    return {"kind": "message", "contact": {"profile": {"name": "Rina"}}, "item": {**head, **told}}


def _signed(payload: Any) -> tuple[dict[bytes, bytes], bytes]:
    value = {"contacts": [payload["contact"]], "messages": [payload["item"]]}
    changes = [{"field": "messages", "value": value}]
    body = json.dumps(
        {"object": "whatsapp_business_account", "entry": [{"id": "9", "changes": changes}]}
    ).encode()
    told = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    return {b"x-hub-signature-256": f"sha256={told}".encode()}, body


WHATSAPP = Cases(
    make=_whatsapp,
    address="ID.77",
    payloads={
        Kind.TEXT: _item(type="text", text={"body": "halo"}),
        Kind.BUTTON: _item(type="button", button={"payload": "a:1", "text": "Ya"}),
        Kind.FILE: _item(type="document", document={"id": "x", "filename": "surat.pdf"}),
        Kind.LOCATION: _item(type="location", location={"latitude": -2.5, "longitude": 112.9}),
        Kind.PHONE: _item(type="contacts", contacts=[{"phones": [{"wa_id": "628110001001"}]}]),
        Kind.OTHER: _item(type="sticker", sticker={"id": "x"}),
        Kind.IGNORED: _item(type="reaction", reaction={"emoji": "x"}),
    },
    rubbish=({}, {"kind": "message"}, {"kind": "message", "item": {"id": "wamid.1", "type": "text"}}),
    push=_signed,
    status=(
        {"kind": "status", "item": {"id": "wamid.9", "status": "read", "biz_opaque_callback_data": "17"}},
    ),
)

CASES = {"telegram": TELEGRAM, "whatsapp": WHATSAPP, "kurir": COURIER}
