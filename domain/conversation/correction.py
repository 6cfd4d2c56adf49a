"""The correction of a returned innovation: its flagged places in order, then the check page (F30, B5).

It is no second form: each item is the form's own place, and this module only says which one comes next.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from domain.conversation.cursor import Cursor, Scene, Turn, go_to, settled
from domain.conversation.pages import CHECK
from domain.draft.facts import DraftFacts, Said
from domain.rules.form import Answers
from domain.texts import Marked, bold, join

# Moves a person chooses: they lead where they say. Everything else goes along the flagged items.
CHOSEN = frozenset({"list", "check", "gaps", "j", "e", "go", "leave", "help", "send"})


@dataclass(frozen=True, slots=True)
class Route:
    """The flagged places in the order of the form, each with the desk's reason."""

    places: tuple[str, ...]
    reasons: Mapping[str, str]


def enter(facts: DraftFacts, cursor: Cursor, *, answers: Answers, route: Route, at: str = "") -> Turn:
    """Open the item named, else the first one."""
    scene, route = settled(Scene(facts, cursor, answers, Said())), in_order(route, facts)
    return _open_place(scene, route, place=at if at in route.places else route.places[0])


def go_on(
    facts: DraftFacts, before: Cursor, *, turn: Turn, answers: Answers, route: Route, action: str
) -> Turn:
    """Lead on: where the form would go to its next question, go to the next flagged item, at the end to
    the check page.

    What the turn keeps is left as it is; a person who chooses another place is let go there.
    """
    moved = turn.cursor.at != before.at
    chosen = action in CHOSEN or before.back_to == CHECK
    if turn.outcome or not moved or chosen or before.at not in route.places:
        return turn
    route = in_order(route, facts)
    after = {name: value for name, value in {**answers, **turn.changes}.items() if value is not None}
    scene = Scene(facts, before, after, Said())
    number = route.places.index(before.at) + (-1 if action == "back" else 1)
    if 0 <= number < len(route.places):
        led = _open_place(scene, route, place=route.places[number])
    elif number < 0:
        led = _open_place(scene, route, place=route.places[0])
    else:
        led = go_to(scene, CHECK, notice=facts.words("correction_done", count=len(route.places)))
    return replace(led, changes=turn.changes, cursor=replace(led.cursor, tapped=turn.cursor.tapped))


def _open_place(scene: Scene, route: Route, *, place: str) -> Turn:
    return go_to(scene, place, notice=note(scene.facts, route, place=place))


def note(facts: DraftFacts, route: Route, *, place: str) -> Marked:
    """Say which of the items this is, and what the desk asks for."""
    count = facts.words("correction_count", n=route.places.index(place) + 1, all=len(route.places))
    return join((bold(count), facts.words("correction_reason", reason=route.reasons.get(place, ""))), by="\n")


def in_order(route: Route, facts: DraftFacts) -> Route:
    """Put the flagged places into the order of the form, the indicators behind it."""
    questions = [question.id for question in facts.form if question.id in route.places]
    indicators = [i.level_question for i in facts.indicators.indicators if i.level_question in route.places]
    return replace(route, places=(*questions, *indicators))
