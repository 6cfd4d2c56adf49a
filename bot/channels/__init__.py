"""The ways to talk to people: one contract (`contract`, `limits`, `errors`), and a folder for each
channel.
"""

from bot.channels.contract import Channel
from bot.channels.errors import (
    Blocked,
    ChannelDown,
    Contested,
    FateUnknown,
    Gone,
    NotSent,
    Refused,
    SendError,
    TemplateRefused,
    Throttled,
    Undeliverable,
    Unreadable,
    WindowClosed,
)

__all__ = [
    "Blocked",
    "Channel",
    "ChannelDown",
    "Contested",
    "FateUnknown",
    "Gone",
    "NotSent",
    "Refused",
    "SendError",
    "TemplateRefused",
    "Throttled",
    "Undeliverable",
    "Unreadable",
    "WindowClosed",
]
