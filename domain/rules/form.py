"""The form as data: sections and questions, what each accepts, when each applies."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

Answers = Mapping[str, Any]  # question id -> value as JSON keeps it
Kind = Literal["text", "long", "choice", "multi", "date", "number", "location", "file"]


class FormError(ValueError):
    """the form cannot be used"""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(_Strict):
    """One text in both languages."""

    id: str
    en: str

    def in_(self, language: str) -> str:
        """Take the text in `language`, Bahasa Indonesia unless it is "en"."""
        return self.en if language == "en" else self.id


class Option(_Strict):
    """One answer of a closed question."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,16}$")]
    label: Words
    synonyms: tuple[str, ...] = ()


class Condition(_Strict):
    """Applies only when another question has one of these answers."""

    question: str
    is_: Annotated[tuple[str, ...], Field(alias="is")] = ()
    is_not: tuple[str, ...] = ()


MOST_NUMBERED = 15  # options numbered as a whole: 16 to 35 are the numbers of indicators, and of nothing else


class Question(_Strict):
    """One question and everything said about it; compared by identity, for a form is read once."""

    __eq__, __hash__ = object.__eq__, object.__hash__

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,19}$")]
    kind: Kind
    label: Words  # the official field name, as the national form writes it
    ask: Words  # the question itself, one sentence
    hint: Words  # one sentence
    example: Words
    help: Words  # longer explanation behind Bantuan
    why: Words  # why it is asked
    source: str  # section of iga.md, law or "lokal"
    required: bool = True
    max_chars: int | None = None
    options: tuple[Option, ...] = ()
    accepts: tuple[str, ...] = ()  # file kinds by content: pdf, jpg, png, mp4; "url" for a link
    max_bytes: int | None = None
    max_files: int = 1
    minimum: str | None = None  # numbers, as decimal text
    maximum: str | None = None
    unit: Words | None = None
    precision: Literal["day", "month"] = "day"  # the coarsest date accepted
    since: Annotated[int, Field(ge=1)] = 1  # the version of the form that asked it first
    reworded: int = 0  # the version that worded it anew; what was answered before is looked at again
    years: tuple[int, ...] = ()  # rule years that ask it; empty: all
    when: tuple[Condition, ...] = ()  # asked when any of these holds; empty: always
    words_group: str | None = None  # counted together with the others of the group
    check: tuple[str, ...] = ()  # rules of `domain/draft/checks.py` applied to the whole

    @model_validator(mode="after")
    def _parts_fit(self) -> Question:
        if (self.kind in ("choice", "multi")) != bool(self.options):
            raise ValueError(f'question "{self.id}": options belong to choice and multi, and to them alone')
        if (self.kind == "file") != bool(self.accepts):
            raise ValueError(f'question "{self.id}": accepts belongs to file questions, and to them alone')
        ids = [option.id for option in self.options]
        if len(set(ids)) != len(ids):
            raise ValueError(f'question "{self.id}": an option id stands twice')
        return self

    @cached_property
    def option_by_id(self) -> Mapping[str, Option]:
        return {option.id: option for option in self.options}

    @property
    def is_numbered(self) -> bool:
        """Whether its options are numbered as a whole, not on each page anew."""
        return len(self.options) <= MOST_NUMBERED


class Section(_Strict):
    """Questions that belong together."""

    id: str
    title: Words
    questions: Annotated[tuple[Question, ...], Field(alias="question", min_length=1)]


class WordsGroup(_Strict):
    """Answers whose words are counted together: rancang bangun."""

    id: str
    label: Words
    min_words: int
    source: str


class Form(_Strict):
    """A whole form of one version; compared by identity."""

    __eq__, __hash__ = object.__eq__, object.__hash__

    version: int
    sections: Annotated[tuple[Section, ...], Field(alias="section")]
    groups: Annotated[tuple[WordsGroup, ...], Field(alias="words_group")] = ()

    @model_validator(mode="after")
    def _refers_to_itself(self) -> Form:
        seen: set[str] = set()
        groups = {group.id for group in self.groups}
        for question in self:
            if question.id in seen:
                raise ValueError(f'question "{question.id}" stands twice')
            for condition in question.when:
                if condition.question not in seen:
                    raise ValueError(
                        f'question "{question.id}": when names "{condition.question}",'
                        " expected an earlier one"
                    )
            if question.words_group and question.words_group not in groups:
                raise ValueError(f'question "{question.id}": words_group "{question.words_group}" is unknown')
            if max(question.since, question.reworded) > self.version:
                raise ValueError(
                    f'question "{question.id}": since or reworded is beyond version {self.version}'
                )
            seen.add(question.id)
        return self

    def __iter__(self) -> Iterator[Question]:  # type: ignore[override]
        """Walk the questions in their order."""
        return (question for section in self.sections for question in section.questions)

    @cached_property
    def by_id(self) -> Mapping[str, Question]:
        return {question.id: question for question in self}

    @cached_property
    def order(self) -> Mapping[str, int]:
        """The position of each question id, from 0."""
        return {question.id: position for position, question in enumerate(self)}

    def in_year(self, year: int) -> tuple[Question, ...]:
        """The questions a rule year asks, in their order."""
        return tuple(q for q in self if not q.years or year in q.years)

    @cached_property
    def deciders(self) -> tuple[str, ...]:
        """The questions whose answers decide which others apply."""
        return tuple(dict.fromkeys(condition.question for q in self for condition in q.when))

    @cached_property
    def section_of(self) -> Mapping[str, Section]:
        """The section of each question id."""
        return {question.id: section for section in self.sections for question in section.questions}


def read_form(text: str, *, name: str = "form.toml") -> Form:
    """Read a form; what is wrong is named with file, key, value and expectation.

    Raises FormError.
    """
    try:
        return Form.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise FormError(f"{name}: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise FormError(f"{name}: {key}: found {first['input']!r:.80}, {first['msg']}") from error
