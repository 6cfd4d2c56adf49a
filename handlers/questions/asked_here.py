"""Whether a text typed in any place asks us, or is for what is open there."""

from __future__ import annotations

from collections.abc import Sequence

from domain.conversation.conversation import needs_open_question
from domain.knowledge.asking import (
    asks_by_form,
    is_name,
    is_question,
    is_title,
    may_ask,
    opens_question,
    speaks_to_desk,
    talks_to_desk,
)
from domain.knowledge.finder import Match, is_answer, is_certain, is_known, is_sure
from domain.knowledge.question_words import join_forms, read_words
from domain.message import plain
from domain.people import Right
from domain.reading.remarks import Remark, remark_in
from domain.typed_choice import Reads
from handlers import remarks
from handlers.context import Context, Says
from handlers.innovation import form_sheet
from handlers.questions import asked_from


def may_be_asked(ctx: Context, open_now: Says | None, text: str) -> bool:
    """Whether a text may be a question to us, whatever is known; False is sure, and costs no search."""
    if open_now is None:
        return True
    if open_now.takes_remarks and open_now.name != form_sheet.DIALOGUE:
        return False  # a question may be what is asked for there: the desk's answer, or the question itself
    return _may_ask_at(open_now.reads(ctx), text) or _is_no_name(ctx, open_now)


def _may_ask_at(reads: Reads, text: str) -> bool:
    """Whether a text may be a question where that is open."""
    if reads is not Reads.TITLE:
        return may_ask(text)
    return not is_title(text) and (may_ask(text) or talks_to_desk(text))


def asks_only_whole(ctx: Context, open_now: Says | None, text: str) -> bool:
    """Whether a text asks, where that is open, only if it says all of a known way to ask."""
    return open_now is not None and open_now.reads(ctx) is Reads.TEXT and not asks_by_form(text)


def is_for_others(ctx: Context, open_now: Says | None, *, text: str, matches: Sequence[Match]) -> bool:
    """Whether the door, what is open, or the answer to what is not understood says more."""
    if ctx.contact is None and (remarks.is_idle(ctx) or not _asks_at_door(text, matches)):
        return True  # "boleh" of a stranger asks for nothing, "halo 16" names no indicator
    if open_now is None:
        asks = is_question(text, matches) or is_certain(matches)
        asks = asks or (is_answer(matches) and opens_question(text))
        return not asks or needs_open_question(text, ctx.say)
    if open_now.reads(ctx) is Reads.TITLE and speaks_to_desk(text, matches):
        return False
    if asked_from.says_level(ctx, text):
        return True
    if _writes_as_desk(ctx, open_now, text):
        return True
    names_place = open_now.name == form_sheet.DIALOGUE and is_name(text, matches)
    if names_place or _stays_with_place(text, matches):
        return True
    return not is_question(text, matches) and not _says_known_way(ctx, open_now, matches=matches)


def _is_no_name(ctx: Context, open_now: Says) -> bool:
    """Whether a name is asked for, and what was typed is none: neither whole nor by a word of it."""
    return open_now.reads(ctx) is Reads.NAMES and not open_now.is_name(ctx)


def _says_known_way(ctx: Context, open_now: Says, *, matches: Sequence[Match]) -> bool:
    """Whether a known way to ask was typed, without a slip, where a name is asked for: "kontak", which
    comes near to "Kota Besi".
    """
    text = plain(ctx.inbound.text)
    if not is_certain(matches) or remark_in(text) is not None or needs_open_question(text, ctx.say):
        return False
    known = ctx.desk_data.knowledge.index.weights.keys()
    is_spelled = all(join_forms(word, known) in known for word in read_words(text))
    return is_spelled and _is_no_name(ctx, open_now)


def _writes_as_desk(ctx: Context, open_now: Says, text: str) -> bool:
    """Whether the desk writes the text that is asked for, such as a reason: it tells offices what to do, and
    asks only with a mark or a word that asks.
    """
    if open_now.reads(ctx) is not Reads.TEXT or not ctx.may(Right.ANSWER_QUESTIONS):
        return False
    return "?" not in text and remark_in(text) is None


def _asks_at_door(text: str, matches: Sequence[Match]) -> bool:
    return is_sure(matches) and (may_ask(text) or talks_to_desk(text))


def _stays_with_place(text: str, matches: Sequence[Match]) -> bool:
    """Whether the open question answers it better: who is lost there and says no more, or asks what no entry
    knows.
    """
    remark = remark_in(text)
    if remark is None:
        return False
    return not is_known(matches) or (remark.kind is Remark.LOST and remark.sure)
