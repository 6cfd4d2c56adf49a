"""Two people of one office at the same question: the second is say_answer what the first answered, and
chooses.
"""

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
    kept, wanted = answers.get(place), value
    if isinstance(kept, str) and isinstance(value, str) and value.startswith(f"{kept}\n\n"):
        wanted = value.removeprefix(f"{kept}\n\n")  # a long text grows by what was sent
    lines = (
        words("contest_theirs_is", name=other.name, at=other.at, answer=_say(facts, place, value=kept)),
        words("contest_mine_is", answer=_say(facts, place, value=wanted)),
    )
    text = join((bold(facts.place_name(place)), join(lines, by="\n"), words("contest_which")))
    own = words("contest_add") if wanted is not value else words("contest_mine")
    rows = ((Choice(own, tag("yes")),), (Choice(words("contest_theirs", name=other.name), tag("no")),))
    pending = replace(cursor, pending=Pending(contest=(place, value)), failures=0)
    return Turn(pending, (Message(text, rows),))


def _say(facts: DraftFacts, place: str, *, value: Any) -> Marked | str:
    question = facts.form.by_id.get(place)
    if value is None:
        return facts.words("contest_empty")
    if question is not None:
        return shortened(say_answer(question, value, language=facts.say.language))
    return facts.words("contest_level", level=value.get("level", 0))


def keep_own(scene: Scene) -> Turn:
    """Keep one's own answer after all."""
    place, value = scene.cursor.pending.contest or ("", None)
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
