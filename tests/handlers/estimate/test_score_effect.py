"""The clause after each level: what it does to the index, equal to a recomputation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.message import Message, plain
from storage import innovations, scores
from storage.engine.sqlite import SqliteTransaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.estimating import fully, take
from tests.kit.people import RINA, WATI
from tests.kit.properties import SHARES_FIXTURE
from tests.kit.regency import INDICATORS, hand_in, levels_of, written
from tests.kit.score_drift import drift
from tests.kit.tables import tried_and_undone

# these two ask a kind or a basis first
AT_ONCE = [number for number in range(16, 36) if number not in (30, 33)]


def moved(messages: Sequence[Message]) -> tuple[Decimal, Decimal] | None:
    """The estimate before and after, as the live clause says it."""
    found = re.search(r"indeks kabupaten(?: saat ini)? (\d+,\d\d) → (\d+,\d\d)", messages[0].text)
    return (Decimal(found[1].replace(",", ".")), Decimal(found[2].replace(",", "."))) if found else None


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=SHARES_FIXTURE,
)
@given(
    st.lists(st.tuples(st.sampled_from(AT_ONCE), st.integers(0, 3)), min_size=4, max_size=12), st.booleans()
)
def test_the_live_score_equals_a_recomputation_at_every_change(
    tx: SqliteTransaction, moves: list[tuple[int, int]], sent: bool
) -> None:
    """At each level, also one taken back or changed again; a draft is told what it will do once sent."""
    tx.execute("SAVEPOINT example")
    number = hand_in(tx, office=5, title="Langsung", affair="sosial", levels=levels_of(40), now=MORNING)
    if not sent:
        tx.execute("UPDATE innovations SET state = 'draf', receipt = NULL WHERE id = ?", (number,))
        scores.refresh(tx, number, now=MORNING)
    take(tx, RINA, tap=f"f:{number}:#list:0:list")
    for indicator, level in moves:
        before = _as_sent(tx, number)
        page = take(tx, RINA, tap=f"f:{number}:#list:0:j:i{indicator}")
        levels = [c.data for m in page for row in m.rows for c in row if c.data.endswith(f":lv:{level}")]
        assert levels or level == 0
        if not levels:
            continue  # there is no level to take away
        clause = moved(take(tx, RINA, tap=levels[0]))
        after = _as_sent(tx, number)
        assert clause in ((before, after), None if before == after else (before, after))
    assert drift(tx) == []
    tx.execute("ROLLBACK TO example")
    tx.execute("RELEASE example")


def _without_numbers(tx: SqliteTransaction, table: str) -> list[tuple[object, ...]]:
    """Read a table but for the innovations' numbers, which a server gives anew after what is undone."""
    return sorted((row[1:] for row in tx.execute(f"SELECT * FROM {table}").fetchall()), key=repr)


SCORE = re.compile(r"Skor (\d+) → (\d+) \(([+−]\d+)\)")


def test_all_twenty_indicators_say_what_a_recomputation_says_also_after_a_change_and_on_the_way_back(
    tx: SqliteTransaction,
) -> None:
    """F49, B4: Skor 63 → 69 (+6), level by level; switched off, the same is kept to the byte."""
    kept = []
    for switch in ("on", "off"):
        with tried_and_undone(tx):
            number = hand_in(tx, office=5, title="Langsung", affair="sosial", levels={}, now=MORNING)
            written(tx, number, {"jenis": "digital", "i33": {"basis": "a"}}, now=MORNING)
            take(tx, RINA, tap=f"ll:{switch}")
            take(tx, RINA, tap=f"f:{number}:#list:0:list")
            for indicator in range(16, 36):
                for level in (2,) if indicator % 4 else (1, 3):  # some are changed again
                    _tries(tx, number, indicator=indicator, level=level, is_said=switch == "on")
            assert drift(tx) == []
            kept.append({table: _without_numbers(tx, table) for table in ("answers", "contributions")})
    assert kept[0] == kept[1]


def _tries(tx: SqliteTransaction, number: int, *, indicator: int, level: int, is_said: bool) -> None:
    """Choose a level, compare what is said of it, and go back."""
    points, index = _points(tx, number), fully(tx)
    said = _chooses(tx, number, indicator=indicator, level=level)
    score = SCORE.search(plain(said[0].text))
    assert score is not None, (indicator, level, said[0].text)
    assert [int(one.replace("−", "-")) for one in score.groups()] == [
        points,
        _points(tx, number),
        _points(tx, number) - points,
    ]
    assert moved(said) == ((index, fully(tx)) if is_said and index != fully(tx) else None)
    before = fully(tx)
    take(tx, RINA, "kembali")
    assert fully(tx) == before


def _chooses(tx: SqliteTransaction, number: int, *, indicator: int, level: int) -> Sequence[Message]:
    page = take(tx, RINA, tap=f"f:{number}:#list:0:j:i{indicator}")
    data = [c.data for m in page for row in m.rows for c in row if c.data.endswith(f":lv:{level}")]
    return take(tx, RINA, tap=data[0])


def _points(tx: SqliteTransaction, number: int) -> int:
    return INDICATORS.maturity(INDICATORS.levels(innovations.answers(tx, number)))


def _as_sent(tx: SqliteTransaction, number: int) -> Decimal:
    """The index from the answers alone, this innovation counted in."""
    tx.execute("SAVEPOINT sent")
    tx.execute("UPDATE innovations SET state = 'terkirim' WHERE id = ?", (number,))
    found = fully(tx)
    tx.execute("ROLLBACK TO sent")
    tx.execute("RELEASE sent")
    return found


def test_the_live_score_is_silent_where_the_stage_does_not_count(tx: SqliteTransaction) -> None:
    number = hand_in(tx, office=5, title="Uji", affair="sosial", levels=levels_of(40), now=MORNING)
    written(tx, number, {"tahapan": "uji_coba"}, now=MORNING)
    take(tx, RINA, tap=f"f:{number}:#list:0:list")
    page = take(tx, RINA, tap=f"f:{number}:#list:0:j:i34")
    level = next(c.data for m in page for row in m.rows for c in row if c.data.endswith(":lv:3"))
    said = take(tx, RINA, tap=level)
    assert "Skor" in said[0].text
    assert moved(said) is None


def test_the_live_clause_can_be_switched_off_and_on(tx: SqliteTransaction) -> None:
    """Beside the language; each person's own choice, and nothing but the clause is gone."""
    number = hand_in(tx, office=5, title="Langsung", affair="sosial", levels=levels_of(40), now=MORNING)
    for answer, level in (("off", 2), ("on", 3)):
        offered = [choice for row in take(tx, RINA, "/bahasa")[0].rows for choice in row]
        switch = next(choice for choice in offered if choice.data == f"ll:{answer}")
        assert "dampak pada indeks" in take(tx, RINA, tap=switch.data)[0].text
        page = take(tx, RINA, tap=f"f:{number}:#list:0:j:i34")
        chosen = next(c.data for m in page for row in m.rows for c in row if c.data.endswith(f":lv:{level}"))
        said = take(tx, RINA, tap=chosen)
        assert "Skor" in said[0].text
        assert (moved(said) is None) == (answer == "off")
    assert all(c.data.startswith("l:") for row in take(tx, WATI, "/bahasa")[0].rows for c in row)
