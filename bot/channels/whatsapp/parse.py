"""One item of a webhook becomes an Inbound, or the news about a message of ours; nothing in it is trusted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from bot.channels import Unreadable, fields
from bot.channels.contract import SendStatus
from bot.channels.fields import RawObject
from bot.channels.whatsapp.items import dict_in, list_in, number_in, text_in
from bot.channels.whatsapp.notices import template_news
from bot.channels.whatsapp.render import MORE, WORD
from bot.channels.whatsapp.statuses import status
from domain.message import NAMELESS_PHOTO, FileRef, Inbound, Kind
from domain.reading.clean_text import clean, one_line
from domain.templates import TemplateNews

CHANNEL = "whatsapp"
_NUMBER_CHANGED = ("user_changed_number", "user_changed_user_id", "customer_changed_number")
AT_ONCE = "at_once"  # no message says that it was sent with others: files that follow at once were
LAST_PAGE = 999  # no keyboard has as many
_FILES = ("document", "image", "video", "audio")
_FAR = 253_402_300_799  # seconds since 1970: the last moment a date can hold


def address_of(raw: RawObject) -> str:
    """Find who wrote: the business-scoped id, else the phone number; "" when neither is told."""
    item, contact = dict_in(raw, "item"), dict_in(raw, "contact")
    user_id = text_in(item, "from_user_id") or text_in(contact, "user_id")
    return user_id or number_in(item, "from") or number_in(contact, "wa_id")


def parse(raw: RawObject) -> Inbound | SendStatus | TemplateNews:
    """Read a kept item; raises Unreadable when it has no shape of the Cloud API's."""
    item, kind = dict_in(raw, "item"), text_in(raw, "kind")
    if kind == "notice":
        return template_news(text_in(raw, "field"), item)
    if kind == "status":
        return status(item)
    if kind != "message" or not text_in(item, "id"):
        raise Unreadable("no message")
    read = _READERS.get(text_in(item, "type"), _read_other)
    try:
        return read(item, _read_sender(item, dict_in(raw, "contact")))
    except (TypeError, ValueError, OverflowError) as error:
        raise Unreadable(f"{type(error).__name__} in message") from error


def _read_sender(item: RawObject, contact: RawObject) -> Inbound:
    """Read what every item tells: who sent it and when, what it replies to; of no kind yet that we take."""
    phone = number_in(item, "from") or number_in(contact, "wa_id")
    noted = text_in(dict_in(item, "system"), "previous_user_id")  # a note may name nobody else
    user_id = text_in(item, "from_user_id") or text_in(contact, "user_id") or noted
    if not (phone or user_id):
        raise Unreadable("nobody wrote it")
    return Inbound(
        CHANNEL,
        user_id or phone,
        Kind.OTHER,
        also=phone or user_id,
        phone=phone,
        phone_is_own=bool(phone),  # the platform has checked it
        proves_phone=bool(phone),  # a hidden number stays hidden: no button here shares it
        name=one_line(text_in(dict_in(contact, "profile"), "name")),
        reply_to=text_in(dict_in(item, "context"), "id"),
        message_ref=text_in(item, "id"),
        sent_at=_read_moment(text_in(item, "timestamp")),
    )


def _read_moment(seconds: str) -> datetime | None:
    if not seconds.isdecimal() or int(seconds) > _FAR:
        return None
    return datetime.fromtimestamp(int(seconds), UTC)


def _read_typed(item: RawObject, sent: Inbound) -> Inbound:
    return _make_text(_read_text(dict_in(item, "text"), "body"), sent)


def _make_text(text: str, sent: Inbound) -> Inbound:
    """A text in which nothing can be seen is nothing we can read."""
    return replace(sent, kind=Kind.TEXT, text=text) if text else sent


def _read_text(holder: RawObject, name: str) -> str:
    """A text of a person, cleaned and whole (the platform's own limit is 4,096 characters); "" where there is
    nothing to be seen.
    """
    text = holder.get(name)
    cleaned = clean(text) if isinstance(text, str) else ""
    return cleaned if cleaned.strip() else ""


def _read_tap(item: RawObject, sent: Inbound) -> Inbound:
    interactive = dict_in(item, "interactive")
    reply = dict_in(interactive, "button_reply") or dict_in(interactive, "list_reply")
    return _make_tap(sent, data=text_in(reply, "id"), label=_read_text(reply, "title"))


def _read_template_tap(item: RawObject, sent: Inbound) -> Inbound:
    button = dict_in(item, "button")
    label = _read_text(button, "text")
    return _make_tap(sent, data=text_in(button, "payload") or text_in(button, "text"), label=label)


def _make_tap(sent: Inbound, *, data: str, label: str) -> Inbound:
    """A tap names the message it stands in as its context; a word without data is what it says."""
    if data.startswith(WORD):
        return _make_text(data.removeprefix(WORD), sent)
    if not data:
        return sent
    number = data.removeprefix(MORE)
    is_page = number != data and number.isascii() and number.isdecimal()
    page = min(int(number[:4]), LAST_PAGE) if is_page else None
    return replace(sent, kind=Kind.BUTTON, button=data, text=label, message_ref=sent.reply_to, page=page)


def _read_file(item: RawObject, sent: Inbound) -> Inbound:
    kind = text_in(item, "type")
    media = dict_in(item, kind)
    if not text_in(media, "id"):  # nothing can be fetched: the platform could not take it over either
        return sent
    if media.get("voice") is True:  # spoken into the phone: words that nobody can read here, and no file
        return sent
    size = media.get("file_size")
    ref = FileRef(
        text_in(media, "id"),
        "photo" if kind == "image" else kind,
        one_line(text_in(media, "filename"))[:200].strip() or (NAMELESS_PHOTO if kind == "image" else kind),
        one_line(text_in(media, "mime_type")),
        size if isinstance(size, int) and fields.is_whole(size) and size >= 0 else None,
    )
    return replace(sent, kind=Kind.FILE, text=_read_text(media, "caption"), file=ref, group=AT_ONCE)


def _read_location(item: RawObject, sent: Inbound) -> Inbound:
    shared = dict_in(item, "location")
    spot = (fields.degrees(shared, "latitude", most=90), fields.degrees(shared, "longitude", most=180))
    return replace(sent, kind=Kind.LOCATION, location=spot)


def _read_card(item: RawObject, sent: Inbound) -> Inbound:
    """A contact card; it is the person's own where one of its numbers is the one that writes."""
    cards = list_in(item, "contacts")
    phones = list_in(cards[0] if cards else {}, "phones")
    numbers = [
        number for phone in phones if (number := number_in(phone, "wa_id") or number_in(phone, "phone"))
    ]
    own = bool(sent.phone) and sent.phone in numbers
    phone = sent.phone if own else next(iter(numbers), "")
    return replace(sent, kind=Kind.PHONE, phone=phone, phone_is_own=own)


def _ignore(item: RawObject, sent: Inbound) -> Inbound:
    """A reaction asks for no answer, nor does a message that its writer took back."""
    return replace(sent, kind=Kind.IGNORED)


def _read_system(item: RawObject, sent: Inbound) -> Inbound:
    """A note of the platform: of interest only where it says that the person writes from another number
    now, which makes a new business-scoped id too.
    """
    system = dict_in(item, "system")
    phone, user_id = number_in(system, "wa_id"), text_in(system, "user_id")
    names = (text_in(system, "previous_user_id"), number_in(item, "from"), text_in(item, "from_user_id"))
    before = tuple(name for name in names if name and name not in (user_id, phone))
    if text_in(system, "type") not in _NUMBER_CHANGED or not (user_id or phone):
        return replace(sent, kind=Kind.NOTED)
    address, also = user_id or phone, phone or user_id
    return replace(sent, kind=Kind.NOTED, address=address, also=also, before=before, phone=phone)


def _read_edited(item: RawObject, sent: Inbound) -> Inbound:
    """Take a text as it reads now, under the id of the message that was edited; an edited caption is nothing
    a person expects an answer to.
    """
    edit = dict_in(item, "edit")
    original, now = text_in(edit, "original_message_id"), dict_in(edit, "message")
    if text_in(now, "type") != "text" or not original:
        return replace(sent, kind=Kind.IGNORED)
    text = _read_text(dict_in(now, "text"), "body")
    return replace(sent, kind=Kind.EDITED, text=text, message_ref=original)


# what is done to an earlier message and says nothing: it is not answered as something unreadable
_ACTS = frozenset({"revoke", "reaction", "pin", "keep_in_chat", "poll_update"})


def _read_other(item: RawObject, sent: Inbound) -> Inbound:
    """What the platform passes on and nobody can read here: stickers, orders, polls, what it does not know
    itself.

    An edit is among these unless the number is used in the WhatsApp Business app too: neither its text comes
    nor which message it was. The person hears that it was not read. A message taken back is not answered.
    Pages: developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/edit
    and its neighbour `unsupported`.
    """
    unread = text_in(dict_in(item, "unsupported"), "type")
    if unread == "edit":
        return replace(sent, kind=Kind.EDITED, message_ref="")
    if unread in _ACTS:
        return replace(sent, kind=Kind.IGNORED)
    return sent


_READERS: Mapping[str, Callable[[RawObject, Inbound], Inbound]] = {
    "text": _read_typed,
    "interactive": _read_tap,
    "button": _read_template_tap,
    "location": _read_location,
    "contacts": _read_card,
    "reaction": _ignore,
    "revoke": _ignore,
    "edit": _read_edited,
    "system": _read_system,
    **dict.fromkeys(_FILES, _read_file),
}
