"""Files of our own making go when they have had their time."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

from bot.config import Settings
from bot.leftovers import Leftovers
from bot.log import logger
from tests.kit.clock_and_codes import MORNING

AGES = {
    "made/result.xlsx": timedelta(hours=2),
    "made/my-data-1.json": timedelta(minutes=5),
    "sending/aa.xlsx": timedelta(hours=2),
    "sending/bb.xlsx": timedelta(minutes=5),
    "desk.db": timedelta(days=400),
    "desk.db.version-0004": timedelta(days=31),
    "desk.db.version-0030": timedelta(days=29),
    "desk.db.version-notes": timedelta(days=400),
    "evidence/ab/abc": timedelta(days=400),
}


def test_what_was_made_and_copies_of_old_databases_go_in_time(tmp_path: Path) -> None:
    for name, age in AGES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
        os.utime(path, times=(0, (MORNING - age).timestamp()))
    leftovers = Leftovers(Settings(data_dir=tmp_path), clock=lambda: MORNING, log=logger())
    assert leftovers.sweep() == 3
    left = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert set(AGES) - left == {"made/result.xlsx", "sending/aa.xlsx", "desk.db.version-0004"}
    assert leftovers.sweep() == 0


def test_with_a_server_there_is_no_copy_to_look_for(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, database_url="postgresql://host/desk")
    assert Leftovers(settings, clock=lambda: MORNING, log=logger()).sweep() == 0
