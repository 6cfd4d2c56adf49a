"""Reading what the desk types in an act: a day, or an office by any of its names."""

from __future__ import annotations

from datetime import date

from domain.message import Choice
from domain.people import Office
from domain.reading.dates import PartialDate, read_date
from domain.reading.names import Name, exactly, find, holding, search
from domain.reading.result import Ambiguous, Understood
from domain.texts import quoted
from handlers.change.acts import Unfit, option
from handlers.context import Context
from storage import offices
from storage.engine.transaction import Transaction

OFFERED = 6  # offices offered for what was typed
LABEL_CHARS = 40


def day(ctx: Context, field: str, *, said: str, to_come: bool = False) -> date:
    """Read a whole day; raises Unfit that offers what may have been meant.

    Where the day is `to_come`, one that is past is not meant: "20 Desember" is the next one.
    """
    if (sure := whole_day(ctx, said)) is not None:
        return sure
    days = [partial for partial in _read_days(ctx, said) if partial.precision == "day"]
    coming = [partial for partial in days if partial.value >= ctx.today]
    if to_come and len(days) > 1 and len(coming) == 1:
        return coming[0].value
    rows = tuple(_make_day_option(ctx, field, partial=partial) for partial in days)
    if rows:
        raise Unfit(ctx.say("change.day_meant", said=quoted(said)), rows)
    raise Unfit(ctx.say("change.day_wanted", said=quoted(said)))


def whole_day(ctx: Context, said: str) -> date | None:
    """Read a whole day that leaves no doubt; None otherwise."""
    result = read_date(said, today=ctx.today)
    if isinstance(result, Understood) and result.sure and result.value.precision == "day":
        return result.value.value
    return None


def _read_days(ctx: Context, said: str) -> tuple[PartialDate, ...]:
    result = read_date(said, today=ctx.today)
    if isinstance(result, Ambiguous):
        return result.candidates
    return (result.value,) if isinstance(result, Understood) else ()


def _make_day_option(ctx: Context, field: str, *, partial: PartialDate) -> tuple[Choice, ...]:
    return option(field, partial.value.isoformat(), label=ctx.day(partial.value))


def office(ctx: Context, field: str, *, said: str) -> Office:
    """Read an active office by its name, a nickname, or "=" and its id; raises Unfit that offers the near
    ones.
    """
    every = offices.active(ctx.tx)
    if said.startswith("=") and said[1:].isdecimal():
        chosen = next((each for each in every if each.id == int(said[1:])), None)
        if chosen is not None:
            return chosen
    understood = find(said, names(every))
    by_id = {str(each.id): each for each in every}
    if isinstance(understood, Understood) and understood.sure:
        return by_id[understood.value]
    near = [by_id[key] for key in search(said, names(every), limit=OFFERED)]
    if near:
        rows = tuple(option(field, f"={each.id}", label=label(each)) for each in near)
        raise Unfit(ctx.say("change.office_meant", said=quoted(said)), rows)
    raise Unfit(ctx.say("change.office_wanted", said=quoted(said)))


def names(every: list[Office]) -> list[Name]:
    """List what people call these offices; the key is the id."""
    return [
        Name(str(office.id), (office.code, office.name, office.short, *office.aliases)) for office in every
    ]


def like(tx: Transaction, said: str, *, limit: int = OFFERED) -> list[Office]:
    """List the active offices that fit a typed name, best first; one alone where the name is sure."""
    every = offices.active(tx)
    by_id = {str(office.id): office for office in every}
    understood = find(said, names(every))
    if isinstance(understood, Understood) and understood.sure:
        return [by_id[understood.value]]
    return [by_id[key] for key in search(said, names(every), limit=limit)]


def named(tx: Transaction, said: str) -> Office | None:
    """Find the active office whose name, nickname or code a text is, whole; None where it is not of one."""
    every = offices.active(tx)
    exact = exactly(said, names(every))
    key = exact.value if isinstance(exact, Understood) else ""
    return next((office for office in every if str(office.id) == key), None)


def holds_name(tx: Transaction, said: str) -> bool:
    """Whether a text is the name of an active office, or a whole word of such names."""
    every = names(offices.active(tx))
    exact = exactly(said, every)
    return isinstance(exact, (Understood, Ambiguous)) or bool(holding(said, every))


def label(office: Office) -> str:
    """What a button can show of an office."""
    return office.name if len(office.name) <= LABEL_CHARS else office.short
