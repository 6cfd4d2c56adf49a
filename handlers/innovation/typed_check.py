"""Asking to check or to send where nothing is open: the page of what lies there."""

from __future__ import annotations

from domain import buttons
from domain.conversation.conversation import asks_to_check
from domain.message import Kind, Message
from domain.people import Right
from handlers.context import Context
from handlers.innovation import drafts, form, returned, submit


def typed(ctx: Context) -> list[Message]:
    """Open the check page of the only draft, or offer what lies there; nothing where nothing does, and for
    any other text.
    """
    inbound = ctx.inbound
    if ctx.dialogue is not None or inbound.kind is not Kind.TEXT or not ctx.may(Right.SUBMIT):
        return []
    if not asks_to_check(inbound.text, ctx.say):
        return []
    lying = submit.drafts_of(ctx)
    if len(lying) == 1 and not returned.ways(ctx):
        return form.tapped(ctx, buttons.Form(lying[0].id, "#list", 0, "check"))
    return drafts.drafts(ctx) if lying or returned.ways(ctx) else []
