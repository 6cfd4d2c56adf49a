"""A neutral message becomes what Telegram takes: HTML, inline keyboards, the keyboards that share."""

from __future__ import annotations

from html import escape
from typing import Any

from domain.message import BOLD_OFF, BOLD_ON, ITALIC_OFF, ITALIC_ON, Message

DATA_BYTES = 64  # of callback data, core.telegram.org/bots/api#inlinekeyboardbutton
LABEL_CHARS = 60  # longer labels are cut by every phone
TOAST_CHARS = 200  # core.telegram.org/bots/api#answercallbackquery
_TAGS = str.maketrans({BOLD_ON: "<b>", BOLD_OFF: "</b>", ITALIC_ON: "<i>", ITALIC_OFF: "</i>"})


def html(text: str) -> str:
    """Escape what people wrote and turn our marks into tags."""
    return escape(text, quote=False).translate(_TAGS)


def label(text: str) -> str:
    """Cut a label to what a button shows."""
    return text if len(text) <= LABEL_CHARS else text[: LABEL_CHARS - 1].rstrip() + "…"


def keyboard(message: Message) -> dict[str, Any] | None:
    """Make the keyboard of a message, as the Bot API takes it; None when it has none.

    Raises ValueError when button data is too long: a mistake in the program, not of a person.
    """
    if message.ask == "remove":
        return {"remove_keyboard": True}
    if message.ask:
        return _sharing(message)
    if not message.rows:
        return None
    for row in message.rows:
        for choice in row:
            if not 1 <= len(choice.data.encode()) <= DATA_BYTES:
                raise ValueError(f"button data of {len(choice.data.encode())} bytes, expected 1 to {DATA_BYTES}")
    return {
        "inline_keyboard": [
            [{"text": label(choice.label), "callback_data": choice.data} for choice in row] for row in message.rows
        ]
    }


def _sharing(message: Message) -> dict[str, Any]:
    """The first row shares the phone number or the place; the others are words to tap."""
    (first, *_), *others = message.rows
    share = {"request_contact": True} if message.ask == "phone" else {"request_location": True}
    rows: list[list[dict[str, Any]]] = [[{"text": first.label, **share}]]
    rows += [[{"text": choice.label} for choice in row] for row in others]
    return {"keyboard": rows, "resize_keyboard": True, "one_time_keyboard": True}
