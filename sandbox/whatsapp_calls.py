"""What a send to the emulated Cloud API becomes: checked as Meta checks it, then a message on a phone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sandbox.whatsapp_checks import (
    BUTTON_BODY_CHARS,
    CAPTION_CHARS,
    INVALID_PARAMETER,
    INVALID_VALUE,
    LIST_BODY_CHARS,
    TEXT_CHARS,
    TRACKER_CHARS,
    GraphRefusal,
    check_interactive,
    text_of,
)
from sandbox.whatsapp_phones import WhatsAppFile, WhatsAppMessage

if TYPE_CHECKING:
    from sandbox.whatsapp import WhatsAppEmulator

Body = Mapping[str, Any]


def message_of(server: WhatsAppEmulator, body: Body) -> WhatsAppMessage:
    """Read and check a message to send; raises GraphRefusal."""
    kind = str(body.get("type") or "text")
    made = _KINDS.get(kind)
    if made is None:
        raise GraphRefusal(INVALID_VALUE, f"type {kind!r} is not one of the supported types")
    message = made(server, body)
    answered = body.get("context")
    message.reply_to = str(answered.get("message_id") or "") if isinstance(answered, Mapping) else ""
    tracker = body.get("biz_opaque_callback_data")
    message.tracker = (
        text_of(body, "biz_opaque_callback_data", limit=TRACKER_CHARS) if tracker is not None else ""
    )
    return message


def _make(**fields: Any) -> WhatsAppMessage:
    return WhatsAppMessage("", 0.0, True, **fields)


def _make_text(_: WhatsAppEmulator, body: Body) -> WhatsAppMessage:
    return _make(text=text_of(body.get("text"), "body", limit=TEXT_CHARS))


def _make_interactive(server: WhatsAppEmulator, body: Body) -> WhatsAppMessage:
    asked = body.get("interactive")
    check_interactive(asked)
    assert isinstance(asked, Mapping)
    action, kind = asked["action"], asked["type"]
    limit = LIST_BODY_CHARS if kind == "list" else BUTTON_BODY_CHARS
    footer = asked.get("footer")
    message = _make(text=text_of(asked["body"], "text", limit=limit), footer=footer["text"] if footer else "")
    if kind == "button":
        message.buttons = [(button["reply"]["title"], button["reply"]["id"]) for button in action["buttons"]]
    elif kind == "list":
        message.list_button = action["button"]
        for section in action["sections"]:
            message.headings[len(message.rows)] = section.get("title", "")
            rows = section.get("rows", ())
            message.rows += [(row["title"], row.get("description", ""), row["id"]) for row in rows]
    else:
        message.asks_location = True
    message.file = _heading(server, asked.get("header"))
    return message


def _heading(server: WhatsAppEmulator, header: Any) -> WhatsAppFile | None:
    """The file above a message with buttons; raises GraphRefusal where there is none of that id."""
    kind = header.get("type") if isinstance(header, Mapping) else None
    if kind not in ("image", "document", "video"):
        return None
    part = header.get(kind)
    if not isinstance(part, Mapping) or not part.get("id"):
        raise GraphRefusal(INVALID_PARAMETER, f"The parameter header['{kind}']['id'] is required")
    return server.media.shown(str(part["id"]), kind, name=str(part.get("filename") or ""))


def _make_template(server: WhatsAppEmulator, body: Body) -> WhatsAppMessage:
    template, text, replies = server.templates.filled(body.get("template"))
    return _make(text=text, buttons=replies, template=template.name)


def _make_file_reader(kind: str) -> Callable[[WhatsAppEmulator, Body], WhatsAppMessage]:
    def made(server: WhatsAppEmulator, body: Body) -> WhatsAppMessage:
        part = body.get(kind)
        if not isinstance(part, Mapping) or not (part.get("id") or part.get("link")):
            raise GraphRefusal(INVALID_PARAMETER, f"The parameter {kind}['id'] is required")
        caption = text_of(part, "caption", limit=CAPTION_CHARS, required=False)
        file = server.media.shown(
            str(part.get("id") or part["link"]), kind, name=str(part.get("filename") or "")
        )
        return _make(text=caption, file=file)

    return made


def _make_reaction(_: WhatsAppEmulator, body: Body) -> WhatsAppMessage:
    part = body.get("reaction")
    text_of(part, "message_id", limit=512)
    return _make(text=str(part["emoji"]) if isinstance(part, Mapping) else "")


_KINDS: Mapping[str, Callable[[WhatsAppEmulator, Body], WhatsAppMessage]] = {
    "text": _make_text,
    "interactive": _make_interactive,
    "template": _make_template,
    "image": _make_file_reader("image"),
    "document": _make_file_reader("document"),
    "video": _make_file_reader("video"),
    "audio": _make_file_reader("audio"),
    "reaction": _make_reaction,
}
