"""How figures of the estimate are said: the index with its predikat, signs, what it is and as of when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from domain.index import index_words
from domain.index.estimate import half_up
from domain.reading.numbers import read_number
from domain.reading.result import Understood
from domain.rules.form import Words
from domain.texts import Marked, join
from handlers.context import Context
from storage import periods
from storage.periods import Period

TOP = Decimal(100)  # of the index


def period(ctx: Context) -> Period | None:
    """The period figures are about: the open one, else the newest."""
    return periods.current(ctx.tx) or next(iter(periods.every(ctx.tx)), None)


def number(ctx: Context, value: Decimal | int, *, places: int | None = 2) -> str:
    """Say a figure the way of the person's language."""
    return index_words.number(ctx.say, value, places=places)


def signed(ctx: Context, value: Decimal, *, places: int | None = 2) -> str:
    """Say a change with its sign; nothing changed has none."""
    return index_words.signed(ctx.say, value, places=places)


def parts(ctx: Context, parts: Mapping[str, Decimal]) -> Marked:
    """Say in brackets what each component did to a change of the index; "" where one alone moved."""
    moved = {key: change for key, change in parts.items() if change}
    if len(moved) < 2:
        return Marked("")
    said = [ctx.say(f"figure_words.part_{key}", change=signed(ctx, change)) for key, change in moved.items()]
    return ctx.say("figure_words.parts", parts=join(said, by=", "))


def read_index(text: str) -> Decimal | None:
    """Read an index of two decimals; "58.09" and "58,09" are the same here. None for any other text."""
    result = read_number(text.replace(".", ",") if text.count(".") == 1 and "," not in text else text)
    value = result.value if isinstance(result, Understood) and result.sure else None
    return value if value is not None and 0 <= value <= TOP and half_up(value) == value else None


def levels(ctx: Context, every: Sequence[Words], *, chosen: int | None) -> Marked:
    """Say what each level needs, from 1, the chosen one marked."""
    return join(
        (
            ctx.say(
                "figure_words.level_chosen" if n == chosen else "figure_words.level",
                level=n,
                text=words.in_(ctx.say.language),
            )
            for n, words in enumerate(every, 1)
        ),
        by="\n",
    )


def footer(ctx: Context, rule_year: int, *, at: datetime | None = None) -> Marked:
    """Say what the figures are, by which rules and as of when."""
    return index_words.footer(ctx.say, rule_year, at=(at or ctx.now).astimezone(ctx.desk_data.timezone))
