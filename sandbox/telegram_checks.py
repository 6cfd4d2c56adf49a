"""What the real Bot API refuses, in its own words as far as they are known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html.entities import html5
from typing import Any

TEXT_UNITS = 4096  # UTF-16 units after parsing, core.telegram.org/bots/api#sendmessage
CAPTION_UNITS = 1024
DATA_BYTES = 64
BUTTONS, BUTTONS_A_ROW = 100, 8
TOAST_CHARS = 200
TAGS = frozenset(
    "b strong i em u ins s strike del a code pre blockquote tg-spoiler span tg-emoji".split()  # noqa: SIM905
)
_TOKEN = re.compile(r"<(/?)([a-zA-Z0-9-]*)((?:\s[^>]*)?)>|&(#?[a-zA-Z0-9]+);|([<])")


class Refusal(Exception):
    """a call the real server would answer with `code`"""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        """`parameters` go to ResponseParameters, such as retry_after."""
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


def bad(description: str) -> Refusal:
    """Make the refusal of a malformed call."""
    return Refusal(400, f"Bad Request: {description}")


def parsed(text: str, mode: str) -> str:
    """Return the visible text; raises Refusal for what the server cannot parse."""
    if not mode:
        return text
    if mode.lower() != "html":
        raise bad("unsupported parse_mode")
    if "<" not in text and "&" not in text:
        return text
    out: list[str] = []
    opened: list[str] = []
    last = 0
    for match in _TOKEN.finditer(text):
        out.append(text[last : match.start()])
        last = match.end()
        if match[5]:
            raise bad(f"can't parse entities: Unclosed start tag at byte offset {match.start()}")
        if match[4]:
            out.append(_read_entity(match[4], match[0]))
        else:
            _take_tag(match, opened)
    if opened:
        raise bad(f"can't parse entities: Can't find end tag corresponding to start tag \"{opened[-1]}\"")
    out.append(text[last:])
    return "".join(out)


def _take_tag(match: re.Match[str], opened: list[str]) -> None:
    """Close the tag that was opened last, or open another."""
    name = match[2].lower()
    if match[1]:
        if not opened or opened.pop() != name:
            raise bad(f"can't parse entities: Unmatched end tag at byte offset {match.start()}")
        return
    if name not in TAGS:
        raise bad(f'can\'t parse entities: Unsupported start tag "{name}" at byte offset {match.start()}')
    opened.append(name)


def _read_entity(name: str, whole: str) -> str:
    if name.startswith("#"):
        try:
            return chr(int(name[2:], 16) if name[1:2] in "xX" else int(name[1:]))
        except (ValueError, OverflowError):
            return whole
    return html5[f"{name};"] if name in ("lt", "gt", "amp", "quot") else whole


def units(text: str) -> int:
    """Count UTF-16 units, as Telegram does."""
    return len(text) + sum(ord(character) > 0xFFFF for character in text)


def check_text(text: str, *, limit: int = TEXT_UNITS, caption: bool = False) -> None:
    """Refuse an empty or over-long text."""
    if not text.strip() and not caption:
        raise bad("message text is empty")
    if units(text) > limit:
        raise bad("message caption is too long" if caption else "message is too long")


def check_markup(markup: Mapping[str, Any] | None) -> None:
    """Refuse a keyboard the server would refuse."""
    if not markup or "inline_keyboard" not in markup:
        return
    rows = markup["inline_keyboard"]
    if sum(len(row) for row in rows) > BUTTONS or any(len(row) > BUTTONS_A_ROW for row in rows):
        raise bad("REPLY_MARKUP_TOO_LONG")
    for row in rows:
        for button in row:
            if not str(button.get("text", "")).strip():
                raise bad(
                    'BUTTON_TEXT_EMPTY: can\'t parse inline keyboard button: Field "text" must be non-empty'
                )
            data = button.get("callback_data")
            if data is not None and not 1 <= len(data.encode()) <= DATA_BYTES:
                raise bad("BUTTON_DATA_INVALID")
