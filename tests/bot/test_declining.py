"""Who declines leaves nothing behind: not in a row, and not in the bytes of the files."""

from __future__ import annotations

from pathlib import Path

from tests.kit.clock_and_codes import MORNING
from tests.kit.people import ORANG, invited
from tests.kit.world import world_in

NAMES = ("Kartolo-Pertama", "Sastro-Terakhir", "kartolo_akun")
CODE = "KodeYangBenar-01"


async def test_declining_leaves_no_name_in_the_bytes_of_the_database(tmp_path: Path) -> None:
    async with world_in(tmp_path / "data") as world:
        await world.write(lambda tx: invited(tx, CODE, now=MORNING))
        world.emulator.add_person(ORANG, NAMES[0], last_name=NAMES[1], username=NAMES[2])
        person = world.person(ORANG)
        await person.says(f"halo, saya {NAMES[0]}")
        await person.says(f"/start {CODE}")
        await person.taps("Tidak setuju")
        person.sees("Tidak ada data yang kami simpan")
        assert world.rows("SELECT count(*) FROM inbox WHERE address = ?", str(ORANG)) == [(0,)]
        assert world.app is not None
        await world.app.database.fold_log()  # as the housekeeping does every few minutes
        data = b"".join(path.read_bytes() for path in world.folder.rglob("*") if path.is_file())
        assert [name for name in NAMES if name.encode() in data] == []
