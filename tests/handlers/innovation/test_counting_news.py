"""Whoever sent it and the desk hear that something sent does not count any more, and why."""

from __future__ import annotations

import pytest

from bot.startup import adopt_rules
from domain.index.estimate import Sums
from storage import scores
from tests.kit.clock_and_codes import MORNING
from tests.kit.direct import Direct
from tests.kit.handed_in import handed_in
from tests.kit.people import BUDI, SARI

_TOLD = "SELECT address, payload FROM outbox WHERE payload LIKE '%tidak dihitung%' ORDER BY address"


@pytest.fixture
async def direct(direct: Direct) -> Direct:
    await direct.database.run(lambda tx: handed_in(tx, "SIPANDU", now=MORNING))
    return direct


async def test_an_edit_of_the_date_is_told_once_to_the_others(direct: Direct) -> None:
    await direct.presses("f:1:#list:0:j:waktu_penerapan")
    said = await direct.says("3 Maret 2026")
    assert "Tidak dihitung: diterapkan sesudah 31 Desember 2025." in said[0].text
    told = await direct.rows(_TOLD)
    assert [address for address, _ in told] == [str(BUDI), str(SARI)]
    assert all("SIPANDU" in text and "Dinkes" in text for _, text in told)
    assert (await direct.database.run(lambda tx: scores.figures(tx, 1))).claimed == Sums()
    await direct.presses("f:1:#list:0:j:waktu_penerapan")
    again = await direct.says("1 Juni 2025")
    assert "kini dapat dihitung" in again[0].text
    assert len(await direct.rows(_TOLD)) == len(told)


async def test_a_draft_is_nobody_elses_news(direct: Direct) -> None:
    await direct.database.run(lambda tx: tx.execute("UPDATE innovations SET state = 'draf', receipt = NULL"))
    await direct.presses("f:1:#list:0:j:waktu_penerapan")
    said = await direct.says("3 Maret 2026")
    assert "Tidak dihitung" not in said[0].text
    assert await direct.rows(_TOLD) == []


async def test_an_old_one_without_development_hears_what_to_do(direct: Direct) -> None:
    await direct.database.run(lambda tx: tx.execute("UPDATE innovations SET state = 'draf', receipt = NULL"))
    await direct.presses("f:1:#list:0:j:waktu_uji_coba")
    await direct.says("1 Mei 2023")
    await direct.says("1 Juni 2023")
    said = await direct.says("tidak")
    assert "tahun ini tidak dapat dilaporkan" in said[0].text
    assert "Kapan pengembangan terbaru" not in said[0].text
    gaps = await direct.presses("f:1:#list:0:gaps")
    assert "tahun ini tidak dapat dilaporkan" in gaps[0].text


async def test_a_changed_window_is_told_at_the_start(direct: Direct) -> None:
    await direct.database.run(lambda tx: tx.execute("UPDATE counting_rules SET opens = '2023-01-01'"))
    await adopt_rules(direct.database, direct.desk.desk_data, now=MORNING)
    assert await direct.rows(_TOLD) == [], "a wider window loses nothing"
    await direct.database.run(lambda tx: tx.execute(
        "UPDATE answers SET value = '\"2023-06-01\"' WHERE question IN ('waktu_penerapan', 'waktu_uji_coba')"
    ))  # fmt: skip
    await direct.database.run(lambda tx: tx.execute("UPDATE counting_rules SET opens = '2023-01-01'"))
    await direct.database.run(lambda tx: scores.refresh(tx, 1, now=MORNING))
    await adopt_rules(direct.database, direct.desk.desk_data, now=MORNING)
    assert len(await direct.rows(_TOLD)) == 3, "two of the office, one of the desk"
