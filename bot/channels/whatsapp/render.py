"""A neutral message becomes what the Cloud API takes: text, reply buttons, a list, a picture or a paper.

The limits are those of developers.facebook.com/documentation/business-messaging/whatsapp/messages and its pages for
reply buttons, lists, text, image and document.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.channels.contract import Call
from bot.channels.limits import Capabilities, Limits, Rates
from domain.buttons.base import Raw
from domain.message import BOLD_OFF, BOLD_ON, ITALIC_OFF, ITALIC_ON, Choice, Message, Template

LIMITS = Limits(
    text_chars=3_900,  # of 4,096
    caption_chars=1_000,  # of 1,024
    buttons=10_000,  # what a list does not hold goes on at a tap
    row_buttons=3,
    button_title_chars=20,
    button_data_bytes=200,  # of a list's row; a button may carry 256
    fetch_bytes=16_000_000,  # of a video; documents may be larger, and no question takes one that is
    send_bytes=100_000_000,
    window_seconds=24 * 3600,
    list_rows=10,
    list_title_chars=24,
    list_note_chars=72,
)
CAN = Capabilities(statuses=True)
RATES = Rates(overall=60, chat=1 / 6, burst=40)  # of 80 a second, and of 45 at once to one person
BUTTONS, BUTTON_BODY_CHARS = 3, 1_024
PAGE_ROWS = LIMITS.list_rows - 1  # the last row leads to the next page
MORE = "~"  # before the number of a page; no data of ours begins so
WORD = "="  # before a choice that is only a word to say
_MARKS = str.maketrans({BOLD_ON: "*", BOLD_OFF: "*", ITALIC_ON: "_", ITALIC_OFF: "_"})


@dataclass(frozen=True, slots=True)
class ListWords:
    """What a list says by itself: the button that opens it, and the row that leads on."""

    choose: str
    more: str


def marked(text: str) -> str:
    """Write our marks as WhatsApp's."""
    return text.translate(_MARKS)


def shortened(label: str, most: int) -> str:
    """Cut a label at a word, with an ellipsis; one long word is cut where it has to be."""
    label = " ".join(label.split())
    if len(label) <= most:
        return label
    cut = label[: most - 1]
    at_word = cut.rpartition(" ")[0]
    return (at_word if len(at_word) >= most // 2 else cut).rstrip(" ,;:·–-") + "…"


def titles(labels: Sequence[str], most: int) -> list[str]:
    """Shorten labels so that no two are alike: where they would be, their number stands before them."""
    cut = [shortened(label, most) for label in labels]
    if len({title.casefold() for title in cut}) == len(cut):
        return cut
    return [f"{n}. {shortened(label, most - len(f'{n}. '))}" for n, label in enumerate(labels, 1)]


def calls(message: Message, *, words: ListWords, media_id: str = "") -> list[Call]:
    """Write the message as one request; `media_id` is the file it carries, uploaded before.

    Raises ValueError for data that is too long: a mistake in the program, not of a person.
    """
    choices = [_tappable(choice) for row in message.rows for choice in row]
    for choice in choices:
        held = len(choice.data.encode())
        if not 1 <= held <= LIMITS.button_data_bytes:
            raise ValueError(f"button data of {held} bytes, expected 1 to {LIMITS.button_data_bytes}")
    if message.template is not None and not message.text and message.attachment is None:
        return [_template(message.template)]
    text = marked(message.text)
    if message.attachment is not None and media_id:
        return _with_file(message, choices, text=text, media_id=media_id)
    if message.ask == "location":
        return [_interactive("location_request_message", text, action={"name": "send_location"})]
    if not choices:
        return [Call("text", {"body": text, "preview_url": False})] if text else []
    if len(choices) <= BUTTONS and len(text) <= BUTTON_BODY_CHARS:
        return [_interactive("button", text, action=_buttons(choices))]
    return [_interactive("list", text, action=_rows(choices, page=message.page, words=words))]


def _template(template: Template) -> Call:
    """Fill a template: its parameters by name, and what its one quick reply carries."""
    values = [{"type": "text", "parameter_name": name, "text": value} for name, value in template.parameters]
    body: list[dict[str, Any]] = [{"type": "body", "parameters": values}] if values else []
    tapped = {"type": "payload", "payload": template.payload}
    button = {"type": "button", "sub_type": "quick_reply", "index": "0", "parameters": [tapped]}
    told = {"name": template.name, "language": {"code": template.language}, "components": [*body, button]}
    return Call("template", told)


def _tappable(choice: Choice) -> Choice:
    """Give a word without data some: a button cannot be without."""
    return choice if choice.data else Choice(choice.label, Raw(f"{WORD}{shortened(choice.label, 100)}"))


def _with_file(message: Message, choices: Sequence[Choice], *, text: str, media_id: str) -> list[Call]:
    """A file heads reply buttons where there are up to three, else it carries the text as its caption."""
    kind = "image" if message.attachment is not None and message.attachment.kind == "photo" else "document"
    told: dict[str, Any] = {"id": media_id}
    if kind == "document" and message.attachment is not None:
        told["filename"] = message.attachment.name
    if 1 <= len(choices) <= BUTTONS and text:
        header = {"type": kind, kind: told}
        return [_interactive("button", text, action=_buttons(choices), header=header)]
    return [Call(kind, told | ({"caption": text} if text else {}))]


def _interactive(kind: str, text: str, *, action: dict[str, Any], header: dict[str, Any] | None = None) -> Call:
    told: dict[str, Any] = {"type": kind, "body": {"text": text or "…"}, "action": action}
    return Call("interactive", told | ({"header": header} if header else {}))


def _buttons(choices: Sequence[Choice]) -> dict[str, Any]:
    shown = titles([choice.label for choice in choices], LIMITS.button_title_chars)
    replies = zip(shown, choices, strict=True)
    return {"buttons": [{"type": "reply", "reply": {"id": c.data, "title": title}} for title, c in replies]}


def _rows(choices: Sequence[Choice], *, page: int, words: ListWords) -> dict[str, Any]:
    """Write the rows of a page; a label that was cut stands whole in the row's description."""
    fits = len(choices) <= LIMITS.list_rows
    first = 0 if fits else page * PAGE_ROWS
    shown = choices if fits else choices[first : first + PAGE_ROWS]
    all_titles = titles([choice.label for choice in choices], LIMITS.list_title_chars)[first : first + len(shown)]
    rows = [_row(choice, title) for choice, title in zip(shown, all_titles, strict=True)]
    if not fits:
        follows = page + 1 if first + PAGE_ROWS < len(choices) else 0
        rows.append({"id": f"{MORE}{follows}", "title": shortened(words.more, LIMITS.list_title_chars)})
    return {"button": shortened(words.choose, LIMITS.button_title_chars), "sections": [{"rows": rows}]}


def _row(choice: Choice, title: str) -> dict[str, str]:
    row = {"id": choice.data, "title": title}
    if title != choice.label:
        row["description"] = shortened(choice.label, LIMITS.list_note_chars)
    return row
