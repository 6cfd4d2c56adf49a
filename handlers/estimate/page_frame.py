"""What every page below the summary has: the footer of the figures, and the way back."""

from __future__ import annotations

from domain.buttons import Button
from domain.message import Choice, Message
from domain.texts import join
from handlers.context import Context, message
from handlers.estimate import figure_words
from storage.periods import Period


def made(ctx: Context, period: Period, parts: tuple[str, ...], *rows: tuple[Choice, ...]) -> list[Message]:
    """Make a page that says by which rules and as of when its figures are."""
    return message(join((*parts, figure_words.footer(ctx, period.rule_year))), *rows)


def back(ctx: Context, button: Button) -> tuple[Choice, ...]:
    """The way to the page above."""
    return (Choice(ctx.say("figure_words.back"), button),)
