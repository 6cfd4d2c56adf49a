"""What the open question of the form takes: any text, a name, a number."""

from __future__ import annotations

from functools import lru_cache

from domain.conversation.cursor import Cursor
from domain.conversation.pages import CHECK, LIST
from domain.conversation.read_options import names_option
from domain.rules.form import Form, Question
from domain.typed_choice import Reads
from handlers.context import Context


def reads(ctx: Context) -> Reads:
    """Say what the open question takes besides its choices."""
    return _reads_at(ctx.dialogue.place if ctx.dialogue else "", ctx.desk_data.form)


@lru_cache(maxsize=64)  # several parts of one turn ask it of the same place
def _reads_at(place: str, form: Form) -> Reads:
    cursor = Cursor.from_json(place)
    if _asks_for_subject(cursor):
        return Reads.TITLE
    question = _find_question(form, cursor)
    if question is None:
        return Reads.ROWS if cursor.at in (LIST, CHECK) and not cursor.pending else Reads.NUMBERS
    if "title" in question.check:
        return Reads.TITLE
    if question.kind == "multi" and not question.is_numbered:
        return Reads.NAMES  # a number there is a row of the page
    of_kind = {"text": Reads.TEXT, "long": Reads.TEXT, "choice": Reads.NAMES}
    return of_kind.get(question.kind, Reads.NUMBERS)


def knows(ctx: Context) -> bool:
    """Whether what was typed may be one of the options that are asked for."""
    cursor = Cursor.from_json(ctx.dialogue.place if ctx.dialogue else "")
    question = _find_question(ctx.desk_data.form, cursor)
    return question is None or names_option(question, ctx.inbound.text)


def _find_question(form: Form, cursor: Cursor) -> Question | None:
    """Find the question one stands at; None at a list, at an indicator, and where something is pending.

    Where it may be written in no more, whoever takes the tap or the answer says so.
    """
    return None if cursor.pending else form.by_id.get(cursor.at)


def _asks_for_subject(cursor: Cursor) -> bool:
    """Whether what a letter is about is asked for, by itself or with its number and date."""
    letter = cursor.pending.letter
    return letter is not None and (letter.whole or letter.part == "subject")
