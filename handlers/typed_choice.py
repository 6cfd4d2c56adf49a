"""Typing in place of tapping: in every dialogue a number or label of the last keyboard is its button."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from domain import buttons, label_words
from domain.buttons import is_final
from domain.buttons.base import Raw
from domain.message import Choice, Kind, Message
from domain.reading.around import is_made_of
from domain.reading.remarks import Remark, bare_yes_or_no, remark_in
from domain.texts import join, listed
from domain.typed_choice import MAX_CHARS, How, Pick, Reads, is_tap, opening_with, pick, thumbed
from domain.typed_page import PageWords, typed_page
from handlers import page_heads
from handlers.context import Context, Says, message
from storage import dialogues, keyboards

YES_CHARS = 30  # of a bare yes or no, whatever stands beside it


Standing = tuple[tuple[Choice, ...], tuple[Choice, ...]]


def standing(ctx: Context) -> Standing | None:
    """List the choices that stand before the person, and those above them; None where what came names
    none.
    """
    inbound = ctx.inbound
    if inbound.kind is not Kind.TEXT or inbound.reply_to or inbound.text.strip().startswith("/"):
        return None
    if len(inbound.text) > MAX_CHARS:
        return None
    return keyboards.standing(ctx.tx, inbound.channel, address=inbound.address, has_others=ctx.has_others)


def meant(ctx: Context, open_now: Says | None, choices: Standing) -> tuple[tuple[str, ...], list[Message]]:
    """Find the buttons a text stands for, with what is said before they are tapped, or the question whether
    it does; neither where it is something else.
    """
    inbound, (offered, above) = ctx.inbound, choices
    match = _pick_of_question(ctx, open_now, offered) or _pick_behind(ctx, offered)
    if match is None and above:
        match = _labelled(inbound.text, above)
    if match is None:
        turned = _turn_page(ctx, offered) or (_turn_page(ctx, above) if above else None)
        if len(offered) == 1:
            turned = turned or _take_as_read(ctx, open_now, offered[0])
        return turned or _answer_yes_or_no(ctx, open_now, offered)
    taken = is_tap(match, open_now.reads(ctx) if open_now else Reads.NOTHING, own=_is_own(match, open_now))
    if taken is None and match.how is How.LABEL and _was_asked_which(ctx, offered):
        taken = True
    question = _ask(ctx, match, open_now=open_now) if taken is None else []
    return (tuple(choice.data for choice in match.choices) if taken else ()), question


def _turn_page(ctx: Context, offered: Sequence[Choice]) -> tuple[tuple[str, ...], list[Message]] | None:
    """Turn a list to the page that is typed, and say so where it has fewer."""
    page = typed_page(ctx.inbound.text, offered, words=lambda: _list_page_words(ctx))
    if page is None:
        return None
    return (page.data,), [] if page.exists else message(ctx.say("typed_choice.no_page", pages=page.pages))


def _list_page_words(ctx: Context) -> PageWords:
    """List the words that turn pages; in the form "berikutnya" alone is the next question."""
    words, in_form = ctx.desk_data.words, ctx.dialogue is not None and ctx.dialogue.name == dialogues.FORM
    return PageWords(
        last=listed(words, "typed_choice.last_page"),
        after=listed(words, "typed_choice.next_page"),
        before=listed(words, "typed_choice.page_before"),
        need_page=in_form,
    )


def _pick_of_question(ctx: Context, open_now: Says | None, offered: Sequence[Choice]) -> Pick | None:
    """Pick what was typed; a number is of the open question, whatever came unasked behind it (F17)."""
    inbound = ctx.inbound
    match = pick(inbound.text, offered)
    if match is None or open_now is None or match.how is not How.NUMBER or _is_own(match, open_now):
        return match
    return pick(inbound.text, _list_asked(ctx))


def _pick_behind(ctx: Context, offered: Sequence[Choice]) -> Pick | None:
    """Pick a label of the page that lies behind answers to questions, where nothing else is open: an answer
    stands beside a page, and does not close it.
    """
    if ctx.dialogue is not None or not all(_is_beside(choice.data) for choice in offered):
        return None
    inbound = ctx.inbound
    page = keyboards.newest(
        ctx.tx, inbound.channel, address=inbound.address, has_others=ctx.has_others, passes=_is_beside
    )
    return _labelled(inbound.text, page)


def _labelled(text: str, choices: Sequence[Choice]) -> Pick | None:
    """Pick by a whole label alone: what stands further up is not what numbers and slips are meant for."""
    match = pick(text, choices)
    return match if match is not None and match.how is How.LABEL else None


def _is_beside(data: str) -> bool:
    """Whether a button belongs to an answer to a question: another answer, the desk, or what it speaks of."""
    return any(family.parse(data) for family in (buttons.Ask, buttons.AskDesk, buttons.Open))


def _answer_yes_or_no(
    ctx: Context, open_now: Says | None, offered: Sequence[Choice]
) -> tuple[tuple[str, ...], list[Message]]:
    """Take a bare yes or no, or a thumb, for the button of the very last message that says so.

    A thumb never does what cannot be taken back; that is asked.
    """
    choice = _find_yes_or_no(ctx, open_now, offered)
    inbound = ctx.inbound
    if choice is None or not keyboards.is_last(
        ctx.tx, inbound.channel, address=inbound.address, data=choice.data
    ):
        return (), []
    if is_final(choice.data) and not _WORD.search(inbound.text):
        return (), _ask(ctx, Pick((choice,), How.SLIP), open_now=open_now)
    return (choice.data,), []


def _find_yes_or_no(ctx: Context, open_now: Says | None, offered: Sequence[Choice]) -> Choice | None:
    """Find the choice that a bare yes or no names; where a text is asked for, only one that was asked about
    that text.
    """
    reads, text = open_now.reads(ctx) if open_now else Reads.NOTHING, ctx.inbound.text
    if reads is Reads.TITLE or (reads is Reads.TEXT and len(text) > YES_CHARS):
        return None
    words = ctx.desk_data.words
    opens = next((opens for said, opens in _YES_AND_NO if _is_said(text, listed(words, said))), "")
    choice = opening_with(listed(words, opens), offered) if opens else None
    if choice is None or reads is Reads.NOTHING:
        return choice
    if reads is Reads.TEXT:
        return choice if choice in _list_asked(ctx) else None
    return choice if _is_own(Pick((choice,), How.SLIP), open_now) else None


def _list_asked(ctx: Context) -> tuple[Choice, ...]:
    """List the choices of our newest reply; what came unasked behind it asks for something else."""
    inbound = ctx.inbound
    return keyboards.newest(
        ctx.tx, inbound.channel, address=inbound.address, has_others=ctx.has_others, unasked=False
    )


def _take_as_read(
    ctx: Context, open_now: Says | None, offered: Choice
) -> tuple[tuple[str, ...], list[Message]] | None:
    """Take thanks, or words of having read, for the button of the announcement they stand below; an
    innovation may be called SIAP.
    """
    reads_title = open_now is not None and open_now.reads(ctx) is Reads.TITLE
    if reads_title or buttons.BroadcastRead.parse(offered.data) is None:
        return None
    remark = remark_in(ctx.inbound.text)
    thanks = remark is not None and remark.sure and remark.kind is Remark.THANKS
    return ((offered.data,), []) if thanks or _says_read(ctx) else None


def _says_read(ctx: Context) -> bool:
    text, words = ctx.inbound.text, ctx.desk_data.words
    said, beside = listed(words, "typed_choice.read_said"), listed(words, "typed_choice.read_beside")
    if thumbed(text, said=said):
        return True
    return "?" not in text and is_made_of(_WORD.findall(text.casefold()), (said,), beside=beside)


def _is_said(text: str, said: frozenset[str]) -> bool:
    """Whether a text is one of these words, whole or with no more than a form of address beside it."""
    return thumbed(text, said=said) or bare_yes_or_no(text) in said


_YES_AND_NO = (
    ("typed_choice.yes_said", "typed_choice.yes_opens"),
    ("typed_choice.no_said", "typed_choice.no_opens"),
)
_WORD = re.compile(r"[^\W_]+")


def words_of_page(ctx: Context) -> tuple[str, list[Message]]:
    """Find the button of the newest choices that words of the page stand for, of its label or beside it; or
    ask, where it would do what cannot be taken back. Neither where the text says something else.
    """
    inbound = ctx.inbound
    if inbound.kind is not Kind.TEXT or inbound.reply_to or remark_in(inbound.text) is not None:
        return "", []
    offered = keyboards.newest(ctx.tx, inbound.channel, address=inbound.address, has_others=ctx.has_others)
    if data := page_heads.data_of(ctx, inbound.text, offered):
        return data, []
    choice = label_words.holding(inbound.text, [c for c in offered if buttons.AskDesk.parse(c.data) is None])
    if choice is None:
        return "", []
    if is_final(choice.data):
        return "", message(
            ctx.say("typed_choice.sure", label=choice.label), (Choice(choice.label, Raw(choice.data)),)
        )
    return choice.data, []


def _was_asked_which(ctx: Context, offered: Sequence[Choice]) -> bool:
    """Whether the very last message asked which of two is meant: a label typed now answers that."""
    inbound, written = ctx.inbound, [c.data for c in offered if buttons.Written.parse(c.data) is not None]
    return bool(written) and keyboards.is_last(
        ctx.tx, inbound.channel, address=inbound.address, data=written[0]
    )


def _is_own(match: Pick, open_now: Says | None) -> bool:
    family = open_now.family if open_now else None
    return family is not None and all(family.parse(choice.data) is not None for choice in match.choices)


def _ask(ctx: Context, match: Pick, *, open_now: Says | None) -> list[Message]:
    """Ask which of the two is meant; nothing for a text that no button can carry, which is then an answer.

    Where no text is asked for, it is only asked whether the choice is meant.
    """
    label = ", ".join(choice.label for choice in match.choices)
    rows = [(Choice(choice.label, Raw(choice.data)),) for choice in match.choices]
    if not _may_be_answer(ctx, match, open_now=open_now):
        return message(ctx.say("typed_choice.sure", label=label), *rows)
    try:
        answer = Choice(ctx.say("help.typed_answer"), buttons.Written.of(ctx.inbound.text.strip()))
    except ValueError:
        return []
    return message(ctx.say("help.typed_which", label=label), *rows, (answer,))


def _may_be_answer(ctx: Context, match: Pick, *, open_now: Says | None) -> bool:
    """Whether what was typed may be the answer to the open question."""
    reads = open_now.reads(ctx) if open_now else Reads.NOTHING
    if reads in (Reads.TEXT, Reads.TITLE):
        return True
    return reads is Reads.NUMBERS and not (match.how is How.SLIP and _is_own(match, open_now))


def choice_or_answer(ctx: Context, choice: Choice) -> list[Message]:
    """Ask whether a choice is meant or the answer to the open question; nothing for a text that no button
    can carry, which is then an answer.
    """
    try:
        answer = Choice(ctx.say("help.typed_answer"), buttons.Written.of(ctx.inbound.text.strip()))
    except ValueError:
        return []
    return message(ctx.say("help.typed_which", label=choice.label), (choice,), (answer,))


def or_answer(ctx: Context, asked: Sequence[Message]) -> list[Message]:
    """Add to a question which of several is meant that it may be the answer to the open question."""
    try:
        answer = Choice(ctx.say("help.typed_answer"), buttons.Written.of(ctx.inbound.text.strip()))
    except ValueError:
        return []
    return [replace(message, rows=(*message.rows, (answer,))) for message in asked]


def in_words(message: Message) -> Message:
    """Say a toast in the message itself: nothing was tapped that could show it."""
    if not message.toast:
        return message
    return replace(message, toast="", text=join((message.toast, message.text)))
