"""Who has their data erased leaves no name and no number: not in a row, and not in the bytes of the files."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.personal import FORMER
from tests.kit.backups import back_up
from tests.kit.clock_and_codes import MORNING
from tests.kit.people import ORANG, RINA, SARI, invited
from tests.kit.world import World, world_in

NAME, PHONE = "Kartolo Sastrowijoyo", "+628129990001"
CODE = "KodeYangBenar-01"


async def enrolled(world: World) -> None:
    """Let somebody come in, write, and be seen by the desk and by a colleague."""
    await world.write(lambda tx: invited(tx, CODE, now=MORNING))
    world.emulator.add_person(ORANG, NAME, phone=PHONE)
    person, sari, rina = world.person(ORANG), world.person(SARI), world.person(RINA)
    await person.says(f"/start {CODE}")
    await person.taps("Saya setuju")
    await person.shares_contact(PHONE)
    await person.says("/ajukan")
    await person.says("SIPANDU")
    await rina.says("/draf")
    await rina.says(f"Apakah {NAME} sudah mengisi?")
    await sari.says("/opd dinkes")
    await sari.taps(NAME)
    await sari.taps("Serah terima")


@pytest.mark.sqlite
async def test_erasing_leaves_no_name_in_the_bytes_of_the_database(tmp_path: Path) -> None:
    async with world_in(tmp_path / "data") as world:
        await enrolled(world)
        sent = "\n".join(
            payload for (payload,) in world.rows("SELECT payload FROM outbox WHERE address <> ?", str(ORANG))
        )
        raw = "\n".join(
            text for (text,) in world.rows("SELECT raw FROM inbox WHERE address <> ?", str(ORANG))
        )
        assert NAME in sent
        assert PHONE in sent
        assert NAME in raw
        person = world.person(ORANG)
        await person.says("/privasi")
        await person.taps("Hapus data saya")
        await person.taps("Ya, hapus data saya")
        await person.taps("Hapus sekarang")
        assert world.rows("SELECT name, phone FROM contacts WHERE name = ?", FORMER) == [(FORMER, None)]
        assert world.app is not None
        await world.app.database.fold_log()  # as the housekeeping does every few minutes
        await back_up(world.folder, world.folder / "kept", times=1, pause=0)  # of the days after
        data = b"".join(path.read_bytes() for path in world.folder.rglob("*") if path.is_file())
        assert NAME.encode() not in data
        assert PHONE.encode() not in data
        assert FORMER.encode() in data
