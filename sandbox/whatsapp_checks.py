"""What the Cloud API refuses, with its codes and in its own words as far as they are known.

Limits:
developers.facebook.com/documentation/business-messaging/whatsapp/messages/interactive-reply-buttons-messages
and its neighbours for lists, text and media.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.wire import CloudApiObject

TEXT_CHARS, CAPTION_CHARS = 4096, 1024
BUTTON_BODY_CHARS, LIST_BODY_CHARS = 1024, 4096
FOOTER_CHARS, HEADER_CHARS = 60, 60
BUTTONS = 3
BUTTON_CHARS = 20
BUTTON_ID_CHARS = 256
ROWS = 10
ROW_CHARS = 24
ROW_ID_CHARS = 200
DESCRIPTION_CHARS = 72
SECTIONS, SECTION_CHARS = 10, 24
TRACKER_CHARS = 512
MEDIA_BYTES: Mapping[str, int] = {
    "image": 5_000_000,
    "audio": 16_000_000,
    "video": 16_000_000,
    "document": 100_000_000,
    "sticker": 500_000,
}

INVALID_PARAMETER, INVALID_VALUE = 100, 131009
UNSUPPORTED = 131051
UNDELIVERABLE = 131026
RE_ENGAGEMENT = 131047
PAIR_LIMIT = 131056
THROUGHPUT = 130429
SPAM = 131048
NO_TEMPLATE = 132001
PARAMETER_COUNT = 132000
PARAMETER_FORMAT = 132012
PAUSED = 132015
DISABLED = 132016
TOKEN = 190
TRANSIENT = 131016
MEDIA_DOWNLOAD = 131052
MEDIA_UPLOAD = 131053
TITLES: Mapping[int, str] = {
    INVALID_PARAMETER: "Invalid parameter",
    INVALID_VALUE: "Parameter value is not valid",
    UNSUPPORTED: "Message type is currently not supported",
    UNDELIVERABLE: "Message undeliverable",
    RE_ENGAGEMENT: "Re-engagement message",
    PAIR_LIMIT: "(Business Account, Consumer Account) pair rate limit hit",
    THROUGHPUT: "Rate limit hit",
    SPAM: "Spam rate limit hit",
    NO_TEMPLATE: "Template name does not exist in the translation",
    PARAMETER_COUNT: "Number of parameters does not match the expected number of params",
    PARAMETER_FORMAT: "Parameter format does not match format in the created template",
    PAUSED: "Template is paused",
    DISABLED: "Template is disabled",
    TOKEN: "Authentication Error",
    TRANSIENT: "Service unavailable",
    MEDIA_DOWNLOAD: "Media download error",
    MEDIA_UPLOAD: "Media upload error",
    131042: "Business eligibility payment issue",
    131049: "This message was not delivered to maintain healthy ecosystem engagement",
    131050: "User has stopped marketing messages",
}
_STATUSES = {TOKEN: 401, TRANSIENT: 503, THROUGHPUT: 429, PAIR_LIMIT: 400}


class GraphRefusal(Exception):
    """a call the Cloud API would answer with an error"""

    def __init__(self, code: int, details: str = "", *, status: int = 0) -> None:
        """`code` is the platform's; `status` of HTTP follows from it unless given."""
        super().__init__(details)
        self.code, self.details = code, details
        self.status = status or _STATUSES.get(code, 400)

    def to_json(self) -> CloudApiObject:
        """The body of the answer."""
        title = TITLES.get(self.code, "Unknown error")
        return {
            "error": {
                "message": f"(#{self.code}) {title}",
                "type": "OAuthException",
                "code": self.code,
                "error_data": {"messaging_product": "whatsapp", "details": self.details or title},
                "fbtrace_id": "EmulatedTrace",
            }
        }

    def in_status(self) -> CloudApiObject:
        """The error as a failed status carries it."""
        title = TITLES.get(self.code, "Unknown error")
        return {
            "code": self.code,
            "title": title,
            "message": title,
            "error_data": {"details": self.details or title},
        }


def text_of(holder: Any, name: str, *, limit: int, required: bool = True) -> str:
    """Return a text of 1 to `limit` characters; raises GraphRefusal naming the field."""
    value = holder.get(name) if isinstance(holder, Mapping) else None
    if value is None and not required:
        return ""
    if not isinstance(value, str) or not value.strip():
        raise GraphRefusal(INVALID_PARAMETER, f"The parameter {name} is required")
    if len(value) > limit:
        raise GraphRefusal(INVALID_VALUE, f"Param {name} must be at most {limit} characters long")
    return value


def check_interactive(interactive: Any) -> None:
    """Refuse an interactive message that the Cloud API would refuse."""
    if not isinstance(interactive, Mapping):
        raise GraphRefusal(INVALID_PARAMETER, "The parameter interactive is required")
    kind = interactive.get("type")
    body_chars = LIST_BODY_CHARS if kind == "list" else BUTTON_BODY_CHARS
    text_of(interactive.get("body"), "text", limit=body_chars)
    if (footer := interactive.get("footer")) is not None:
        text_of(footer, "text", limit=FOOTER_CHARS)
    header = interactive.get("header")
    if isinstance(header, Mapping) and header.get("type") == "text":
        text_of(header, "text", limit=HEADER_CHARS)
    action = interactive.get("action")
    if not isinstance(action, Mapping):
        raise GraphRefusal(INVALID_PARAMETER, "The parameter action is required")
    if kind == "button":
        _check_buttons(action.get("buttons"))
    elif kind == "list":
        _check_list(action)
    elif kind != "location_request_message":
        raise GraphRefusal(INVALID_VALUE, f"Interactive type {kind!r} is not known here")


def _check_buttons(buttons: Any) -> None:
    if not isinstance(buttons, Sequence) or not 1 <= len(buttons) <= BUTTONS:
        raise GraphRefusal(
            INVALID_VALUE, f"Invalid buttons count. Min allowed buttons: 1, Max allowed: {BUTTONS}"
        )
    replies = [button.get("reply") if isinstance(button, Mapping) else None for button in buttons]
    titles = [text_of(reply, "title", limit=BUTTON_CHARS) for reply in replies]
    ids = [text_of(reply, "id", limit=BUTTON_ID_CHARS) for reply in replies]
    _check_unique(titles, "Duplicate title")
    _check_unique(ids, "Duplicate id")


def _check_list(action: Mapping[str, Any]) -> None:
    text_of(action, "button", limit=BUTTON_CHARS)
    sections = action.get("sections")
    if not isinstance(sections, Sequence) or not 1 <= len(sections) <= SECTIONS:
        raise GraphRefusal(INVALID_VALUE, f"Invalid sections count. Max allowed sections: {SECTIONS}")
    if len(sections) > 1:
        for section in sections:
            text_of(section, "title", limit=SECTION_CHARS)
    rows = [row for section in sections for row in section.get("rows") or ()]
    if not 1 <= len(rows) <= ROWS:
        raise GraphRefusal(INVALID_VALUE, f"Total row count exceed max allowed count: {ROWS}")
    for row in rows:
        text_of(row, "title", limit=ROW_CHARS)
        text_of(row, "description", limit=DESCRIPTION_CHARS, required=False)
    _check_unique([text_of(row, "id", limit=ROW_ID_CHARS) for row in rows], "Duplicate id")
    for section in sections:
        _check_unique([row["title"] for row in section.get("rows") or ()], "Duplicate title")


def _check_unique(values: Sequence[str], what: str) -> None:
    if len(set(values)) != len(values):
        raise GraphRefusal(INVALID_VALUE, what)
