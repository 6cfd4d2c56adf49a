"""Last year's innovation in this year's period: the same files, another innovation, nothing of the old one
touched.
"""

from __future__ import annotations

import pytest

from tests.kit.clock_and_codes import MORNING
from tests.kit.direct import Direct
from tests.kit.handed_in import last_year
from tests.kit.people import BUDI, TONO


@pytest.fixture
async def direct(direct: Direct) -> Direct:
    """Somebody whose office handed in an innovation last year."""
    await direct.database.run(
        lambda tx: last_year(tx, "SIPANDU", now=MORNING, folder=direct.folder / "evidence")
    )
    return direct


async def test_the_copy_refers_to_the_same_files_and_names_its_source(direct: Direct) -> None:
    before = await direct.answers(1), await direct.rows("SELECT * FROM files")
    await direct.presses("y:1")
    assert await direct.answers(2) == before[0]
    assert (await direct.answers(1), await direct.rows("SELECT * FROM files")) == before
    assert await direct.rows("SELECT copied_from, state, receipt FROM innovations WHERE id = 2") == [
        (1, "draf", None)
    ]
    assert await direct.rows("SELECT count(*) FROM evidence WHERE innovation_id = 2") == [(2,)]


async def test_two_taps_and_two_people_make_one_copy(direct: Direct) -> None:
    await direct.presses("y:1")
    await direct.presses("y:1")
    await direct.presses("y:1", by=BUDI)
    assert await direct.rows("SELECT count(*) FROM innovations") == [(2,)]


async def test_another_office_can_not_copy_it(direct: Direct) -> None:
    shown = await direct.presses("y:1", by=TONO)
    assert shown[0].rows
    assert await direct.rows("SELECT count(*) FROM innovations") == [(1,)]
    assert await direct.rows("SELECT count(*) FROM audit WHERE action = 'refused_button'") == [(1,)]


async def test_what_was_copied_has_to_be_looked_at_before_sending(direct: Direct) -> None:
    await direct.presses("y:1")
    await direct.says("masih sama")
    gaps = await direct.says("kelengkapan")
    assert "Waktu Penerapan: belum dilihat lagi" in gaps[0].text
    assert await direct.rows("SELECT count(*) FROM rechecks WHERE place = '#rest'") == [(0,)]


async def test_a_discarded_copy_can_be_made_again_and_purged(direct: Direct) -> None:
    await direct.presses("y:1")
    await direct.says("daftar")
    (revision,) = (await direct.rows("SELECT json_extract(state, '$.revision') FROM cursors"))[0]
    await direct.presses(f"f:2:#list:{revision}:drop")
    await direct.presses(f"f:2:#list:{revision}:yes")
    await direct.presses("y:1")
    assert await direct.rows("SELECT copied_from FROM innovations WHERE id = 3") == [(1,)]
