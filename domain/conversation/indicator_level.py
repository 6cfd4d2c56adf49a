"""Choosing the level of an indicator: by tap, by word, or by the number it follows from."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from domain.conversation import indicator_letter
from domain.conversation.cursor import Scene, Turn, go_to, show_place
from domain.conversation.indicator_page import basis_rows, measure_of, undecided
from domain.conversation.indicator_turn import calm, indicator_of, refused, say, tags, which
from domain.conversation.keep_level import TYPED, ask_level, keep_level, take_tapped, write_note
from domain.conversation.level_meant import find_basis_counted, find_meant, read_said
from domain.conversation.level_number import take_measured, take_number
from domain.conversation.level_words import may_be_level, named_level
from domain.conversation.pending import Pending
from domain.draft.facts import Refused
from domain.message import Choice, Message, plain
from domain.reading.names import Name, find
from domain.reading.result import Ambiguous, Understood
from domain.rules.indicators import Indicator, LevelAnswer, Measure


def captioned(indicator: Indicator, scene: Scene) -> tuple[LevelAnswer, str] | None:
    """Read the level that stands below a file, as "2" or "12 orang", with what is to be said of it; None
    where one is chosen already, and where the caption says anything else.
    """
    text, question = plain(scene.said.caption).strip(), indicator.level_question
    if indicator.level(scene.answers) or not may_be_level(text):
        return None
    if undecided(indicator, scene.answers) and find_basis_counted(indicator, text, scene=scene) is None:
        return None
    value = typed(indicator, text, scene=calm(scene)).changes.get(question)
    if not value:
        return None
    return value, write_note(
        indicator, value, scene=replace(scene, answers={**scene.answers, question: value})
    )


def basis_tapped(scene: Scene) -> Turn:
    """Keep the basis of indicator 33; a change of basis clears the level of the former one."""
    indicator, value = indicator_of(scene), scene.said.value
    if indicator is None or value not in ("0", *(basis.id for basis in indicator.bases)):
        return show_place(scene)
    if value == "0":
        return _ask_basis(indicator, scene)
    current = indicator.basis(scene.answers)
    if current is not None and current.id == value:
        return show_place(calm(scene))
    return keep_level(scene, indicator, value={"basis": value})


def _ask_basis(indicator: Indicator, scene: Scene) -> Turn:
    """Ask for another basis; level and basis stay until one is chosen."""
    cursor, words = replace(scene.cursor, pending=Pending(basis=True)), scene.facts.words
    rows = (
        *basis_rows(indicator, scene.facts, tag=tags(scene)),
        (Choice(words("replace_no"), tags(scene)("no")),),
    )
    return Turn(cursor, (Message(words("ind_choose_basis"), rows),))


def variant_tapped(scene: Scene) -> Turn:
    """Keep the kind of innovation where an indicator is asked by it (30); it is an answer of the form."""
    indicator, value = indicator_of(scene), scene.said.value
    variant = next((v for v in indicator.variants if v.answer == value), None) if indicator else None
    if variant is None:
        return show_place(scene)
    answered = calm(replace(scene, answers={**scene.answers, variant.question: variant.answer}))
    turn = indicator_letter.asked_still(answered, scene.cursor.pending, notice="") or say(answered, "")
    return replace(turn, changes={variant.question: variant.answer})


def typed(indicator: Indicator, text: str, *, scene: Scene) -> Turn:
    """Read "3", "level 3", "perda", or the number the level follows from; another indicator's name leads
    there.
    """
    if indicator.variants and indicator.variant(scene.answers) is None:
        return _take_typed_variant(indicator, text, scene=scene)
    if indicator.bases and (scene.cursor.pending.basis or indicator.basis(scene.answers) is None):
        return _take_typed_basis(indicator, text, scene=scene)
    word, measure = text.casefold().strip().rstrip(".!"), measure_of(indicator, scene.answers)
    if named := named_level(word):
        return take_tapped(named, scene)
    if measure is None and word in TYPED:
        return take_tapped(word, scene)
    meant = find_meant(indicator, text, scene=scene)
    if isinstance(meant, Understood):
        return take_tapped(meant.value, scene)
    if measure is not None and (turn := take_number(indicator, measure, text=text, scene=scene)) is not None:
        return turn
    named_beside = isinstance(meant, Ambiguous) and read_said(indicator, text, scene=scene) is not None
    if isinstance(meant, Ambiguous) and (measure is None or named_beside):
        return ask_level(indicator, meant.candidates, scene=scene)
    return _lead_elsewhere(word, measure, text=text, scene=scene)


def _lead_elsewhere(word: str, measure: Measure | None, *, text: str, scene: Scene) -> Turn:
    """Go to the indicator whose name or number was typed where it is no level; else say what is wanted."""
    if (place := _find_elsewhere(text, scene)) is not None:
        return go_to(scene, place)
    if measure is not None:
        return refused(scene, Refused("ind_want_number", {"ask": measure.ask.in_(scene.facts.say.language)}))
    if word.isdecimal() and len(word) == 2 and int(word) in scene.facts.indicators.by_no:
        return go_to(scene, f"i{word}")  # no level, so it names an indicator
    return refused(scene, Refused("ind_level_unknown"))


def number_chosen(scene: Scene) -> Turn:
    """Keep one of several readings of a number."""
    indicator = indicator_of(scene)
    numbers = scene.cursor.pending.numbers
    value = scene.said.value
    if indicator is None or not value.isdecimal() or int(value) >= len(numbers):
        return show_place(scene)
    return take_measured(indicator, Decimal(numbers[int(value)]), scene=calm(scene), confirmed=True)


def _find_elsewhere(text: str, scene: Scene) -> str | None:
    """Return another indicator whose whole name was typed, None when it is none."""
    names = [Name(i.level_question, (i.name.id, i.name.en, i.key)) for i in scene.facts.indicators.indicators]
    understood = find(plain(text), names)
    return (
        understood.value
        if isinstance(understood, Understood) and understood.value != scene.cursor.at
        else None
    )


def _take_typed_basis(indicator: Indicator, text: str, *, scene: Scene) -> Turn:
    if (counted := find_basis_counted(indicator, text, scene=scene)) is not None:
        answers = {**scene.answers, indicator.level_question: {"basis": counted.id}}
        scene = replace(scene, answers=answers)
        return take_number(indicator, counted.measure, text=text, scene=scene) or show_place(scene)
    basis_id = text.strip().casefold().removeprefix("basis ").rstrip(".)")
    if basis_id not in [basis.id for basis in indicator.bases]:
        understood = find(text, [Name(b.id, (b.label.id, b.label.en)) for b in indicator.bases])
        if isinstance(understood, Ambiguous) and len(understood.candidates) > 1:
            return _ask_which_basis(indicator, understood.candidates, scene=scene)
        known = understood.candidates[0] if isinstance(understood, Ambiguous) else ""
        basis_id = understood.value if isinstance(understood, Understood) else known
    if not basis_id:
        place = _find_elsewhere(text, scene)
        return go_to(scene, place) if place else refused(scene, Refused("ind_basis_unknown"))
    return basis_tapped(replace(scene, said=replace(scene.said, value=basis_id)))


def _take_typed_variant(indicator: Indicator, text: str, *, scene: Scene) -> Turn:
    """Read the kind of innovation as the form's own question would."""
    question = scene.facts.form.by_id[indicator.variants[0].question]
    names = [Name(o.id, (o.label.id, o.label.en, *o.synonyms)) for o in question.options]
    numbers = {str(n): option.id for n, option in enumerate(question.options, 1)}
    understood = find(plain(text), names)
    chosen = (
        understood.value if isinstance(understood, Understood) else numbers.get(text.strip().rstrip("."), "")
    )
    if not chosen:
        return refused(scene, Refused("ind_variant_unknown"))
    return variant_tapped(replace(scene, said=replace(scene.said, value=chosen)))


def _ask_which_basis(indicator: Indicator, ids: tuple[str, ...], *, scene: Scene) -> Turn:
    language, tag = scene.facts.say.language, tags(scene)
    labels = [(b.id, b.label.in_(language)) for b in indicator.bases if b.id in ids]
    return which(scene, [(f"{basis_id} · {label}", tag("ba", basis_id)) for basis_id, label in labels])
