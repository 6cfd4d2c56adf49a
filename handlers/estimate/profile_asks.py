"""What the desk types in /profil: a target, or a published result with its year, its value and its source."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from domain import buttons
from domain.index.estimate import half_up
from domain.message import Choice, Kind, Message, plain
from domain.rules.load import Published
from domain.texts import Marked, join, quoted
from domain.typed_choice import Reads
from handlers import ui
from handlers.context import Context, message
from handlers.estimate import figure_words
from storage import dialogues, profile

DIALOGUE = "profile"
FIRST_YEAR = 2018  # the index was not published before
SOURCE_CHARS = 200

_QUESTIONS = {
    "target": "profile.ask_target",
    "year": "profile.ask_year",
    "value": "profile.ask_value",
    "source": "profile.ask_source",
}
_WANTED = {
    "target": "profile.want_index",
    "year": "profile.want_year",
    "value": "profile.want_index",
    "source": "profile.want_source",
}


@dataclass(frozen=True, slots=True)
class FigureAsked:
    """State of the dialogue: what is asked now, and what was answered of a published result."""

    asks: str = "target"  # or "year", "value", "source"
    year: str = ""
    value: str = ""


def begin(ctx: Context, door: str) -> list[Message]:
    """Ask for the target, or for the year of a published result."""
    return _ask(ctx, FigureAsked("target" if door == "target" else "year"))


def begin_result(ctx: Context, year: int) -> list[Message]:
    """Ask for the published result of a year; for the year too where it cannot be meant."""
    known = _read_year(ctx, str(year))
    return _ask(ctx, FigureAsked("value", known) if known else FigureAsked("year"))


def _ask(ctx: Context, asked: FigureAsked, *, notice: str = "") -> list[Message]:
    dialogues.begin(ctx.tx, ctx.person.id, name=DIALOGUE, state=asked)
    question = ctx.say(_QUESTIONS[asked.asks], year=asked.year)
    return message(join((notice, question)), (Choice(ctx.say("profile.leave"), buttons.Profile("top")),))


def said(ctx: Context) -> list[Message] | Marked:
    """Read an answer: the next question, the same one again with what is wanted, or what was done."""
    asked = ctx.state(DIALOGUE, FigureAsked) or FigureAsked()
    text = " ".join(plain(ctx.inbound.text).split()) if ctx.inbound.kind is Kind.TEXT else ""
    asks = asked.asks
    value = {"target": _read_index, "year": _read_year, "value": _read_index, "source": _read_source}[asks](
        ctx, text
    )
    if value is None:
        return _ask(
            ctx, asked, notice=ctx.say(_WANTED[asks], said=quoted(text) or "–", latest=ctx.today.year)
        )
    if asks == "target":
        return _keep_target(ctx, Decimal(value))
    if asks == "source":
        return _keep_published(ctx, Published(year=int(asked.year), value=Decimal(asked.value), source=value))
    if asks == "year":
        return _ask(ctx, replace(asked, year=value, asks="value"))
    return _ask(ctx, replace(asked, value=value, asks="source"))


def reads(ctx: Context) -> Reads:
    """Say what the open question takes: a source is any text, everything else a number."""
    asked = ctx.state(DIALOGUE, FigureAsked) or FigureAsked()
    return Reads.TEXT if asked.asks == "source" else Reads.NUMBERS


def _read_index(ctx: Context, text: str) -> str | None:
    value = figure_words.read_index(text)
    return None if value is None else str(half_up(value))


def _read_year(ctx: Context, text: str) -> str | None:
    return text if text.isdecimal() and FIRST_YEAR <= int(text) <= ctx.today.year else None


def _read_source(ctx: Context, text: str) -> str | None:
    return text if 3 <= len(text) <= SOURCE_CHARS else None


def _keep_target(ctx: Context, value: Decimal) -> Marked | list[Message]:
    period = figure_words.period(ctx)
    if period is None:
        return message(ui.no_period(ctx), (Choice(ctx.say("opens.help"), buttons.Open("bantuan")),))
    profile.set_target(ctx.tx, period.id, value=value, by=ctx.person.id, now=ctx.now)
    return ctx.say("profile.target_set", target=figure_words.number(ctx, value))


def _keep_published(ctx: Context, result: Published) -> Marked:
    profile.publish(ctx.tx, result, by=ctx.person.id, now=ctx.now)
    return ctx.say("profile.result_set", year=result.year, value=figure_words.number(ctx, result.value))
