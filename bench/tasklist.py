"""Whether the task list of one innovation answers as fast among many as alone.

    uv run --group dev python -m bench.tasklist

Alone: one innovation with all 20 indicators, two pieces of evidence each, a letter in each piece.
Among many: the same one beside those of 47 offices, five each, every answer with its history.
"""

from __future__ import annotations

import argparse
import sqlite3
import statistics
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from domain.draft.evidence import Letter, Piece
from domain.message import Inbound, Kind
from domain.rules.indicators import load_indicators
from handlers.assembly import build
from handlers.desk import Desk
from storage import innovations, scores
from storage.engine.migrate import migrate
from storage.engine.sqlite import SqliteTransaction as Transaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.complete import COMPLETE
from tests.kit.people import RINA, seed
from tests.kit.scratch import scratch_folder

OFFICES, AT_EACH, PIECES = 47, 5, 2
RATIO_AT_MOST = 1.25
INDICATORS = load_indicators()[2026]
TAPS: Mapping[str, str] = {
    "the task list": "f:1:#list:0:list",
    "the list of indicators": "f:1:#ind:0:j:#ind",
    "one indicator": "f:1:#ind:0:j:i27",
    "the check page": "f:1:#list:0:check",
}


def main() -> None:
    """Measure both databases in turn, so that a busy machine is busy for both; print the ratio of each
    page.
    """
    parser = argparse.ArgumentParser(prog="python -m bench.tasklist", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=300)
    options = parser.parse_args()
    desk = build(timezone="Asia/Jakarta", language="id")
    with scratch_folder() as folder:
        alone, many = (
            _database(folder / "alone.db", 1, 1),
            _database(folder / "many.db", OFFICES, AT_EACH),
        )
        print(f"{'':26s} {'alone':>10s} {f'among {OFFICES * AT_EACH}':>12s}   ratio")
        worst = max(_compared(desk, alone, many, name, options.rounds) for name in TAPS)
        alone.close()
        many.close()
    print(f"the worst ratio {worst:.2f}, at most {RATIO_AT_MOST} expected")


def _compared(desk: Desk, alone: Transaction, many: Transaction, name: str, rounds: int) -> float:
    taken: dict[int, list[float]] = {0: [], 1: []}
    for _ in range(rounds):
        for which, tx in enumerate((alone, many)):
            taken[which].append(_seconds(lambda tx=tx: _taps(desk, tx, TAPS[name])))  # type: ignore[misc]
    first, second = statistics.median(taken[0]), statistics.median(taken[1])
    print(f"{name:26s} {1e6 * first:7.0f} us {1e6 * second:9.0f} us   {second / first:.2f}")
    return second / first


def _seconds(work: Callable[[], None]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _taps(desk: Desk, tx: Transaction, data: str) -> None:
    inbound = Inbound("telegram", str(RINA), Kind.BUTTON, button=data, callback_id="1", name="Rina")
    desk.take(tx, inbound, fetched=None, now=MORNING)


def _database(path: Path, offices: int, at_each: int) -> Transaction:
    tx = sqlite3.connect(path, factory=Transaction, isolation_level=None)
    tx.execute("PRAGMA journal_mode = WAL")
    migrate(tx, path)
    tx.execute("BEGIN")
    seed(tx, MORNING)
    (own,) = tx.execute("SELECT id FROM offices WHERE code = 'dinkes'").fetchone()
    others = [row[0] for row in tx.execute("SELECT id FROM offices WHERE id <> ? ORDER BY id", (own,))]
    for office in [own, *others][:offices]:
        for _ in range(at_each):
            _full(tx, office)
    tx.execute("COMMIT")
    tx.execute("ANALYZE")
    tx.execute("BEGIN")  # the turns are taken inside one transaction: commits are bench.turns' subject
    return tx


def _full(tx: Transaction, office: int) -> None:
    """Write an innovation that lacks nothing, each answer with its history."""
    number = innovations.create(
        tx,
        innovations.NewInnovation(office_id=office, period_id=1, form_version=1, rule_year=2026),
        by=1,
        now=MORNING,
    )
    answers: dict[str, Any] = {**COMPLETE, "nama": f"Inovasi {number}"}
    for indicator in INDICATORS.indicators:
        answers[indicator.level_question] = {"level": 3, **({"basis": "a"} if indicator.bases else {})}
        answers[indicator.evidence_question] = [_piece(number, indicator.no, n) for n in range(PIECES)]
    innovations.write(tx, number, changes=answers, before={}, by=1, now=MORNING)
    scores.keep(tx, number, answers=answers, indicators=INDICATORS, now=MORNING)


def _piece(innovation: int, indicator: int, number: int) -> Piece:
    letter = Letter(f"188.45/{indicator}/2025", "2025-03-03", "Penetapan tim pelaksana")
    sha256 = f"{innovation:016x}{indicator:016x}{number:032x}"
    return Piece(sha256, "pdf", f"{indicator}-{number}.pdf", 250_000, letter=letter)


if __name__ == "__main__":
    main()
