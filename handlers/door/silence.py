"""BERHENTI and MULAI: nothing unasked any more, or again; what the person starts works as ever."""

from __future__ import annotations

import re

from domain import buttons
from domain.message import Choice, Kind, Message
from domain.reading.clean_text import code_text
from handlers.context import Context, message
from storage import audit, opt_ins
from storage.opt_ins import How

STOP, START = frozenset({"berhenti", "berenti", "stop", "setop"}), frozenset({"mulai", "start"})
# may stand beside the word: nobody who writes politely goes on being written to
_BESIDE = frozenset({
    "tolong", "mohon", "ya", "pak", "bu", "bapak", "ibu", "kak", "min", "admin", "lagi",
    "terima", "kasih", "makasih", "please", "thanks", "thank", "you",
})  # fmt: skip
_CHARS_MOST = 40  # of a message that is only such a word


def heard(ctx: Context, *, version: str) -> list[Message]:
    """Take a word that asks for silence, or ends it; nothing when it is neither.

    `version` is that of the privacy notice as it stands.
    """
    if ctx.contact is None or ctx.inbound.kind is not Kind.TEXT:
        return []
    word = _take_alone(ctx.inbound.text)
    if word in STOP:
        return turned(ctx, wants=False, how="word", version=version)
    if word in START and opt_ins.silent_since(ctx.tx, ctx.contact.id) is not None:
        return turned(ctx, wants=True, how="word", version=version)
    return []


def _take_alone(text: str) -> str:
    """Take the one word that a message comes to, however it is marked, quoted or asked for; "" where there
    are more.
    """
    if len(text) > _CHARS_MOST:
        return ""
    words = re.findall(r"[^\W_]+", code_text(text).casefold())
    rest = [word for word in words if word not in _BESIDE]
    return rest[0] if len(rest) == 1 else ""


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
