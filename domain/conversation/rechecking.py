"""Looking again at what was copied or has changed, place by place, then the check page (F14, F33).

As with corrections each place is the form's own; this module only says which one comes next.
"""

from __future__ import annotations

from dataclasses import replace

from domain.conversation.cursor import Cursor, Scene, Turn, go_to, settled
from domain.conversation.pages import CHECK, LIST
from domain.conversation.question_message import Tags
from domain.draft.carry_over import REST
from domain.draft.facts import DraftFacts, Said
from domain.message import Choice, Message
from domain.rules.form import Answers
from domain.texts import Marked, join

# Moves a person chooses: they lead where they say, and do not settle what one stands at.
CHOSEN = frozenset({"list", "check", "gaps", "j", "go", "leave", "help", "send", "back", "drop"})
SAME = "same"  # the move that says: the rest is as it was


def begin(facts: DraftFacts, cursor: Cursor, *, answers: Answers, notice: str) -> Turn:
    """Show a copy that was just made: whether the rest is still the same, or a look at all of it first."""
    scene = settled(Scene(facts, replace(cursor, at=LIST), answers, Said()))
    revision = cursor.revision + 1
    tag = Tags(facts.innovation, LIST, revision)
    rows = (
        (Choice(facts.words("recheck_same"), tag(SAME)),),
        (Choice(facts.words("recheck_look"), tag("check")), Choice(facts.words("leave"), tag("leave"))),
    )
    return Turn(replace(scene.cursor, at=LIST, revision=revision), (Message(notice, rows),))


def enter(facts: DraftFacts, cursor: Cursor, *, answers: Answers, notice: str = "") -> Turn:
    """Open the first place, or the check page when there is none."""
    return _open_place(settled(Scene(facts, cursor, answers, Said())), notice=notice)


def go_on(
    facts: DraftFacts, before: Cursor, *, turn: Turn, answers: Answers, action: str
) -> tuple[Turn, str]:
    """Lead on to the next place; returns the turn and the place that is settled by it, "" when none is.

    A place is settled when one leaves it forward: with a new answer, or with the old one kept.
    """
    moved = turn.cursor.revision != before.revision
    usual = REST if action == SAME else ""
    seen = before.at if before.at in facts.recheck else usual
    if seen not in facts.recheck or turn.outcome or not moved or action in CHOSEN:
        return turn, ""
    left = replace(facts, recheck={place: why for place, why in facts.recheck.items() if place != seen})
    after = {name: value for name, value in {**answers, **turn.changes}.items() if value is not None}
    scene = Scene(left, before, after, Said())
    led = go_to(scene, CHECK) if before.back_to == CHECK else _open_place(scene)
    return replace(led, changes=turn.changes, cursor=replace(led.cursor, tapped=turn.cursor.tapped)), seen


def places(facts: DraftFacts) -> list[str]:
    """Return the places to look at again: in the order of the form, then the indicators."""
    asked = [question.id for question in facts.form.in_year(facts.window.year)]
    indicators = [indicator.level_question for indicator in facts.indicators.indicators]
    return [place for place in (*asked, *indicators) if place in facts.recheck]


def next_place(scene: Scene) -> Turn | None:
    """Open the next place to look at again; None when there is none."""
    return _open_place(scene) if _list_left(scene) else None


def _open_place(scene: Scene, *, notice: str = "") -> Turn:
    facts, left = scene.facts, _list_left(scene)
    if not left:
        return go_to(scene, CHECK, notice=join((notice, facts.words("recheck_done"))))
    return go_to(scene, left[0], notice=join((notice, note(facts, left[0], left=len(left)))))


def _list_left(scene: Scene) -> list[str]:
    """Return the places that are still open and apply."""
    indicators = {indicator.level_question for indicator in scene.facts.indicators.indicators}
    asked = {question.id for question in scene.asked} | indicators
    return [place for place in places(scene.facts) if place in asked]


def note(facts: DraftFacts, place: str, *, left: int) -> Marked:
    """Say why a place is shown again, how many are left, and that keeping is one tap."""
    return facts.words(f"recheck_{facts.recheck[place]}", left=left)
