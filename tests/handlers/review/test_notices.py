"""A decision stands whatever becomes of the notice about it (F103)."""

from __future__ import annotations

from tests.kit.clock_and_codes import MORNING
from tests.kit.handed_in import handed_in
from tests.kit.people import RINA, SARI
from tests.kit.world import World


async def test_a_notice_that_cannot_be_delivered_undoes_nothing(world: World) -> None:
    await world.write(lambda tx: handed_in(tx, "SIPANDU", now=MORNING))
    rina, sari = world.person(RINA), world.person(SARI)
    await rina.says("/start")
    await sari.says("/antrean")
    await sari.taps("1 · SIPANDU")
    await sari.taps("Periksa")
    await sari.taps("A · Profil")
    await sari.taps("Nama Inovasi")
    await sari.taps("Tandai")
    await sari.says("Tulis nama lengkapnya.")
    await sari.taps("Bagian")
    await sari.taps("Ringkasan")
    await sari.taps("Putuskan")
    world.emulator.blocks(RINA)
    await sari.taps("Kembalikan")
    await sari.taps("Ya, kembalikan")
    assert world.rows("SELECT state FROM innovations") == [("dikembalikan",)]
    notices = world.rows("SELECT state FROM outbox WHERE dedupe_key LIKE 'review:%'")
    assert notices
    assert {state for (state,) in notices} <= {"failed", "dropped"}
    assert world.rows("SELECT reason FROM flags WHERE returned_at IS NOT NULL") == [
        ("Tulis nama lengkapnya.",)
    ]
