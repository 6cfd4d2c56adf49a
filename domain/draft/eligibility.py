"""Whether an innovation may count in the index of its year, and what keeps it from counting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from domain.draft.path import Window
from domain.reading.dates import PartialDate, say_date
from domain.rules.form import Answers
from domain.rules.indicators import IndicatorSet
from domain.rules.load import RuleYear
from domain.texts import Marked, Say

STAGE_THAT_COUNTS = "penerapan"  # iga.md section 7: what trials and initiatives count for was not found
DATES = ("waktu_penerapan", "ada_perkembangan", "waktu_pengembangan")
DECIDES = ("tahapan", *DATES)  # the questions on whose answers it hangs


class Reason(StrEnum):
    """What keeps an innovation from counting; the value ends the key of its words."""

    STAGE = "stage"  # a trial or an initiative
    NO_DATE = "no_date"  # of implementation
    LATE = "late"  # implemented after the window
    OLD = "old"  # implemented before the window, and not developed further
    NO_DEVELOPMENT = "no_development"  # implemented before the window, and no date of the development
    DEVELOPMENT_OUTSIDE = "development_outside"  # developed further, but outside the window


@dataclass(frozen=True, slots=True)
class CountingRule:
    """What the rules of one year ask of an innovation that is to count."""

    opens: date  # of the window of implementation
    closes: date
    mandatory: tuple[int, ...]  # indicators without which it is not in the verified figure


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Whether an innovation may count, and what is in the way."""

    reason: Reason | None  # why it is in no figure at all
    lacking: tuple[int, ...]  # mandatory indicators without a level

    @property
    def counts(self) -> bool:
        """Whether it may be in the claimed figure."""
        return self.reason is None

    @property
    def counts_verified(self) -> bool:
        """Whether it may be in the verified figure, where the levels are those the desk accepted."""
        return self.counts and not self.lacking


def counting_rule(rule: RuleYear, indicators: IndicatorSet, *, window: Window) -> CountingRule:
    """Put together what a rule year asks; the window may be the period's own."""
    return CountingRule(window.opens, window.closes, mandatory_in(rule, indicators))


def mandatory_in(rule: RuleYear, indicators: IndicatorSet) -> tuple[int, ...]:
    """Number the indicators without which an innovation is in no verified figure of a rule year."""
    return indicators.mandatory if rule.index.mandatory_verified else ()


def eligibility(answers: Answers, *, levels: Mapping[int, int], rule: CountingRule) -> Eligibility:
    """Judge one innovation by the answers in DECIDES and its levels, claimed or accepted (iga.md sections
    1 and 7).
    """
    lacking = tuple(no for no in rule.mandatory if not levels.get(no))
    if answers.get("tahapan") != STAGE_THAT_COUNTS:
        return Eligibility(Reason.STAGE, lacking)
    return Eligibility(reason_of_dates(answers, opens=rule.opens, closes=rule.closes), lacking)


def reason_of_dates(answers: Answers, *, opens: date, closes: date) -> Reason | None:
    """Say what is wrong with the dates of an innovation in full use; None when they lie in the window.

    An older innovation counts again by a development inside the window; a development outside it is refused
    also where the implementation lies inside, as the form does before sending.
    """
    implemented, developed = (
        _read_day(answers.get("waktu_penerapan")),
        _read_day(answers.get("waktu_pengembangan")),
    )
    if implemented is None:
        return Reason.NO_DATE
    if implemented > closes:
        return Reason.LATE
    further = answers.get("ada_perkembangan") == "ya"
    if implemented < opens and not further:
        return Reason.OLD
    if implemented < opens and developed is None:
        return Reason.NO_DEVELOPMENT
    outside = further and developed is not None and not opens <= developed <= closes
    return Reason.DEVELOPMENT_OUTSIDE if outside else None


def _read_day(value: Any) -> date | None:
    return PartialDate.from_text(value).value if value else None


def say_reason(reason: Reason, say: Say, *, opens: date, closes: date) -> Marked:
    """Say why an innovation does not count, as it follows "tidak dihitung: "."""
    days = {
        name: say_date(PartialDate(day), say.language) for name, day in (("opens", opens), ("closes", closes))
    }
    return say(f"eligibility.{reason}", **days)
