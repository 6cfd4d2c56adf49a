"""What a person did at the form, as the conversation takes it: texts, files, links, and what
they reply to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from domain import buttons
from domain.conversation.conversation import may_go_on, wants_file, wants_link
from domain.conversation.option_pages import page_of
from domain.conversation.out_of_turn import Replied, replied_place
from domain.conversation.pending import LetterAsked
from domain.draft.facts import Said
from domain.message import CheckedLink, FileRef, FileRefusal, Inbound, Kind
from domain.wants import WantsLink
from handlers.context import Context, files_brought
from handlers.innovation.form_sheet import Sheet
from storage import answer_messages, outbox_rows

GOES_ON_WITHIN = timedelta(seconds=10)  # after an answer, for what may be the rest of it


def replied_to(ctx: Context, sheet: Sheet) -> Replied | None:
    """Find the older question that the person replies to; None for the open one, and for no reply."""
    inbound, cursor = ctx.inbound, sheet.cursor
    if not inbound.reply_to:
        return None
    asked = outbox_rows.message_of(
        ctx.tx, inbound.channel, address=inbound.address, message_ref=inbound.reply_to
    )
    parsed = [buttons.Form.parse(choice.data) for row in (asked.rows if asked else ()) for choice in row]
    tags = [tag for tag in parsed if tag is not None and tag.innovation == sheet.innovation.id]
    if not tags or not replied_place(sheet.facts, sheet.answers, place=tags[0].at):
        return None
    letters = (LetterAsked.from_word(tag.value) for tag in tags if tag.action == "skip")
    letter = next((letter for letter in letters if letter is not None), None)
    is_open = tags[0].at == cursor.at and letter == cursor.pending.letter
    if is_open or (letter is None and tags[0].at == cursor.at):
        return None
    return Replied(tags[0].at, letter, _find_page(sheet, tags))


def _find_page(sheet: Sheet, tags: Sequence[buttons.Form]) -> int:
    """Find the page of options that a message shows, by which a number in a reply is read."""
    question = sheet.facts.form.by_id.get(tags[0].at)
    options = (tag.value for tag in tags if tag.action in ("o", "on", "off"))
    return page_of(question, next(options, "")) if question else 0


def heard(ctx: Context, sheet: Sheet) -> Said:
    """Take what was written, sent or shared."""
    inbound = ctx.inbound
    if inbound.kind is Kind.FILE and inbound.file is not None:
        return _file(ctx, sheet, inbound=inbound, ref=inbound.file)
    if inbound.kind is Kind.LOCATION:
        return Said(location=inbound.location)
    if inbound.kind is Kind.TEXT:
        return _typed(ctx, sheet, text=inbound.text)
    return Said(unreadable=True)


def _typed(ctx: Context, sheet: Sheet, *, text: str) -> Said:
    """Take a text; a link that is to be kept is looked at first, outside the transaction."""
    inbound = ctx.inbound
    follows = _answered_just_now(ctx, sheet)
    said = Said(text=text, links=inbound.links, follows=follows, confirmed=inbound.confirmed)
    url = wants_link(sheet.facts, sheet.cursor, answers=sheet.answers, said=said)
    if not url:
        return said
    if not isinstance(ctx.fetched, CheckedLink):
        raise WantsLink(url)
    return replace(said, link=ctx.fetched.state)


def _answered_just_now(ctx: Context, sheet: Sheet) -> str:
    """The question whose answer was typed a moment ago; "" when none was, or where it cannot go on."""
    if not may_go_on(sheet.facts, sheet.cursor, answers=sheet.answers):
        return ""
    number, inbound = sheet.innovation.id, ctx.inbound
    newest = answer_messages.newest(ctx.tx, number, channel=inbound.channel, address=inbound.address)
    return newest[0] if newest and ctx.now - newest[1] <= GOES_ON_WITHIN else ""


def _file(ctx: Context, sheet: Sheet, *, inbound: Inbound, ref: FileRef) -> Said:
    """Take the fetched file; ask for it to be fetched where one is wanted and has a place."""
    wanted = wants_file(sheet.facts, sheet.cursor, answers=sheet.answers, photo=ref.kind == "photo")
    if wanted is None:
        stray = tuple(FileRefusal("stray", member.name) for member in inbound.album)
        return Said(file=FileRefusal("stray", ref.name), album=stray, caption=inbound.text.strip())
    if wanted.full:
        return Said(file=FileRefusal("too_many", ref.name))
    brought = files_brought(ctx, accepts=wanted.kinds, max_bytes=wanted.max_bytes, letter=wanted.letter)
    return Said(file=brought[0], album=brought if len(brought) > 1 else (), caption=inbound.text.strip())
