"""/bantuan: help for where one stands, built from the registry of commands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import cast, get_args

from domain import buttons
from domain.conversation.conversation import needs_open_question
from domain.message import Choice, Kind, Message, Rows
from domain.pager import page_count, pager
from domain.people import Right
from domain.reading.remarks import Remark, agrees, declines, remark_in
from domain.texts import Marked, join
from handlers import ui
from handlers.context import Command, Context, Taps, message
from handlers.innovation import form

A_PAGE = 8  # commands
LIKELY, NEAR = 3, 0.6  # commands offered for one that is not there, and how alike they are, from 0 to 1
NAME_CHARS = 32  # of what was typed, read back
ANSWERED: Mapping[Remark | None, str] = {
    Remark.THANKS: "help.thanked",
    **dict.fromkeys((Remark.ASSENT, Remark.PROMISE, Remark.SIGNS), "help.noted"),
}
OPENED = frozenset(get_args(buttons.Command)) - {"bantuan"}  # what a button can open


def helper(commands: Sequence[Command]) -> Command:
    """Make the command; `commands` is the registry it explains, itself included."""

    def ask(ctx: Context) -> list[Message]:
        if ctx.contact is not None and (explained := form.asks_help(ctx)):
            return explained
        return overview(ctx, commands)

    return Command("bantuan", "help", "help", Right.TALK, ask)


def pages(commands: Sequence[Command]) -> Taps[buttons.Help]:
    """Make who turns the pages of the same list."""

    def turned(ctx: Context, button: buttons.Help) -> list[Message]:
        return ui.in_place(ctx, overview(ctx, commands, page=button.page))

    return Taps(buttons.Help, Right.TALK, turned)


def overview(ctx: Context, commands: Sequence[Command], *, page: int = 0) -> list[Message]:
    """List what this person can do, a page of it, what is needed most first; a button opens each."""
    allowed = [command for command in commands if ctx.may(command.right)]
    count = page_count(len(allowed), A_PAGE)
    page = min(page, count - 1)
    on_page = allowed[page * A_PAGE : (page + 1) * A_PAGE]
    lines = join((_write_line(ctx, command) for command in on_page), by="\n")
    turning = pager(ctx.say, buttons.Help, page=page, pages=count)
    if ctx.contact is None:
        return message(
            join((ctx.say("start.stranger", desk=ctx.desk), lines)), *turning, (_make_way_on(ctx),)
        )
    rows = _pair([_make_opening(ctx, command) for command in on_page if command.name in OPENED])
    end = ctx.say("help.end_desk" if ctx.may(Right.ANSWER_QUESTIONS) else "help.end", desk=ctx.desk)
    return message(join((ctx.say("help.title"), lines, end)), *rows, *turning)


def unknown(ctx: Context, commands: Sequence[Command], *, name: str) -> list[Message]:
    """Say that a command is not there, and offer the likeliest ones, else those needed most."""
    text = ctx.say("help.unknown_command", name=f"/{name[:NAME_CHARS]}")
    allowed = [command for command in commands if ctx.may(command.right) and command.name in OPENED]
    likely = _find_likely(allowed, name)
    asked = ctx.say("help.did_you_mean") if likely else ""
    rows = _pair([*(_make_opening(ctx, command) for command in likely or allowed[:2]), _make_help(ctx)])
    return message(join((text, asked), by="\n"), *rows)


def not_yours(ctx: Context) -> list[Message]:
    """Say that a command belongs to others, with what this person needs most and the way to everything."""
    return message(ctx.say("help.not_yours"), (_make_way_on(ctx), _make_help(ctx)))


def _find_likely(commands: Sequence[Command], name: str) -> list[Command]:
    """The commands that are spelled nearly so, the nearest first."""
    spelled = {
        spelling: command
        for command in commands
        for spelling in (command.name, command.also, *command.more)
        if spelling
    }
    near = get_close_matches(name, spelled, n=LIKELY * 2, cutoff=NEAR)
    return list(dict.fromkeys(spelled[spelling] for spelling in near))[:LIKELY]


def _pair(choices: Sequence[Choice]) -> Rows:
    return tuple(tuple(choices[n : n + 2]) for n in range(0, len(choices), 2))


def _write_line(ctx: Context, command: Command) -> Marked:
    return Marked(f"/{command.in_(ctx.say.language)} – {ctx.say(f'{command.module}.help')}")


def _make_opening(ctx: Context, command: Command) -> Choice:
    return Choice(ctx.say(f"{command.module}.menu"), buttons.Open(cast(buttons.Command, command.name)))


def _make_help(ctx: Context) -> Choice:
    return Choice(ctx.say("opens.help"), buttons.Open("bantuan"))


def _make_way_on(ctx: Context) -> Choice:
    if ctx.may(Right.SUBMIT):
        return Choice(ctx.say("opens.submit"), buttons.Open("ajukan"))
    if ctx.may(Right.SEE_STATUS):
        return Choice(ctx.say("opens.status"), buttons.Open("status"))
    return Choice(ctx.say("language.menu"), buttons.Open("bahasa"))


def courtesy(ctx: Context) -> Marked:
    """What comes before the welcome: nothing for a greeting, a word for a courtesy, that nothing is open for
    a no or a word of moving on, that a file has no place yet, that a voice note cannot be heard, else
    that it was not understood.
    """
    if ctx.inbound.kind is Kind.FILE:
        return ctx.say("help.file_nowhere" if ctx.may(Right.SUBMIT) else "help.file_not_needed")
    if ctx.inbound.kind is Kind.OTHER:
        return ctx.say("help.not_readable")
    text = ctx.inbound.text if ctx.inbound.kind is Kind.TEXT else ""
    if declines(text) or needs_open_question(text, ctx.say):
        return ctx.say("help.nothing_open")
    if agrees(text):
        return ctx.say("help.noted")
    remark = remark_in(text)
    kind = remark.kind if remark is not None and remark.sure else None
    if kind is Remark.GREETING:
        return Marked("")
    return ctx.say(ANSWERED.get(kind, "help.not_understood"))
