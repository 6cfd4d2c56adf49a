"""Which innovation a sheet is for, as it is typed: its title, a word of it, or the number of its receipt."""

from __future__ import annotations

from dataclasses import dataclass

from domain.message import Kind
from domain.reading.names import Name, exactly, holding, search
from domain.reading.receipts import numbered
from domain.reading.result import Understood
from handlers.context import Context
from storage import dialogues, innovations, periods
from storage.innovations import Titled

DIALOGUE = "export_choice"
OFFERED = 6  # where several may be meant


@dataclass(frozen=True, slots=True)
class Asked:
    """The state of the dialogue: what is to be made, of an innovation of which year."""

    kind: str = "record"
    year: int = 0


def ask(ctx: Context, kind: str, *, year: int) -> None:
    """Take what is typed from now on for the innovation a sheet is for."""
    dialogues.begin(ctx.tx, ctx.person.id, name=DIALOGUE, state=Asked(kind, year))


def leave(ctx: Context) -> None:
    """Ask no more, where that was asked."""
    if ctx.dialogue is not None and ctx.dialogue.name == DIALOGUE:
        dialogues.close(ctx.tx, ctx.person.id)


def asked(ctx: Context) -> Asked:
    """Read what was asked."""
    return ctx.dialogue.state_as(Asked) if ctx.dialogue is not None else Asked()


def is_named(ctx: Context) -> bool:
    """Whether what was typed is the number of one, its title, or a word of it."""
    text, sent = ctx.inbound.text.strip(), _list_sent(ctx)
    return bool(numbered(text, sent) or _find_named(text, sent) or holding(text, _list_names(sent)))


def likely(ctx: Context) -> list[Titled]:
    """List which may be meant: one where it is named whole or alone holds what was typed; [] for none."""
    text, sent = ctx.inbound.text.strip() if ctx.inbound.kind is Kind.TEXT else "", _list_sent(ctx)
    if of_receipt := numbered(text, sent):
        return of_receipt
    if entry := _find_named(text, sent):
        return [entry]
    names = _list_names(sent)
    keys = (holding(text, names) or search(text, names, limit=OFFERED))[:OFFERED] if text else []
    return [_by_key(sent, key) for key in keys]


def _list_sent(ctx: Context) -> list[Titled]:
    year = asked(ctx).year
    period = next((period for period in periods.every(ctx.tx) if period.year == year), None)
    return [entry for entry in innovations.titled(ctx.tx, period.id) if entry.receipt] if period else []


def _list_names(sent: list[Titled]) -> list[Name]:
    return [Name(str(entry.id), (entry.title,)) for entry in sent]


def _find_named(text: str, sent: list[Titled]) -> Titled | None:
    whole = exactly(text, _list_names(sent)) if text else None
    return _by_key(sent, whole.value) if isinstance(whole, Understood) else None


def _by_key(sent: list[Titled], key: str) -> Titled:
    return next(entry for entry in sent if str(entry.id) == key)
