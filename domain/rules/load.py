"""The packaged data: the form, the rule years, the offices; read once, at the start's request."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import pairwise
from typing import Annotated, Literal, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from domain.people import Office
from domain.rules.form import Form, Words, read_form

Confidence = Literal["high", "medium", "low"]


class RulesError(ValueError):
    """a data file cannot be used"""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WindowRule(_Strict):
    """The days in which an innovation must have been implemented or developed further."""

    from_: Annotated[date, Field(alias="from")]
    until: date
    source: str
    confidence: Confidence

    @field_validator("until")
    @classmethod
    def _closes_after_it_opens(cls, until: date, known: ValidationInfo) -> date:
        opens = known.data.get("from_")
        if opens and until < opens:
            raise ValueError(f"expected a day not before {opens}")
        return until


class Threshold(_Strict):
    """The lowest index, of 100, that earns a predikat (iga.md section 4.1)."""

    predikat: str
    from_: Annotated[Decimal, Field(alias="from", ge=0, le=100)]


NOT_ASSESSED = "Tidak Dapat Dinilai"


class Ladder(_Strict):
    """The predikats of one year, best first (iga.md section 4.1)."""

    year: int
    source: str
    confidence: Confidence
    complete: bool = True  # whether what lies below the last one is known: nothing but 0
    thresholds: Annotated[tuple[Threshold, ...], Field(alias="threshold", min_length=1)]

    @field_validator("thresholds")
    @classmethod
    def _best_first(cls, thresholds: tuple[Threshold, ...]) -> tuple[Threshold, ...]:
        for better, worse in pairwise(thresholds):
            if worse.from_ >= better.from_:
                raise ValueError(f'expected "{worse.predikat}" below "{better.predikat}", the best first')
        return thresholds

    def predikat(self, index: Decimal) -> str:
        """Name the predikat of an index of two decimals; "" where the year's limit is not known."""
        for threshold in self.thresholds:
            if index >= threshold.from_:
                return threshold.predikat
        return NOT_ASSESSED if self.complete else ""


class IndexRule(_Strict):
    """How the index of one year is put together (iga.md section 4)."""

    divisor: Annotated[int, Field(ge=1, le=100)]  # the least the sum of maturity is divided by
    count_weight: Annotated[Decimal, Field(gt=0, le=10, decimal_places=2)]  # points of one innovation
    count_cap: Annotated[int, Field(ge=1)]  # innovations past this many add no points
    basic_affairs: Annotated[tuple[str, ...], Field(min_length=1)]  # options of urusan_utama
    # for the count score; None: not known, no condition
    basic_needed: Annotated[int, Field(ge=0)] | None = None
    total: Annotated[Decimal, Field(gt=0)]  # points that are an index of 100
    mandatory_verified: bool  # whether the verified figure leaves out what lacks a mandatory indicator
    spd_max: Annotated[Decimal, Field(gt=0)]
    maturity_max: Annotated[int, Field(gt=0)]  # of one innovation
    source: str
    confidence: Confidence

    @property
    def count_max(self) -> Decimal:
        """The highest count score, in points."""
        return self.count_weight * self.count_cap

    @model_validator(mode="after")
    def _adds_up(self) -> IndexRule:
        total = self.spd_max + self.maturity_max + self.count_max
        if total != self.total:
            raise ValueError(f"expected the maxima to add up to total {self.total}, found {total}")
        if self.basic_needed is not None and self.basic_needed > len(self.basic_affairs):
            raise ValueError(
                f"expected basic_needed of at most {len(self.basic_affairs)}, found {self.basic_needed}"
            )
        return self


class SpdRow(_Strict):
    """One row of the regency's own profile; its score is weight x level (iga.md section 3)."""

    no: Annotated[str, Field(pattern=r"^[0-9]{1,2}[ab]?$")]
    name: Words
    variable: str
    weight: Annotated[Decimal, Field(gt=0, le=5, decimal_places=2)]
    mandatory: bool = False
    levels: Annotated[tuple[Words, Words, Words], Field(alias="level")]  # what level 1, 2 and 3 need


class RuleYear(Ladder):
    """The rules of one year."""

    title: str
    window: WindowRule
    index: IndexRule
    spd_as: int | None = None  # the year whose SPD rows hold here too
    spd: tuple[SpdRow, ...] = ()  # empty: the rows of this year are not known

    @field_validator("spd")
    @classmethod
    def _each_once(cls, rows: tuple[SpdRow, ...]) -> tuple[SpdRow, ...]:
        numbers = [row.no for row in rows]
        if len(set(numbers)) != len(numbers):
            raise ValueError(f"expected each number once, found {numbers}")
        return rows

    @model_validator(mode="after")
    def _rows_reach_the_maximum(self) -> RuleYear:
        reached = sum((3 * row.weight for row in self.spd), Decimal(0))
        if self.spd and reached != self.index.spd_max:
            raise ValueError(f"expected the SPD rows to reach {self.index.spd_max}, found {reached}")
        return self

    @property
    def best(self) -> Decimal:
        """The lowest index of the best predikat: what a regency aims at unless it says otherwise."""
        return self.thresholds[0].from_


class Published(_Strict):
    """A result the ministry published: shown as published, never computed."""

    year: Annotated[int, Field(ge=2000, le=2100)]
    value: Annotated[Decimal, Field(ge=0, le=100, decimal_places=2)]
    source: str
    innovations: Annotated[int, Field(ge=0)] | None = None  # it rested on; None: not known


class _PublishedFile(_Strict):
    result: tuple[Published, ...]


class _LadderFile(_Strict):
    year: tuple[Ladder, ...]


class _OfficeEntry(_Strict):
    code: Annotated[str, Field(pattern=r"^[a-z0-9_]{2,32}$")]
    name: str
    short: str
    kind: Literal["sekretariat", "inspektorat", "dinas", "badan", "satpol", "kecamatan"]
    aliases: tuple[str, ...] = ()
    basic_affairs: tuple[str, ...] = ()  # suggested options of urusan_utama; an inference (iga.md section 8)


class _OfficeFile(_Strict):
    office: tuple[_OfficeEntry, ...]


Model = TypeVar("Model", bound=BaseModel)


def read(model: type[Model], text: str, *, name: str) -> Model:
    """Read a data file; raises RulesError naming file, key, value and expectation."""
    try:
        return model.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise RulesError(f"{name}: {error}") from error
    except ValidationError as error:
        raise RulesError(f"{name}: {_describe_first_fault(error)}") from error


def _describe_first_fault(error: ValidationError) -> str:
    """Name the key, the value found and what was expected."""
    first = error.errors(include_url=False)[0]
    key = ".".join(str(part) for part in first["loc"])
    if first["type"] == "missing":
        return f"{key}: found nothing, expected a value"
    value = f'"{first["input"]}"' if isinstance(first["input"], str) else str(first["input"])
    expected = "expected no such key" if first["type"] == "extra_forbidden" else first["msg"]
    for wordy, plain in (
        ("Value error, ", ""),
        ("Input should be ", "expected "),
        ("String should ", "expected to "),
    ):
        expected = expected.replace(wordy, plain)
    return f"{key}: found {value:.80}, {expected}"


def _find_data() -> Traversable:
    return files("domain") / "data"


@cache
def load_form() -> Form:
    """Read the packaged form; raises FormError."""
    return read_form((_find_data() / "form.toml").read_text(encoding="utf-8"))


@cache
def load_rules() -> Mapping[int, RuleYear]:
    """Read every packaged rule year; raises RulesError."""
    years: dict[int, RuleYear] = {}
    for entry in sorted((_find_data() / "rules").iterdir(), key=lambda entry_file: entry_file.name):
        if entry.name.endswith(".toml"):
            rule = read(RuleYear, entry.read_text(encoding="utf-8"), name=f"rules/{entry.name}")
            if entry.name != f"{rule.year}.toml":
                raise RulesError(
                    f"rules/{entry.name}: year: found {rule.year}, expected the year of the file's name"
                )
            years[rule.year] = rule
    return {year: _add_rows(rule, years) for year, rule in years.items()}


def _add_rows(rule: RuleYear, years: Mapping[int, RuleYear]) -> RuleYear:
    """Let a year have the SPD rows of the year it names."""
    if rule.spd_as is None:
        return rule
    other = years.get(rule.spd_as)
    if other is None or not other.spd:
        raise RulesError(
            f"rules/{rule.year}.toml: spd_as: found {rule.spd_as}, expected a year with SPD rows"
        )
    return rule.model_copy(update={"spd": other.spd})


def load_ladders(rules: Mapping[int, RuleYear]) -> Mapping[int, Ladder]:
    """Read the predikats of every year known, by year; raises RulesError."""
    text = (_find_data() / "predikat.toml").read_text(encoding="utf-8")
    others = read(_LadderFile, text, name="predikat.toml").year
    for ladder in others:
        if ladder.year in rules:
            raise RulesError(f"predikat.toml: year: found {ladder.year}, which has a file in rules/")
    return dict(sorted({**{ladder.year: ladder for ladder in others}, **rules}.items()))


def load_published(regency: str = "kotim") -> tuple[Published, ...]:
    """Read the packaged results of a regency; raises RulesError."""
    text = (_find_data() / "published" / f"{regency}.toml").read_text(encoding="utf-8")
    return read(_PublishedFile, text, name=f"published/{regency}.toml").result


def load_offices(regency: str = "kotim") -> tuple[Office, ...]:
    """Read the packaged offices of a regency; ids are given by the store. Raises RulesError."""
    name = f"offices/{regency}.toml"
    text = (_find_data() / "offices" / f"{regency}.toml").read_text(encoding="utf-8")
    entries = read(_OfficeFile, text, name=name).office
    codes: set[str] = set()
    for entry in entries:
        if entry.code in codes:
            raise RulesError(f'{name}: code: found "{entry.code}" twice, expected each once')
        codes.add(entry.code)
    return tuple(Office(0, e.code, e.name, e.short, e.kind, e.aliases) for e in entries)
