"""BERHENTI and MULAI: nothing unasked any more, or again; what the person starts works as ever."""

from __future__ import annotations

from domain import buttons
from domain.message import Choice, Kind, Message
from handlers.context import Context, message
from storage import audit, opt_ins
from storage.opt_ins import How

STOP, START = frozenset({"berhenti", "stop"}), frozenset({"mulai", "start"})


def heard(ctx: Context, *, version: str) -> list[Message]:
    """Take a word that asks for silence, or ends it; nothing when it is neither.

    `version` is that of the privacy notice as it stands.
    """
    if ctx.contact is None or ctx.inbound.kind is not Kind.TEXT:
        return []
    word = ctx.inbound.text.strip().removeprefix("/").strip(" .!").casefold()
    if word in STOP:
        return turned(ctx, wants=False, how="word", version=version)
    if word in START and opt_ins.silent_since(ctx.tx, ctx.contact.id) is not None:
        return turned(ctx, wants=True, how="word", version=version)
    return []


def turned(ctx: Context, *, wants: bool, how: How, version: str) -> list[Message]:
    """Keep the decision with the text it was made on, and say what holds from now on."""
    is_silent = opt_ins.silent_since(ctx.tx, ctx.person.id) is not None
    if is_silent == wants:
        opt_ins.record(
            ctx.tx,
            ctx.person.id,
            opt_ins.OptIn(wants=wants, channel=ctx.inbound.channel, how=how, version=version),
            now=ctx.now,
        )
        audit.record(ctx.tx, "opted_in" if wants else "opted_out", now=ctx.now, actor=ctx.person.id)
    key = "silence.speaks" if wants else "silence.silent"
    return message(ctx.say(key), (Choice(ctx.say("opens.help"), buttons.Open("bantuan")),))
