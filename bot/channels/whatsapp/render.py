"""A neutral message becomes what the Cloud API takes: text, reply buttons, a list, a picture or a paper.

The limits are those of developers.facebook.com/documentation/business-messaging/whatsapp/messages and its
pages for reply buttons, lists, text, image and document.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources

from bot.channels.contract import Call
from bot.channels.fitting import with_signs
from bot.channels.limits import Capabilities, Limits, Rates
from bot.channels.whatsapp.items import CloudApiObject
from domain.buttons.base import Raw
from domain.message import BOLD_OFF, BOLD_ON, ITALIC_OFF, ITALIC_ON, MARKS, Choice, Message, Template
from domain.short_labels import short_form
from domain.texts import LANGUAGES
from domain.typed_choice import by_sign, carried, numbers

LIMITS = Limits(
    text_chars=3_900,  # of 4,096
    caption_chars=1_000,  # of 1,024
    buttons=10_000,  # what a list does not hold goes on at a tap
    row_buttons=3,
    button_title_chars=20,
    button_data_bytes=200,  # of a list's row; a button may carry 256
    fetch_bytes=16_000_000,  # of a video; documents may be larger, and no question takes one that is
    send_bytes=100_000_000,
    file_buttons=3,
    window_seconds=24 * 3600,
    list_rows=10,
    list_title_chars=24,
    list_note_chars=72,
)
CAN = Capabilities(statuses=True)
RATES = Rates(overall=60, chat=1 / 6, burst=40)  # of 80 a second, and of 45 at once to one person
BUTTONS = 3
BUTTON_BODY_CHARS = 1_024
FORWARD = "▶"  # ends the label of the way on
FOOTER_CHARS = 60
PAGE_ROWS = LIMITS.list_rows - 1  # the last row leads to the next page
MORE = "~"  # before the number of a page; no data of ours begins so
NOTHING = "…"  # where there are no words: the platform takes none that are empty
WORD = "="  # before a choice that is only a word to say
STAR = "∗"
_BOLD = re.compile(f"{BOLD_ON}[^{BOLD_OFF}]*{BOLD_OFF}")
_SIGNS = {**dict.fromkeys(MARKS, ""), BOLD_ON: "*", BOLD_OFF: "*", ITALIC_ON: "_", ITALIC_OFF: "_"}


@dataclass(frozen=True, slots=True)
class ListWords:
    """What a keyboard says by itself."""

    choose: str  # the button that opens a list
    more: str  # the row that leads on
    choices: str  # above the choices of a list that has ways through the talk too
    moves: str  # above these ways
    typed: str  # before the words that may be typed instead of tapped


def load_list_words() -> Mapping[str, ListWords]:
    table = tomllib.loads(
        resources.files(__package__).joinpath("list_words.toml").read_text(encoding="utf-8")
    )
    return {
        language: ListWords(**{key: said[language] for key, said in table.items()}) for language in LANGUAGES
    }


def marked(text: str) -> str:
    """Write our marks as WhatsApp's; a star within bold words would end them, and stands as its twin."""
    safe = _BOLD.sub(lambda run: run[0].replace("*", STAR), text) if "*" in text else text
    return with_signs(safe, _SIGNS)


def shortened(label: str, most: int) -> str:
    """Take the short form of a label that is too long, else cut it at a word, with an ellipsis; one long
    word is cut where it has to be.
    """
    label = " ".join(label.split()) or NOTHING
    if len(label) <= most:
        return label
    if (short := short_form(label)) and len(short) <= most:
        return short
    cut = label[: most - 1]
    at_word = cut.rpartition(" ")[0]
    return (at_word if len(at_word) >= most // 2 else cut).rstrip(" ,;:·–-") + "…"


def titles(labels: Sequence[str], most: int, *, numbered: Sequence[int] = ()) -> list[str]:
    """Shorten labels so that no two are alike: where they would be, the number that may be typed for each
    stands before it; 0 in `numbered` is none. What is alike all the same is counted behind.
    """
    cut = [shortened(label, most) for label in labels]
    if len({title.casefold() for title in cut}) < len(cut) and any(numbered):
        cut = [
            f"{n}. {shortened(label, most - len(f'{n}. '))}" if n else title
            for n, label, title in zip(numbered, labels, cut, strict=True)
        ]
    seen: dict[str, int] = {}
    for at, title in enumerate(cut):
        alike = title.casefold()
        times = seen[alike] = seen.get(alike, 0) + 1
        if times > 1:
            ending = f" ({times})"
            cut[at] = f"{shortened(title, most - len(ending))}{ending}"
    return cut


def calls(message: Message, *, words: ListWords, media_id: str = "") -> list[Call]:
    """Write the message as one request; `media_id` is the file it carries, uploaded before.

    Raises ValueError for data that is too long: a mistake in the program, not of a person.
    """
    tappable = [_make_tappable(choice) for row in message.rows for choice in row]
    # two ways to the same thing are one here: the platform refuses an id that is there twice
    choices = list({choice.data: choice for choice in reversed(tappable)}.values())[::-1]
    for choice in choices:
        data_bytes = len(choice.data.encode())
        if not 1 <= data_bytes <= LIMITS.button_data_bytes:
            raise ValueError(f"button data of {data_bytes} bytes, expected 1 to {LIMITS.button_data_bytes}")
    if message.template is not None and not message.text and message.attachment is None:
        return [_render_template(message.template)]
    text = marked(message.text)
    if message.attachment is not None and media_id:
        return _render_file(message, choices, text=text, media_id=media_id)
    if message.ask == "location":
        return [_make_interactive("location_request_message", text, action={"name": "send_location"})]
    if not choices:
        return [Call("text", {"body": text, "preview_url": False})] if text else []
    return [_render_keyboard(text, choices, page=message.page, words=words)]


def _render_keyboard(text: str, choices: Sequence[Choice], *, page: int, words: ListWords) -> Call:
    """Show up to three choices as buttons, more as a list; where the ways through the talk do not fit,
    their words do, and where these are too many the first ways take the buttons that are free.

    Whoever types such a word is understood as whoever taps.
    """
    real, moves = _part_moves(choices)
    front = choices if len(choices) <= BUTTONS else real or moves[:BUTTONS]
    footer = _write_footer([move for move in moves if move not in front], words)
    if len(choices) > BUTTONS > len(real) and not footer:  # what a footer does not hold is tapped
        ways = sorted(moves, key=lambda move: FORWARD not in move.label)  # the way on before the way back
        chosen = ways[: BUTTONS - len(real)]
        front = [*real, *(move for move in moves if move in chosen)]
        footer = _write_footer([move for move in moves if move not in front], words)
    left = len(choices) - len(front)
    body = _add_cut_labels(text, front)
    if len(front) <= BUTTONS and len(body) <= BUTTON_BODY_CHARS and (footer or not left):
        return _make_interactive("button", body, action=_make_buttons(front), footer=footer)
    if len(choices) <= LIMITS.list_rows or not footer:
        return _make_interactive("list", text, action=_make_list(choices, page=page, words=words))
    return _make_interactive("list", text, action=_make_list(real, page=page, words=words), footer=footer)


def _add_cut_labels(text: str, choices: Sequence[Choice]) -> str:
    """Add the labels that a button cuts, unless the text has them: a button has no smaller line."""
    labels = [" ".join(choice.label.split()) for choice in choices]
    most = LIMITS.button_title_chars
    long = [label for label in labels if len(label) > most and shortened(label, most).endswith("…")]
    if not long:
        return text
    listed = {" ".join(line.split()).replace(". ", " · ", 1) for line in text.splitlines()}
    cut = [label for label in long if not any(label in line for line in listed)]
    return "\n\n".join((text, "\n".join(cut))) if cut else text


def _part_moves(choices: Sequence[Choice]) -> tuple[list[Choice], list[Choice]]:
    """Take the ways through the talk out of the choices; one without a word, such as an arrow, has to be
    tapped.
    """
    real: list[Choice] = []
    moves: list[Choice] = []
    for choice in choices:
        has_word = choice.navigates and any(map(str.isalpha, choice.label))
        (moves if has_word else real).append(choice)
    return real, moves


def _write_footer(moves: Sequence[Choice], words: ListWords) -> str:
    """Name the words that may be typed; "" where there are none, or more than a footer holds."""
    said = [move.label.strip("◀▶ ").casefold() for move in moves]
    footer = f"{words.typed}: {' · '.join(said)}"
    return footer if said and len(footer) <= FOOTER_CHARS else ""


def _render_template(template: Template) -> Call:
    """Fill a template: its parameters by name, and what its one quick reply carries."""
    values = [{"type": "text", "parameter_name": name, "text": value} for name, value in template.parameters]
    body: list[CloudApiObject] = [{"type": "body", "parameters": values}] if values else []
    tapped = {"type": "payload", "payload": template.payload}
    button = {"type": "button", "sub_type": "quick_reply", "index": "0", "parameters": [tapped]}
    filled = {"name": template.name, "language": {"code": template.language}, "components": [*body, button]}
    return Call("template", filled)


def _make_tappable(choice: Choice) -> Choice:
    """Give a word without data some: a button cannot be without."""
    if choice.data:
        return choice
    return Choice(choice.label, Raw(f"{WORD}{shortened(choice.label, 100)}"), navigates=choice.navigates)


def _render_file(message: Message, choices: Sequence[Choice], *, text: str, media_id: str) -> list[Call]:
    """A file heads reply buttons where there are up to three, else it carries the text as its caption."""
    kind = "image" if message.attachment is not None and message.attachment.kind == "photo" else "document"
    media: CloudApiObject = {"id": media_id}
    if kind == "document" and message.attachment is not None:
        media["filename"] = message.attachment.name
    if 1 <= len(choices) <= BUTTONS:
        header, whole = {"type": kind, kind: media}, _add_cut_labels(text, choices)
        body = whole if len(whole) <= BUTTON_BODY_CHARS else text
        return [_make_interactive("button", body, action=_make_buttons(choices), header=header)]
    return [Call(kind, media | ({"caption": text} if text else {}))]


def _make_interactive(
    kind: str, text: str, *, action: CloudApiObject, header: CloudApiObject | None = None, footer: str = ""
) -> Call:
    interactive: CloudApiObject = {
        "type": kind,
        "body": {"text": text if text.strip() else NOTHING},
        "action": action,
    }
    interactive |= {"header": header} if header else {}
    return Call("interactive", interactive | ({"footer": {"text": footer}} if footer else {}))


def _make_buttons(choices: Sequence[Choice]) -> CloudApiObject:
    labels = [choice.label for choice in choices]
    shown = titles(labels, LIMITS.button_title_chars, numbered=_list_numbers(choices))
    replies = zip(shown, choices, strict=True)
    return {"buttons": [{"type": "reply", "reply": {"id": c.data, "title": title}} for title, c in replies]}


def _make_list(choices: Sequence[Choice], *, page: int, words: ListWords) -> CloudApiObject:
    """Write the rows of a page, the ways through the talk in a section of their own where all fits on one.

    A label that was cut stands whole in the row's description.
    """
    fits = len(choices) <= LIMITS.list_rows
    pages = 1 if fits else -(-len(choices) // PAGE_ROWS)
    first = 0 if fits else (page % pages) * PAGE_ROWS
    labels = _number_labels(choices)
    is_plain = labels == [choice.label for choice in choices]
    by_number = _list_numbers(choices) if is_plain else ()
    named = list(zip(choices, titles(labels, LIMITS.list_title_chars, numbered=by_number), strict=True))
    shown = named if fits else named[first : first + PAGE_ROWS]
    sections = _make_sections(shown, words=words, in_two=fits)
    if not fits:
        following = {
            "id": f"{MORE}{(page + 1) % pages}",
            "title": shortened(words.more, LIMITS.list_title_chars),
        }
        sections[0]["rows"] = [*sections[0]["rows"], following]
    return {"button": shortened(words.choose, LIMITS.button_title_chars), "sections": sections}


def _make_sections(
    shown: Sequence[tuple[Choice, str]], *, words: ListWords, in_two: bool
) -> list[CloudApiObject]:
    """Write the rows that are shown, `in_two` sections where they are choices and ways through the talk."""
    real, moves = _part_moves([choice for choice, _ in shown])
    if not (in_two and real and moves):
        return [{"rows": [_make_row(*pair) for pair in shown]}]
    return [
        {"title": title, "rows": [_make_row(*pair) for pair in shown if pair[0] in own]}
        for title, own in ((words.choices, real), (words.moves, moves))
    ]


def _list_numbers(choices: Sequence[Choice]) -> list[int]:
    """List the number that may be typed for each choice and does not stand in its label; 0 where there is
    none. A word without data has none, as it had none before it was made tappable.
    """
    real = [choice for choice in choices if not choice.data.startswith(WORD)]
    if carried([choice for choice in real if not choice.navigates]) or by_sign(real):
        return [0] * len(choices)
    number_of = {choice: number for number, choice in numbers(real).items()}
    return [number_of.get(choice, 0) for choice in choices]


def _number_labels(choices: Sequence[Choice]) -> list[str]:
    """Give the labels, each with the number that may be typed for it, where there are more than three."""
    by_number = _list_numbers(choices)
    if sum(map(bool, by_number)) <= BUTTONS:
        return [choice.label for choice in choices]
    return [
        f"{n}. {choice.label}" if n else choice.label for n, choice in zip(by_number, choices, strict=True)
    ]


def _make_row(choice: Choice, title: str) -> dict[str, str]:
    row = {"id": choice.data, "title": title}
    if " ".join(choice.label.split()) not in title:
        row["description"] = shortened(choice.label, LIMITS.list_note_chars)
    return row
