"""The screens of the national portal in order, per rule year, and what exceeds its limits (iga.md 1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from domain.conversation.indicator_page import levels_of
from domain.conversation.read_answer import say_answer
from domain.conversation.read_files import say_size
from domain.draft.checks import count_words
from domain.draft.evidence import Piece, pieces_of, plain_value
from domain.rules.form import Answers, Form, Question, Words
from domain.rules.indicators import Indicator, IndicatorSet
from domain.rules.load import RulesError, read
from domain.texts import Marked, Say


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Item(_Strict):
    """One field of a screen: the questions it is filled from, and its limits."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,19}$")]
    questions: Annotated[tuple[str, ...], Field(min_length=1)]
    label: Words | None = None  # where it is not the question's own
    max_chars: int | None = None
    min_words: int | None = None
    kinds: tuple[str, ...] = ()  # of a file, by content
    max_bytes: int | None = None  # of one file


class Screen(_Strict):
    """Fields that stand together."""

    id: str
    title: Words
    items: Annotated[tuple[Item, ...], Field(alias="item", min_length=1)]


class Portal(_Strict):
    """The screens of some rule years; the indicators follow them by their numbers."""

    years: Annotated[tuple[int, ...], Field(min_length=1)]
    source: str
    indicators: Words  # title of the screen of the indicators
    letter: bool = True  # whether each piece of evidence is asked its number, date and subject
    screens: Annotated[tuple[Screen, ...], Field(alias="screen", min_length=1)]

    @model_validator(mode="after")
    def _each_once(self) -> Portal:
        ids = [item.id for screen in self.screens for item in screen.items]
        if len(set(ids)) != len(ids):
            raise ValueError("an item's id stands twice")
        return self


@dataclass(frozen=True, slots=True)
class Misfit:
    """What the portal will not take, as a key of words and its parameters."""

    key: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """One field as it is to be filled in."""

    id: str  # the item's, or "i16"
    screen: int  # from 1
    label: str
    text: str  # what is typed or chosen there; "" when nothing is
    files: tuple[Piece, ...]
    misfits: tuple[Misfit, ...]
    value: Any  # what it was made from, to know later whether it has changed

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to carry over."""
        return not (self.text or self.files)


def titles(portal: Portal, language: str) -> tuple[str, ...]:
    """Name the screens in their order, the indicators last."""
    return (*(screen.title.in_(language) for screen in portal.screens), portal.indicators.in_(language))


def entries(
    portal: Portal, form: Form, *, indicators: IndicatorSet, answers: Answers, language: str
) -> Iterator[Entry]:
    """Walk everything to be filled in, in the order of the screens.

    A question that is asked only under a condition, and was not answered, has no place there.
    """
    for number, screen in enumerate(portal.screens, 1):
        for item in screen.items:
            questions = [form.by_id[name] for name in item.questions]
            if any(q.id in answers for q in questions) or not all(q.when for q in questions):
                yield _make_entry(item, questions, screen=number, answers=answers, language=language)
    for indicator in indicators.indicators:
        yield _make_indicator_entry(
            portal, indicator, screen=len(portal.screens) + 1, answers=answers, language=language
        )


def _make_entry(
    item: Item, questions: Sequence[Question], *, screen: int, answers: Answers, language: str
) -> Entry:
    label = item.label.in_(language) if item.label else questions[0].label.in_(language)
    pieces = [piece for question in questions for piece in pieces_of(answers.get(question.id))]
    words = [
        say_answer(q, answers[q.id], language=language)
        for q in questions
        if q.kind != "file" and q.id in answers
    ]
    text = "\n\n".join([*words, *(piece.url for piece in pieces if piece.url)])
    files = tuple(piece for piece in pieces if piece.is_file)
    value = [plain_value(answers.get(q.id)) for q in questions]
    return Entry(item.id, screen, label, text, files, tuple(_find_misfits(item, text, pieces=files)), value)


def _find_misfits(item: Item, text: str, *, pieces: Sequence[Piece]) -> Iterator[Misfit]:
    if item.max_chars and len(text) > item.max_chars:
        yield Misfit("long", {"length": len(text), "limit": item.max_chars})
    if item.min_words and text and (words := count_words(text)) < item.min_words:
        yield Misfit("words", {"words": words, "limit": item.min_words})
    for piece in pieces:
        if item.kinds and piece.kind not in item.kinds:
            yield Misfit("kind", {"name": piece.name, "kinds": ", ".join(item.kinds).upper()})
        if item.max_bytes and piece.size > item.max_bytes:
            yield Misfit("big", {"name": piece.name, "size": piece.size, "limit": item.max_bytes})


def _make_indicator_entry(
    portal: Portal, indicator: Indicator, *, screen: int, answers: Answers, language: str
) -> Entry:
    level, pieces = indicator.level(answers), pieces_of(answers.get(indicator.evidence_question))
    levels = levels_of(indicator, answers)
    chosen = [f"{level} · {levels[level - 1].in_(language)}"] if level and levels else []
    files = tuple(piece for piece in pieces if piece.is_file)
    text = "\n".join([*chosen, *(piece.url for piece in pieces if piece.url)])
    star = "*" if indicator.mandatory else ""
    label = f"{indicator.no}{star} · {indicator.name.in_(language)}"
    value = [answers.get(indicator.level_question), [piece.to_json() for piece in pieces]]
    misfits = tuple(_find_evidence_misfits(portal, indicator, level=level, pieces=pieces))
    return Entry(indicator.level_question, screen, label, text, files, misfits, value)


def _find_evidence_misfits(
    portal: Portal, indicator: Indicator, *, level: int, pieces: Sequence[Piece]
) -> Iterator[Misfit]:
    if level and not pieces:
        yield Misfit("no_evidence")
    if indicator.mandatory and not level:
        yield Misfit("mandatory")
    for piece in pieces:
        if not piece.is_file:
            continue
        if piece.kind not in indicator.kinds:
            yield Misfit("kind", {"name": piece.name, "kinds": ", ".join(indicator.kinds).upper()})
        if portal.letter and indicator.letter and not piece.letter.is_whole:
            yield Misfit("letter", {"name": piece.name})


def say_misfit(say: Say, misfit: Misfit) -> Marked:
    """Say what the portal will not take, sizes in words."""
    params = {
        name: say_size(value, say.language) if name in ("size", "limit") and misfit.key == "big" else value
        for name, value in misfit.params.items()
    }
    return say(f"portal.{misfit.key}", **params)


@cache
def load_portals() -> Mapping[int, Portal]:
    """Read the packaged portal orders, by rule year; raises RulesError naming file, key, value and
    expectation.
    """
    portals: dict[int, Portal] = {}
    for entry in sorted((files("domain") / "data" / "portal").iterdir(), key=lambda entry: entry.name):
        if not entry.name.endswith(".toml"):
            continue
        name = f"portal/{entry.name}"
        portal = read(Portal, entry.read_text(encoding="utf-8"), name=name)
        for year in portal.years:
            if year in portals:
                raise RulesError(f"{name}: years: found {year}, which another file has")
            portals[year] = portal
    return portals


def check_years(portals: Mapping[int, Portal], years: Iterable[int]) -> None:
    """Check that every rule year has its order of the portal; raises RulesError naming the first without."""
    if missing := sorted(set(years) - set(portals)):
        raise RulesError(f"portal/: years: found none for {missing[0]}, expected a file for every rule year")
