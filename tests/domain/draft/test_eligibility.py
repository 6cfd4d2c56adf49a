"""What may count in the index of a year, case by case, and how it is said before sending."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.draft.eligibility import DECIDES, CountingRule, Reason, eligibility, say_reason
from domain.texts import Catalogue
from handlers.words import load_words

RULE = CountingRule(date(2024, 1, 1), date(2025, 12, 31), (16, 17, 32, 33, 35))
FULL = dict.fromkeys(RULE.mandatory, 1)
IN_USE = {"tahapan": "penerapan", "waktu_penerapan": "2025-06-01", "ada_perkembangan": "tidak"}
OLD = {**IN_USE, "waktu_penerapan": "2023-12-31"}
FURTHER = {**OLD, "ada_perkembangan": "ya"}

CASES: list[tuple[dict[str, Any], Reason | None]] = [
    (IN_USE, None),
    ({**IN_USE, "waktu_penerapan": "2024-01-01"}, None),
    ({**IN_USE, "waktu_penerapan": "2025-12-31"}, None),
    ({**IN_USE, "waktu_penerapan": "2026-01-01"}, Reason.LATE),
    ({**IN_USE, "waktu_penerapan": "2026-01-01", "tahapan": "uji_coba"}, Reason.STAGE),
    ({**IN_USE, "tahapan": None}, Reason.STAGE),
    ({"tahapan": "penerapan"}, Reason.NO_DATE),
    (OLD, Reason.OLD),
    ({**OLD, "ada_perkembangan": None}, Reason.OLD),
    ({**OLD, "waktu_pengembangan": "2025-01-01"}, Reason.OLD),
    (FURTHER, Reason.NO_DEVELOPMENT),
    ({**FURTHER, "waktu_pengembangan": "2023-12-31"}, Reason.DEVELOPMENT_OUTSIDE),
    ({**FURTHER, "waktu_pengembangan": "2024-01-01"}, None),
    ({**FURTHER, "waktu_pengembangan": "2025-12-31"}, None),
    ({**FURTHER, "waktu_pengembangan": "2026-01-01"}, Reason.DEVELOPMENT_OUTSIDE),
    ({**IN_USE, "ada_perkembangan": "ya", "waktu_pengembangan": "2026-01-01"}, Reason.DEVELOPMENT_OUTSIDE),
    ({**IN_USE, "ada_perkembangan": "ya"}, None),
]  # fmt: skip


@pytest.mark.parametrize(("answers", "reason"), CASES)
def test_stage_and_dates_decide(answers: dict[str, Any], reason: Reason | None) -> None:
    found = eligibility(answers, levels=FULL, rule=RULE)
    assert (found.reason, found.counts, found.counts_verified) == (reason, reason is None, reason is None)


def test_every_reason_has_a_case_and_words(words: Catalogue) -> None:
    assert {reason for _, reason in CASES} == {None, *Reason}
    for language in ("id", "en"):
        said = {say_reason(one, words.in_(language), opens=RULE.opens, closes=RULE.closes) for one in Reason}
        assert len(said) == len(Reason)


@pytest.fixture(scope="module")
def words() -> Catalogue:
    return load_words()


def test_nothing_else_decides() -> None:
    others = {"nama": "A", "urusan_utama": "sosial", "i16": {"level": 3}}
    assert eligibility({**IN_USE, **others}, levels=FULL, rule=RULE) == eligibility(
        IN_USE, levels=FULL, rule=RULE
    )
    assert set(IN_USE) <= set(DECIDES)


@pytest.mark.parametrize("missing", RULE.mandatory)
def test_a_missing_mandatory_indicator_keeps_it_from_the_verified_figure(missing: int) -> None:
    for levels in ({**FULL, missing: 0}, {no: 1 for no in FULL if no != missing}):
        found = eligibility(IN_USE, levels=levels, rule=RULE)
        assert (found.counts, found.counts_verified, found.lacking) == (True, False, (missing,))


def test_a_year_that_does_not_ask_for_them_lacks_none() -> None:
    rule = CountingRule(RULE.opens, RULE.closes, ())
    assert eligibility(IN_USE, levels={}, rule=rule).counts_verified
