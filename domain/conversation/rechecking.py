"""Looking again at what was copied or has changed: one place after the other, then the check page (F14, F33).

As with corrections each place is the form's own; this module only says which one comes next.
"""

from __future__ import annotations

from dataclasses import replace

from domain.conversation.cursor import Cursor, Scene, Turn, go_to, settled
from domain.conversation.pages import CHECK, LIST
from domain.conversation.question_message import Tags
from domain.draft.carry_over import REST
from domain.draft.facts import Ground, Said
from domain.message import Choice, Message
from domain.rules.form import Answers
from domain.texts import Marked, join

# Moves a person chooses: they lead where they say, and do not settle what one stands at.
CHOSEN = frozenset({"list", "check", "gaps", "j", "go", "leave", "help", "send", "back", "drop"})
SAME = "same"  # the move that says: the rest is as it was


def begin(ground: Ground, cursor: Cursor, answers: Answers, *, notice: str) -> Turn:
    """Show a copy that was just made: whether the rest is still the same, or a look at all of it first."""
    scene = settled(Scene(ground, replace(cursor, at=LIST), answers, Said()))
    here = Cursor(at=LIST, revision=cursor.revision + 1)
    tag = Tags(ground.innovation, LIST, here.revision)
    rows = (
        (Choice(ground.words("recheck_same"), tag(SAME)),),
        (Choice(ground.words("recheck_look"), tag("check")), Choice(ground.words("leave"), tag("leave"))),
    )
    return Turn(replace(scene.cursor, at=LIST, revision=here.revision), (Message(notice, rows),))


def enter(ground: Ground, cursor: Cursor, answers: Answers, *, notice: str = "") -> Turn:
    """Open the first place, or the check page when there is none."""
    return _open(settled(Scene(ground, cursor, answers, Said())), notice=notice)


def along(ground: Ground, before: Cursor, turn: Turn, answers: Answers, *, action: str) -> tuple[Turn, str]:
    """Lead on to the next place; returns the turn and the place that is settled by it, "" when none is.

    A place is settled when one leaves it forward: with a new answer, or with the old one kept.
    """
    moved = turn.cursor.revision != before.revision
    seen = before.at if before.at in ground.recheck else REST if action == SAME else ""
    if seen not in ground.recheck or turn.outcome or not moved or action in CHOSEN:
        return turn, ""
    left = replace(ground, recheck={place: why for place, why in ground.recheck.items() if place != seen})
    after = {name: value for name, value in {**answers, **turn.changes}.items() if value is not None}
    scene = Scene(left, before, after, Said())
    led = go_to(scene, CHECK) if before.back_to == CHECK else _open(scene)
    return replace(led, changes=turn.changes, cursor=replace(led.cursor, tapped=turn.cursor.tapped)), seen


def places(ground: Ground) -> list[str]:
    """The places to look at again, in the order of the form, the indicators behind it."""
    asked = [question.id for question in ground.form.in_year(ground.window.year)]
    indicators = [indicator.level_question for indicator in ground.indicators.indicators]
    return [place for place in (*asked, *indicators) if place in ground.recheck]


def next_place(scene: Scene) -> Turn | None:
    """Open the next place to look at again; None when there is none."""
    return _open(scene) if _left(scene) else None


def _open(scene: Scene, *, notice: str = "") -> Turn:
    ground, left = scene.ground, _left(scene)
    if not left:
        return go_to(scene, CHECK, notice=join((notice, ground.words("recheck_done"))))
    return go_to(scene, left[0], notice=join((notice, note(ground, left[0], len(left)))))


def _left(scene: Scene) -> list[str]:
    """The places that are open and apply."""
    indicators = {indicator.level_question for indicator in scene.ground.indicators.indicators}
    asked = {question.id for question in scene.asked} | indicators
    return [place for place in places(scene.ground) if place in asked]


def note(ground: Ground, place: str, left: int) -> Marked:
    """Say why a place is shown again, how many are left, and that keeping is one tap."""
    return ground.words(f"recheck_{ground.recheck[place]}", left=left)
