"""How long a message may be, and how one that is too long is cut in parts or shortened."""

from __future__ import annotations

from dataclasses import replace

from domain.message import BOLD_OFF, BOLD_ON, ITALIC_OFF, ITALIC_ON, Message, plain

SPLIT_AT = 3900  # characters: below Telegram's 4096, with room for markup
CAPTION_AT = 1000  # characters: below the 1024 of both channels


def split(message: Message, *, limit: int = SPLIT_AT, caption: int = CAPTION_AT) -> tuple[Message, ...]:
    """Cut a long text at paragraph borders; buttons and attachment stay with the last part."""
    if message.attachment is not None and len(message.text) > caption:
        text_alone = replace(message, rows=(), attachment=None)
        return (*split(text_alone, limit=limit), replace(message, text="", callback_id="", toast="", menu=()))
    if len(message.text) <= limit or message.edit:
        return (message,)
    head, rest = _cut_text(message.text, limit)
    first = replace(message, text=head, rows=(), ask="")
    tail = replace(message, text=rest, callback_id="", toast="")
    return (first, *split(tail, limit=limit))


def units(text: str) -> int:
    """The length of a text as platforms count it, in UTF-16 units, without our marks."""
    return len(plain(text).encode("utf-16-le", "surrogatepass")) // 2


def fitted(message: Message, *, limit: int = SPLIT_AT) -> Message:
    """Shorten the text of a message that takes another's place: it cannot be split, and too long it is
    refused.
    """
    if not message.edit or units(message.text) <= limit:
        return message
    head = message.text
    while units(head) >= limit:
        head = head[: len(head) - max(1, units(head) - limit)]
    border = max(head.rfind("\n", len(head) * 2 // 3), head.rfind(" ", len(head) * 2 // 3))
    head, _ = _close_marks(head[:border] if border > 0 else head, "")
    return replace(message, text=f"{head}…")


def _cut_text(text: str, limit: int) -> tuple[str, str]:
    for border in ("\n\n", "\n", " "):
        at = text.rfind(border, limit // 2, limit)
        if at > 0:
            return _close_marks(text[:at], text[at + len(border) :])
    return _close_marks(text[:limit], text[limit:])


def _close_marks(head: str, rest: str) -> tuple[str, str]:
    for on, off in ((BOLD_ON, BOLD_OFF), (ITALIC_ON, ITALIC_OFF)):
        if head.count(on) > head.count(off):
            head, rest = head + off, on + rest
    return head, rest
