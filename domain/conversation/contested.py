"""Two people of one office at the same question: the second is told what the first answered, and chooses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from domain.conversation import keep_answer
from domain.conversation.cursor import Cursor, Scene, Turn, onward, show_place
from domain.conversation.pending import NOTHING, Pending
from domain.conversation.question_message import Tags
from domain.conversation.read_answer import say_answer
from domain.draft.facts import Accepted, DraftFacts
from domain.message import Choice, Message
from domain.rules.form import Answers
from domain.texts import Marked, bold, join, shortened


@dataclass(frozen=True, slots=True)
class OtherAnswer:
    """Who answered the question since it was shown, and when, in words."""

    name: str
    at: str


def place_of(turn: Turn, facts: DraftFacts) -> str:
    """The place whose one answer a turn would replace; "" where nothing is replaced by it."""
    if len(turn.changes) != 1 or turn.outcome:
        return ""
    place, value = next(iter(turn.changes.items()))
    question = facts.form.by_id.get(place)
    adds = question is not None and (question.kind == "multi" or question.max_files > 1)
    indicator = facts.indicators.by_question.get(place)
    is_level = indicator is not None and indicator.level_question == place
    return place if value is not None and not adds and (question or is_level) else ""


def asked(
    facts: DraftFacts, cursor: Cursor, *, answers: Answers, changes: Mapping[str, Any], other: OtherAnswer
) -> Turn:
    """Ask which of the two answers is kept; until then the first one is."""
    place, value = next(iter(changes.items()))
    words, tag = facts.words, Tags(facts.innovation, cursor.at, cursor.revision)
    kept = answers.get(place)
    alone = _cut_own(value, kept=kept)
    lines = (
        words("contest_theirs_is", name=other.name, at=other.at, answer=_say(facts, place, value=kept)),
        words("contest_mine_is", answer=_say(facts, place, value=alone or value)),
    )
    text = join((bold(facts.place_name(place)), join(lines, by="\n"), words("contest_which")))
    choices = [Choice(words("contest_mine"), tag("mine" if alone else "yes"))]
    if alone:
        choices.insert(0, Choice(words("contest_add"), tag("yes")))
    choices.append(Choice(words("contest_theirs", name=other.name), tag("no")))
    pending = replace(cursor, pending=Pending(contest=(place, value), alone=alone), failures=0)
    return Turn(pending, (Message(text, tuple((choice,) for choice in choices)),))


def _cut_own(value: Any, *, kept: Any) -> str:
    """The part of a long text that was sent now, for it grows by what is sent; "" for any other answer."""
    if not isinstance(kept, str) or not isinstance(value, str) or not value.startswith(f"{kept}\n\n"):
        return ""
    return value.removeprefix(f"{kept}\n\n")


def _say(facts: DraftFacts, place: str, *, value: Any) -> Marked | str:
    question = facts.form.by_id.get(place)
    if value is None:
        return facts.words("contest_empty")
    if question is not None:
        return shortened(say_answer(question, value, language=facts.say.language))
    return facts.words("contest_level", level=value.get("level", 0))


def keep_own(scene: Scene) -> Turn:
    """Keep one's own answer after all; a long text stands below the other's."""
    place, value = scene.cursor.pending.contest or ("", None)
    return _keep(scene, place, value=value)


def keep_alone(scene: Scene) -> Turn:
    """Put one's own long text in the place of the other's."""
    pending = scene.cursor.pending
    place, value = pending.contest or ("", None)
    return _keep(scene, place, value=pending.alone or value)


def _keep(scene: Scene, place: str, *, value: Any) -> Turn:
    calm = replace(scene, cursor=replace(scene.cursor, pending=NOTHING))
    question = scene.facts.form.by_id.get(place)
    if question is not None and place == scene.cursor.at:
        return keep_answer.kept(calm, Accepted(value, stay=question.kind == "long"))
    after = replace(calm, answers={**scene.answers, place: value})
    return replace(show_place(after, notice=scene.facts.words("contest_mine_kept")), changes={place: value})


def theirs(scene: Scene) -> Turn:
    """Leave the answer of the other as it is, and go on."""
    calm = replace(scene, cursor=replace(scene.cursor, pending=NOTHING))
    notice = scene.facts.words("contest_theirs_kept")
    at_question = scene.cursor.at in scene.facts.form.by_id
    return onward(calm, notice=notice) if at_question else show_place(calm, notice=notice)
