"""A row of the list that stands before a person, named: where it asks which one, the name is the answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from domain import buttons
from domain.buttons import is_final
from domain.message import Choice, Kind, Message, plain
from domain.reading.names import Name, exactly, holding, slipped
from domain.reading.receipts import numbered
from domain.reading.remarks import remark_in
from domain.reading.result import Understood, tidy
from domain.texts import quoted
from handlers.context import Context, message
from handlers.estimate import office_list, seen_names, whatif
from handlers.innovation import returned
from handlers.typed_name import MOST_WORDS, OFFERED
from storage import innovations, offices

NAMING_CHARS = 12  # of a title that a label names: it may be cut behind them
_BACK = ("◀", "▲")  # begin a label that leads back

# which field of a family tells what a row is about, and whether that is an innovation or an office
_FIELDS: Mapping[type[buttons.Button], tuple[str, str]] = {
    buttons.ClosedDraft: ("i", "innovation"),
    buttons.Copy: ("i", "source"),
    buttons.Form: ("i", "innovation"),
    buttons.NewDraft: ("o", "office"),
    buttons.Returned: ("i", "innovation"),
    buttons.StatusInnovation: ("i", "innovation"),
    buttons.StatusOffice: ("o", "office"),
    buttons.TakeBackDraft: ("i", "innovation"),
}
_FAMILIES: Sequence[type[buttons.Button]] = (*_FIELDS, buttons.Whatif)
_PREFIXES = frozenset(family.prefix() for family in _FAMILIES)
_OF_A_QUESTION = re.compile(rf"{buttons.Form.prefix()}:\d+:[^#]")  # of the form: it is no row of a list
_ROW = re.compile(rf"^(?!{_OF_A_QUESTION.pattern})(?:{'|'.join(sorted(_PREFIXES))}):", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Row:
    """What the choices of one thing on a list are, and what that is called."""

    name: Name
    receipt: str
    choices: tuple[Choice, ...]


def may_be_named(choices: Sequence[Choice]) -> bool:
    """Whether some of these choices may be rows of a list: those of a question are none."""
    return _ROW.search("\n".join([choice.data for choice in choices])) is not None


def meant(ctx: Context) -> tuple[Choice | None, list[Message]]:
    """Find the choice of the row that is named, or ask which of several is meant; neither where the text
    names none.
    """
    inbound = ctx.inbound
    offered = [choice for choice in ctx.offered if not _OF_A_QUESTION.match(choice.data)]
    if not offered or inbound.kind is not Kind.TEXT or inbound.reply_to:
        return None, []
    text = plain(inbound.text).strip()
    if not text or "?" in text or len(text.split()) > MOST_WORDS or remark_in(text) is not None:
        return None, []
    named = _find_named(ctx, text, _list_rows(ctx, offered))
    if not named and (beyond := _list_beyond(ctx, offered)):
        named = _find_named(ctx, text, _list_rows(ctx, beyond))
    choices = [choice for row in named[:OFFERED] for choice in row.choices]
    if len(choices) == 1 and not is_final(choices[0].data):
        return choices[0], []
    if not choices:
        return None, []
    said = ctx.say("typed_name.which", said=quoted(text))
    return None, message(said, *(row.choices for row in named[:OFFERED]))


def _find_named(ctx: Context, text: str, rows: Sequence[_Row]) -> list[_Row]:
    """Find the rows a text names: by a receipt, whole, with a slip, or by a word of it."""
    if of_receipt := numbered(text, rows):
        return of_receipt
    if not rows or not seen_names.may_name(text):
        return []
    names = [row.name for row in rows]
    whole = exactly(text, names)
    keys = [whole.value] if isinstance(whole, Understood) else []
    if not keys and text.casefold() not in ctx.desk_data.knowledge.index.weights:
        keys = slipped(text, names) or holding(text, names)
    return [row for row in rows if row.name.key in keys]


def _list_rows(ctx: Context, choices: Sequence[Choice]) -> list[_Row]:
    """Gather the choices by what they are about, where one of them names it."""
    about: dict[str, list[Choice]] = {}
    for choice in choices:
        leads_on = choice.navigates or choice.label.startswith(_BACK)
        is_row = not leads_on and choice.data.partition(":")[0] in _PREFIXES
        key = _read_key(choice.data) if is_row else ""
        if key:
            about.setdefault(key, []).append(choice)
    rows = [_load(ctx, key, choices) for key, choices in about.items()]
    return [row for row in rows if row is not None and any(_names(row, choice) for choice in row.choices)]


def _read_key(data: str) -> str:
    for family, (letter, field) in _FIELDS.items():
        button = family.parse(data)
        if button is not None and (number := getattr(button, field)):
            return f"{letter}{number}"
    if (button := buttons.Whatif.parse(data)) is not None and button.of in ("i", "o") and button.number:
        return f"{button.of}{button.number}"
    return ""


def _load(ctx: Context, key: str, choices: Sequence[Choice]) -> _Row | None:
    is_office, number = seen_names.read(key)
    if is_office:
        office = offices.load(ctx.tx, number)
        labels = (office.name, office.short, *office.aliases) if office else ()
        return _Row(Name(key, labels), "", tuple(choices)) if office else None
    innovation = innovations.load(ctx.tx, number)
    if innovation is None or not innovation.title:
        return None
    return _Row(Name(key, seen_names.of_title(innovation.title)), innovation.receipt, tuple(choices))


def _names(row: _Row, choice: Choice) -> bool:
    """Whether a label says what the row is about: "Ubah: SIPANDU", not "Tarik" beside it."""
    label = tidy(choice.label)
    return any(tidy(name)[:NAMING_CHARS] in label for name in row.name.labels)


def _list_beyond(ctx: Context, offered: Sequence[Choice]) -> Sequence[Choice]:
    """List the choices of all pages of a list that has several."""
    turning = [choice.data for choice in offered if choice.navigates]
    for family, every in _BEYOND.items():
        if any(family.parse(data) for data in turning):
            return every(ctx)
    return ()


# the rows of lists that have further pages, by what turns these
_BEYOND: Mapping[type[buttons.Button], Callable[[Context], Sequence[Choice]]] = {
    buttons.SentList: returned.every_choice,
    buttons.Whatif: whatif.every_door,
    buttons.Status: office_list.every_door,
    buttons.StatusOffices: office_list.every_door,
}
