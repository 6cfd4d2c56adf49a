"""Makes a message fit a channel: what it cannot do is said another way, what is too long goes in parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.channels.limits import Capabilities, Limits
from domain.message import Message
from domain.message_length import split


def parts(message: Message, *, limits: Limits, can: Capabilities) -> tuple[Message, ...]:
    """Cut what fits into as many messages as the channel needs for the text, and for choices below a file."""
    return tuple(
        part
        for whole in _part_from_file(fitted(message, can), limits)
        for part in split(whole, limit=limits.text_chars, caption=limits.caption_chars)
    )


def _part_from_file(message: Message, limits: Limits) -> tuple[Message, ...]:
    """Send a file by itself, before the words, where it takes fewer choices below it than there are."""
    if message.attachment is None or sum(map(len, message.rows)) <= limits.file_buttons:
        return (message,)
    alone = replace(message, text="", rows=())
    return alone, replace(message, attachment=None, callback_id="", toast="", menu=())


def fitted(message: Message, can: Capabilities) -> Message:
    """Say what the channel cannot do another way: a new message for an edit, a sentence for a toast."""
    if message.edit and not can.edits:
        message = replace(message, edit="")
    if message.toast and not can.toasts:
        message = replace(message, toast="", text=f"{message.toast}\n\n{message.text}".strip())
    if message.menu and not can.menus:
        message = replace(message, menu=())
    if message.ask and not _shares(message.ask, can):
        # the first row is the one that shares
        rows = message.rows if message.ask == "remove" else message.rows[1:]
        message = replace(message, ask="", rows=rows)
    return message


def _shares(ask: str, can: Capabilities) -> bool:
    """Whether the channel has the keyboard that a message asks for."""
    shares = {
        "phone": can.shares_phone,
        "location": can.shares_location,
        "remove": can.shares_phone or can.shares_location,
    }
    return shares[ask]


def with_signs(text: str, signs: Mapping[str, str]) -> str:
    """Write each of our marks as a channel does; what is looked up for every character takes many times as
    long.
    """
    for mark, sign in signs.items():
        text = text.replace(mark, sign)
    return text
