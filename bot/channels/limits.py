"""What a channel's messages may hold, what it can do at all, and how fast it takes messages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The most a message may hold; what is longer is cut or split before it is sent. 0 where there is no
    such thing.
    """

    text_chars: int  # of our own words: less than the platform takes, by the room its markup needs
    caption_chars: int  # the same, below a picture or a document
    buttons: int  # of one message
    row_buttons: int  # side by side
    button_title_chars: int
    button_data_bytes: int
    fetch_bytes: int  # of a file a person sends
    send_bytes: int  # of a document we send
    file_buttons: int = 0  # below a picture or a document
    window_seconds: int = 0  # after a person's last message, in which free messages are taken; 0: always
    toast_chars: int = 0
    menu_commands: int = 0
    list_rows: int = 0  # of a list that opens at a tap
    list_title_chars: int = 0
    list_note_chars: int = 0  # the smaller line below a row's title


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can do; what it cannot, `fitting` says another way."""

    edits: bool = False  # change a message in place
    menus: bool = False  # show each person a menu of commands
    typing: bool = False  # show that an answer is being written
    shares_phone: bool = False  # a button that shares the person's own number
    shares_location: bool = False
    toasts: bool = False  # a short note at the button that was tapped
    statuses: bool = False  # tells later that a message was delivered or read


@dataclass(frozen=True, slots=True)
class Rates:
    """How fast messages may leave."""

    overall: float  # messages a second over all chats
    chat: float  # messages a second to one chat
    burst: float  # messages to one chat at once, before its rate holds
