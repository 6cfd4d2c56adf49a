"""What the estimate costs: in full, for a /status turn as innovations accumulate, and for keeping its sums.

    uv run --group dev python -m bench.index

The first table computes the estimate of one regency from the levels of every innovation, nothing stored.
The second asks /status of the desk itself, in databases that differ only in how many innovations lie there:
28 and a million, of one regency in one period, and a million over 500 regencies (a period each).
The third takes level answers of an innovation that counts, and says what keeping the sums adds to a turn.
"""

from __future__ import annotations

import argparse
import sqlite3
import statistics
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from domain.index.estimate import Sums, estimate, maturity
from domain.index.whatif import Regency, cheapest, improvements
from domain.message import Inbound, Kind
from domain.rules.indicators import NUMBERS
from handlers.assembly import build
from handlers.desk import Desk
from storage import reports, scores
from storage.engine.migrate import migrate
from storage.engine.sqlite import SqliteTransaction as Transaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.people import PEOPLE, RINA, WATI, seed
from tests.kit.regency import INDICATORS, PERIOD, RULE, levels_of, like_kotim, many
from tests.kit.scratch import scratch_folder

OFFICES, AT_EACH = 47, 200
MILLION, REGENCIES = 1_000_000, 500
TARGET = RULE.best
SHARE_AT_MOST = 0.15  # of a turn that may go into keeping the sums
TURN_MS = 1.5  # CPU of a whole turn, both ends of the network included (bench.turns)


def main() -> None:
    """Measure and print the three tables."""
    parser = argparse.ArgumentParser(prog="python -m bench.index", description=__doc__.splitlines()[0])
    parser.add_argument("--million", type=int, default=MILLION, help="innovations in the large databases")
    options = parser.parse_args()
    _full()
    with scratch_folder() as folder:
        _status(folder, options.million)
        _answers(folder)


def _seconds(work: Callable[[], object], times: int) -> float:
    """The best of a few runs of so many times, for one time: the machine may be busy with something else."""
    runs = []
    for _ in range(5):
        begun = time.perf_counter()
        for _ in range(times):
            work()
        runs.append((time.perf_counter() - begun) / times)
    return min(runs)


def _full() -> None:
    """Compute everything from the levels: maturity of each, the estimate, what would raise it."""
    levels = [levels_of(37 + number % 75) for number in range(OFFICES * AT_EACH)]
    affairs = frozenset(RULE.index.basic_affairs)

    def every() -> Sums:
        return Sums(len(levels), sum(int(maturity(INDICATORS, one).points) for one in levels), affairs)

    sums = every()
    spd = RULE.index.spd_max - 20
    regency = Regency(RULE, sums, spd)
    room = {number: sum(3 - one[number] for one in levels) for number in NUMBERS}
    efforts = {number: number % 7 + 1 for number in NUMBERS}
    print(f"one regency, {OFFICES} offices x {AT_EACH} innovations")
    print(f"  maturity of all, every line    {1000 * _seconds(every, 1):10.1f} ms")
    print(
        "  estimate from the sums         "
        f"{1e6 * _seconds(lambda: estimate(RULE, sums, spd_points=spd), 200):10.1f} us"
    )
    one = _seconds(lambda: improvements(regency, INDICATORS, levels=levels[0]), 20)
    print(f"  improvements of one innovation {1e6 * one:10.1f} us")
    alike = _seconds(lambda: cheapest(regency, INDICATORS, room=room, target=TARGET), 5)
    print(f"  fewest improvements to {TARGET}   {1e6 * alike:10.1f} us")
    near = regency.now().index + 1
    weighed = _seconds(lambda: cheapest(regency, INDICATORS, room=room, target=near, efforts=efforts), 1)
    print(f"  least effort for one point     {1000 * weighed:10.1f} ms")


# status


def _database(path: Path) -> Transaction:
    tx = sqlite3.connect(path, factory=Transaction, isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "temp_store = MEMORY"):
        tx.execute(f"PRAGMA {pragma}")
    migrate(tx, path)
    seed(tx, MORNING)
    return tx


def _filled(path: Path, innovations: int, regencies: int) -> Transaction:
    tx = _database(path)
    many(tx, innovations, regencies=regencies, now=MORNING)
    tx.execute("ANALYZE")
    return tx


def _status(folder: Path, million: int) -> None:
    desk = build(timezone="Asia/Jakarta", language="id")
    cases: Mapping[str, tuple[int, int]] = {
        "28 innovations": (28, 1),
        f"{million:,} of one regency": (million, 1),
        f"{million:,} over {REGENCIES} regencies": (million, REGENCIES),
    }
    first: dict[str, float] = {}
    print(
        f"\n/status                              {'turn':>10s} {'SQL':>9s}   {'office':>9s}   "
        f"{'from scratch':>12s}"
    )
    for name, (innovations, regencies) in cases.items():
        path = folder / f"{innovations}-{regencies}.db"
        tx = _filled(path, innovations, regencies)
        leader = _seconds(partial(_take, desk, tx, WATI, "/status"), 100)
        office = _seconds(partial(_take, desk, tx, RINA, "/status"), 100)
        sql = _sql_seconds(desk, tx)
        scratch = _seconds(partial(_from_scratch, tx), 1)
        first = first or {"turn": leader, "sql": sql, "office": office}
        growth = f"x{leader / first['turn']:.2f} x{sql / first['sql']:.2f} x{office / first['office']:.2f}"
        print(f"  {name:34s} {1e6 * leader:7.0f} us {1e6 * sql:6.0f} us   {1e6 * office:6.0f} us", end="")
        print(f"   {1000 * scratch:9.1f} ms   {growth}")
        tx.close()
        path.unlink()


def _from_scratch(tx: Transaction) -> None:
    tx.execute(_SCRATCH, (PERIOD,)).fetchone()


_SCRATCH = "SELECT count(*), sum(claimed) FROM innovations WHERE period_id = ? AND state = 'terkirim'"


class _Timed(Transaction):
    """A connection that adds up the time of its statements, their rows fetched."""

    spent = 0.0

    def execute(self, *given: object) -> sqlite3.Cursor:
        begun = time.perf_counter()
        cursor = super().execute(*given)  # type: ignore[arg-type]
        self.spent += time.perf_counter() - begun
        return cursor


def _sql_seconds(desk: Desk, tx: Transaction) -> float:
    """The time the statements of a leader's /status take, of which what the person is and has open is a
    part.
    """
    path = tx.execute("PRAGMA database_list").fetchone()[2]
    timed = sqlite3.connect(path, factory=_Timed, isolation_level=None)
    _take(desk, timed, WATI, "/status")
    runs = []
    for _ in range(300):
        timed.spent = 0.0
        _take(desk, timed, WATI, "/status")
        runs.append(timed.spent)
    timed.close()
    return statistics.median(runs)


def _take(desk: Desk, tx: Transaction, person: int, text: str = "", *, tap: str = "") -> None:
    kind = Kind.BUTTON if tap else Kind.TEXT
    inbound = Inbound(
        "telegram",
        str(person),
        kind,
        text=text,
        button=tap,
        callback_id="1",
        message_ref="9",
        name=PEOPLE[person][0],
    )
    desk.take(tx, inbound, fetched=None, now=MORNING)


# answers


def _answers(folder: Path) -> None:
    """Level answers of an innovation that is sent: the turn at the desk, and keeping the sums within it."""
    desk = build(timezone="Asia/Jakarta", language="id")
    tx = _database(folder / "answers.db")
    tx.execute("BEGIN")
    like_kotim(tx, now=MORNING)
    _take(desk, tx, RINA, tap="f:5:#list:0:list")
    state = {"level": 1}

    def answered() -> None:
        state["level"] = 3 - state["level"]
        _take(desk, tx, RINA, tap="f:5:#list:0:j:i34")
        revision = tx.execute("SELECT json_extract(state, '$.revision') FROM cursors").fetchone()[0]
        _take(desk, tx, RINA, tap=f"f:5:i34:{revision}:lv:{state['level']}")

    def opened() -> None:
        _take(desk, tx, RINA, tap="f:5:#list:0:j:i34")

    turn = _seconds(answered, 100) - _seconds(opened, 100)
    kept = _seconds(lambda: _kept(tx, state), 200)
    unchanged = _seconds(lambda: scores.refresh(tx, 5, now=MORNING), 200)
    standing = _seconds(lambda: reports.period_figures(tx, PERIOD, rule=RULE), 200)
    print("\na level answer of an innovation that counts")
    print(f"  the turn at the desk           {1e6 * turn:10.0f} us")
    print(f"  of it keeping the sums         {1e6 * kept:10.0f} us   {100 * kept / turn:.0f} % of that")
    share = 100 * 1000 * kept / TURN_MS
    print(f"  of a whole turn of {TURN_MS} ms      {share:10.0f} %    at most {100 * SHARE_AT_MOST:.0f} %")
    print(f"  keeping where nothing moved    {1e6 * unchanged:10.0f} us")
    print(f"  reading for the live clause    {1e6 * standing:10.0f} us")
    tx.execute("ROLLBACK")
    tx.close()


def _kept(tx: Transaction, state: dict[str, int]) -> None:
    state["level"] = 3 - state["level"]
    tx.execute(
        "UPDATE innovations SET claimed = claimed + ? WHERE id = 5", (1 if state["level"] == 2 else -1,)
    )
    scores.refresh(tx, 5, now=MORNING)


if __name__ == "__main__":
    main()
