"""Runs a command that was named, where its right is held; behind it what was open is asked again."""

from __future__ import annotations

from domain.message import Message
from handlers import open_dialogue, remarks
from handlers.context import Context
from handlers.door import help
from handlers.innovation import coach
from handlers.registry import Registry
from handlers.speaking import as_known_now
from storage import audit


def run(ctx: Context, registry: Registry, name: str, *, args: str) -> list[Message]:
    """Run the command of this name; one that is unknown or refused is explained."""
    command = registry.by_name.get(name)
    if command is None:
        return _say_instead(ctx, help.unknown(ctx, registry.commands, name=name))
    if not ctx.may(command.right):
        actor = ctx.contact.id if ctx.contact else None
        audit.record(ctx.tx, "refused_command", now=ctx.now, actor=actor, name=command.name)
        return _say_instead(
            ctx, help.not_yours(ctx) if ctx.contact else help.overview(ctx, registry.commands)
        )
    said = command.handle(ctx.with_args(args))
    if command.leaves_form or ctx.contact is None:
        return said
    # help explains the open question of the form by itself
    now = as_known_now(ctx)
    again = coach.go_on(ctx) if command.module == "help" else open_dialogue.ask_form_again(now)
    return remarks.with_question(said, again or open_dialogue.ask_other_again(now, registry))


def _say_instead(ctx: Context, said: list[Message]) -> list[Message]:
    """Say something instead of what was asked for, and show the open question again."""
    return [*said, *open_dialogue.ask_form_again(ctx)]
