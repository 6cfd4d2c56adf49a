"""Answers given elsewhere than at the open question: a message that was edited, a reply to an older
question.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from domain.conversation import conversation
from domain.conversation.cursor import Cursor, Scene, Turn, asked_again, shown
from domain.conversation.pending import LetterAsked, Pending
from domain.conversation.question_message import Tags
from domain.conversation.read_answer import read, say_answer
from domain.draft.facts import Accepted, DraftFacts, Said
from domain.draft.path import applicable
from domain.message import Choice, Message
from domain.reading.remarks import remark_in
from domain.rules.form import Answers
from domain.texts import shortened

READ_AS_TEXT = ("text", "long", "date", "number", "choice", "location")


@dataclass(frozen=True, slots=True)
class Edited:
    """A message that was the answer to a question, as it reads since it was edited."""

    question: str
    text: str
    before: Any  # the answer before that message
    is_newest: bool  # nothing has changed the answer since


def corrected(facts: DraftFacts, cursor: Cursor, *, answers: Answers, edited: Edited) -> Turn:
    """Take an edited message as the correction of the answer it was, or say how to change it."""
    question, before = edited.question, edited.before
    scene, asked = Scene(facts, cursor, answers, Said(text=edited.text)), facts.form.by_id.get(question)
    if not edited.is_newest:
        return _point_to_change(scene, question, key="edit_late")
    if asked is None or asked.kind not in READ_AS_TEXT or remark_in(edited.text) is not None:
        return _point_to_change(scene, question, key="edit_unclear")
    appended = (
        asked.kind == "long" and isinstance(before, str) and str(answers.get(question)).startswith(before)
    )
    reading = read(asked, scene.said, current=before if appended else None, facts=facts)
    if not isinstance(reading, Accepted):
        return _point_to_change(scene, question, key="edit_unclear")
    answer = shortened(say_answer(asked, reading.value, language=facts.say.language))
    notice = facts.words("edit_taken", label=facts.place_name(question), answer=answer)
    after = replace(scene, answers={**answers, question: reading.value})
    turn = asked_again(after, notice=notice) or Turn(cursor, (shown(after, cursor, notice=notice, tries=1),))
    return replace(turn, changes={question: reading.value})


def _point_to_change(scene: Scene, question: str, *, key: str) -> Turn:
    """Say that the edited message changed nothing, with the way to change the answer."""
    facts, cursor = scene.facts, scene.cursor
    tag = Tags(facts.innovation, cursor.at, cursor.revision)
    words = facts.words(key, label=facts.place_name(question))
    return Turn(cursor, (Message(words, ((Choice(facts.words("edit_open"), tag("j", question)),),)),))


def answered_at(facts: DraftFacts, cursor: Cursor, *, answers: Answers, said: Said, replied: Replied) -> Turn:
    """Take a reply to an older question as its answer, then stand where one was; what is unclear is asked
    there.
    """
    place, pending = replied.place, Pending(letter=replied.letter)
    replied_at = Cursor(place, cursor.revision + 1, replied.page, pending=pending, tapped=cursor.tapped)
    turn = conversation.respond(facts, replied_at, answers=answers, said=said)
    if not turn.changes or turn.outcome:
        return turn
    after = {name: value for name, value in {**answers, **turn.changes}.items() if value is not None}
    notice = facts.words("reply_taken", label=facts.place_name(place))
    return replace(conversation.resume(facts, cursor, answers=after, notice=notice), changes=turn.changes)


@dataclass(frozen=True, slots=True)
class Replied:
    """The older question that a person replies to, what of a letter it asked for, and the page of options it
    showed.
    """

    place: str
    letter: LetterAsked | None = None
    page: int = 0


def replied_place(facts: DraftFacts, answers: Answers, *, place: str) -> bool:
    """Whether a place can be answered by replying to its message."""
    indicators = {item.level_question for item in facts.indicators.indicators}
    return place in indicators or place in {
        item.id for item in applicable(facts.form, answers, window=facts.window)
    }
