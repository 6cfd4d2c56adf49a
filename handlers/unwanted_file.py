"""A file where none is asked for: it is said before the question is asked again, and nothing is kept."""

from __future__ import annotations

from dataclasses import replace

from domain.message import Kind, Message
from domain.texts import Marked, shortened
from handlers.context import Context, Says
from storage import keyboards

CAPTION_CHARS = 100  # of a caption that is read back


def answered(ctx: Context, open_now: Says) -> list[Message]:
    """Say that no file is taken, with the open question below; nothing where the dialogue takes it, and for
    anything but a file.
    """
    if ctx.inbound.kind is not Kind.FILE or open_now.takes_files(ctx):
        return []
    asked = keyboards.asked_last(ctx.tx, ctx.inbound.channel, address=ctx.inbound.address)
    # a caption tells of the file: it is no answer, no yes and no no
    again = [asked] if asked else open_now.handle(replace(ctx, inbound=replace(ctx.inbound, text="")))
    return [Message(_say_not_taken(ctx)), *again]


def _say_not_taken(ctx: Context) -> Marked:
    caption = ctx.inbound.text.strip()
    if not caption:
        return ctx.say("ui.no_file")
    return ctx.say("ui.no_file_nor_caption", caption=shortened(caption, CAPTION_CHARS))
