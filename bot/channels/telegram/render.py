"""A neutral message becomes what Telegram takes: calls with HTML, inline keyboards, the keyboards that
share.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import Any

from bot.channels.contract import Call
from bot.channels.fitting import with_signs
from bot.channels.limits import Capabilities, Limits, Rates
from domain.message import (
    BOLD_OFF,
    BOLD_ON,
    ITALIC_OFF,
    ITALIC_ON,
    LINK_OFF,
    LINK_ON,
    LINK_TO,
    WITHOUT_MARKS,
    Message,
)
from domain.message_length import CAPTION_AT, SPLIT_AT

BotApiObject = dict[str, Any]  # what the Bot API takes, core.telegram.org/bots/api
LIMITS = Limits(
    text_chars=SPLIT_AT,  # of 4096, core.telegram.org/bots/api#sendmessage
    caption_chars=CAPTION_AT,  # of 1024, core.telegram.org/bots/api#sendphoto
    buttons=100,
    row_buttons=8,
    button_title_chars=60,  # longer labels are cut by every phone
    button_data_bytes=64,  # core.telegram.org/bots/api#inlinekeyboardbutton
    fetch_bytes=20_000_000,  # core.telegram.org/bots/api#getfile
    send_bytes=50_000_000,  # core.telegram.org/bots/api#senddocument
    file_buttons=100,
    toast_chars=200,  # core.telegram.org/bots/api#answercallbackquery
    menu_commands=100,  # core.telegram.org/bots/api#setmycommands
)
CAN = Capabilities(edits=True, menus=True, typing=True, shares_phone=True, shares_location=True, toasts=True)
# above 30 a second announcements are paid for, core.telegram.org/bots/faq
FREE = Rates(overall=30, chat=1, burst=3)
_NO_PREVIEW = {"is_disabled": True}
_LINK = re.compile(rf"{LINK_ON}([^{LINK_TO}]*){LINK_TO} \((https?://[^\s{LINK_OFF}]+)\){LINK_OFF}")
_TAGS = {BOLD_ON: "<b>", BOLD_OFF: "</b>", ITALIC_ON: "<i>", ITALIC_OFF: "</i>"}


def html(text: str) -> str:
    """Escape what people wrote and turn our marks into tags; a link that was cut is left in words."""
    tagged = with_signs(escape(text, quote=False), _TAGS)
    if LINK_ON not in tagged:
        return tagged
    return _LINK.sub(_write_link, tagged).translate(WITHOUT_MARKS)


def _write_link(match: re.Match[str]) -> str:
    address = match[2].replace('"', "&quot;")
    return f'<a href="{address}">{match[1]}</a>'


def label(text: str) -> str:
    """Cut a label to what a button shows."""
    most = LIMITS.button_title_chars
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def calls(address: str, message: Message, *, paid: bool = False) -> Sequence[Call]:
    """Write the calls of a message in order: the person's menu, the answer to a tap, what is read.

    With `paid` an announcement may leave faster than what is free.
    """
    written: list[Call] = []
    if message.menu:
        written.append(Call("setMyCommands", menu(message.menu, address=address)))
    if message.callback_id:
        written.append(tap(message))
    if message.text or message.attachment is not None:
        written.append(content(address, message, paid=paid))
    return written


def menu(commands: Sequence[tuple[str, str]], *, language: str = "", address: str = "") -> BotApiObject:
    """Write a menu, of everybody or of one person; in `language`, or where the phone speaks any other."""
    shown = [
        {"command": name, "description": description}
        for name, description in commands[: LIMITS.menu_commands]
    ]
    scope: BotApiObject = {"type": "all_private_chats"}
    if address:
        scope = {"type": "chat", "chat_id": int(address)}
    return {"commands": shown, "scope": scope, **({"language_code": language} if language else {})}


def tap(message: Message) -> Call:
    """Answer the tap a message belongs to, so that the phone stops spinning."""
    asked = {"callback_query_id": message.callback_id}
    if message.toast:
        asked["text"] = message.toast[: LIMITS.toast_chars]
    return Call("answerCallbackQuery", asked)


def content(address: str, message: Message, *, paid: bool = False) -> Call:
    """Write what the person reads: a new message, a change in place, or a file's caption; the file is not
    in it.
    """
    params: BotApiObject = {"chat_id": int(address), "parse_mode": "HTML"}
    if markup := keyboard(message):
        params["reply_markup"] = markup
    if message.broadcast and paid and not message.edit:
        params["allow_paid_broadcast"] = True
    if message.attachment is not None:
        method = "sendPhoto" if message.attachment.kind == "photo" else "sendDocument"
        return Call(method, params | {"caption": html(message.text)})
    params |= {"text": html(message.text), "link_preview_options": _NO_PREVIEW}
    if message.edit:
        return Call("editMessageText", params | {"message_id": int(message.edit)})
    return Call("sendMessage", params)


def keyboard(message: Message) -> BotApiObject | None:
    """Make the keyboard of a message, as the Bot API takes it; None when it has none.

    Raises ValueError when button data is too long: a mistake in the program, not of a person.
    """
    if message.ask == "remove":
        return {"remove_keyboard": True}
    if message.ask:
        return _ask_to_share(message)
    if not message.rows:
        return None
    for row in message.rows:
        for choice in row:
            data_bytes, most = len(choice.data.encode()), LIMITS.button_data_bytes
            if not 1 <= data_bytes <= most:
                raise ValueError(f"button data of {data_bytes} bytes, expected 1 to {most}")
    return {
        "inline_keyboard": [
            [{"text": label(choice.label), "callback_data": choice.data} for choice in row]
            for row in message.rows
        ]
    }


def _ask_to_share(message: Message) -> BotApiObject:
    """The first row shares the phone number or the location; the others are words to tap."""
    (first, *_), *others = message.rows
    share = {"request_contact": True} if message.ask == "phone" else {"request_location": True}
    rows: list[list[BotApiObject]] = [[{"text": first.label, **share}]]
    rows += [[{"text": choice.label} for choice in row] for row in others]
    return {"keyboard": rows, "resize_keyboard": True, "one_time_keyboard": True}
