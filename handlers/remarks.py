"""A remark in any dialogue but the form: it is answered as what it is, and never kept unasked."""

from __future__ import annotations

from dataclasses import replace

from domain import buttons
from domain.conversation.conversation import needs_open_question
from domain.message import Choice, Kind, Message, Rows, plain
from domain.reading.remarks import Remark, Remarked, agrees, declines, remark_in
from domain.texts import Marked, shortened
from domain.typed_choice import Reads
from handlers.context import Context, Says
from storage import keyboards

EXPLAINED = (Remark.QUESTION, Remark.LOST)
ANSWERS = (Remark.ASSENT, Remark.PROMISE, Remark.SIGNS)  # may be answers where no free text is asked for
IDLE = (Remark.THANKS, Remark.ASSENT, Remark.GREETING, Remark.SIGNS)  # ask for nothing by themselves
SAID_CHARS = 30  # of the remark on its button


def is_idle(ctx: Context) -> bool:
    """Whether a text says nothing where nothing is open: a bare yes, no or thumb, a courtesy, a word of
    moving on.
    """
    text = ctx.inbound.text if ctx.inbound.kind is Kind.TEXT else ""
    remark = remark_in(text)
    kind = remark.kind if remark is not None and remark.sure else None
    return kind in IDLE or agrees(text) or declines(text) or needs_open_question(text, ctx.say)


def answered(ctx: Context, open_now: Says) -> list[Message]:
    """Say the kind word, with the open question and its choices below it; nothing for what is an answer."""
    if ctx.inbound.kind is not Kind.TEXT or open_now.takes_remarks:
        return []
    text, reads = plain(ctx.inbound.text).strip(), open_now.reads(ctx)
    remark = remark_in(text)
    if remark is None or not remark.sure or _is_answer(ctx, open_now, remark=remark, reads=reads):
        return []
    asked = keyboards.asked_last(ctx.tx, ctx.inbound.channel, address=ctx.inbound.address)
    may_be_kept = reads is Reads.TEXT and remark.kind not in (Remark.LOST, Remark.SIGNS)
    keep = _make_keep(ctx, text) if may_be_kept else ()
    if asked is None or (may_be_kept and not keep):
        return []  # too long for a button: what nobody can confirm is taken as written
    return [Message(_write_lead(ctx, remark)), replace(asked, rows=(*_drop_kept(asked), *keep))]


def _is_answer(ctx: Context, open_now: Says, *, remark: Remarked, reads: Reads) -> bool:
    """Whether the dialogue reads it by itself: words of its own, and short ones where a name or number is
    asked for.
    """
    said = ctx.inbound.text.strip().casefold().rstrip(".!")
    if open_now.words and said in str(ctx.say(open_now.words)).split("|"):
        return True
    if reads is Reads.TEXT:
        return False
    return reads is Reads.NOTHING or remark.kind in ANSWERS


def _make_keep(ctx: Context, text: str) -> Rows:
    """Offer to keep it as the answer after all; nothing where it is too long for a button."""
    label = ctx.say("help.keep_remark", said=shortened(text, SAID_CHARS))
    try:
        return ((Choice(label, buttons.Written.of(text)),),)
    except ValueError:
        return ()


def _drop_kept(asked: Message) -> Rows:
    """The choices of the question itself, without the offer an earlier remark brought."""
    return tuple(row for row in asked.rows if not any(buttons.Written.parse(choice.data) for choice in row))


def with_question(said: list[Message], asked: list[Message]) -> list[Message]:
    """Put an open question behind what was said, unless that has just asked it."""
    written = {(message.text, message.rows) for message in said}
    return [*said, *(message for message in asked if (message.text, message.rows) not in written)]


def with_keep(ctx: Context, asked: Message, text: str) -> Message:
    """Let the open question offer to keep what was typed as its answer after all."""
    return replace(asked, rows=(*_drop_kept(asked), *_make_keep(ctx, text)))


def _write_lead(ctx: Context, remark: Remarked) -> Marked:
    if remark.kind in EXPLAINED:
        return ctx.say("help.remark_asks")
    kind = Remark.ASSENT if remark.kind is Remark.PROMISE else remark.kind
    return ctx.say(f"conversation.remark_{kind}")


def asked_again(ctx: Context, open_now: Says) -> list[Message]:
    """Ask anew what an interruption left open; nothing where a list lies open that a name would search."""
    if asked_by_itself := open_now.again(ctx):
        return asked_by_itself
    if open_now.reads(ctx) not in (Reads.TEXT, Reads.NUMBERS):
        return []
    asked = keyboards.asked_last(ctx.tx, ctx.inbound.channel, address=ctx.inbound.address)
    return [replace(asked, rows=_drop_kept(asked))] if asked else []
