"""What may be said of an index: the cases by hand, said in both languages, and what holds in every case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.index import headline
from domain.index.estimate import Sums, estimate
from domain.index.judgement import Judgement, Known, Starts, change, judge
from domain.message import plain
from domain.rules.load import NOT_ASSESSED, load_ladders, load_published, load_rules
from handlers.words import load_words

RULES, WORDS = load_rules(), load_words()
LADDERS, PUBLISHED = load_ladders(RULES), load_published()
RULE = RULES[2026]
BASIC = RULE.index.basic_affairs
FULL = {row.no: 3 for row in RULE.spd}
# 40.50 points: what the worked example of iga.md 4.2 has for its profile
HALF = {row.no: 3 for row in RULE.spd[:10]}
EXAMPLE = {**FULL, "1": 0, "2a": 0, "2b": 0, "3": 0, "4": 0, "12": 0, "5a": 1}
REGENCY = Sums(28, 2119, frozenset(BASIC[:5]))
OFFICIAL = "Hasil resmi terakhir: 58,09 Inovatif (2024)"


@dataclass(frozen=True)
class Case:
    """Sums, the levels of the profile, and every line that is said."""

    name: str
    claimed: Sums
    levels: Mapping[str, int]
    said: tuple[str, ...]
    verified: Sums = field(default_factory=Sums)
    year: int = 2026
    starts: Starts = field(default_factory=Starts)


CASES = (
    Case(
        "nothing counts, profile empty",
        Sums(),
        {},
        (
            OFFICIAL,
            "Perkiraan 2026: Tidak Dapat Dinilai. Belum ada inovasi yang dihitung.",
            "Yang masih kurang: profil SPD 0 dari 20 baris, inovasi 0 (tahun 2024: 28),"
            " urusan pelayanan dasar 0 dari 5.",
        ),
    ),
    Case(
        "nothing counts, profile filled in",
        Sums(),
        EXAMPLE,
        (
            OFFICIAL,
            "Perkiraan 2026: Tidak Dapat Dinilai. Belum ada inovasi yang dihitung.",
            "Yang masih kurang: inovasi 0 (tahun 2024: 28), urusan pelayanan dasar 0 dari 5.",
        ),
    ),
    Case(
        "one innovation in January",
        Sums(1, 34, frozenset({"kesehatan"})),
        {},
        (
            OFFICIAL,
            "Perkiraan 2026 belum lengkap: 1,13 sampai 26,33, tergantung profil SPD",
            "Yang masih kurang: profil SPD 0 dari 20 baris, inovasi 1 (tahun 2024: 28),"
            " urusan pelayanan dasar 1 dari 5.",
            "Terverifikasi: belum ada",
        ),
    ),
    Case(
        "enough innovations, profile empty",
        REGENCY,
        {},
        (
            OFFICIAL,
            "Perkiraan 2026 belum lengkap: 34,53 sampai 59,73, tergantung profil SPD",
            "Yang masih kurang: profil SPD 0 dari 20 baris.",
            "Terverifikasi: belum ada",
        ),
    ),
    Case(
        "enough innovations, profile half",
        REGENCY,
        HALF,
        (
            OFFICIAL,
            "Perkiraan 2026 belum lengkap: 47,73 sampai 59,73, tergantung profil SPD",
            "Yang masih kurang: profil SPD 10 dari 20 baris.",
            "Terverifikasi: belum ada",
        ),
    ),
    Case(
        "enough innovations, every row from last year and none checked",
        REGENCY,
        {},
        (
            OFFICIAL,
            "Perkiraan 2026 belum lengkap: 34,53 sampai 59,73, tergantung profil SPD;"
            " 50,73 dengan tingkat awal yang belum diperiksa",
            "Yang masih kurang: profil SPD 0 dari 20 baris (20 dari 2025 belum diperiksa).",
            "Terverifikasi: 9,60 sampai 34,80, tergantung profil SPD, dari 7 yang sudah diperiksa "
            "di antara 28",
        ),
        verified=Sums(7, 288, frozenset(BASIC[:4])),
        starts=Starts(2025, EXAMPLE),
    ),
    Case(
        "half is filled in, some rows are from last year, one has no level",
        REGENCY,
        HALF,
        (
            OFFICIAL,
            "Perkiraan 2026 belum lengkap: 47,73 sampai 59,73, tergantung profil SPD",
            "Yang masih kurang: profil SPD 10 dari 20 baris (9 dari 2025 belum diperiksa).",
            "Terverifikasi: belum ada",
        ),
        starts=Starts(2025, {no: 1 for no in FULL if no != "15"}),
    ),
    Case(
        "a level 0 is an answer too",
        REGENCY,
        dict.fromkeys(FULL, 0),
        (
            "Perkiraan 2026: 34,53 Kurang Inovatif",
            "Terverifikasi: belum ada",
            "Target 65,01: kurang 30,48",
        ),
    ),
    Case(
        "fewer innovations than the divisor",
        Sums(11, 814, frozenset(BASIC[:5])),
        EXAMPLE,
        (
            OFFICIAL,
            "Perkiraan 2026 belum lengkap: 45,01",
            "Yang masih kurang: inovasi 11 (tahun 2024: 28).",
            "Terverifikasi: belum ada",
        ),
    ),
    Case(
        "one of 28 is verified",
        REGENCY,
        EXAMPLE,
        (
            "Perkiraan 2026: 50,73 Inovatif",
            "Terverifikasi: 19,60, dari 1 yang sudah diperiksa di antara 28",
            "Target 65,01: kurang 14,28",
        ),
        verified=Sums(1, 102, frozenset({"kesehatan"})),
    ),
    Case(
        "half is verified: no predikat yet",
        REGENCY,
        EXAMPLE,
        (
            "Perkiraan 2026: 50,73 Inovatif",
            "Terverifikasi: 48,73, dari 14 yang sudah diperiksa di antara 28",
            "Target 65,01: kurang 14,28",
        ),
        verified=Sums(14, 1064, frozenset(BASIC[:5])),
    ),
    Case(
        "more than half is verified",
        REGENCY,
        EXAMPLE,
        (
            "Perkiraan 2026: 50,73 Inovatif",
            "Terverifikasi: 48,88 Inovatif, dari 15 yang sudah diperiksa di antara 28",
            "Target 65,01: kurang 14,28",
        ),
        verified=Sums(15, 1140, frozenset(BASIC[:5])),
    ),
    Case(
        "too few basic affairs, otherwise complete",
        Sums(28, 2119, frozenset(BASIC[:4])),
        EXAMPLE,
        (
            "Perkiraan 2026: 46,47 Inovatif",
            "Terverifikasi: belum ada",
            "Target 65,01: kurang 18,54",
        ),
    ),
    Case(
        "the target is reached",
        Sums(200, 14800, frozenset(BASIC)),
        EXAMPLE,
        (
            "Perkiraan 2026: 76,20 Sangat Inovatif",
            "Terverifikasi: belum ada",
            "Target 65,01 tercapai menurut perkiraan",
        ),
    ),
    Case(
        "a rule year whose rows are not known",
        REGENCY,
        {},
        (
            OFFICIAL,
            "Perkiraan 2023 belum lengkap: 34,53 sampai 59,73, tergantung profil SPD",
            "Yang masih kurang: baris profil SPD aturan 2023 belum diketahui.",
            "Terverifikasi: belum ada",
        ),
        year=2023,
    ),
)  # fmt: skip


def judged(case: Case) -> Judgement:
    rule = RULES[case.year]
    known = Known(case.levels, PUBLISHED, LADDERS, Decimal("65.01"), case.starts)
    return judge(case.year, rule, claimed=case.claimed, verified=case.verified, known=known)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_line_is_what_may_be_said(case: Case) -> None:
    lines = headline.headline(judged(case), WORDS.in_("id"))
    assert tuple(plain(line) for line in lines) == case.said


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_english_says_the_same_figures(case: Case) -> None:
    lines = headline.headline(judged(case), WORDS.in_("en"))
    assert [digits(line) for line in lines] == [digits(line) for line in case.said]


def digits(text: str) -> list[str]:
    return "".join(c if c.isdigit() else " " for c in text).split()


def test_a_published_result_of_the_year_itself_leads() -> None:
    case = Case("", REGENCY, EXAMPLE, ())
    result = PUBLISHED[-1].model_copy(update={"year": 2026, "value": Decimal("61.20")})
    known = Known(EXAMPLE, (*PUBLISHED, result), LADDERS, Decimal("65.01"))
    found = judge(2026, RULE, claimed=case.claimed, verified=Sums(), known=known)
    first = headline.headline(found, WORDS.in_("id"))[0]
    assert plain(first) == "Hasil resmi terakhir: 61,20 Inovatif (2026)"


def test_without_any_published_result_it_says_so() -> None:
    known = Known({}, (), LADDERS, Decimal("65.01"))
    found = judge(2026, RULE, claimed=Sums(), verified=Sums(), known=known)
    lines = [plain(line) for line in headline.headline(found, WORDS.in_("id"))]
    assert lines[0] == "Belum ada hasil resmi yang dicatat."
    assert "inovasi 0 dari 12" in lines[2]


def test_a_change_is_told_only_between_two_single_figures() -> None:
    full, less, open_, none = (
        judged(Case("", sums, levels, ()))
        for sums, levels in ((REGENCY, EXAMPLE), (Sums(12, 900), EXAMPLE), (REGENCY, {}), (Sums(), EXAMPLE))
    )
    assert full.claimed is not None
    assert less.claimed is not None
    assert change(less, full) == full.claimed.low - less.claimed.low
    for one, other in ((open_, full), (full, open_), (none, full), (full, none)):
        assert change(one, other) is None


SUMS = st.builds(
    lambda n, average, basic: Sums(n, n * average, frozenset(BASIC[:basic])),
    st.integers(0, 60), st.integers(0, 111), st.integers(0, 6),
)  # fmt: skip
LEVELS = st.dictionaries(st.sampled_from([row.no for row in RULE.spd]), st.integers(0, 3))
ALL_LEVELS = st.fixed_dictionaries({row.no: st.integers(0, 3) for row in RULE.spd})


@settings(max_examples=60, deadline=None)
@given(SUMS, LEVELS, st.one_of(LEVELS, ALL_LEVELS))
def test_what_is_not_checked_narrows_nothing_and_lies_within(
    claimed: Sums, levels: dict[str, int], starts: dict[str, int]
) -> None:
    without = judged(Case("", claimed, levels, ()))
    found = judged(Case("", claimed, levels, (), starts=Starts(2025, starts)))
    assert (found.complete, found.gap, found.predikat) == (without.complete, without.gap, without.predikat)
    assert found.profile.filled == without.profile.filled
    assert found.profile.unchecked == len(set(starts) - set(levels))
    if found.claimed is None or without.claimed is None:
        return
    assert (found.claimed.low, found.claimed.high) == (without.claimed.low, without.claimed.high)
    whole = len({*starts, *levels}) == len(RULE.spd) and not found.profile.complete
    assert (found.claimed.started is not None) is whole
    if found.claimed.started is not None:
        checked = judged(Case("", claimed, {**starts, **levels}, ())).claimed
        assert checked is not None
        assert found.claimed.low <= found.claimed.started == checked.low <= found.claimed.high


@settings(max_examples=60, deadline=None)
@given(SUMS, SUMS, LEVELS, st.sampled_from([row.no for row in RULE.spd]), st.integers(0, 3))
def test_what_is_said_is_never_more_than_is_known(
    claimed: Sums, verified: Sums, levels: dict[str, int], row: str, level: int
) -> None:
    found = judged(Case("", claimed, levels, (), verified=verified))
    ready = len(levels) == len(RULE.spd) and claimed.count >= RULE.index.divisor
    assert found.complete is ready
    assert (found.claimed is None) is (claimed.count == 0)
    assert (found.gap is None) is (not ready)
    if found.claimed is None:
        assert found.predikat == NOT_ASSESSED
        return
    assert (found.predikat is None) is (not ready)
    assert found.claimed.is_one is (len(levels) == len(RULE.spd))
    ends = [
        estimate(RULE, claimed, spd_points=points).index for points in (found.profile.low, found.profile.high)
    ]
    assert [found.claimed.low, found.claimed.high] == ends
    narrower = judged(Case("", claimed, {row: level, **levels}, ())).claimed
    assert narrower is not None
    assert found.claimed.low <= narrower.low <= narrower.high <= found.claimed.high
    if found.verified is not None and found.verified.predikat is not None:
        assert ready
        assert 2 * verified.count > claimed.count


@pytest.mark.parametrize("beyond", ["-1", "0", "2.5"])
def test_the_gap_is_to_the_target_that_is_tried_and_never_below_nothing(beyond: str) -> None:
    known = Known(EXAMPLE, PUBLISHED, LADDERS, target=Decimal(70))
    found = judge(2026, RULE, claimed=REGENCY, verified=Sums(), known=known)
    assert found.claimed is not None
    tried = replace(found, target=found.claimed.low + Decimal(beyond))
    assert tried.gap == max(Decimal(0), Decimal(beyond))
    assert replace(tried, complete=False).gap is None
