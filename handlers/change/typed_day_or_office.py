"""Reading what the desk types in an act: a day, or an office by any of its names."""

from __future__ import annotations

from datetime import date

from domain.message import Choice
from domain.people import Office
from domain.reading.dates import PartialDate, read_date
from domain.reading.names import Name, find, search
from domain.reading.result import Ambiguous, Understood
from handlers.change.engine import Unfit, option
from handlers.context import Context
from storage import offices
from storage.engine.transaction import Transaction

OFFERED = 6  # offices offered for what was typed
LABEL_CHARS = 40


def day(ctx: Context, field: str, *, said: str) -> date:
    """Read a whole day; raises Unfit that offers what may have been meant."""
    if (sure := whole_day(ctx, said)) is not None:
        return sure
    rows = tuple(
        _day_option(ctx, field, given=given) for given in _meant(ctx, said) if given.precision == "day"
    )
    if rows:
        raise Unfit(ctx.say("change.day_meant", said=said[:60]), rows)
    raise Unfit(ctx.say("change.day_wanted", said=said[:60]))


def whole_day(ctx: Context, said: str) -> date | None:
    """Read a whole day that leaves no doubt; None otherwise."""
    found = read_date(said, today=ctx.today)
    sure = isinstance(found, Understood) and found.sure and found.value.precision == "day"
    return found.value.value if isinstance(found, Understood) and sure else None


def _meant(ctx: Context, said: str) -> tuple[PartialDate, ...]:
    found = read_date(said, today=ctx.today)
    if isinstance(found, Ambiguous):
        return found.candidates
    return (found.value,) if isinstance(found, Understood) else ()


def _day_option(ctx: Context, field: str, *, given: PartialDate) -> tuple[Choice, ...]:
    return option(field, given.value.isoformat(), label=ctx.day(given.value))


def office(ctx: Context, field: str, *, said: str) -> Office:
    """Read an active office by its name, a nickname, or "=" and its id; raises Unfit that offers the near
    ones.
    """
    every = offices.active(ctx.tx)
    if said.startswith("=") and said[1:].isdecimal():
        chosen = next((one for one in every if one.id == int(said[1:])), None)
        if chosen is not None:
            return chosen
    found = find(said, names(every))
    by_id = {str(one.id): one for one in every}
    if isinstance(found, Understood) and found.sure:
        return by_id[found.value]
    near = [by_id[key] for key in search(said, names(every), limit=OFFERED)]
    if near:
        rows = tuple(option(field, f"={one.id}", label=label(one)) for one in near)
        raise Unfit(ctx.say("change.office_meant", said=said[:60]), rows)
    raise Unfit(ctx.say("change.office_wanted", said=said[:60]))


def names(every: list[Office]) -> list[Name]:
    """All that people call these offices; the key is the id."""
    return [Name(str(one.id), (one.code, one.name, one.short, *one.aliases)) for one in every]


def like(tx: Transaction, said: str, *, limit: int = OFFERED) -> list[Office]:
    """List the active offices that fit a typed name, best first; one alone where the name is sure."""
    every = offices.active(tx)
    by_id = {str(one.id): one for one in every}
    found = find(said, names(every))
    if isinstance(found, Understood) and found.sure:
        return [by_id[found.value]]
    return [by_id[key] for key in search(said, names(every), limit=limit)]


def label(one: Office) -> str:
    """What a button can show of an office."""
    return one.name if len(one.name) <= LABEL_CHARS else one.short
