"""What the desk knows, as data: terms, process, rights, and every question and indicator by its own help."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, RootModel, model_validator

from domain.knowledge.explained import (
    Explained,
    explain_indicator,
    explain_question,
    list_indicator_texts,
    list_question_texts,
)
from domain.rules.form import Form, Words
from domain.rules.indicators import IndicatorSet
from domain.rules.load import RulesError, read

FOLDER = "knowledge"
WRITTEN = ("terms.toml", "process.toml", "roles.toml", "desk.toml")  # whose entries bring their own answer
FORM_WORDS = "form_words.toml"
Fact = Literal[
    "deadline", "contact", "own_state", "not_sent", "why_moved", "here", "figure",
    "own_scores", "order", "if_raised", "every_monday", "earlier_years",
]  # fmt: skip


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Entry(_Strict):
    """One thing that is asked about: its answer, or the fact that is read from the tables."""

    key: str = ""  # filled in by the loader
    title: Words
    answer: Words | None = None
    for_desk: Words | None = None  # what the desk itself is told instead
    fact: Fact | None = None
    asks: Annotated[tuple[str, ...], Field(min_length=1)]  # other words it is asked by, in any language
    texts: tuple[str, ...] = ()  # beside its answer: what the form says of it, filled in by the loader

    def list_texts(self) -> tuple[str, ...]:
        """List all that is said of it, by which it can be found where nobody wrote down the words."""
        said = (self.title, self.answer, self.for_desk)
        return (*(text for words in said if words for text in (words.id, words.en)), *self.texts)

    def answer_for(self, *, desk: bool) -> Words | None:
        """The answer as the desk or anybody else is given it; None where a fact is read."""
        return self.for_desk if desk and self.for_desk is not None else self.answer

    @model_validator(mode="after")
    def _is_answered_once(self) -> Entry:
        if (self.answer is None) == (self.fact is None):
            raise ValueError("expected either answer or fact")
        return self


class _Written(RootModel[dict[Annotated[str, Field(pattern=r"^[a-z_]{2,20}$")], Entry]]):
    """The entries of one file by their keys."""


class _FormWords(_Strict):
    """Other words for questions and indicators, by their keys."""

    question: Mapping[str, tuple[str, ...]]
    indicator: Mapping[str, tuple[str, ...]]


def load_entries(form: Form, indicators: Iterable[IndicatorSet]) -> Mapping[str, Entry]:
    """Read every entry by its key; those of questions and indicators repeat the help the form gives.

    Raises RulesError naming file and key.
    """
    entries = dict(_load_written())
    words = _read(_FormWords, FORM_WORDS)
    for entry in (*_from_form(form, words), *_from_indicators(indicators, words)):
        entries[entry.key] = entry
    return entries


@cache
def _load_written() -> Mapping[str, Entry]:
    entries: dict[str, Entry] = {}
    for name in WRITTEN:
        for key, entry in _read(_Written, name).root.items():
            if key in entries:
                raise RulesError(f"{FOLDER}/{name}: {key}: found twice, expected each key once")
            entries[key] = entry.model_copy(update={"key": key})
    return entries


Model = TypeVar("Model", _Written, _FormWords)


def _read(model: type[Model], name: str) -> Model:
    text = (files("domain") / "data" / FOLDER / name).read_text(encoding="utf-8")
    return read(model, text, name=f"{FOLDER}/{name}")


def _from_form(form: Form, words: _FormWords) -> Iterable[Entry]:
    _check_names(words.question, {question.id for question in form}, kind="question")
    for question in form:
        asks = (*words.question.get(question.id, ()), question.label.id, question.label.en)
        texts = list_question_texts(question)
        yield _make_entry(f"q.{question.id}", explain_question(question), asks=asks, texts=texts)


def _from_indicators(indicators: Iterable[IndicatorSet], words: _FormWords) -> Iterable[Entry]:
    newest = {item.key: item for year in indicators for item in year.indicators}
    _check_names(words.indicator, set(newest), kind="indicator")
    for key, item in newest.items():
        asks = (
            *words.indicator.get(key, ()), item.name.id, item.name.en, f"indikator {item.no}",
            f"indicator {item.no}",
        )  # fmt: skip
        texts = list_indicator_texts(item)
        yield _make_entry(f"i.{key}", explain_indicator(item), asks=asks, texts=texts)


def _make_entry(key: str, explained: Explained, *, asks: tuple[str, ...], texts: tuple[str, ...]) -> Entry:
    return Entry(key=key, title=explained.title, answer=explained.answer, asks=asks, texts=texts)


def _check_names(named: Iterable[str], known: set[str], *, kind: str) -> None:
    for name in named:
        if name not in known:
            raise RulesError(f"{FOLDER}/{FORM_WORDS}: {kind}.{name}: found no such {kind}")
