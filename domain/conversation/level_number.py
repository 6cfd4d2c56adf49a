"""Reads the number that a level follows from, as "12 orang" or "lebih dari 5", and asks which is meant."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from domain.conversation.cursor import Scene, Turn, go_to, show_place
from domain.conversation.indicator_page import measure_of
from domain.conversation.indicator_turn import indicator_of, refused, tags, which
from domain.conversation.keep_level import ask_level, keep_basis, keep_level, take_tapped
from domain.conversation.level_words import plainer_number, same_units
from domain.conversation.pending import Pending
from domain.conversation.read_answer import explain_number
from domain.draft.facts import Refused
from domain.reading.number_surroundings import unit_of
from domain.reading.numbers import read_number, say_number
from domain.reading.regency import regency
from domain.reading.result import Ambiguous, Bound, Understood
from domain.rules.indicators import Indicator, LevelAnswer, Measure

PEOPLE = "orang"  # the unit of a count of people


def take_number(indicator: Indicator, measure: Measure, *, text: str, scene: Scene) -> Turn | None:
    """Read the number a level follows from; None when it is no number.

    Another unit or an approximation is asked back; a bound takes the level whose numbers it allows.
    """
    units = (measure.unit.id, measure.unit.en, *same_units(measure.unit.id))
    match read_number(plainer_number(text, unit=measure.unit.id), units=units):
        case Understood(value=value, sure=True):
            asked = _ask_whether_choice(indicator, text, scene=scene)
            asked = asked or _ask_whether_place(indicator, text, scene=scene)
            return asked or take_measured(indicator, value, scene=scene)
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
    smallest = Decimal(1).scaleb(-measure.decimals)
    if bound in (Bound.OVER, Bound.AT_LEAST):
        return (value + smallest if bound is Bound.OVER else value), None
    return None, (value - smallest if bound is Bound.UNDER else value)


def _take_bounded(indicator: Indicator, levels: tuple[int, ...], *, value: Decimal, scene: Scene) -> Turn:
    """Take the one level a bound leaves, or ask which; the bound itself is no number to be kept."""
    if not levels:
        return refused(scene, Refused("ind_no_band", {"number": say_number(value, scene.facts.say.language)}))
    if len(levels) > 1:
        return ask_level(indicator, tuple(map(str, levels)), scene=scene)
    return take_tapped(str(levels[0]), scene)


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
    readings = [(f"{say_number(value, language)}{unit}", tag("c", str(n))) for n, value in enumerate(values)]
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
    return _ask_number_or_place(bare, other, measure=measure, scene=scene)


def _ask_number_or_place(bare: str, other: Indicator, *, measure: Measure, scene: Scene) -> Turn:
    tag = tags(scene)
    cursor = replace(scene.cursor, pending=Pending(numbers=(bare,)))
    elsewhere = scene.facts.words("ind_opens", name=scene.facts.place_name(other.level_question))
    readings = [(f"{bare} {measure.unit.in_(scene.facts.say.language)}", tag("c", "0"))]
    readings.append((elsewhere, tag("j", other.level_question)))
    return which(replace(scene, cursor=cursor), readings)


def _ask_whether_choice(indicator: Indicator, text: str, *, scene: Scene) -> Turn | None:
    """Ask whether a bare number is the number itself, or counts the readings that were asked about just
    before; None where it can only be one of the two.
    """
    bare, measure = text.strip().rstrip("."), measure_of(indicator, scene.answers)
    asked = scene.cursor.pending.numbers
    if not asked or scene.cursor.pending.meant or measure is None or not bare.isdecimal() or bare in asked:
        return None
    at = int(bare) - 1
    if 0 <= at < len(asked):
        return _ask_which((Decimal(bare), Decimal(asked[at])), scene)
    other = scene.facts.indicators.by_no.get(int(asked[0])) if len(asked) == 1 else None
    if at != 1 or other is None:
        return None
    return _ask_number_or_place(bare, other, measure=measure, scene=scene)


def _is_out_of_proportion(indicator: Indicator, number: Decimal, *, scene: Scene) -> bool:
    """Whether a count is larger than what is usual, or than the people whom the office serves."""
    measure = measure_of(indicator, scene.answers)
    most = regency().most.get(indicator.key)
    if most is None and measure is not None and measure.unit.id == PEOPLE:
        most = scene.facts.people()
    return most is not None and number > most


def take_measured(indicator: Indicator, number: Decimal, *, scene: Scene, confirmed: bool = False) -> Turn:
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
    kept: LevelAnswer = {"level": level, **keep_basis(indicator, scene), "number": format(number, "f")}
    return keep_level(scene, indicator, value=kept)
