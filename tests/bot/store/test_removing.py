"""The list of files to remove is worked off; wherever a kill comes, the next start goes on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.log import logger
from bot.store.contract import StoreAway
from bot.store.folder import FolderStore
from bot.store.removing import Remover
from domain.message import StoredFile
from storage import files, files_to_remove
from storage.engine.database import Database
from storage.files_to_remove import PORTION, STUCK_AGAIN, UNNAMED_KEPT
from tests.kit.clock_and_codes import MORNING
from tests.kit.databases import on_disk, with_people

DUE = MORNING + UNNAMED_KEPT


class Killed(BaseException):
    """the process ends here"""


class Failing(FolderStore):
    """A folder in which the process is killed before or after the bytes of a file go, and some do not go."""

    point = ""
    stuck: tuple[str, ...] = ()  # paths that end so do not go

    def delete(self, key: str) -> None:
        if key.endswith(self.stuck):
            raise StoreAway("an immutable file")
        if self.point == "before the bytes go":
            raise Killed
        super().delete(key)
        if self.point == "after the bytes are gone":
            raise Killed


class House:
    """A desk with files nobody names, and what removes them."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database, self.store, self.now = database, Failing(folder), MORNING
        self.remover = Remover(database, self.store, clock=lambda: self.now, log=logger())

    async def keeps(self, count: int) -> None:
        """Keep so many files as the fetcher does."""
        source = self.store.root / "source"
        source.write_bytes(b"x")
        for number in range(count):
            stored = StoredFile(f"{number:064x}", "pdf", "a.pdf", 1)
            path = await self.database.run(partial(files.expect, sha256=stored.sha256, now=MORNING))
            self.store.put(f"evidence/{path}", source)
            await self.database.run(partial(files.insert, file=stored, path=path, now=MORNING))

    def lying(self) -> int:
        return len(self.store.sizes("evidence"))

    async def counts(self) -> tuple[int, int, int]:
        """Rows of files, lines of the list, files that lie there."""
        rows = await self.database.read(
            lambda tx: tx.execute(
                "SELECT (SELECT count(*) FROM files), (SELECT count(*) FROM files_to_remove)"
            ).fetchone()
        )
        return (*rows, self.lying())


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    database = await on_disk(tmp_path / "desk.db", with_people())
    yield House(database, tmp_path)
    await database.close()


async def test_everything_whose_time_has_come_goes_in_portions(house: House) -> None:
    await house.keeps(PORTION + 3)
    assert await house.remover.work_off() == 0
    assert await house.counts() == (PORTION + 3, PORTION + 3, PORTION + 3)
    house.now = DUE
    assert await house.remover.work_off() == PORTION + 3
    assert await house.counts() == (0, 0, 0)


@pytest.mark.parametrize(
    ("point", "lying"), [("before the bytes go", 1), ("after the bytes are gone", 0), ("the report", 0)]
)
async def test_a_kill_at_any_step_is_gone_on_with(
    house: House, monkeypatch: pytest.MonkeyPatch, point: str, lying: int
) -> None:
    await house.keeps(1)
    house.now, house.store.point = DUE, point

    def killed(*of: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        if point == "the report":
            patched.setattr(files_to_remove, "removed", killed)
        with pytest.raises(Killed):
            await house.remover.work_off()
    assert await house.counts() == (0, 1, lying)
    house.store.point = ""
    assert await house.remover.work_off() == 1
    assert await house.counts() == (0, 0, 0)


@pytest.mark.parametrize("clock", ["an hour later", "the clock was set back"])
async def test_files_that_do_not_go_hold_up_no_other_and_are_tried_again(house: House, clock: str) -> None:
    """Of two portions and a half all but four are stuck, more than one look takes."""
    await house.keeps(50)
    house.now, house.store.stuck = DUE, tuple("123456789abcdef")
    assert await house.remover.work_off() == 4
    house.store.stuck = ()
    assert await house.remover.work_off() == 0, "not before its hour has passed"
    house.now += STUCK_AGAIN if clock == "an hour later" else -timedelta(days=2)
    assert await house.remover.work_off() == 46
    assert await house.counts() == (0, 0, 0)


async def test_a_kill_before_the_commit_has_done_nothing(house: House) -> None:
    await house.keeps(1)
    house.now = DUE

    def killed(tx: object) -> None:
        files_to_remove.take(tx, now=DUE, in_hand=())  # type: ignore[arg-type]
        raise Killed

    with pytest.raises(Killed):
        await house.database.run(killed)
    assert await house.counts() == (1, 1, 1)
    later = await house.database.read(lambda tx: files_to_remove.due_count(tx, now=DUE - timedelta(days=1)))
    assert later == 0
