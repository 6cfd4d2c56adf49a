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
    opened = ctx.state(DIALOGUE, contacts.FormOpen)
    kept = cursors.load(ctx.tx, ctx.person.id, innovation_id=opened.innovation) if opened else None
    cursor = Cursor.from_json(kept) if kept else Cursor()
    return None if cursor.pending else ctx.desk_data.form.by_id.get(cursor.at)
