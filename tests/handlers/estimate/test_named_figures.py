"""What is named with figures or a simulation in mind: offices, innovations, a target, and none of these."""

from __future__ import annotations

import pytest

from domain.message import plain
from storage.engine.sqlite import SqliteTransaction
from tests.kit.estimating import take
from tests.kit.people import RINA, TONO, WATI


@pytest.mark.parametrize("typed", ["/simulasi dinkes", "/whatif Dinas Kesehatan", "simulasi dinkes"])
def test_an_office_that_is_named_is_simulated(tx: SqliteTransaction, typed: str) -> None:
    page = take(tx, WATI, typed)[0]
    assert [row[0].data for row in page.rows] == ["wi:i:5", "wi:i:20", "st:o:5:0"]
    assert "Langkah terbaik: Data Satu Pintu 1" in plain(take(tx, WATI, tap="wi:i:5")[0].text)


def test_an_office_that_has_sent_none_is_said_to_and_leads_to_the_regency(tx: SqliteTransaction) -> None:
    page = take(tx, WATI, "/simulasi kecamatan baamang")[0]
    assert "Belum ada inovasi terkirim dari perangkat daerah ini" in page.text
    assert "Baamang" in page.text
    assert page.rows[0][0].data == "wi:all"
    assert "Simulasi perkiraan indeks" in plain(take(tx, WATI, tap="wi:all")[0].text)


@pytest.mark.parametrize(
    "typed", ["/status setda", "/simulasi Sekretariat Daerah", "/whatif setda", "Sekretariat Daerah", "setda"]
)
def test_another_office_that_is_named_is_refused_and_noted(tx: SqliteTransaction, typed: str) -> None:
    assert "Sekretariat Daerah hanya terbuka bagi" in plain(take(tx, RINA, typed)[0].text)
    noted = "SELECT action, detail FROM audit WHERE action LIKE 'refused%'"
    assert [tuple(row) for row in tx.execute(noted).fetchall()] == [("refused_name", '{"office": 1}')]


@pytest.mark.parametrize(
    "typed", ["/simulasi 65,01", "simulasi 65.01", "/whatif target 65,01", "simulasi 55"]
)
def test_a_target_that_is_tried_is_named_with_what_is_missing_to_it(
    tx: SqliteTransaction, typed: str
) -> None:
    """B1; the maturities below it keep it."""
    target = "55,00" if typed.endswith("55") else "65,01"
    gap = "4,27" if typed.endswith("55") else "14,28"
    page = take(tx, WATI, typed)[0]
    assert f"Perkiraan 50,73, target {target}, kurang {gap}." in plain(page.text)
    other = take(tx, WATI, tap=page.rows[0][0].data)[0]
    assert f"target {target}, kurang {gap}." in plain(other.text)
    assert other.text != page.text


def test_a_target_is_named_also_where_no_distance_may_be_said(tx: SqliteTransaction) -> None:
    tx.execute("DELETE FROM spd_levels WHERE row = '1'")
    assert "Target yang dicoba: 65,01. Kekurangannya baru" in take(tx, WATI, "/simulasi 65,01")[0].text


@pytest.mark.parametrize(("who", "target"), [(WATI, True), (RINA, False)])
@pytest.mark.parametrize("said", ["zzzz", "101", "-5", "65,013"])
def test_what_names_nothing_to_simulate_is_said_so_with_a_way_on(
    tx: SqliteTransaction, who: int, target: bool, said: str
) -> None:
    told = take(tx, who, f"/simulasi {said}")[0]
    assert told.text.startswith(f"“{said}” belum kami temukan di antara perangkat daerah dan inovasi.")
    assert ("0 sampai 100" in told.text, "/simulasi dinkes" in told.text) == (target, target)
    assert [row[0].data for row in told.rows] == ["wi:all"]
    way_on = "Simulasi" if target else "Inovasi yang mana?"
    assert way_on in take(tx, who, tap="wi:all")[0].text


@pytest.mark.parametrize("said", ["kabupaten", "Kotawaringin Timur", "kotim"])
def test_the_regency_is_named_by_its_names(tx: SqliteTransaction, said: str) -> None:
    assert "Simulasi perkiraan indeks" in plain(take(tx, WATI, f"/simulasi {said}")[0].text)


@pytest.mark.parametrize("said", ["5", "0005", "DI-2026-0005"])
def test_an_innovation_is_named_by_its_number_too(tx: SqliteTransaction, said: str) -> None:
    shown = plain(take(tx, WATI, f"/simulasi {said}")[0].text)
    assert ("Langkah terbaik: Data Satu Pintu 1" in shown) is (said != "5")
    assert ("Data Satu Pintu 1" in plain(take(tx, WATI, f"/status {said}")[0].text)) is (said != "5")


@pytest.mark.parametrize(
    ("typed", "unknown"),
    [("antre daring 1", "zzyx daring 1"), ("0001", "0099"), ("DI-2026-0001", "DI-2026-0099")],
)
def test_what_is_named_without_a_command_is_noted_where_it_is_not_theirs(
    tx: SqliteTransaction, typed: str, unknown: str
) -> None:
    """F89: the answer does not tell it from what there is not."""
    told, never = (take(tx, RINA, said)[0].text for said in (typed, unknown))
    assert told.replace(typed, "") == never.replace(unknown, "")
    noted = tx.execute("SELECT detail FROM audit WHERE action LIKE 'refused%'").fetchall()
    assert [row[0] for row in noted] == ['{"innovation": 1}']


@pytest.mark.parametrize("command", ["/status", "/simulasi"])
def test_a_title_of_another_office_is_noted_and_not_confirmed(tx: SqliteTransaction, command: str) -> None:
    told = take(tx, RINA, f"{command} antre daring 1")[0].text
    unknown = take(tx, RINA, f"{command} entah apa 1")[0].text
    assert told.replace("antre daring 1", "") == unknown.replace("entah apa 1", "")
    noted = "SELECT action, detail FROM audit WHERE action LIKE 'refused%'"
    assert [tuple(row) for row in tx.execute(noted).fetchall()] == [("refused_name", '{"innovation": 1}')]


def test_an_innovation_that_is_named_is_simulated(tx: SqliteTransaction) -> None:
    for person in (WATI, RINA):
        for typed in ("/simulasi data satu pintu 1", "simulasi Data Satu Pintu 1"):
            assert "Langkah terbaik: Data Satu Pintu 1" in plain(take(tx, person, typed)[0].text)
    assert "Antre Daring 1" not in plain(take(tx, RINA, "/simulasi antre daring 1")[0].text)
    assert "belum kami temukan" in take(tx, WATI, "/simulasi apa saja")[0].text


@pytest.mark.parametrize("typed", ["/simulasi dinas keshatan", "/simulasi keshatan", "/whatif kesehtan"])
def test_a_near_miss_of_a_name_is_asked_about_and_never_simulated(tx: SqliteTransaction, typed: str) -> None:
    """F36: the right office is among the three that are offered."""
    page = take(tx, WATI, typed)[0]
    assert "Bapak/Ibu maksud?" in page.text
    offered = [choice.data for row in page.rows for choice in row]
    assert "wi:o:5" in offered
    assert len(offered) <= 3
    opened = take(tx, WATI, tap="wi:o:5")[0]
    assert [row[0].data for row in opened.rows] == ["wi:i:5", "wi:i:20", "st:o:5:0"]
    assert "Data Satu Pintu" not in take(tx, TONO, tap="wi:o:5")[0].text


@pytest.mark.parametrize("who", [WATI, RINA])
def test_behind_the_list_of_innovations_too_what_names_nothing_is_said_so(
    tx: SqliteTransaction, who: int
) -> None:
    listed = take(tx, who, "/inovasi")[0]
    told = take(tx, who, "/inovasi zzzz")[0]
    assert told.text == f"“zzzz” belum kami temukan di antara perangkat daerah dan inovasi.\n\n{listed.text}"
    assert told.rows == listed.rows
    near = take(tx, who, "/inovasi data satu pnitu 1")[0]
    assert "st:i:5" in [row[0].data for row in near.rows]


def test_a_target_above_the_index_is_not_tried(tx: SqliteTransaction) -> None:
    most, beyond = (plain(take(tx, WATI, tap=f"wi:m:74:0:{target}")[0].text) for target in (10_000, 10_001))
    assert "100,00" in most
    assert "100,01" not in beyond
