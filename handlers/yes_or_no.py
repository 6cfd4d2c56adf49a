"""A yes or no typed to a question of ours that may lie further back: only words that say nothing else."""

from __future__ import annotations

from domain.message import Kind
from domain.reading.remarks import bare_yes_or_no
from domain.texts import listed
from handlers.context import Context


def agrees(ctx: Context) -> bool:
    """Whether what was typed agrees, forms of address aside."""
    return _says(ctx, "ui.typed_agree")


def declines(ctx: Context) -> bool:
    """Whether what was typed declines, forms of address aside."""
    return _says(ctx, "ui.typed_decline")


def _says(ctx: Context, key: str) -> bool:
    text = ctx.inbound.text if ctx.inbound.kind is Kind.TEXT else ""
    return bool(text) and bare_yes_or_no(text) in listed(ctx.desk_data.words, key)
