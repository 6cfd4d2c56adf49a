"""The packaged data: the form, the rule years, the offices; read once, at the start's request."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import pairwise
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator

from domain.form import Form, read_form
from domain.people import Office

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


class RuleYear(_Strict):
    """The rules of one year."""

    year: int
    title: str
    source: str
    confidence: Confidence
    window: WindowRule
    thresholds: Annotated[tuple[Threshold, ...], Field(alias="threshold", min_length=1)]

    @field_validator("thresholds")
    @classmethod
    def _best_first(cls, thresholds: tuple[Threshold, ...]) -> tuple[Threshold, ...]:
        for better, worse in pairwise(thresholds):
            if worse.from_ >= better.from_:
                raise ValueError(f'expected "{worse.predikat}" below "{better.predikat}", the best first')
        return thresholds


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
        raise RulesError(f"{name}: {_first_fault(error)}") from error


def _first_fault(error: ValidationError) -> str:
    """Name the key, the value found and what was expected."""
    first = error.errors(include_url=False)[0]
    key = ".".join(str(part) for part in first["loc"])
    if first["type"] == "missing":
        return f"{key}: found nothing, expected a value"
    found = f'"{first["input"]}"' if isinstance(first["input"], str) else str(first["input"])
    expected = "expected no such key" if first["type"] == "extra_forbidden" else first["msg"]
    for wordy, plain in (("Value error, ", ""), ("Input should be ", "expected "), ("String should ", "expected to ")):
        expected = expected.replace(wordy, plain)
    return f"{key}: found {found:.80}, {expected}"


def _data() -> Traversable:
    return files("domain") / "data"


def load_form() -> Form:
    """Read the packaged form; raises FormError."""
    return read_form((_data() / "form.toml").read_text(encoding="utf-8"))


def load_rules() -> Mapping[int, RuleYear]:
    """Read every packaged rule year; raises RulesError."""
    years: dict[int, RuleYear] = {}
    for entry in sorted((_data() / "rules").iterdir(), key=lambda found: found.name):
        if entry.name.endswith(".toml"):
            rule = read(RuleYear, entry.read_text(encoding="utf-8"), name=f"rules/{entry.name}")
            if entry.name != f"{rule.year}.toml":
                raise RulesError(f"rules/{entry.name}: year: found {rule.year}, expected the year of the file's name")
            years[rule.year] = rule
    return years


def load_offices(regency: str = "kotim") -> tuple[Office, ...]:
    """Read the packaged offices of a regency; ids are given by the store. Raises RulesError."""
    name = f"offices/{regency}.toml"
    text = (_data() / "offices" / f"{regency}.toml").read_text(encoding="utf-8")
    entries = read(_OfficeFile, text, name=name).office
    codes: dict[str, Any] = {}
    for entry in entries:
        if entry.code in codes:
            raise RulesError(f'{name}: code: found "{entry.code}" twice, expected each once')
        codes[entry.code] = entry
    return tuple(Office(0, e.code, e.name, e.short, e.kind, e.aliases) for e in entries)
