"""Keeps the level of an indicator and says what it is worth."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from domain.conversation import indicator_letter
from domain.conversation.cursor import Scene, Turn, show_place
from domain.conversation.indicator_page import levels_of, measure_of
from domain.conversation.indicator_turn import calm, completed, indicator_of, kept, say, tags, which
from domain.conversation.pages import CHECK
from domain.reading.numbers import say_number
from domain.rules.indicators import Indicator, LevelAnswer
from domain.texts import join

TYPED = ("0", "1", "2", "3")  # levels by their number; 0 takes one away


def keep_level(scene: Scene, indicator: Indicator, *, value: LevelAnswer | None) -> Turn:
    """Keep a level and say what it did to the score, in points."""
    facts, question = scene.facts, indicator.level_question
    answers = {name: value_of for name, value_of in scene.answers.items() if name != question}
    if value is not None:
        answers[question] = value
    before = facts.indicators.maturity(facts.indicators.levels(scene.answers))
    after = facts.indicators.maturity(facts.indicators.levels(answers))
    moved = calm(replace(scene, answers=answers))
    changes = {question: value} if value != scene.answers.get(question) else {}
    notice = join(
        (write_note(indicator, value, scene=moved), _say_score(before, after, scene=moved)), by="\n"
    )
    turn = indicator_letter.asked_still(moved, scene.cursor.pending, notice=notice)
    if turn is None:
        turn = _show_kept(moved, notice) if (value or {}).get("level") else say(moved, notice)
    return replace(turn, changes=changes)


def _show_kept(scene: Scene, notice: str) -> Turn:
    """Lead back to the check page one came from to complete it, else say what it still needs."""
    return completed(scene, notice) if scene.cursor.back_to == CHECK else kept(scene, notice, level=False)


def write_note(indicator: Indicator, value: LevelAnswer | None, *, scene: Scene) -> str:
    """Say which level was kept, with the number it follows from; or that only a basis is, or nothing."""
    facts, level = scene.facts, (value or {}).get("level", 0)
    if not level:
        return facts.words("ind_basis_chosen" if value else "ind_cleared")
    measure, number = measure_of(indicator, scene.answers), ""
    if measure is not None and value and "number" in value:
        unit = measure.unit.in_(facts.say.language)
        number = f" ({say_number(Decimal(value['number']), facts.say.language)} {unit})"
    return facts.words("ind_noted", no=indicator.no, level=level, number=number)


def _say_score(before: int, after: int, *, scene: Scene) -> str:
    """Say how the score moved, with what it means for the regency; nothing when it did not move."""
    if before == after:
        return ""
    difference = f"+{after - before}" if after > before else f"−{before - after}"
    moved = scene.facts.words("score_moved", before=before, after=after, difference=difference)
    return join((moved, scene.facts.outlook(before, after)), by="\n")


def tapped(scene: Scene) -> Turn:
    """Keep the level of a button; 0 clears it."""
    indicator, value = indicator_of(scene), scene.said.value
    if indicator is None or value not in TYPED or not levels_of(indicator, scene.answers):
        return show_place(scene)
    basis = keep_basis(indicator, scene)
    level: LevelAnswer = {"level": int(value), **basis}
    return keep_level(scene, indicator, value=level if value != "0" else basis or None)


def keep_basis(indicator: Indicator, scene: Scene) -> LevelAnswer:
    """Begin a level with the basis it is counted on; without any where there is one way to count."""
    basis = indicator.basis(scene.answers)
    return {"basis": basis.id} if basis else {}


def take_tapped(level: str, scene: Scene) -> Turn:
    """Keep a level as if its button had been tapped."""
    return tapped(replace(scene, said=replace(scene.said, value=level)))


def ask_level(indicator: Indicator, levels: tuple[str, ...], *, scene: Scene) -> Turn:
    """Ask which of these levels is meant."""
    words, tag = levels_of(indicator, scene.answers), tags(scene)
    language = scene.facts.say.language
    return which(scene, [(f"{n} · {words[int(n) - 1].in_(language)}", tag("lv", n)) for n in levels])
