"""What an innovation lacks, what is asked of it and whose it is are said alike wherever a person looks."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from domain.message import Message
from domain.people import Role
from domain.review import Move
from storage import contacts, draft_facts, innovations, offices, periods, reviews
from storage.engine.transaction import Transaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.direct import Direct
from tests.kit.handed_in import ANSWERS, handed_in, last_year
from tests.kit.people import RINA, SARI


@pytest.fixture
async def direct(tmp_path: Path) -> AsyncIterator[Direct]:
    opened = await Direct.open(tmp_path)
    yield opened
    await opened.database.close()


def data_of(messages: Sequence[Message]) -> list[str]:
    """The data of every button."""
    return [choice.data for message in messages for row in message.rows for choice in row]


def button(messages: Sequence[Message], label: str) -> str:
    """The data of the button whose label holds this."""
    return next(c.data for message in messages for row in message.rows for c in row if label in c.label)


def serves_baamang_too(tx: Transaction) -> None:
    rina, second = contacts.by_address(tx, "telegram", address=str(RINA)), offices.by_code(tx, "kec_baamang")
    assert rina is not None
    assert second is not None
    contacts.grant(tx, rina.id, role=Role.FOCAL_POINT, office_id=second.id, now=MORNING)


def returned(tx: Transaction, title: str, office: str) -> int:
    """Hand an innovation in and let the desk send it back; returns its id."""
    number = handed_in(tx, title, now=MORNING, office=office)
    for move in (Move.TAKE, Move.RETURN):
        innovation = innovations.load(tx, number)
        assert innovation is not None
        assert reviews.move(tx, innovation, to=move, by=5, now=MORNING)
    return number


async def test_a_copy_to_look_at_again_is_complete_nowhere(direct: Direct, tmp_path: Path) -> None:
    await direct.database.run(lambda tx: last_year(tx, "SIPANDU", now=MORNING, folder=tmp_path / "evidence"))
    await direct.presses("y:1")
    tasks = (await direct.says("/tugas"))[0]
    assert "sudah lengkap" not in tasks.text
    assert "Waktu Uji Coba, Waktu Penerapan, bukti" in tasks.text
    assert "f:2:waktu_uji_coba:0:j:waktu_uji_coba" in data_of([tasks])
    await direct.presses("f:2:#list:0:check")
    gaps = (await direct.says("kelengkapan"))[0]
    assert [data.split(":")[-1] for data in data_of([gaps])][:2] == ["waktu_uji_coba", "waktu_penerapan"]


async def test_reminders_count_what_the_check_page_lists(direct: Direct, tmp_path: Path) -> None:
    """Also of a draft that follows the rules of another year than its period's."""
    await direct.database.run(lambda tx: last_year(tx, "SIPANDU", now=MORNING, folder=tmp_path / "evidence"))
    await direct.presses("y:1")

    def counted(tx: Transaction) -> dict[int, int]:
        period, today = periods.current(tx), MORNING.date()
        assert period is not None
        return draft_facts.missing(tx, [2], desk_data=direct.desk.desk_data, period=period, today=today)

    assert await direct.database.read(counted) == {2: 6}
    await direct.database.run(lambda tx: tx.execute("UPDATE innovations SET rule_year = 2023 WHERE id = 2"))
    lacking = (await direct.database.read(counted))[2]
    await direct.presses("f:2:#list:0:check")
    gaps = (await direct.says("kelengkapan"))[0]
    keeping_back = re.search(r"(\d+) hal", gaps.text)
    assert keeping_back is not None
    pages = {data for data in data_of([gaps]) if ":gaps:" in data}
    texts = {gaps.text, *[(await direct.presses(data))[0].text for data in pages]}
    lines = {line for text in texts for line in text.splitlines()}
    evidence = [line for line in lines if line.startswith("•") and "bukti belum lengkap" in line]
    assert int(keeping_back[1]) + len(evidence) == lacking


async def test_the_reviewer_sees_what_the_window_of_the_period_asks(direct: Direct) -> None:
    developed = {
        "ada_perkembangan": "ya",
        "waktu_pengembangan": "2026-01-10",
        "penjelasan_kembang": "Kini di dua puluh satu puskesmas.",
    }

    def fill(tx: Transaction) -> None:
        tx.execute("UPDATE periods SET window_from = '2025-07-01', window_until = '2026-06-30'")
        handed_in(tx, "SIPANDU", now=MORNING, answers={**ANSWERS, **developed})

    await direct.database.run(fill)
    opened = await direct.presses(button(await direct.presses("q:o:1", by=SARI), "Tema, urusan"), by=SARI)
    page = await direct.presses(button(opened, "Hal. 3"), by=SARI)
    assert "10 Januari 2026" in page[0].text
    assert "Kini di dua puluh satu puskesmas." in page[0].text


async def test_what_was_returned_to_a_second_office_is_found(direct: Direct) -> None:
    await direct.database.run(serves_baamang_too)
    number = await direct.database.run(lambda tx: returned(tx, "Baamang Bersih", "kec_baamang"))
    assert f"rk:go:{number}" in data_of(await direct.says("/draf"))
    assert f"rk:go:{number}" in data_of(await direct.says("/tugas"))
    assert f"rk:ask:{number}" in data_of(await direct.presses("rk:mine"))
    await direct.database.run(lambda tx: tx.execute("UPDATE periods SET state = 'closed'"))
    assert f"rk:go:{number}" in data_of(await direct.says("/draf")), "the desk asked for it, so it stays open"


async def test_the_coach_opens_the_draft_of_the_office_that_was_chosen(direct: Direct) -> None:
    await direct.database.run(serves_baamang_too)
    second = (await direct.rows("SELECT id FROM offices WHERE code = 'kec_baamang'"))[0][0]
    asked = await direct.presses("c:start")
    assert f"c:o:{second}" in data_of(asked)
    await direct.presses(f"c:o:{second}")
    await direct.says("Antrean loket kini lewat ponsel warga")
    assert await direct.rows("SELECT office_id FROM innovations") == [(second,)]


async def test_the_coach_stays_with_the_office_whose_form_is_open(direct: Direct) -> None:
    await direct.database.run(serves_baamang_too)
    second = (await direct.rows("SELECT id FROM offices WHERE code = 'kec_baamang'"))[0][0]
    await direct.says("/ajukan")
    await direct.presses(f"a:o:{second}")
    await direct.presses("c:start")
    await direct.says("Antrean loket kini lewat ponsel warga")
    assert await direct.rows("SELECT office_id FROM innovations") == [(second,)]


async def test_another_office_than_ones_own_is_not_coached(direct: Direct) -> None:
    other = (await direct.rows("SELECT id FROM offices WHERE code = 'kec_baamang'"))[0][0]
    await direct.presses(f"c:o:{other}")
    assert await direct.rows("SELECT count(*) FROM dialogues WHERE name = 'coach'") == [(0,)]
