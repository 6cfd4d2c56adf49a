"""What WhatsApp's contract is tried with."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

from bot.channels import Channel
from bot.channels.whatsapp.channel import WhatsAppChannel
from domain.message import Kind
from tests.bot.channels.cases import SECRET, Cases


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


_ROWS = [{"id": f"a:{n}", "title": f"{n}. Tahap {n}"} for n in range(1, 6)]


def _button(title: str, number: int) -> dict[str, Any]:
    return {"type": "reply", "reply": {"id": f"a:{number}", "title": title}}


def _interactive(kind: str, action: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return "interactive", {"type": kind, "body": {"text": "Pilih"}, "action": action}


_EDIT = {"original_message_id": "wamid.4", "message": {"type": "text", "text": {"body": "halo"}}}
CASES = Cases(
    make=_whatsapp,
    address="ID.77",
    payloads={
        Kind.TEXT: _item(type="text", text={"body": "halo"}),
        Kind.BUTTON: _item(type="button", button={"payload": "a:1", "text": "Ya"}),
        Kind.FILE: _item(type="document", document={"id": "x", "filename": "surat.pdf"}),
        Kind.LOCATION: _item(type="location", location={"latitude": -2.5, "longitude": 112.9}),
        Kind.PHONE: _item(type="contacts", contacts=[{"phones": [{"wa_id": "628110001001"}]}]),
        Kind.OTHER: _item(type="sticker", sticker={"id": "x"}),
        Kind.EDITED: _item(type="edit", edit=_EDIT),
        Kind.IGNORED: _item(type="reaction", reaction={"emoji": "x"}),
    },
    rubbish=({}, {"kind": "message"}, {"kind": "message", "item": {"id": "wamid.1", "type": "text"}}),
    push=_signed,
    status=(
        {"kind": "status", "item": {"id": "wamid.9", "status": "read", "biz_opaque_callback_data": "17"}},
    ),
    requests={
        "a text": [("text", {"body": "halo", "preview_url": False})],
        "two buttons": [_interactive("button", {"buttons": [_button("Ya", 1), _button("Tidak", 2)]})],
        "five choices": [_interactive("list", {"button": "Pilih", "sections": [{"rows": _ROWS}]})],
        "a document": [("document", {"id": "0", "filename": "surat.pdf", "caption": "Berkas"})],
    },
    settings={
        "DESK_WHATSAPP_TOKEN": "token",
        "DESK_WHATSAPP_PHONE_ID": "100",
        "DESK_WHATSAPP_APP_SECRET": SECRET,
        "DESK_WHATSAPP_VERIFY_TOKEN": SECRET,
    },
)
