"""What a text typed at an indicator names: a level, a basis, a kind, or a basis by what it counts."""

from __future__ import annotations

from domain.conversation.cursor import Scene
from domain.conversation.indicator_page import levels_of
from domain.conversation.level_words import SaidLevels, plainer_number, read_levels
from domain.message import plain
from domain.reading.names import Name, find
from domain.reading.number_surroundings import unit_of
from domain.reading.numbers import read_number
from domain.reading.result import Ambiguous, NotUnderstood, Understood
from domain.rules.indicators import Basis, Indicator


def find_meant(
    indicator: Indicator, text: str, *, scene: Scene
) -> Understood[str] | Ambiguous[str] | NotUnderstood:
    """Return the level whose own words were typed, or the words people have for it."""
    names = [
        Name(str(n), (words.id, words.en, *indicator.synonyms[n - 1]))
        for n, words in enumerate(levels_of(indicator, scene.answers), 1)
    ]
    # "T-1 atau T-2" and "T-1 dan T-2" differ only in a word that finding leaves away
    whole = [name.key for name in names if text.strip().casefold() in map(str.casefold, name.labels)]
    if len(whole) == 1:
        return Understood(whole[0], True, text)
    said = read_said(indicator, text, scene=scene)
    if said is None:
        return find(plain(text), names)
    levels = tuple(map(str, said.levels))
    return Understood(levels[0], True, text) if said.sure else Ambiguous(levels, text)


def read_said(indicator: Indicator, text: str, *, scene: Scene) -> SaidLevels | None:
    basis = indicator.basis(scene.answers)
    key = f"{indicator.key}.{basis.id}" if basis else indicator.key
    return read_levels(key, plain(text), year=scene.facts.window.year)


def names_choice(indicator: Indicator, text: str, *, scene: Scene) -> bool:
    """Whether a text is the name of something to choose at an indicator."""
    bases = [Name(b.id, (b.label.id, b.label.en)) for b in indicator.bases]
    options = scene.facts.form.by_id[indicator.variants[0].question].options if indicator.variants else ()
    kinds = [Name(o.id, (o.label.id, o.label.en, *o.synonyms)) for o in options]
    readings = (
        find(plain(text), bases),
        find(plain(text), kinds),
        find_meant(indicator, text, scene=scene),
    )
    return any(isinstance(reading, Understood) for reading in readings)


def find_basis_counted(indicator: Indicator, text: str, *, scene: Scene) -> Basis | None:
    """Find the one basis that counts in the unit that was typed: "250 orang" are people who benefit."""
    if scene.cursor.pending.basis or indicator.basis(scene.answers) is not None:
        return None
    units = [basis.measure.unit.id for basis in indicator.bases]
    read = read_number(plainer_number(text, unit=""), units=units)
    unit = read.unit if isinstance(read, Understood) and read.sure else ""
    counting = [basis for basis in indicator.bases if unit and unit == unit_of(basis.measure.unit.id)]
    return counting[0] if len(counting) == 1 else None
