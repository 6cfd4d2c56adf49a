"""A raw Telegram update becomes an Inbound; whatever Telegram can send is understood or set aside."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.channels import Unreadable
from domain.message import FileRef, Inbound, Kind

_FILES = ("document", "video", "animation", "audio")
Raw = Mapping[str, Any]


def address_of(raw: Raw) -> str:
    """Find the person's id, else the chat's; "" when there is neither."""
    for name, part in raw.items():
        if name == "update_id" or not isinstance(part, dict):
            continue
        who = part.get("from") if name == "callback_query" else part.get("chat")
        who = who if isinstance(who, dict) else part.get("from")
        if isinstance(who, dict) and isinstance(who.get("id"), int):
            return str(who["id"])
    return ""


def parse(raw: Raw) -> Inbound:
    """Read an update; raises Unreadable when it has no shape of Telegram's."""
    if not isinstance(raw, dict) or not isinstance(raw.get("update_id"), int):
        raise Unreadable("no update_id")
    try:
        return _read(raw)
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError) as error:
        raise Unreadable(f"{type(error).__name__} in update") from error


def _read(raw: Raw) -> Inbound:
    if (tap := raw.get("callback_query")) is not None:
        return _tap(tap)
    if (member := raw.get("my_chat_member")) is not None:
        return _member(member)
    if (message := raw.get("message")) is not None:
        return _message(message)
    return Inbound("telegram", address_of(raw), Kind.IGNORED)


def _person(who: Raw) -> dict[str, Any]:
    name = " ".join(part for part in (who.get("first_name"), who.get("last_name")) if part)
    return {"name": name, "language": who.get("language_code") or ""}


def _tap(tap: Raw) -> Inbound:
    message = tap.get("message") or {}
    return Inbound(
        "telegram",
        str(int(tap["from"]["id"])),
        Kind.BUTTON,
        button=str(tap.get("data") or ""),
        callback_id=str(tap["id"]),
        message_ref=str(message.get("message_id") or ""),
        **_person(tap["from"]),
    )


def _member(member: Raw) -> Inbound:
    address = str(int(member["chat"]["id"]))
    if member["chat"].get("type") != "private":
        return Inbound("telegram", address, Kind.IGNORED)
    gone = member["new_chat_member"]["status"] in ("kicked", "left")
    return Inbound("telegram", address, Kind.BLOCKED if gone else Kind.UNBLOCKED)


def _message(message: Raw) -> Inbound:
    chat = message["chat"]
    if chat.get("type") != "private":
        return Inbound("telegram", str(int(chat["id"])), Kind.IGNORED)
    sent_at = datetime.fromtimestamp(int(message["date"]), UTC) if "date" in message else None
    common = {"sent_at": sent_at, **_person(message.get("from") or chat)}
    if (answered := message.get("reply_to_message")) is not None:
        common["reply_to"] = str(answered["message_id"])
        common["message_ref"] = str(message.get("message_id") or "")
    address = str(int(chat["id"]))
    if isinstance(message.get("text"), str):
        return Inbound("telegram", address, Kind.TEXT, text=message["text"], **common)
    if (contact := message.get("contact")) is not None:
        own = contact.get("user_id") == (message.get("from") or {}).get("id") and contact.get("user_id") is not None
        phone = str(contact.get("phone_number") or "")
        return Inbound("telegram", address, Kind.PHONE, phone=phone, phone_is_own=own, **common)
    if (place := message.get("location")) is not None:
        spot = (float(place["latitude"]), float(place["longitude"]))
        return Inbound("telegram", address, Kind.LOCATION, location=spot, **common)
    if (file := _file(message)) is not None:
        return Inbound("telegram", address, Kind.FILE, text=message.get("caption") or "", file=file, **common)
    return Inbound("telegram", address, Kind.OTHER, **common)


def _file(message: Raw) -> FileRef | None:
    """Find the file; of a photo the largest size, which carries no name."""
    if photos := message.get("photo"):
        largest = max(photos, key=lambda photo: int(photo.get("width", 0)) * int(photo.get("height", 0)))
        return FileRef(str(largest["file_id"]), "photo", "foto.jpg", "image/jpeg", largest.get("file_size"))
    for kind in _FILES:
        if (found := message.get(kind)) is not None:
            size = found.get("file_size")
            name = str(found.get("file_name") or kind)[:200]
            mime = str(found.get("mime_type") or "")
            return FileRef(str(found["file_id"]), kind, name, mime, int(size) if size is not None else None)
    return None
