"""An edit of what was sent puts it back to the desk and clears the verdict of what was touched alone (F31,
F32).
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage import innovations
from storage.engine.transaction import Transaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.direct import Direct
from tests.kit.files import pdf
from tests.kit.handed_in import LEVELS, handed_in


@pytest.fixture
async def direct(direct: Direct) -> Direct:
    """Somebody whose innovation was verified."""

    def verified(tx: Transaction) -> None:
        handed_in(tx, "SIPANDU", now=MORNING, folder=direct.folder / "evidence")
        verdict = (
            "INSERT INTO verdicts (innovation_id, indicator, level, contact_id, at) VALUES (1, ?, ?, 1, ?)"
        )
        tx.executemany(verdict, [(no, level, MORNING.isoformat()) for no, level in LEVELS.items()])
        tx.execute("UPDATE innovations SET state = 'terverifikasi' WHERE id = 1")

    await direct.database.run(verified)
    return direct


async def judged(direct: Direct) -> set[int]:
    """The indicators that have a verdict."""
    return {row[0] for row in await direct.rows("SELECT indicator FROM verdicts")}


@pytest.mark.parametrize("how", ["level", "file", "removed"])
async def test_the_verdict_of_the_touched_indicator_alone_is_cleared(direct: Direct, how: str) -> None:
    shown = await direct.presses("f:1:#list:0:j:i16")
    if how == "level":
        await direct.says("perda")
    elif how == "file":
        await direct.sends("baru.pdf", pdf("baru"))
    else:
        await direct.presses(next(c.data for row in shown[0].rows for c in row if ":del:" in c.data))
    assert await judged(direct) == set(LEVELS) - {16}
    assert await direct.rows("SELECT state FROM innovations") == [("diubah",)]
    assert await direct.rows(
        "SELECT old, new FROM history WHERE question = '#state' ORDER BY id DESC LIMIT 1"
    ) == [("terverifikasi", "diubah")]


async def test_an_answer_of_the_profile_clears_no_verdict(direct: Direct) -> None:
    await direct.presses("f:1:#list:0:j:tujuan")
    told = await direct.says("Tambahan.")
    assert "antrean" in told[0].text
    assert await judged(direct) == set(LEVELS)
    assert await direct.rows("SELECT state FROM innovations") == [("diubah",)]
    assert "antrean" not in (await direct.says("Tambahan lagi."))[0].text


async def test_saying_the_same_again_changes_nothing(direct: Direct) -> None:
    await direct.presses("f:1:#list:0:j:i16")
    await direct.says("level 2")
    assert await judged(direct) == set(LEVELS)
    assert await direct.rows("SELECT state FROM innovations") == [("terverifikasi",)]


async def test_every_moment_can_be_rebuilt_from_history(direct: Direct) -> None:
    moments = [(direct.now, await direct.answers(1))]
    await direct.presses("f:1:#list:0:j:i17")
    for said in ("12", "31 orang", "8"):
        await direct.says(said)
        moments.append((direct.now, await direct.answers(1)))
    await direct.sends("baru.pdf", pdf("baru"))
    moments.append((direct.now, await direct.answers(1)))
    assert len({str(answers) for _, answers in moments}) == len(moments)
    for at, answers in moments:
        rebuilt = await direct.database.read(lambda tx, at=at: innovations.answers_at(tx, 1, moment=at))  # type: ignore[misc]
        assert rebuilt == answers
    before = MORNING - timedelta(days=1)
    assert await direct.database.read(lambda tx: innovations.answers_at(tx, 1, moment=before)) == {}
