"""A raw Telegram update becomes an Inbound; whatever Telegram can send is understood or set aside."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.channels import Unreadable, fields
from bot.channels.fields import RawObject
from domain.announcing.linked_words import note_links
from domain.message import LONG_TEXT, NAMELESS_PHOTO, FileRef, Inbound, Kind
from domain.reading.cut_text import may_go_on

# notes of the platform in a private chat, core.telegram.org/bots/api#message: nobody waits for an answer
_SERVICE = frozenset({
    "pinned_message", "message_auto_delete_timer_changed", "new_chat_title", "new_chat_photo",
    "delete_chat_photo",
    "chat_background_set", "boost_added", "write_access_allowed", "connected_website",
    "proximity_alert_triggered",
    "video_chat_scheduled", "video_chat_started", "video_chat_ended", "video_chat_participants_invited",
    "new_chat_members", "left_chat_member", "group_chat_created", "supergroup_chat_created",
    "channel_chat_created", "migrate_to_chat_id", "migrate_from_chat_id",
    "forum_topic_created", "forum_topic_edited", "forum_topic_closed",
    "forum_topic_reopened", "general_forum_topic_hidden", "general_forum_topic_unhidden", "giveaway_created",
    "giveaway_completed", "successful_payment", "refunded_payment", "users_shared", "chat_shared", "gift",
    "unique_gift", "gift_upgrade_sent", "paid_message_price_changed", "direct_message_price_changed",
    "checklist_tasks_done", "checklist_tasks_added", "passport_data", "web_app_data", "chat_owner_left",
    "chat_owner_changed", "suggested_post_approved", "suggested_post_declined",
})  # fmt: skip
MAX_LINKS = 10  # behind words of one message
_FILES = ("document", "video", "animation", "audio")
MAX_FILE_NAME = 200  # characters kept of a file's name


def address_of(raw: RawObject) -> str:
    """Find the person's id, else the chat's; "" when there is neither."""
    for name, part in raw.items():
        if name == "update_id" or not isinstance(part, dict):
            continue
        sender = part.get("from") if name == "callback_query" else part.get("chat")
        sender = sender if isinstance(sender, dict) else part.get("from")
        if isinstance(sender, dict) and fields.is_whole(sender.get("id")):
            return str(sender["id"])
    return ""


def has_id(raw: Any) -> bool:
    """Tell whether this is an update that a poll can confirm: an object with an id of 64 bits."""
    return (
        isinstance(raw, dict)
        and fields.is_whole(raw.get("update_id"))
        and raw["update_id"] < fields.BITS_64 - 1
    )


def parse(raw: RawObject) -> Inbound:
    """Read an update; raises Unreadable when it has no shape of Telegram's."""
    if not has_id(raw):
        raise Unreadable("no update_id")
    try:
        return _read(raw)
    except (ValueError, OverflowError, OSError) as error:  # of no such day are the last two
        raise Unreadable(f"{type(error).__name__} in update") from error


def _read(raw: RawObject) -> Inbound:
    if (tap := fields.part(raw, "callback_query")) is not None:
        return _read_tap(tap)
    if (member := fields.part(raw, "my_chat_member")) is not None:
        return _read_member(member)
    if (message := fields.part(raw, "message")) is not None:
        return _read_message(message)
    if (edited := fields.part(raw, "edited_message")) is not None:
        return _read_edited(edited)
    return Inbound("telegram", address_of(raw), Kind.IGNORED)


def _read_name(sender: RawObject) -> str:
    return " ".join(
        part for part in (fields.line(sender, "first_name"), fields.line(sender, "last_name")) if part
    )


def _read_id(sender: RawObject) -> str:
    return str(fields.needed_whole(sender, "id"))


def _make_reference(message: RawObject | None) -> str:
    number = fields.whole(message, "message_id") if message else None
    return str(number or "")


def _read_tap(tap: RawObject) -> Inbound:
    sender = fields.needed(tap, "from")
    return Inbound(
        "telegram",
        _read_id(sender),
        Kind.BUTTON,
        button=fields.token(tap, "data"),
        callback_id=fields.needed_token(tap, "id"),
        message_ref=_make_reference(fields.part(tap, "message")),
        name=_read_name(sender),
        language=fields.line(sender, "language_code"),
    )


def _read_member(member: RawObject) -> Inbound:
    chat = fields.needed(member, "chat")
    if chat.get("type") != "private":
        return Inbound("telegram", _read_id(chat), Kind.IGNORED)
    gone = fields.needed_token(fields.needed(member, "new_chat_member"), "status") in ("kicked", "left")
    return Inbound("telegram", _read_id(chat), Kind.BLOCKED if gone else Kind.UNBLOCKED)


def _read_message(message: RawObject) -> Inbound:
    chat = fields.needed(message, "chat")
    address = _read_id(chat)
    if chat.get("type") != "private":
        return Inbound("telegram", address, Kind.IGNORED)
    sender = fields.part(message, "from")
    at = fields.whole(message, "date")
    answered = fields.part(message, "reply_to_message")
    kind, content = _read_content(message, sender=sender or {})
    return Inbound(
        "telegram",
        address,
        kind,
        name=_read_name(sender or chat),
        language=fields.line(sender or chat, "language_code"),
        sent_at=datetime.fromtimestamp(at, UTC) if at is not None else None,
        reply_to="" if answered is None else str(fields.needed_whole(answered, "message_id")),
        message_ref=_make_reference(message),
        **content,
    )


def _read_content(message: RawObject, *, sender: RawObject) -> tuple[Kind, dict[str, Any]]:
    """Read what a message holds, as fields of an Inbound: a text, a contact, a location, a file."""
    if text := fields.text(message, "text"):
        group = LONG_TEXT if may_go_on(text) else ""
        links, linked = _list_links(message), _read_linked(message, "text", entities="entities")
        return Kind.TEXT, {"text": text, "links": links, "linked": linked, "group": group}
    if (contact := fields.part(message, "contact")) is not None:
        owner = fields.whole(contact, "user_id")
        own = owner is not None and owner == fields.whole(sender, "id")
        phone = fields.line(contact, "phone_number")
        return Kind.PHONE, {"phone": phone, "phone_is_own": own}
    if (shared := fields.part(message, "location")) is not None:
        spot = (fields.degrees(shared, "latitude", most=90), fields.degrees(shared, "longitude", most=180))
        return Kind.LOCATION, {"location": spot}
    if (file := _find_file(message)) is not None:
        caption, group = fields.text(message, "caption"), fields.token(message, "media_group_id")
        linked = _read_linked(message, "caption", entities="caption_entities")
        return Kind.FILE, {"text": caption, "linked": linked, "file": file, "group": group}
    return (Kind.IGNORED if _SERVICE & message.keys() else Kind.OTHER), {}


def _read_edited(message: RawObject) -> Inbound:
    """Take a text as it reads now; a live location that moves, or a caption, is nothing a person expects an
    answer to.
    """
    now = _read_message(message)
    if now.kind is not Kind.TEXT:
        return replace(now, kind=Kind.IGNORED)
    return replace(now, kind=Kind.EDITED, group="")


def _list_links(message: RawObject) -> tuple[str, ...]:
    """The addresses behind words, core.telegram.org/bots/api#messageentity."""
    entities = message.get("entities")
    if not isinstance(entities, list):
        return ()
    links = [
        fields.line(entity, "url")
        for entity in entities
        if isinstance(entity, dict) and entity.get("type") == "text_link"
    ]
    return tuple(dict.fromkeys(url for url in links[:MAX_LINKS] if url))


def _read_linked(message: RawObject, name: str, *, entities: str) -> str:
    """Write a text with the addresses behind its words; "" where there are none."""
    listed = message.get(entities)
    spans = [
        (entity["offset"], entity["offset"] + entity["length"], address)
        for entity in (listed if isinstance(listed, list) else [])
        if isinstance(entity, dict) and entity.get("type") == "text_link"
        if isinstance(entity.get("offset"), int) and isinstance(entity.get("length"), int)
        if (address := fields.line(entity, "url"))
    ]
    if not spans or not isinstance(said := message.get(name), str):
        return ""
    return fields.text({name: note_links(said, spans[:MAX_LINKS])}, name)


def _find_file(message: RawObject) -> FileRef | None:
    """Find the file; of a photo the largest size, which carries no name."""
    if photos := message.get("photo"):
        return _choose_photo(photos)
    for kind in _FILES:
        if (media := fields.part(message, kind)) is not None:
            name = fields.line(media, "file_name")[:MAX_FILE_NAME].strip() or kind
            mime, size = fields.line(media, "mime_type"), fields.size(media, "file_size")
            return FileRef(fields.needed_token(media, "file_id"), kind, name, mime, size)
    return None


def _choose_photo(sizes: Any) -> FileRef:
    if not isinstance(sizes, list) or not all(isinstance(variant, dict) for variant in sizes):
        raise ValueError('"photo" is no list of sizes')
    largest = max(
        sizes,
        key=lambda variant: (fields.size(variant, "width") or 0) * (fields.size(variant, "height") or 0),
    )
    size = fields.size(largest, "file_size")
    return FileRef(fields.needed_token(largest, "file_id"), "photo", NAMELESS_PHOTO, "image/jpeg", size)
