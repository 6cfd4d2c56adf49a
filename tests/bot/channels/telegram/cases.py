"""What Telegram's contract is tried with."""

from __future__ import annotations

import json
from typing import Any

from bot.channels import Channel
from bot.channels.telegram.channel import TelegramChannel
from domain.message import Kind
from tests.bot.channels.cases import SECRET, Cases


def _telegram() -> Channel:
    webhook = "https://desk.example/telegram"
    return TelegramChannel("42:token", root="http://127.0.0.1:9", webhook_url=webhook, webhook_secret=SECRET)


def _update(**told: Any) -> dict[str, Any]:
    who = {"id": 77, "first_name": "Rina"}
    return {
        "update_id": 5,
        "message": {"chat": {"id": 77, "type": "private"}, "from": who, "date": 1, **told},
    }


_SAID = {"chat_id": 77, "parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}


def _keyboard(*rows: list[tuple[str, int]]) -> dict[str, Any]:
    shown = [[{"text": label, "callback_data": f"a:{n}"} for label, n in row] for row in rows]
    return {"inline_keyboard": shown}


CASES = Cases(
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
    requests={
        "a text": [("sendMessage", {**_SAID, "text": "halo"})],
        "two buttons": [
            ("sendMessage", {**_SAID, "text": "Pilih", "reply_markup": _keyboard([("Ya", 1), ("Tidak", 2)])})
        ],
        "five choices": [
            (
                "sendMessage",
                {
                    **_SAID,
                    "text": "Pilih",
                    "reply_markup": _keyboard(*([(f"Tahap {n}", n)] for n in range(1, 6))),
                },
            )
        ],
        "a document": [("sendDocument", {"chat_id": 77, "parse_mode": "HTML", "caption": "Berkas"})],
    },
    settings={
        "DESK_TELEGRAM_TOKEN": "42:token",
        "DESK_TELEGRAM_WEBHOOK_URL": "https://desk.example/telegram",
        "DESK_TELEGRAM_WEBHOOK_SECRET": SECRET,
    },
)
