"""What lies open for a person when a turn begins, and how it is asked again."""

from __future__ import annotations

from domain.message import Message
from handlers import remarks
from handlers.context import Context, Says
from handlers.innovation import coach, form
from handlers.registry import Registry
from storage import dialogues


def find(ctx: Context, registry: Registry) -> Says | None:
    """Find who handles what the person had open when the turn began."""
    return registry.dialogues.get(ctx.dialogue.name) if ctx.dialogue else None


def ask_form_again(ctx: Context) -> list[Message]:
    """Ask again what an interruption left open in the form or the coach; of a stranger nothing is."""
    if ctx.contact is None:
        return []
    return form.go_on(ctx) or coach.go_on(ctx)


def ask_again(ctx: Context, registry: Registry) -> list[Message]:
    """Ask again what an interruption left open, wherever that is."""
    return ask_form_again(ctx) or ask_other_again(ctx, registry)


def ask_other_again(ctx: Context, registry: Registry) -> list[Message]:
    """Ask again what is still open in a dialogue other than the form and the coach."""
    taken = find(ctx, registry)
    if taken is None or taken.takes_remarks or dialogues.load(ctx.tx, ctx.person.id) != ctx.dialogue:
        return []
    return remarks.asked_again(ctx, taken)
