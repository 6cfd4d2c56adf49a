"""Whatever /simulasi says equals a recomputation with the change made, in regencies made by chance.

A few of the 500 regencies are tried every day, all of them with `--every`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest

from domain.index.estimate import Sums
from domain.index.whatif import Regency, cheapest
from domain.message import Inbound, Kind, plain
from handlers.assembly import build
from storage import handing_in, innovations, office_sums, periods, profile, reports, scores
from storage.audit import Actor
from storage.engine.sqlite import SqliteTransaction
from tests.kit.clock_and_codes import MORNING, Codes
from tests.kit.databases import in_memory, with_people
from tests.kit.people import PEOPLE, RINA, WATI
from tests.kit.regency import INDICATORS, RULE, hand_in, levels_of, written
from tests.kit.score_drift import drift
from tests.kit.tables import tried_and_undone

DESK = build(timezone="Asia/Jakarta", language="id", new_code=Codes())
PERIOD, DINKES, TARGET, CAP = 1, 5, RULE.best, RULE.index.count_cap
BASIC, OTHER = RULE.index.basic_affairs, "statistik"
MATURITIES, TRIED = (0, 34, 37, 60, 74, 90, 102, 111), (37, 74, 102)
EVERYDAY, ALL, A_TEST = 4, 500, 62
SIGNED = r"([+−]?\d+,\d\d)"


@pytest.fixture
def tx() -> Iterator[SqliteTransaction]:
    """A database for each test: what a transaction has undone is passed over by every later look of it."""
    connection = in_memory(with_people())
    connection.execute("BEGIN")
    yield connection
    connection.close()


def by_chance(tx: SqliteTransaction, chance: Random) -> None:
    """Hand in innovations, fill in the profile in whole or in part, exempt some offices."""
    affairs = [*chance.sample(BASIC, chance.randrange(7)), OTHER]
    for number in range(chance.choice((0, 1, 5, 11, 12, 13, 28, 40))):
        handed(tx, chance.randrange(1, 31), chance.choice(MATURITIES), chance.choice(affairs), number)
    skipped = chance.choice((0, 0, 0, 0.5, 1))
    for row in RULE.spd:
        if chance.random() >= skipped:
            profile.set_level(tx, PERIOD, row=row.no, level=chance.randrange(4), by=1, now=MORNING)
    for office in chance.sample(range(31, 48), chance.randrange(4)):
        period = periods.load(tx, PERIOD)
        periods.extend(tx, period, office_id=office, until=None, now=MORNING, actor=Actor(1, "baru"))


def handed(tx: SqliteTransaction, office: int, points: int, affair: str, number: int) -> int:
    title = f"Layanan {number}"
    return hand_in(tx, office=office, title=title, affair=affair, levels=levels_of(points), now=MORNING)


def index(tx: SqliteTransaction) -> Decimal:
    """The claimed index as it is, the unfilled rows of the profile at 0."""
    assert drift(tx) == []
    return reports.period_figures(tx, PERIOD, rule=RULE).claimed.index


def after_adding(tx: SqliteTransaction, points: int, count: int, affairs: Sequence[str] = ()) -> Decimal:
    """The index with so many more innovations, the first of them with these affairs."""
    with tried_and_undone(tx):
        for number in range(count):
            handed(tx, 47, points, affairs[number] if number < len(affairs) else OTHER, number)
        return index(tx)


def said(tx: SqliteTransaction, person: int, text: str = "", tap: str = "") -> str:
    kind = Kind.BUTTON if tap else Kind.TEXT
    inbound = Inbound("telegram", str(person), kind, text=text, button=tap, callback_id="1", message_ref="9",
                      name=PEOPLE[person][0])  # fmt: skip
    pages = DESK.take(tx, inbound, fetched=None, now=MORNING + timedelta(hours=2))
    return plain("\n".join(page.text for page in pages))


def figure(text: str) -> Decimal:
    return Decimal(text.replace("−", "-").replace("+", "").replace(",", "."))


def missing(tx: SqliteTransaction) -> tuple[str, ...]:
    there = reports.period_figures(tx, PERIOD, rule=RULE).claimed.sums.affairs
    return tuple(affair for affair in BASIC if affair not in there)


# the numbers of a few regencies, then those of the others in tests of their own
REGENCIES = [
    pytest.param(range(EVERYDAY), id="a few"),
    *(
        pytest.param(range(at, min(at + A_TEST, ALL)), id=f"from {at}", marks=pytest.mark.every)
        for at in range(EVERYDAY, ALL, A_TEST)
    ),
]
EVERY_REGENCY = pytest.mark.parametrize("numbers", REGENCIES)


@EVERY_REGENCY
def test_every_figure_of_the_regency_equals_a_recomputation(tx: SqliteTransaction, numbers: range) -> None:
    for number in numbers:
        _of_regency(tx, number)


def _of_regency(tx: SqliteTransaction, number: int) -> None:
    chance = Random(number)
    with tried_and_undone(tx):
        by_chance(tx, chance)
        points = chance.choice(TRIED)
        text, before, lacking = said(tx, WATI, tap=f"wi:m:{points}"), index(tx), missing(tx)
        empty = sum(one.on_duty and not one.sent for one in office_sums.offices(tx, PERIOD))
        _additions(
            tx, text, points, before, lacking, {"Satu inovasi lagi": 1, f"{empty} perangkat daerah": empty}
        )
        _break_even(tx, text)
        _target(tx, text, points, lacking)
        _improvements_to_the_target(tx, text)
        _one_more_affair(tx, text, before, lacking)
        _rest_of_the_profile(tx, text, before)


def _additions(
    tx: SqliteTransaction,
    text: str,
    points: int,
    before: Decimal,
    lacking: Sequence[str],
    counts: dict[str, int],
) -> None:
    for beginning, count in counts.items():
        line = next((one for one in text.splitlines() if one.startswith(beginning)), "")
        assert line or not count
        if not line:
            continue
        alone = after_adding(tx, points, count) - before
        assert figure(re.findall(rf": {SIGNED} \(", line)[0]) == alone
        served = after_adding(tx, points, count, lacking[:count]) - before
        assert figure(re.findall(rf": {SIGNED} \(", line)[-1]) == served
        for change, average, of_number in re.findall(
            rf"{SIGNED} \(rata-rata {SIGNED}, jumlah {SIGNED}\)", line
        ):
            assert figure(change) == figure(average) + figure(of_number)


def _break_even(tx: SqliteTransaction, text: str) -> None:
    found = re.search(r"kematangannya di bawah (\d+) menurunkan", text)
    if found is None:
        assert after_adding(tx, 0, 1) >= index(tx)
        return
    exact = reports.period_figures(tx, PERIOD, rule=RULE).claimed.exact
    for points, falls in ((int(found[1]), False), (int(found[1]) - 1, True)):
        with tried_and_undone(tx):
            handed(tx, 47, points, OTHER, 0)
            assert (reports.period_figures(tx, PERIOD, rule=RULE).claimed.exact < exact) is falls


def _target(tx: SqliteTransaction, text: str, points: int, lacking: Sequence[str]) -> None:
    judged = reports.judged(tx, DESK.desk_data, period=periods.load(tx, PERIOD))
    served = re.search(r"tercapai dengan (\d+) inovasi lagi berkematangan \d+, bila urusan dasar", text)
    alone = re.search(r"tercapai dengan (\d+) inovasi lagi berkematangan \d+\.|Tanpa itu perlu (\d+)", text)
    never = "saja tidak mencapai target" in text
    if not judged.profile.complete or judged.gap == 0:
        assert (served, alone, never) == (None, None, False)
        return
    assert served or alone or never
    room = CAP - judged.count
    if alone:
        assert fewest(tx, points, room, ()) == int(alone[1] or alone[2])
    if served:
        assert fewest(tx, points, room, lacking) == int(served[1])
    if never:
        assert fewest(tx, points, room, lacking) is None


def fewest(tx: SqliteTransaction, points: int, room: int, affairs: Sequence[str]) -> int | None:
    """How many innovations reach the target, found by handing in one after the other."""
    with tried_and_undone(tx):
        for number in range(room + 1):
            if reports.period_figures(tx, PERIOD, rule=RULE).claimed.index >= TARGET:
                return number
            handed(tx, 47, points, affairs[number] if number < len(affairs) else OTHER, number)
    return None


def _improvements_to_the_target(tx: SqliteTransaction, text: str) -> None:
    """The improvements that are named lead where they say, and no fewer improvements reach the target."""
    title = re.search(rf"Paling sedikit (\d+) langkah .*, sampai {SIGNED}:", text)
    every = re.search(rf"Semua langkah pada inovasi yang ada baru sampai {SIGNED}", text)
    if title is None and every is None:
        return
    regency = Regency(RULE, *_sums(tx))
    room = office_sums.room(tx, PERIOD)
    plan = cheapest(regency, INDICATORS, room=room, target=TARGET)
    lines = re.findall(r"• (\d+) .*: (\d+) kenaikan tingkat, \+(\d+) poin", text)
    for no, times, points in lines:
        assert plan.improvements[int(no)] == int(times)
        assert INDICATORS.by_no[int(no)].weight * int(times) == int(points)
    if every:
        assert figure(every[1]) == after_raising(tx, room) < TARGET
    if title:
        assert sum(plan.improvements.values()) == int(title[1])
        assert TARGET <= after_raising(tx, plan.improvements) == figure(title[2])
        assert after_raising(tx, heaviest(room, int(title[1]) - 1)) < TARGET


def _sums(tx: SqliteTransaction) -> tuple[Sums, Decimal]:
    standing = reports.period_figures(tx, PERIOD, rule=RULE)
    return standing.claimed.sums, standing.spd


def heaviest(room: Mapping[int, int], count: int) -> dict[int, int]:
    """So many improvements, those that bring most first."""
    improvements: dict[int, int] = {}
    for no in sorted(room, key=lambda no: -INDICATORS.by_no[no].weight):
        improvements[no] = min(room[no], count - sum(improvements.values()))
    return improvements


def after_raising(tx: SqliteTransaction, improvements: Mapping[int, int]) -> Decimal:
    """The index after so many improvements at each indicator, whichever innovations make them."""
    left = dict(improvements)
    counting = "SELECT innovation_id FROM contributions WHERE claimed IS NOT NULL"
    with tried_and_undone(tx):
        for (number,) in tx.execute(counting).fetchall():
            levels = INDICATORS.levels(innovations.answers(tx, number))
            up = {no: min(3 - levels.get(no, 0), rest) for no, rest in left.items()}
            changes = {f"i{no}": {"level": levels.get(no, 0) + more} for no, more in up.items() if more}
            left = {no: rest - up[no] for no, rest in left.items()}
            if changes:
                written(tx, number, changes, now=MORNING)
        assert not any(left.values())
        return index(tx)


def _one_more_affair(tx: SqliteTransaction, text: str, before: Decimal, lacking: Sequence[str]) -> None:
    """One of the innovations that are there serves the first missing affair instead of what others serve."""
    said_change = re.search(rf"Satu urusan dasar lagi terwakili \(.*\): {SIGNED}", text)
    nothing = re.search(r"Satu urusan dasar lagi \(.*\) belum mengubah", text)
    if said_change is None and nothing is None:
        return
    change = figure(said_change[1]) if said_change else Decimal(0)
    counting = "SELECT innovation_id FROM contributions WHERE claimed IS NOT NULL AND affair = ? ORDER BY 1"
    other = tx.execute(counting, (OTHER,)).fetchone()
    if other is None:
        return
    with tried_and_undone(tx):
        written(tx, other[0], {"urusan_utama": lacking[0]}, now=MORNING)
        assert index(tx) - before == change


def _rest_of_the_profile(tx: SqliteTransaction, text: str, before: Decimal) -> None:
    rest = re.search(rf"Profil SPD masih dapat naik {SIGNED} poin: {SIGNED}", text)
    with tried_and_undone(tx):
        for row in RULE.spd:
            profile.set_level(tx, PERIOD, row=row.no, level=3, by=1, now=MORNING)
        assert index(tx) - before == (figure(rest[2]) if rest else 0)


@EVERY_REGENCY
def test_every_improvement_of_a_draft_equals_sending_it_with_the_improvement_made(
    tx: SqliteTransaction, numbers: range
) -> None:
    for number in numbers:
        _of_draft(tx, number)


def _of_draft(tx: SqliteTransaction, number: int) -> None:
    chance = Random(1000 + number)
    with tried_and_undone(tx):
        by_chance(tx, chance)
        before, judged = index(tx), reports.judged(tx, DESK.desk_data, period=periods.load(tx, PERIOD))
        draft = handed(tx, DINKES, chance.choice(MATURITIES), chance.choice((*BASIC, OTHER)), 99)
        sent = index(tx)
        tx.execute("UPDATE innovations SET state = 'draf', receipt = NULL WHERE id = ?", (draft,))
        scores.refresh(tx, draft, now=MORNING)
        text = said(tx, RINA, tap=f"wi:i:{draft}")
        sending = re.search(rf"Mengirimnya saja: {SIGNED} → {SIGNED}", text)
        assert (sending is None) is (judged.claimed is None)
        assert sending is None or [figure(one) for one in sending.groups()] == [before, sent]
        for no, level, start, end in re.findall(
            rf"(\d+) [^\n]*→ tingkat (\d): [^\n]*indeks {SIGNED} → {SIGNED}", text
        ):
            assert figure(start) == sent
            with tried_and_undone(tx):
                written(tx, draft, {f"i{no}": {"level": int(level)}}, now=MORNING)
                found = innovations.load(tx, draft)
                assert found is not None
                handing_in.send(tx, found, year=2026, by=1, now=MORNING)
                assert index(tx) == figure(end)


@EVERY_REGENCY
def test_an_offices_best_improvement_is_the_difference_of_the_figures_that_are_shown(
    tx: SqliteTransaction, numbers: range
) -> None:
    for number in numbers:
        with tried_and_undone(tx):
            by_chance(tx, Random(2000 + number))
            handed(tx, DINKES, 60, "kesehatan", 98)
            text, before = said(tx, RINA, "/status"), index(tx)
            found = re.search(
                rf"indikator (\d+) .* ke tingkat (\d) pada Layanan (\d+) .*indeks {SIGNED}\)", text
            )
            assert found is not None
            no, level = int(found[1]), int(found[2])
            every = office_sums.entries(tx, PERIOD, office_id=DINKES, drafts=True, limit=50)
            entry = next(
                one for one in every if one.title == f"Layanan {found[3]}" and one.levels[no] == level - 1
            )
            written(tx, entry.id, {f"i{no}": {"level": level}}, now=MORNING)
            assert figure(found[4]) == index(tx) - before
