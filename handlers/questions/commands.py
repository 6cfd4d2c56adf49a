"""The command, buttons and dialogues of questions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from domain import buttons
from domain.people import Right
from domain.typed_choice import Reads
from handlers.context import Command, Says, Taps, reads
from handlers.questions import ask, desk_answers, desk_contact

COMMANDS: Sequence[Command] = (
    Command("tanya", "ask", "ask", Right.TALK, ask.ask, leaves_form=True, reads=ask.reads_question),
)
TAPS: Sequence[Taps[Any]] = (
    Taps(buttons.Ask, Right.TALK, ask.tapped),
    Taps(buttons.DeskContact, Right.ANSWER_QUESTIONS, desk_contact.tapped),
    Taps(buttons.AskDesk, Right.SEE_INNOVATIONS, desk_answers.sent),
    Taps(buttons.QuestionAnswer, Right.ANSWER_QUESTIONS, desk_answers.asked),
    Taps(buttons.QuestionKeep, Right.ANSWER_QUESTIONS, desk_answers.kept),
)
DIALOGUES: Sequence[Says] = (
    Says(ask.ASKING, Right.TALK, ask.said, reads(Reads.TEXT), takes_remarks=True),
    Says(desk_contact.DIALOGUE, Right.ANSWER_QUESTIONS, desk_contact.said, reads(Reads.TEXT)),
    Says(
        desk_answers.ANSWERING,
        Right.ANSWER_QUESTIONS,
        desk_answers.said,
        reads(Reads.TEXT),
        takes_remarks=True,
    ),
)
