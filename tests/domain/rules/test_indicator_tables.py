"""What the rule file of each year says of its indicators: weights, bands, evidence, words."""

from __future__ import annotations

from decimal import Decimal

import pytest

from domain.rules.indicators import load_indicators
from domain.rules.load import load_form

SETS, FORM = load_indicators(), load_form()

# iga.md section 2.1 and 2.3, in their own form
WEIGHTS = dict(zip(range(16, 36), (3, 2, 2, 2, 1, 2, 1, 1, 1, 1, 1, 1, 2, 1, 2, 3, 2, 3, 2, 4), strict=True))
MANDATORY = {16, 17, 32, 33, 35}
LETTERS = {16, 17, 18, 20, 21, 22, 23, 24, 28, 31}


@pytest.mark.parametrize("year", sorted(SETS))
def test_weights_marks_and_letters_are_those_of_the_year(year: int) -> None:
    rows = SETS[year].indicators
    assert {i.no: i.weight for i in rows} == WEIGHTS
    assert {i.no for i in rows if i.mandatory} == MANDATORY
    assert {i.no for i in rows if i.letter} == LETTERS
    assert SETS[year].maximum == 111


@pytest.mark.parametrize("year", [2023, 2026])
def test_bands_leave_no_hole_and_never_overlap(year: int) -> None:
    """Every number earns at most one level, at the precision that is asked."""
    for indicator in SETS[year].indicators:
        for measure in [m for m in (indicator.measure, *(b.measure for b in indicator.bases)) if m]:
            unit = Decimal(1).scaleb(-measure.decimals)
            for band in measure.bands:
                edges = [edge for edge in (band.from_, band.to) if edge is not None]
                for number in (edge + shift for edge in edges for shift in (-unit, Decimal(0), unit)):
                    assert sum(other.holds(number) for other in measure.bands) <= 1, (indicator.no, number)


@pytest.mark.parametrize("year", sorted(SETS))
def test_what_is_offered_from_the_profile_is_a_file_question(year: int) -> None:
    for indicator in SETS[year].indicators:
        for question in indicator.evidence_from:
            assert FORM.by_id[question].kind == "file"


@pytest.mark.parametrize("year", [2023, 2026])
def test_every_indicator_says_in_its_own_words_what_counts(year: int) -> None:
    told = [one.explained for one in SETS[year].indicators]
    assert all(told)
    for language in ("id", "en"):
        assert len({one.help.in_(language) for one in told if one}) == len(told)
        assert len({one.example.in_(language) for one in told if one}) == len(told)
