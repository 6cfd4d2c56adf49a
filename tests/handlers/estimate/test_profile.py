"""The regency's own levels: the desk alone sets them, and last year's count only once they are checked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.index.judgement import Starts
from domain.message import plain
from storage import periods, profile, profile_starts, reports
from storage.engine.sqlite import SqliteTransaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.estimating import DESK, PERIOD, take
from tests.kit.people import RINA, SARI, WATI
from tests.kit.regency import RULE


def test_only_the_desk_opens_the_profile(tx: SqliteTransaction) -> None:
    for who in (RINA, WATI):
        take(tx, who, tap="pf:set:1:0")
        take(tx, who, tap="pf:effort:16:9")
        assert "Profil kabupaten" not in take(tx, who, "/profil")[0].text
    assert profile.levels(tx, PERIOD)["1"] == 3
    assert profile.efforts(tx) == {}


@pytest.mark.parametrize(
    "tap", ["pf:set:1:4", "pf:set:99:1", "pf:set:1:-1", "pf:effort:16:10", "pf:row:99", "pf:x"]
)
def test_a_level_out_of_range_changes_nothing(tx: SqliteTransaction, tap: str) -> None:
    before = tx.execute("SELECT * FROM spd_levels").fetchall(), profile.efforts(tx)
    assert take(tx, SARI, tap=tap)[0].rows
    assert (tx.execute("SELECT * FROM spd_levels").fetchall(), profile.efforts(tx)) == before


def test_a_rule_year_without_rows_says_so(tx: SqliteTransaction) -> None:
    tx.execute("UPDATE periods SET rule_year = 2023")
    assert "belum diketahui" in take(tx, WATI, tap="st:spd")[0].text
    assert "belum diketahui" in take(tx, WATI, tap="st:why")[0].text
    assert "Baris SPD pada aturan 2023 belum diketahui" in take(tx, SARI, "/profil")[0].text
    assert take(tx, SARI, tap="pf:set:1:3")[0].rows


def test_the_profile_is_a_task_of_the_desk_until_it_is_filled_in(tx: SqliteTransaction) -> None:
    assert "Profil SPD" not in take(tx, SARI, "/tugas")[0].text
    tx.execute("DELETE FROM spd_levels WHERE row <> '1'")
    asked = take(tx, SARI, "/tugas")[0]
    lacking = "Profil SPD: 1 dari 20 baris terisi. Baris yang masih kosong bernilai sampai 24,00 poin indeks."
    assert lacking in plain(asked.text)
    assert [row[0].data for row in asked.rows[:2]] == ["k:antrean", "k:profil"]


def a_year_before(tx: SqliteTransaction) -> None:
    """Give 2025 a whole profile at level 2, and leave two rows of this year empty."""
    made = (
        "INSERT INTO periods (id, year, rule_year, opens_on, deadline, state) VALUES (9, 2025, "
        "2026, ?, ?, 'closed')"
    )
    tx.execute(made, ("2025-01-06", "2025-12-15"))
    tx.execute("INSERT INTO spd_levels SELECT 9, row, 2 FROM spd_levels WHERE period_id = ?", (PERIOD,))
    tx.execute("DELETE FROM spd_levels WHERE period_id = ? AND row IN ('1', '2a')", (PERIOD,))
    tx.execute("DELETE FROM spd_history WHERE period_id = ? AND row IN ('1', '2a')", (PERIOD,))


def test_last_years_levels_start_a_profile_and_count_only_once_they_are_checked(
    tx: SqliteTransaction,
) -> None:
    a_year_before(tx)
    points = reports.period_figures(tx, PERIOD, rule=RULE).spd
    page = take(tx, SARI, tap="pf:rows")[0]
    assert "1 Visi dan misi: – (2025: 2)" in page.text
    assert page.rows[0][0].label == "Mulai 2 baris dari 2025"
    started = take(tx, SARI, tap="pf:start:all")[0]
    assert "2 baris dimulai dengan tingkat 2025, ditandai belum diperiksa" in started.text
    assert "1 Visi dan misi: 2 (dari 2025, belum diperiksa)" in started.text
    assert started.rows[0][0].label == "… 1 · Visi dan misi"
    assert reports.period_figures(tx, PERIOD, rule=RULE).spd == points
    status = plain(take(tx, WATI, "/status")[0].text)
    assert (
        "48,33 sampai 50,73, tergantung profil SPD; 49,93 dengan tingkat awal yang belum diperiksa" in status
    )
    assert "profil SPD 18 dari 20 baris (2 dari 2025 belum diperiksa)" in status
    assert "Target 65,01" not in status
    assert "18 dari 20 baris terisi, 2 dari 2025 belum diperiksa" in take(tx, SARI, "/profil")[0].text
    explained = take(tx, WATI, tap="st:spd")[0].text
    assert "1* Visi dan misi: – (2)" in explained
    assert "Dalam kurung setelah –: tingkat 2025, belum diperiksa." in explained
    assert "14 Rencana induk dan peta jalan iptek (RIPJ PID): 0 (0)" in take(tx, WATI, tap="st:spd:1")[0].text
    assert "18 dari 20 baris terisi" in take(tx, SARI, "/tugas")[0].text
    asked = take(tx, SARI, tap="pf:row:1")[0]
    assert "Dari 2025, belum diperiksa: tingkat 2." in asked.text
    checked = take(tx, SARI, tap="pf:set:1:2")[0]
    assert "2a APBD ditetapkan tepat waktu" in checked.text, "the next row to check"
    assert reports.period_figures(tx, PERIOD, rule=RULE).spd == points + 2
    take(tx, SARI, tap="pf:set:2a:1")
    status = plain(take(tx, WATI, "/status")[0].text)
    assert "Perkiraan 2026: 49,53 Inovatif\n" in status
    assert "belum diperiksa" not in status
    assert "Target 65,01" in status


def test_one_row_starts_alone_and_a_checked_row_is_not_taken_over_again(tx: SqliteTransaction) -> None:
    a_year_before(tx)
    row = take(tx, SARI, tap="pf:row:1")[0]
    assert "Tingkat 2025: 2." in row.text
    assert row.rows[1][0].label == "Mulai dari 2025: tingkat 2"
    after = take(tx, SARI, tap="pf:start:1")[0]
    assert "Baris 1 dimulai dengan tingkat 2 dari 2025, belum diperiksa." in after.text
    assert "2a APBD ditetapkan tepat waktu" in after.text
    assert set(profile_starts.unchecked(tx, PERIOD).levels) == {"1"}
    status = plain(take(tx, WATI, "/status")[0].text)
    assert "tergantung profil SPD\n" in status, "one row has no level at all: no figure inside the range"
    take(tx, SARI, tap="pf:set:1:3")
    for tap in ("pf:start:1", "pf:start:all", "pf:start:all", "pf:start:99"):
        take(tx, SARI, tap=tap)
    assert profile_starts.unchecked(tx, PERIOD) == Starts(2025, {"2a": 2})
    assert profile.levels(tx, PERIOD)["1"] == 3
    assert "SPD" not in take(tx, WATI, tap="pf:start:all")[0].text, "the desk's alone"


def test_a_past_moment_keeps_the_starts_it_had(tx: SqliteTransaction) -> None:
    a_year_before(tx)
    take(tx, SARI, tap="pf:start:all", hours=2)
    take(tx, SARI, tap="pf:set:1:3", hours=50)
    period = periods.load(tx, PERIOD)
    seen = [
        reports.judged_at(tx, DESK.desk_data, period=period, moment=MORNING + timedelta(hours=hours))
        for hours in (1, 3, 51)
    ]
    assert [one and (one.profile.filled, one.profile.unchecked) for one in seen] == [
        (18, 0),
        (18, 2),
        (19, 1),
    ]


def test_rows_that_mean_something_else_are_not_taken_over(tx: SqliteTransaction) -> None:
    a_year_before(tx)
    tx.execute("UPDATE periods SET rule_year = 2023 WHERE id = 9")
    assert "pf:start:all" not in [c.data for row in take(tx, SARI, tap="pf:rows")[0].rows for c in row]
