"""Form and rules change while a draft lies there: the office is told once and loses nothing (F33)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.kit.direct import Direct
from tests.kit.newer_form import newer
from tests.kit.people import BUDI


async def begun(direct: Direct) -> None:
    for said in ("/ajukan", "SIPANDU", "inisiatif", "asn"):
        await direct.says(said)


async def test_a_renewed_form_is_told_once_and_keeps_every_answer(direct: Direct) -> None:
    await begun(direct)
    await direct.presses("f:1:#list:0:j:tujuan")
    await direct.says("Menurunkan angka tengkes.")
    before = await direct.answers(1)
    direct.desk.desk_data = replace(direct.desk.desk_data, form=newer())
    told = await direct.says("/draf")
    assert "Mitra Inovasi" in told[0].text
    assert "Diperjelas: Tujuan" in told[0].text
    assert "tetap tersimpan" in told[0].text
    assert await direct.answers(1) == before
    assert await direct.rows("SELECT form_version FROM innovations") == [(2,)]
    assert await direct.rows("SELECT old, new FROM history WHERE question = '#form'") == [("1", "2")]
    assert await direct.rows("SELECT place, why FROM rechecks") == [("tujuan", "reworded")]
    assert len(await direct.says("/draf")) == 1
    assert len(await direct.says("/draf", by=BUDI)) == 1


async def test_what_was_worded_anew_is_settled_by_keeping_it(direct: Direct) -> None:
    await begun(direct)
    await direct.presses("f:1:#list:0:j:tujuan")
    await direct.says("Menurunkan angka tengkes.")
    direct.desk.desk_data = replace(direct.desk.desk_data, form=newer())
    await direct.says("/draf")
    assert await direct.rows("SELECT place FROM rechecks") == [("tujuan",)]
    await direct.presses("f:1:#list:0:j:tujuan")
    await direct.says("masih sama")
    assert await direct.rows("SELECT place FROM rechecks") == []
    assert (await direct.answers(1))["tujuan"] == "Menurunkan angka tengkes."


async def test_the_new_question_can_be_answered_in_the_old_draft(direct: Direct) -> None:
    await begun(direct)
    direct.desk.desk_data = replace(direct.desk.desk_data, form=newer())
    await direct.presses("f:1:#list:0:j:mitra")
    await direct.says("Puskesmas Baamang")
    assert (await direct.answers(1))["mitra"] == "Puskesmas Baamang"


async def test_another_rule_year_is_offered_once_and_taken_only_by_choice(direct: Direct) -> None:
    await direct.database.run(lambda tx: tx.execute("UPDATE periods SET rule_year = 2023").rowcount)
    await begun(direct)
    for place, said in (("i29", "88"), ("i16", "perda"), ("i24", "1")):
        await direct.presses(f"f:1:#ind:0:j:{place}")
        await direct.says(said)
    assert await direct.rows("SELECT claimed FROM innovations") == [(3 + 9 + 1,)]
    await direct.database.run(lambda tx: tx.execute("UPDATE periods SET rule_year = 2026").rowcount)
    told = await direct.says("/draf")
    assert "aturan" in told[0].text
    assert [choice.data for row in told[0].rows for choice in row] == ["v:1:2026"]
    assert len(await direct.says("/draf")) == 1
    assert await direct.rows("SELECT rule_year, claimed FROM innovations") == [(2023, 13)]
    moved = await direct.presses("v:1:2026")
    assert "aturan 2026" in moved[0].text
    assert "berbeda pada aturan sekarang" in moved[0].text
    answers = await direct.answers(1)
    assert answers["i29"] == {"level": 2, "number": "88"}
    assert "i24" not in answers
    assert await direct.rows("SELECT rule_year, claimed FROM innovations") == [(2026, 2 + 9)]
    assert await direct.rows("SELECT old, new FROM history WHERE question = '#rules'") == [("2023", "2026")]
    again = await direct.presses("v:1:2026")
    assert again
    assert await direct.rows("SELECT count(*) FROM history WHERE question = '#rules'") == [(1,)]


@pytest.mark.parametrize(
    "data", ["v:", "v:x:2026", "v:99:2026", "v:1:1999", "v:1", "y:99", "y:x", "y:1", "y:" + "9" * 30]
)
async def test_odd_buttons_change_nothing_and_lead_on(direct: Direct, data: str) -> None:
    await begun(direct)
    before = await direct.answers(1), await direct.rows("SELECT id, rule_year FROM innovations")
    shown = await direct.presses(data)
    assert shown
    assert shown[0].rows
    assert (await direct.answers(1), await direct.rows("SELECT id, rule_year FROM innovations")) == before
