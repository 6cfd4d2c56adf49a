"""Everything a person may look into by its names: offices and innovations; what is named whole is opened."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from domain import buttons
from domain.message import Choice, Message, Rows
from domain.people import Right
from domain.reading.names import Name, exactly, holding, search
from domain.reading.receipts import numbered
from domain.reading.result import Understood
from domain.texts import quoted
from handlers import ui
from handlers.context import Context, message
from handlers.estimate import figure_pages, figure_words
from storage import dialogues, innovations, offices
from storage.innovations import Titled

_EXPLAINED = re.compile(r"\s[-–—]\s|\s?[:(]")  # begins what a title says of its short name
_A_WORD = re.compile(r"[^\W\d_]{3}")  # a text without one names nothing
_OFFICE, _INNOVATION = "o", "i"  # begin the key of a name


def every(ctx: Context) -> list[Name]:
    """List everything this person may open, by its names: offices first."""
    seen = [
        office
        for office in offices.active(ctx.tx)
        if ctx.may(Right.SEE_OFFICES) or office.id in ctx.person.offices
    ]
    names = [Name(f"{_OFFICE}{office.id}", (office.name, office.short, *office.aliases)) for office in seen]
    of_titles = [Name(f"{_INNOVATION}{entry.id}", of_title(entry.title)) for entry in titled(ctx)]
    return [*names, *of_titles]


def titled(ctx: Context) -> Sequence[Titled]:
    """List the innovations of the present period this person may see: drafts only of the own office."""
    period = figure_words.period(ctx)
    if period is None:
        return ()
    entries = innovations.titled(ctx.tx, period.id)
    own, all_sent = ctx.person.offices, ctx.may(Right.SEE_OFFICES)
    return [entry for entry in entries if entry.office_id in own or (all_sent and entry.receipt)]


def of_title(title: str) -> tuple[str, ...]:
    """List what an innovation is called: its title, and the name people use of it."""
    return tuple(dict.fromkeys((title, _shorten(title))))


def _shorten(title: str) -> str:
    """The name people use of a title that explains itself: "SIPANDU" of "SIPANDU – Sistem Posyandu"."""
    return _EXPLAINED.split(title, maxsplit=1)[0].strip() or title


def read(key: str) -> tuple[bool, int]:
    """Read the key of a name: whether it is an office, and its number."""
    return key[0] == _OFFICE, int(key[1:])


def is_named(ctx: Context, text: str) -> bool:
    """Whether a text is the whole name of one of these, or of one that is refused; in the form such words are
    its answer, and no name is looked for behind each that begins with "inovasi".
    """
    if ctx.dialogue is not None and ctx.dialogue.name == dialogues.FORM:
        return False
    return bool(named(ctx, text) or _find_hidden(ctx, text))


def named(ctx: Context, text: str) -> str:
    """Find the key of what a text names whole, or by the number of a receipt; "" for nothing."""
    if not text.strip():
        return ""
    whole = exactly(text, every(ctx))
    return whole.value if isinstance(whole, Understood) else _find_number(text, titled(ctx))


def _find_number(text: str, entries: Sequence[Titled]) -> str:
    """Find the key of the innovation whose receipt a text is, with its year or without; "" for none."""
    return next((f"{_INNOVATION}{entry.id}" for entry in numbered(text, entries)), "")


def may_name(text: str) -> bool:
    """Whether a text has a word that may name something: figures and signs name nothing."""
    return _A_WORD.search(text) is not None


def holds_office(ctx: Context, text: str) -> bool:
    """Whether a text is a word or more of the name of an office; in the form such words are its answer."""
    if ctx.dialogue is not None and ctx.dialogue.name == dialogues.FORM:
        return False
    return any(read(key)[0] for key in holding(text, every(ctx)))


def likely(ctx: Context, text: str, *, limit: int) -> list[str]:
    """List the keys of the names that hold a text as whole words, else of those that come near it."""
    if not may_name(text):
        return []
    names = every(ctx)
    return (holding(text, names) or search(text, names, limit=limit))[:limit]


def ask_which(
    ctx: Context, keys: Sequence[str], *, to: Callable[[str], buttons.Button], more: Rows = ()
) -> list[Message]:
    """Ask which of these names the words behind a command mean, each with its way; nothing without any."""
    if not keys:
        return []
    asked = ctx.say("typed_name.which" if len(keys) > 1 else "typed_name.is_it", said=quoted(ctx.args))
    return message(asked, *((Choice(_name(ctx, key), to(key)),) for key in keys), *more)


def _name(ctx: Context, key: str) -> str:
    is_office, number = read(key)
    if is_office:
        office = offices.load(ctx.tx, number)
        return office.name if office else ""
    return ui.title(ctx.say, next((entry.title for entry in titled(ctx) if entry.id == number), ""))


def figures_of(key: str) -> buttons.StatusOffice | buttons.StatusInnovation:
    """Make the button that opens the figures of what a key names."""
    is_office, number = read(key)
    return buttons.StatusOffice(number, 0) if is_office else buttons.StatusInnovation(number)


def refused(ctx: Context, text: str) -> list[Message]:
    """Refuse another office that is named, and note who asked; nothing where none is.

    A title or the number of a receipt of another office's is noted alone: that it exists is not said.
    """
    key = _find_hidden(ctx, text)
    if not key:
        return []
    is_office, number = read(key)
    ctx.refuse("refused_name", **{"office" if is_office else "innovation": number})
    office = offices.load(ctx.tx, number) if is_office else None
    if office is None:
        return []
    own = (Choice(ctx.say("opens.status"), buttons.Open("status")),)
    return message(ctx.say("seen_names.of_others", office=office.name), own)


def _find_hidden(ctx: Context, text: str) -> str:
    """Find the key of what a text names whole, or by the number of a receipt, among the offices and sent
    innovations that this person may not open; "" for nothing.
    """
    if ctx.may(Right.SEE_OFFICES) or not text.strip():
        return ""
    own, period = ctx.person.offices, figure_words.period(ctx)
    entries = innovations.titled(ctx.tx, period.id) if period else ()
    hidden = [entry for entry in entries if entry.office_id not in own]
    if of_receipt := _find_number(text, hidden):
        return of_receipt
    others = [office for office in offices.active(ctx.tx) if office.id not in own]
    names = [Name(f"{_OFFICE}{office.id}", (office.name, office.short, *office.aliases)) for office in others]
    names += [Name(f"{_INNOVATION}{entry.id}", (entry.title,)) for entry in hidden]
    whole = exactly(text, names)
    return whole.value if isinstance(whole, Understood) else ""


def opened(ctx: Context) -> list[Message]:
    """Open the figures of what is named behind a command; nothing where that is no such name."""
    key = named(ctx, ctx.args)
    return figure_pages.page(ctx, figures_of(key)) if key else []
