"""Choosing the level of an indicator: by tap, by word, or by the number it follows from."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from domain.conversation import indicator_letter
from domain.conversation.cursor import Scene, Turn, go_to, show_place
from domain.conversation.indicator_page import basis_rows, levels_of, measure_of, undecided
from domain.conversation.indicator_turn import (
    calm,
    completed,
    indicator_of,
    kept,
    refused,
    say,
    tags,
    which,
)
from domain.conversation.level_meant import find_basis_counted, find_meant, read_said
from domain.conversation.level_words import may_be_level, named_level, plainer_number, same_units
from domain.conversation.pending import Pending
from domain.conversation.read_answer import explain_number
from domain.draft.facts import Refused
from domain.message import Choice, Message, plain
from domain.reading.names import Name, find
from domain.reading.number_surroundings import unit_of
from domain.reading.numbers import read_number, say_number
from domain.reading.regency import regency
from domain.reading.result import Ambiguous, Bound, Understood
from domain.rules.indicators import Indicator, LevelAnswer, Measure
from domain.texts import join

_TYPED = ("0", "1", "2", "3")
PEOPLE = "orang"  # the unit of a count of people


def tapped(scene: Scene) -> Turn:
    """Keep the level of a button; 0 clears it."""
    indicator, value = indicator_of(scene), scene.said.value
    if indicator is None or value not in _TYPED or not levels_of(indicator, scene.answers):
        return show_place(scene)
    basis = _keep_basis(indicator, scene)
    level: LevelAnswer = {"level": int(value), **basis}
    return _keep_level(scene, indicator, value=level if value != "0" else basis or None)


def _keep_basis(indicator: Indicator, scene: Scene) -> LevelAnswer:
    """Begin a level with the basis it is counted on; without any where there is one way to count."""
    basis = indicator.basis(scene.answers)
    return {"basis": basis.id} if basis else {}


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
    return value, _write_note(
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
    return _keep_level(scene, indicator, value={"basis": value})


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
        return _take_tapped(named, scene)
    if measure is None and word in _TYPED:
        return _take_tapped(word, scene)
    meant = find_meant(indicator, text, scene=scene)
    if isinstance(meant, Understood):
        return _take_tapped(meant.value, scene)
    if measure is not None and (turn := _take_number(indicator, measure, text=text, scene=scene)) is not None:
        return turn
    named_beside = isinstance(meant, Ambiguous) and read_said(indicator, text, scene=scene) is not None
    if isinstance(meant, Ambiguous) and (measure is None or named_beside):
        return _ask_level(indicator, meant.candidates, scene=scene)
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
    return _take_measured(indicator, Decimal(numbers[int(value)]), scene=calm(scene), confirmed=True)


def _take_tapped(level: str, scene: Scene) -> Turn:
    return tapped(replace(scene, said=replace(scene.said, value=level)))


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
        return _take_number(indicator, counted.measure, text=text, scene=scene) or show_place(scene)
    letter = text.strip().casefold().removeprefix("basis ").rstrip(".)")
    if letter not in [basis.id for basis in indicator.bases]:
        understood = find(text, [Name(b.id, (b.label.id, b.label.en)) for b in indicator.bases])
        if isinstance(understood, Ambiguous) and len(understood.candidates) > 1:
            return _ask_which_basis(indicator, understood.candidates, scene=scene)
        known = understood.candidates[0] if isinstance(understood, Ambiguous) else ""
        letter = understood.value if isinstance(understood, Understood) else known
    if not letter:
        place = _find_elsewhere(text, scene)
        return go_to(scene, place) if place else refused(scene, Refused("ind_basis_unknown"))
    return basis_tapped(replace(scene, said=replace(scene.said, value=letter)))


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


def _ask_level(indicator: Indicator, levels: tuple[str, ...], *, scene: Scene) -> Turn:
    words, tag = levels_of(indicator, scene.answers), tags(scene)
    language = scene.facts.say.language
    return which(scene, [(f"{n} · {words[int(n) - 1].in_(language)}", tag("lv", n)) for n in levels])


def _ask_which_basis(indicator: Indicator, letters: tuple[str, ...], *, scene: Scene) -> Turn:
    language, tag = scene.facts.say.language, tags(scene)
    labels = [(b.id, b.label.in_(language)) for b in indicator.bases if b.id in letters]
    return which(scene, [(f"{letter} · {label}", tag("ba", letter)) for letter, label in labels])


def _take_number(indicator: Indicator, measure: Measure, *, text: str, scene: Scene) -> Turn | None:
    """Read the number a level follows from; None when it is no number.

    Another unit or an approximation is asked back; a bound takes the level whose numbers it allows.
    """
    units = (measure.unit.id, measure.unit.en, *same_units(measure.unit.id))
    match read_number(plainer_number(text, unit=measure.unit.id), units=units):
        case Understood(value=value, sure=True):
            return _ask_whether_place(indicator, text, scene=scene) or _take_measured(
                indicator, value, scene=scene
            )
        case Understood(value=value, unit=unit, per="", bound=bound) if bound.limits and (
            unit in ("", *map(unit_of, units))
        ):
            return _take_bounded(
                indicator,
                measure.levels_within(*_read_ends(value, bound, measure=measure)),
                value=value,
                scene=scene,
            )
        case Understood(value=value) as understood:
            why = explain_number(understood, measure.unit, facts=scene.facts, per="ind_number_per")
            many = _is_out_of_proportion(indicator, value, scene=scene)
            return _ask_which(
                (value,), scene, why=why or (scene.facts.words("ind_very_many") if many else "")
            )
        case Ambiguous(candidates=candidates):
            fitting = tuple(value for value in candidates if _fits(value, measure) and measure.level(value))
            return _ask_which(fitting or tuple(candidates), scene)
    return None


def _read_ends(value: Decimal, bound: Bound, *, measure: Measure) -> tuple[Decimal | None, Decimal | None]:
    """Give the lowest and the highest number a bound allows: more than 30 people begins at 31."""
    step = Decimal(1).scaleb(-measure.decimals)
    if bound in (Bound.OVER, Bound.AT_LEAST):
        return (value + step if bound is Bound.OVER else value), None
    return None, (value - step if bound is Bound.UNDER else value)


def _take_bounded(indicator: Indicator, levels: tuple[int, ...], *, value: Decimal, scene: Scene) -> Turn:
    """Take the one level a bound leaves, or ask which; the bound itself is no number to be kept."""
    if not levels:
        return refused(scene, Refused("ind_no_band", {"number": say_number(value, scene.facts.say.language)}))
    if len(levels) > 1:
        return _ask_level(indicator, tuple(map(str, levels)), scene=scene)
    return _take_tapped(str(levels[0]), scene)


def _fits(number: Decimal, measure: Measure) -> bool:
    """Tell whether a number has at most the decimals of the measure."""
    exponent = number.normalize().as_tuple().exponent
    return not isinstance(exponent, int) or -exponent <= measure.decimals


def _ask_which(values: tuple[Decimal, ...], scene: Scene, *, why: str = "") -> Turn:
    cursor = replace(scene.cursor, pending=Pending(numbers=tuple(format(value, "f") for value in values)))
    indicator = indicator_of(scene)
    language = scene.facts.say.language
    tag = tags(scene)
    measure = measure_of(indicator, scene.answers) if indicator else None
    unit = f" {measure.unit.in_(language)}" if measure else ""
    readings = [(f"{say_number(value, language)}{unit}", tag("c", n)) for n, value in enumerate(values)]
    return which(replace(scene, cursor=cursor), readings, why=why)


def _ask_whether_place(indicator: Indicator, text: str, *, scene: Scene) -> Turn | None:
    """Ask whether a bare number is the count, or the number of an indicator; one that can hardly be a count
    opens it. None for any other.
    """
    bare, measure = text.strip().rstrip("."), measure_of(indicator, scene.answers)
    other = scene.facts.indicators.by_no.get(int(bare)) if bare.isdecimal() and len(bare) == 2 else None
    if other is None or measure is None or scene.said.caption:
        return None
    if _is_out_of_proportion(indicator, Decimal(bare), scene=scene):
        return go_to(scene, other.level_question)
    if other is indicator:
        return _ask_which((Decimal(bare),), scene)
    language, tag = scene.facts.say.language, tags(scene)
    cursor = replace(scene.cursor, pending=Pending(numbers=(bare,)))
    elsewhere = scene.facts.words("ind_opens", name=scene.facts.place_name(other.level_question))
    readings = [(f"{bare} {measure.unit.in_(language)}", tag("c", 0))]
    readings.append((elsewhere, tag("j", other.level_question)))
    return which(replace(scene, cursor=cursor), readings)


def _is_out_of_proportion(indicator: Indicator, number: Decimal, *, scene: Scene) -> bool:
    """Whether a count is larger than what is usual, or than the people whom the office serves."""
    measure = measure_of(indicator, scene.answers)
    most = regency().most.get(indicator.key)
    if most is None and measure is not None and measure.unit.id == PEOPLE:
        most = scene.facts.people()
    return most is not None and number > most


def _take_measured(indicator: Indicator, number: Decimal, *, scene: Scene, confirmed: bool = False) -> Turn:
    """Take the level a number earns; the number is kept beside it. One out of proportion is asked back
    until it is confirmed.
    """
    measure = measure_of(indicator, scene.answers)
    if measure is None:
        return show_place(scene)
    if not confirmed and _is_out_of_proportion(indicator, number, scene=scene):
        return _ask_which((number,), scene, why=scene.facts.words("ind_very_many"))
    if not _fits(number, measure):
        return refused(scene, Refused("ind_two_decimals" if measure.decimals else "ind_whole"))
    level = measure.level(number)
    if level == 0:
        return refused(
            scene, Refused("ind_no_band", {"number": say_number(number, scene.facts.say.language)})
        )
    kept: LevelAnswer = {"level": level, **_keep_basis(indicator, scene), "number": format(number, "f")}
    return _keep_level(scene, indicator, value=kept)


def _keep_level(scene: Scene, indicator: Indicator, *, value: LevelAnswer | None) -> Turn:
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
        (_write_note(indicator, value, scene=moved), _say_score(before, after, scene=moved)), by="\n"
    )
    turn = indicator_letter.asked_still(moved, scene.cursor.pending, notice=notice)
    if turn is None:
        turn = _show_kept(moved, notice) if (value or {}).get("level") else say(moved, notice)
    return replace(turn, changes=changes)


def _show_kept(scene: Scene, notice: str) -> Turn:
    """Lead back where the person came from a list to complete this one, else say what it still needs."""
    return completed(scene, notice) if scene.cursor.back_to else kept(scene, notice, level=False)


def _write_note(indicator: Indicator, value: LevelAnswer | None, *, scene: Scene) -> str:
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
