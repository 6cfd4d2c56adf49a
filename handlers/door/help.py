"""/bantuan: help for where one stands, built from the registry of commands."""

from __future__ import annotations

from collections.abc import Sequence

from domain import buttons
from domain.message import Choice, Kind, Message
from domain.people import Right
from domain.texts import Marked, join
from handlers.context import Command, Context, message
from handlers.innovation import form


def helper(commands: Sequence[Command]) -> Command:
    """Make the command; `commands` is the registry it explains, itself included."""

    def ask(ctx: Context) -> list[Message]:
        if ctx.contact is not None and (explained := form.asks_help(ctx)):
            return explained
        return overview(ctx, commands)

    return Command("bantuan", "help", "help", Right.TALK, ask)


def overview(ctx: Context, commands: Sequence[Command]) -> list[Message]:
    """List what this person can do."""
    lines = [_line(ctx, command) for command in commands if ctx.may(command.right)]
    if ctx.contact is None:
        return message(join((ctx.say("start.stranger"), join(lines, by="\n"))), (_way_on(ctx),))
    return message(join((ctx.say("help.title"), join(lines, by="\n"), ctx.say("help.end"))), (_way_on(ctx),))


def _line(ctx: Context, command: Command) -> Marked:
    return Marked(f"/{command.in_(ctx.say.language)} – {ctx.say(f'{command.module}.help')}")


def _way_on(ctx: Context) -> Choice:
    if ctx.may(Right.SUBMIT):
        return Choice(ctx.say("opens.submit"), buttons.Open("ajukan"))
    if ctx.may(Right.SEE_STATUS):
        return Choice(ctx.say("opens.status"), buttons.Open("status"))
    return Choice(ctx.say("language.menu"), buttons.Open("bahasa"))


def courtesy(ctx: Context) -> Marked:
    """What comes before the welcome: nothing for a greeting, a word for thanks, else that it was not understood."""
    said = ctx.inbound.text.casefold().strip(" .!,") if ctx.inbound.kind is Kind.TEXT else ""
    if said in ctx.say("help.typed_greeting").split("|"):
        return Marked("")
    return ctx.say("help.thanked" if said in ctx.say("help.typed_thanks").split("|") else "help.not_understood")
