"""Where a person stands in the form when asking: at which entry, and whether the place could read them."""

from __future__ import annotations

from domain.conversation.cursor import Cursor
from domain.conversation.level_words import read_levels
from domain.rules.indicators import Indicator
from handlers.context import Context
from handlers.innovation import form_sheet
from storage import cursors, periods


def name_entry(ctx: Context) -> str:
    """The key of the entry of the question or indicator that is open; "" at any other place."""
    at = _read_cursor(ctx).at
    if at in ctx.desk_data.form.by_id:
        return f"q.{at}"
    indicator = _find_indicator(ctx, at)
    return f"i.{indicator.key}" if indicator else ""


def says_level(ctx: Context, text: str) -> bool:
    """Whether a text says a level of the indicator that is open, and nothing else."""
    cursor = _read_cursor(ctx)
    indicator = None if cursor.pending else _find_indicator(ctx, cursor.at)
    innovation = form_sheet.open_innovation(ctx) if indicator else None
    if indicator is None or innovation is None:
        return False
    said = read_levels(indicator.key, text, year=periods.load(ctx.tx, innovation.period_id).rule_year)
    return said is not None and said.sure


def _find_indicator(ctx: Context, at: str) -> Indicator | None:
    """Find the indicator of a place; None for any other place."""
    number = at[1:]
    if at[:1] != "i" or not number.isdecimal():
        return None
    return ctx.desk_data.indicators[max(ctx.desk_data.indicators)].by_no.get(int(number))


def was_misread(ctx: Context) -> bool:
    """Whether the open place has just said that it cannot read what was typed, and stays as it is."""
    innovation = form_sheet.open_innovation(ctx)
    if ctx.contact is None or innovation is None:
        return False
    before = _read_cursor(ctx)
    kept = cursors.load(ctx.tx, ctx.contact.id, innovation_id=innovation.id)
    now = Cursor.from_json(kept)
    return now.at == before.at and now.failures > before.failures and not now.pending


def _read_cursor(ctx: Context) -> Cursor:
    """Read where the person stood when the turn began; nowhere where no form is open."""
    kept = ctx.dialogue.place if ctx.dialogue and ctx.dialogue.name == form_sheet.DIALOGUE else ""
    return Cursor.from_json(kept)
