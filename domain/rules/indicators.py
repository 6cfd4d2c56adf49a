"""The maturity indicators of a rule year as data: what is measured, the levels, the evidence (iga.md
section 2).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache, cached_property
from importlib.resources import files
from typing import Annotated, Literal, TypedDict

from pydantic import BaseModel, ConfigDict, Field, RootModel, field_validator, model_validator

from domain.rules.form import Answers, Words
from domain.rules.load import RulesError, read

LEVELS = (1, 2, 3)  # 0 is "not filled"
HELP_FILE = "indicator_help.toml"
NUMBERS = range(16, 36)  # of the indicators, as the guide counts them
Kind = Literal["pdf", "jpg", "png", "mp4", "docx", "xlsx", "pptx", "url"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Band(_Strict):
    """The numbers that earn a level: from `from` to `to`, both included; without `to` there is no upper
    end.
    """

    from_: Annotated[Decimal, Field(alias="from")]
    to: Decimal | None = None

    def holds(self, number: Decimal) -> bool:
        return number >= self.from_ and (self.to is None or number <= self.to)


class LevelAnswer(TypedDict, total=False):
    """What is kept for the level of an indicator; a basis may be chosen before there is a level."""

    level: int  # 1 to 3
    basis: str  # of an indicator that has several
    number: str  # the level follows from it: a decimal as text


class Measure(_Strict):
    """A number the level follows from; `bands` belong to levels 1, 2 and 3."""

    ask: Words
    unit: Words
    decimals: Annotated[int, Field(ge=0, le=2)] = 0
    bands: Annotated[tuple[Band, ...], Field(alias="band", min_length=3, max_length=3)]

    def level(self, number: Decimal) -> int:
        """The level a number earns; 0 when it lies in no band."""
        return next((n for n, band in enumerate(self.bands, 1) if band.holds(number)), 0)

    def levels_within(self, low: Decimal | None, high: Decimal | None) -> tuple[int, ...]:
        """The levels that some number from `low` to `high` earns, both included; None has no end."""
        return tuple(
            n
            for n, band in enumerate(self.bands, 1)
            if (high is None or band.from_ <= high) and (low is None or band.to is None or low <= band.to)
        )


class Basis(_Strict):
    """One way of measuring indicator 33; exactly one is chosen."""

    id: Annotated[str, Field(pattern=r"^[a-f]$")]
    label: Words
    levels: Annotated[tuple[Words, ...], Field(alias="level", min_length=3, max_length=3)]
    evidence: Words
    measure: Measure


class Variant(_Strict):
    """Other words for one kind of innovation (indicator 30): what `question` was answered with."""

    question: str
    answer: str
    evidence: Words
    kinds: Annotated[tuple[Kind, ...], Field(min_length=1)]


class IndicatorHelp(_Strict):
    """What counts at an indicator, and an example of an answer; the same in every rule year."""

    help: Words
    example: Words


class _IndicatorHelps(RootModel[dict[str, IndicatorHelp]]):
    """The help of every indicator by its key."""


class Indicator(_Strict):
    """One maturity indicator; its score is weight x level."""

    no: Annotated[int, Field(ge=16, le=35)]
    key: Annotated[str, Field(pattern=r"^[a-z_]{3,16}$")]
    name: Words
    measures: Words  # what is measured, one sentence
    explained: IndicatorHelp | None = None  # None only where it was not loaded from the packaged data
    variable: str  # the group of the national form
    weight: Annotated[int, Field(ge=1, le=4)]
    mandatory: bool = False
    levels: Annotated[tuple[Words, ...], Field(alias="level")] = ()  # what level 1, 2 and 3 need
    synonyms: tuple[tuple[str, ...], ...] = ((), (), ())  # typed words that mean level 1, 2 and 3
    evidence: Words
    kinds: Annotated[tuple[Kind, ...], Field(min_length=1)]  # of evidence, by content
    pieces: tuple[int, int, int] = (1, 1, 1)  # of evidence that level 1, 2 and 3 need
    # whether level or evidence belong to years (T-0, T-1, T-2), so that a copy is looked at again
    yearly: bool = False
    since: Annotated[int, Field(ge=1)] = 1  # as a question's
    reworded: int = 0
    evidence_from: tuple[str, ...] = ()  # file questions of the form whose answers can serve here too
    letter: bool = False  # whether number, date and subject of a letter are asked
    measure: Measure | None = None
    bases: Annotated[tuple[Basis, ...], Field(alias="basis")] = ()
    variants: Annotated[tuple[Variant, ...], Field(alias="variant")] = ()
    source: str
    confidence: Literal["high", "medium", "low"]

    @model_validator(mode="after")
    def _parts_fit(self) -> Indicator:
        if (len(self.levels) == 3) == bool(self.bases) or len(self.levels) not in (0, 3):
            raise ValueError(f"indicator {self.no}: expected three levels, or bases that bring their own")
        if self.bases and self.measure is not None:
            raise ValueError(f"indicator {self.no}: bases bring their own measure")
        if len(self.synonyms) != 3:
            raise ValueError(f"indicator {self.no}: expected synonyms for three levels")
        return self

    @property
    def level_question(self) -> str:
        """The answer under which the level is kept."""
        return f"i{self.no}"

    @property
    def evidence_question(self) -> str:
        """The answer under which the evidence is kept."""
        return f"e{self.no}"

    def basis(self, answers: Answers) -> Basis | None:
        """The basis that was chosen, where there is a choice."""
        chosen = (answers.get(self.level_question) or {}).get("basis")
        return next((basis for basis in self.bases if basis.id == chosen), None)

    def level(self, answers: Answers) -> int:
        """The level that was claimed; 0 when there is none."""
        level = (answers.get(self.level_question) or {}).get("level", 0)
        return level if level in LEVELS else 0

    def accepts(self, answers: Answers) -> tuple[Kind, ...]:
        """The kinds of evidence, which may depend on the kind of innovation."""
        variant = self.variant(answers)
        return variant.kinds if variant else self.kinds

    def variant(self, answers: Answers) -> Variant | None:
        """The words for this kind of innovation, where they differ."""
        return next((v for v in self.variants if answers.get(v.question) == v.answer), None)


class IndicatorSet(_Strict):
    """The twenty indicators of some rule years."""

    years: Annotated[tuple[int, ...], Field(min_length=1)]
    title: str
    source: str
    max_bytes: Annotated[int, Field(gt=0, le=20_000_000)] = 20_000_000  # of one file; a bot cannot fetch more
    max_pieces: Annotated[int, Field(ge=3, le=20)] = 10  # of evidence at one indicator
    indicators: Annotated[tuple[Indicator, ...], Field(alias="indicator", min_length=1)]

    @field_validator("indicators")
    @classmethod
    def _each_once(cls, indicators: tuple[Indicator, ...]) -> tuple[Indicator, ...]:
        numbers = [indicator.no for indicator in indicators]
        if numbers != list(NUMBERS):
            raise ValueError(f"expected the numbers 16 to 35 in their order, found {numbers}")
        return indicators

    @cached_property
    def by_no(self) -> Mapping[int, Indicator]:
        """The indicators by their national numbers."""
        return {indicator.no: indicator for indicator in self.indicators}

    @cached_property
    def by_question(self) -> Mapping[str, Indicator]:
        """The indicators by the questions of their level and of their evidence."""
        of_level = {indicator.level_question: indicator for indicator in self.indicators}
        return of_level | {indicator.evidence_question: indicator for indicator in self.indicators}

    @cached_property
    def mandatory(self) -> tuple[int, ...]:
        """The numbers of those without which an innovation is in no verified figure."""
        return tuple(indicator.no for indicator in self.indicators if indicator.mandatory)

    @cached_property
    def maximum(self) -> int:
        """The highest maturity of an innovation, in points."""
        return sum(indicator.weight * 3 for indicator in self.indicators)

    def maturity(self, levels: Mapping[int, int]) -> int:
        """Sum weight x level over the indicators, in points; what is not there counts 0 (iga.md section
        4).
        """
        return sum(indicator.weight * levels.get(indicator.no, 0) for indicator in self.indicators)

    def levels(self, answers: Answers) -> Mapping[int, int]:
        """The levels that were claimed, by number."""
        return {i.no: level for i in self.indicators if (level := i.level(answers))}


def mismatches(indicator: Indicator, answers: Answers) -> tuple[str, ...]:
    """Say what does not fit at one indicator: `no_level`, `no_evidence`, `few_evidence`, `mandatory`
    (F24).
    """
    level = indicator.level(answers)
    pieces: Sequence[object] = answers.get(indicator.evidence_question) or ()
    names = []
    if level == 0:
        if indicator.mandatory:
            names.append("mandatory")
        if pieces:
            names.append("no_level")
        return tuple(names)
    wanted = indicator.pieces[level - 1]
    if len(pieces) < wanted:
        names.append("few_evidence" if pieces else "no_evidence")
    return tuple(names)


def _explain(rules: IndicatorSet, helps: Mapping[str, IndicatorHelp], *, name: str) -> IndicatorSet:
    """Give each indicator its help; raises RulesError naming one that has none."""
    if missing := [indicator.key for indicator in rules.indicators if indicator.key not in helps]:
        raise RulesError(f"{HELP_FILE}: found no {missing[0]}, which {name} has")
    explained = tuple(
        indicator.model_copy(update={"explained": helps[indicator.key]}) for indicator in rules.indicators
    )
    return rules.model_copy(update={"indicators": explained})


@cache
def load_indicators() -> Mapping[int, IndicatorSet]:
    """Read the packaged indicators, by rule year; raises RulesError naming file, key, value and
    expectation.
    """
    by_year: dict[int, IndicatorSet] = {}
    data = files("domain") / "data"
    helps = read(_IndicatorHelps, (data / HELP_FILE).read_text(encoding="utf-8"), name=HELP_FILE).root
    for entry in sorted((data / "indicators").iterdir(), key=lambda entry: entry.name):
        if not entry.name.endswith(".toml"):
            continue
        name = f"indicators/{entry.name}"
        indicators = _explain(
            read(IndicatorSet, entry.read_text(encoding="utf-8"), name=name), helps, name=name
        )
        for year in indicators.years:
            if year in by_year:
                raise RulesError(f"{name}: years: found {year}, which another file has")
            by_year[year] = indicators
    return by_year
