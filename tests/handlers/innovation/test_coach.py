"""The coach finds what is running already, can be left at any point, and never leads nowhere (B19)."""

from __future__ import annotations

import json

import pytest

from tests.kit.direct import Direct
from tests.kit.files import pdf
from tests.kit.people import BUDI, SARI, TONO

CHANGE = "Dulu warga antre di kantor, sekarang mengirim berkas lewat WhatsApp"


async def test_the_draft_carries_the_answers_and_counts_as_draft(direct: Direct) -> None:
    await direct.presses("c:start")
    await direct.says(CHANGE)
    await direct.says("3 Juni 2025")
    await direct.says("SK, foto")
    assert await direct.answers(1) == {"metode": CHANGE, "waktu_penerapan": "2025-06-03"}
    assert await direct.rows("SELECT state FROM innovations") == [("draf",)]
    (noted,) = (await direct.rows("SELECT new FROM history WHERE question = '#coach'"))[0]
    assert json.loads(noted) == {"papers": ["letter", "photo"]}
    assert await direct.rows("SELECT * FROM rechecks") == []


async def test_a_month_is_kept_and_its_day_asked_for_before_sending(direct: Direct) -> None:
    await direct.presses("c:start")
    await direct.says(CHANGE)
    await direct.says("Juni 2025")
    assert (await direct.answers(1))["waktu_penerapan"] == "2025-06"
    assert await direct.rows("SELECT place, why FROM rechecks") == [("waktu_penerapan", "guess")]
    await direct.says("belum ada")
    await direct.presses("f:1:#list:0:j:tahapan")
    await direct.says("penerapan")
    shown = await direct.presses("f:1:#list:0:j:waktu_penerapan")
    await direct.says("3 Juni 2025")
    assert "Juni 2025" in shown[0].text
    assert (await direct.answers(1))["waktu_penerapan"] == "2025-06-03"
    assert await direct.rows("SELECT * FROM rechecks") == []


@pytest.mark.parametrize("answers", [[], [CHANGE], [CHANGE, "Juni 2025"]])
@pytest.mark.parametrize("how", ["berhenti dulu", "/batal", "c:stop", "/ajukan"])
async def test_it_can_be_left_at_any_point_and_nothing_is_lost(
    direct: Direct, answers: list[str], how: str
) -> None:
    await direct.presses("c:start")
    for answer in answers:
        await direct.says(answer)
    before = await direct.answers(1)
    left = await (direct.presses(how) if how.startswith("c:") else direct.says(how))
    assert left[-1].rows
    assert await direct.answers(1) == before
    assert await direct.rows("SELECT count(*) FROM dialogues WHERE name = 'coach'") == [(0,)]


async def test_it_fills_the_empty_draft_instead_of_opening_a_second(direct: Direct) -> None:
    await direct.says("/ajukan")
    await direct.presses("c:start")
    await direct.says(CHANGE)
    await direct.presses("c:start")
    assert await direct.rows("SELECT count(*) FROM innovations") == [(1,)]


@pytest.mark.parametrize(
    "said", ["", "?", "😀", "x" * 9000, "/entah", "1", "31 Februari 2025", "besok", "http://a.b"]
)
async def test_whatever_is_said_leads_on(direct: Direct, said: str) -> None:
    await direct.presses("c:start")
    for answer in (CHANGE, "Juni 2025"):
        shown = await direct.says(said)
        assert shown[-1].rows
        assert shown[-1].text
        await direct.presses("c:pass")
        await direct.presses("c:letter:on")
        await direct.presses("c:date:7")
        await direct.sends("a.pdf", pdf())
        await direct.says(answer)
    assert (await direct.says(said))[-1].rows


async def test_a_tap_repeated_is_one_tap(direct: Direct) -> None:
    await direct.presses("c:start")
    await direct.says(CHANGE)
    await direct.presses("c:pass")
    for _ in range(2):
        await direct.presses("c:photo:on")
    (state,) = (await direct.rows("SELECT state FROM dialogues WHERE name = 'coach'"))[0]
    assert json.loads(state)["papers"] == ["photo"]


async def test_only_offices_are_coached(direct: Direct) -> None:
    shown = await direct.presses("c:start", by=SARI)
    assert shown
    assert await direct.rows("SELECT count(*) FROM dialogues") == [(0,)]


async def test_who_has_brought_something_is_not_offered_it(direct: Direct) -> None:
    begun = await direct.says("/ajukan")
    assert "c:start" in [choice.data for row in begun[0].rows for choice in row]
    await direct.says("SIPANDU")
    again = await direct.presses("a:new", by=BUDI)
    assert "c:start" not in [choice.data for row in again[0].rows for choice in row]
    other = await direct.says("/ajukan", by=TONO)
    assert "c:start" in [choice.data for row in other[0].rows for choice in row]
