"""Whole hard periods of many seeds, read from their logs alone: every promise is kept."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from sandbox.replay import replay
from sandbox.replay_run import Wanted
from tests.kit.replay_reader import broken_promises, read_log

SEEDS = 40
SHORTEST, LONGEST = 55, 365  # days


def days_of(seed: int) -> int:
    """The length of a seed's period: from the shortest to the longest in even steps."""
    return SHORTEST + (seed - 1) * (LONGEST - SHORTEST) // (SEEDS - 1)


def check(folder: Path, seed: int) -> None:
    """Replay a period with outages at any hour, moved deadlines and announcements, and read its log."""
    log = asyncio.run(replay(folder, Wanted(seed=seed, days=days_of(seed), troubled=True))).log
    assert sum(entry.is_unasked for entry in read_log(log)) > 100
    assert broken_promises(log) == []


@pytest.mark.parametrize("seed", [2])
def test_every_promise_is_kept(tmp_path: Path, seed: int) -> None:
    check(tmp_path, seed)


@pytest.mark.every
@pytest.mark.parametrize("seed", [seed for seed in range(1, SEEDS + 1) if seed != 2])
def test_every_promise_is_kept_whatever_the_seed(tmp_path: Path, seed: int) -> None:
    check(tmp_path, seed)


HEARD = """
Senin, 2 Maret 2026 pukul {at} WIB → Rina
    {text}
"""


@pytest.mark.parametrize(
    ("log", "broken"),
    [
        (HEARD.format(at="08.00", text="Pengingat"), ""),
        (HEARD.format(at="22.15", text="Pengingat"), "outside hours"),
        (HEARD.format(at="22.15", text="Pengingat").replace("Senin, 2", "Sabtu, 7"), "outside hours"),
        (HEARD.format(at="11.30", text="Pengingat").replace("Senin, 2", "Jumat, 6"), "outside hours"),
        (HEARD.format(at="22.15", text="Hasil siaran #1"), ""),
        (HEARD.format(at="08.00", text="Pengingat") * 2, "above the limits"),
        (HEARD.format(at="08.00", text="Pengingat") + HEARD.format(at="08.10", text="Kabar mendesak"), ""),
        (
            HEARD.format(at="08.00", text="Perlu ditelepon\n    • Dinas Sosial – Agus"),
            "unannounced",
        ),
        (
            HEARD.format(at="08.00", text="• Selasa, 3 Maret 2026: kepala Dinsos")
            + HEARD.format(at="09.00", text="mendesak").replace("Senin, 2", "Senin, 9"),
            "announced and not made",
        ),
        (
            HEARD.format(
                at="08.00", text="Rekap mingguan Desk Inovasi\n    0 dari 11 perangkat daerah sudah mengirim"
            ),
            "summary",
        ),
    ],
)
def test_the_reading_sees_what_is_broken(log: str, broken: str) -> None:
    """Each kind of broken promise, and its innocent neighbour."""
    kinds = {line.partition(":")[0] for line in broken_promises(log)}
    assert kinds == ({broken} if broken else set())
