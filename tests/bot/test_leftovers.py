"""Files of our own making go when they have had their time."""

from __future__ import annotations

import errno
import os
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.backup.snapshot import sweep_scratch
from bot.config import Settings
from bot.leftovers import Leftovers
from bot.log import logger
from bot.store.folder import FolderStore
from bot.store.old_files import Removed
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
    assert leftovers.sweep() == Removed(3)
    left = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert set(AGES) - left == {"made/result.xlsx", "sending/aa.xlsx", "desk.db.version-0004"}
    assert leftovers.sweep() == Removed()


def test_with_a_server_there_is_no_copy_to_look_for(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, database_url="postgresql://host/desk")
    assert Leftovers(settings, clock=lambda: MORNING, log=logger()).sweep() == Removed()


def test_what_does_not_go_holds_up_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An immutable file, as some rescue tool leaves it: of no kind of leftovers and in no store."""
    old = (0, (MORNING - timedelta(days=2)).timestamp())
    for name in (
        "made/a",
        "made/b",
        "store/.parts/a",
        "store/.parts/b",
        ".copy-a/desk.db",
        ".copy-b/desk.db",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
        for changed in (path, path.parent):
            os.utime(changed, times=old)
    unlink, rmdir = os.unlink, os.rmdir

    def goes_unless_it_is_a(remove: Any, path: Any, **more: Any) -> None:
        if str(path).endswith("a"):
            raise PermissionError(errno.EPERM, "immutable")
        remove(path, **more)

    monkeypatch.setattr("os.unlink", partial(goes_unless_it_is_a, unlink))
    monkeypatch.setattr("os.rmdir", partial(goes_unless_it_is_a, rmdir))
    leftovers = Leftovers(Settings(data_dir=tmp_path), clock=lambda: MORNING, log=logger())
    assert leftovers.sweep() == Removed(1, stuck=1)
    FolderStore(tmp_path / "store").put_bytes("evidence/x", b"x")
    assert sorted(path.name for path in (tmp_path / "store" / ".parts").iterdir()) == ["a"]
    assert sweep_scratch(tmp_path, now=MORNING) == 1
    assert sorted(path.name for path in tmp_path.glob(".copy-*")) == [".copy-a"]
