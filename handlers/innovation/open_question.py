"""What the open question of the form takes: any text, a name, a number."""

from __future__ import annotations

from domain.conversation.cursor import Cursor
from domain.conversation.read_answer import names_option
from domain.rules.form import Question
from domain.typed_choice import Reads
from handlers.context import Context
from handlers.innovation.form_sheet import DIALOGUE
from storage import contacts, cursors


def reads(ctx: Context) -> Reads:
    """Say what the open question takes besides its choices."""
    if _asks_for_subject(_load_cursor(ctx)):
        return Reads.TITLE
    question = _load_question(ctx)
    if question is None:
        return Reads.NUMBERS
    if "title" in question.check:
        return Reads.TITLE
    of_kind = {"text": Reads.TEXT, "long": Reads.TEXT, "choice": Reads.NAMES}
    return of_kind.get(question.kind, Reads.NUMBERS)


def knows(ctx: Context) -> bool:
    """Whether what was typed may be one of the options that are asked for."""
    question = _load_question(ctx)
    return question is None or names_option(question, ctx.inbound.text)


def _load_question(ctx: Context) -> Question | None:
    """Load the question one stands at; None at a list, at an indicator, and where something is pending.

    Where it may be written in no more, whoever takes the tap or the answer says so.
    """
    cursor = _load_cursor(ctx)
    return None if cursor.pending else ctx.desk_data.form.by_id.get(cursor.at)


def _load_cursor(ctx: Context) -> Cursor:
    opened = ctx.state(DIALOGUE, contacts.FormOpen)
    kept = cursors.load(ctx.tx, ctx.person.id, innovation_id=opened.innovation) if opened else None
    return Cursor.from_json(kept) if kept else Cursor()


def _asks_for_subject(cursor: Cursor) -> bool:
    """Whether what a letter is about is asked for, by itself or with its number and date."""
    letter = cursor.pending.letter
    return letter is not None and (letter.whole or letter.part == "subject")
