"""Evidence is fetched once; what is refused leaves nothing behind."""

from __future__ import annotations

import hashlib
import os
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.channels import Channel, NotSent
from bot.inbound.files import Fetcher, FetchMeans
from bot.log import logger
from bot.store.evidence import EvidenceUnknown, refuse_new_database
from bot.store.folder import FolderStore
from domain.message import FileRef, FileRefusal, StoredFile
from domain.wants import WantsFile
from storage import files
from storage.engine.database import Database
from tests.kit.courier import CourierChannel
from tests.kit.databases import migrated, on_disk, site_at
from tests.kit.files import large_photo, locked_pdf, pdf
from tests.kit.in_process import InspectsHere

NOW = datetime(2026, 3, 2, tzinfo=UTC)


class Server(CourierChannel):
    """A channel that only has files."""

    name = "telegram"

    def __init__(self) -> None:
        super().__init__()
        self.content = pdf()
        self.fetched = 0
        self.away = False

    async def fetch(self, ref: FileRef, target: Path) -> None:
        """Hand over the file, whatever was announced."""
        self.fetched += 1
        if self.away:
            raise NotSent("away")
        target.write_bytes(self.content)


class House:
    """A fetcher with its server and its folder."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.server, self.folder, self.database = Server(), folder, database
        self.names = 0
        self.fetcher = self.fetcher_on(database)

    def fetcher_on(self, database: Database, store: FolderStore | None = None) -> Fetcher:
        """A fetcher for this folder, with whatever database."""
        channels: dict[str, Channel] = {"telegram": self.server}
        return Fetcher(
            FetchMeans(
                database,
                channels,
                store=store or FolderStore(self.folder.parent, links=True),
                incoming=self.folder / ".incoming",
                clock=lambda: NOW,
                new_name=self.new_name,
                log=logger(),
                inspector=InspectsHere(),
            )
        )

    def new_name(self) -> str:
        self.names += 1
        return f"{self.names:032d}"

    def lying(self) -> list[str]:
        """Every file in the folder."""
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file())

    async def fetch(
        self, *, name: str = "surat.pdf", size: int | None = 500, limit: int = 2_000_000
    ) -> object:
        ref = FileRef("id", "document", name, "application/pdf", size)
        return await self.fetcher.fetch(
            "telegram", WantsFile(ref, accepts=frozenset({"pdf"}), max_bytes=limit)
        )


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    database = await on_disk(tmp_path / "desk.db", migrated())
    made = House(database, tmp_path / "evidence")
    await made.fetcher.prepare()
    yield made
    await database.close()


async def test_a_file_lies_once_under_its_hash_for_us_alone(house: House) -> None:
    first = await house.fetch()
    again = await house.fetch(name="salinan.pdf")
    assert isinstance(first, StoredFile)
    assert isinstance(again, StoredFile)
    assert first.sha256 == again.sha256
    (path,) = house.lying()
    assert path == f"{first.sha256[:2]}/{first.sha256}"
    assert (house.folder / path).stat().st_mode & 0o777 == 0o600
    assert (await house.database.read(lambda tx: tx.execute("SELECT path FROM files").fetchall())) == [
        (path,)
    ]


@pytest.mark.parametrize(
    ("content", "size", "limit", "reason"),
    [
        pytest.param(pdf(), 25_000_000, 30_000_000, "too_big", id="above what a bot may fetch"),
        pytest.param(pdf(), 3_000_000, 2_000_000, "too_big", id="above the question's limit"),
        pytest.param(pdf() + b"\0" * 3000, 10, 2000, "too_big", id="an announced size that lies"),
        pytest.param(b"", 0, 2000, "empty", id="announced empty"),
        pytest.param(b"", None, 2000, "empty", id="empty"),
        pytest.param(locked_pdf(), 10, 20_000, "locked", id="locked"),
        pytest.param(b"MZ\x90" + b"\0" * 400, 10, 20_000, "liar", id="lying about its kind"),
    ],
)
async def test_what_is_refused_leaves_no_row_and_no_file(
    house: House, content: bytes, size: int | None, limit: int, reason: str
) -> None:
    house.server.content = content
    refused = await house.fetch(size=size, limit=limit)
    assert isinstance(refused, FileRefusal)
    assert refused.reason == reason
    assert house.lying() == []
    assert (await house.database.read(lambda tx: tx.execute("SELECT count(*) FROM files").fetchone())) == (0,)


async def test_what_is_announced_too_big_is_never_fetched(house: House) -> None:
    await house.fetch(size=25_000_000)
    assert house.server.fetched == 0


async def test_a_photo_above_the_limit_is_kept_as_a_smaller_copy(house: House) -> None:
    house.server.content = large_photo()
    ref = FileRef("id", "document", "IMG 1.jpeg", "image/jpeg", len(large_photo()))
    wants = WantsFile(ref, accepts=frozenset({"jpg", "png"}), max_bytes=2_000_000)
    stored = await house.fetcher.fetch("telegram", wants)
    again = await house.fetcher.fetch("telegram", wants)
    assert isinstance(stored, StoredFile)
    assert stored == again
    assert stored.size <= 2_000_000 < stored.sent_size == len(large_photo())
    (path,) = house.lying()
    assert (house.folder / path).stat().st_size == stored.size


async def test_what_only_calls_itself_a_photo_has_no_larger_limit(house: House) -> None:
    house.server.content = pdf() + b"\0" * 3_000_000
    ref = FileRef("id", "document", "surat.jpg", "image/jpeg", 3_000_000)
    refused = await house.fetcher.fetch(
        "telegram", WantsFile(ref, accepts=frozenset({"jpg", "pdf"}), max_bytes=2_000_000)
    )
    assert isinstance(refused, FileRefusal)
    assert refused.reason == "too_big"
    assert house.lying() == []


async def test_a_server_that_is_away_is_no_refusal(house: House) -> None:
    house.server.away = True
    with pytest.raises(NotSent):
        await house.fetch()
    assert house.lying() == []


def age(path: Path, *, days: int) -> None:
    at = NOW.timestamp() - days * 86_400
    os.utime(path, (at, at))


async def test_only_what_is_half_fetched_and_old_is_swept(house: House) -> None:
    await house.fetch()
    kept = house.lying()
    for name, days in (("old", 2), ("new", 0)):
        (house.folder / ".incoming" / name).write_bytes(b"x")
        age(house.folder / ".incoming" / name, days=days)
    assert (await house.fetcher.prepare()).swept == 1
    assert house.lying() == [".incoming/new", *kept]


async def test_what_no_row_names_is_set_aside_and_told_and_never_deleted(house: House) -> None:
    await house.fetch()
    kept, told = house.lying(), []
    (house.folder / "00").mkdir()
    (house.folder / "00" / "stray").write_bytes(b"somebody's letter")

    async def tell(count: int) -> None:
        told.append((count, house.lying()))

    assert (await house.fetcher.prepare(tell)).set_aside == 1
    # before it is moved: a kill in between tells twice, never not
    assert told == [(1, sorted([*kept, "00/stray"]))]
    assert house.lying() == kept
    aside = house.folder.with_name("unknown") / "2026-03-02" / "00" / "stray"
    assert aside.read_bytes() == b"somebody's letter"
    assert (await house.fetcher.prepare(tell)).set_aside == 0
    assert len(told) == 1


async def test_what_is_removed_while_it_is_looked_for_is_not_told(house: House) -> None:
    """The bot removes files beside the look: one lay there when it was listed, and has no row any more."""
    await house.fetch()
    kept, told = house.lying(), []

    async def tell(count: int) -> None:
        told.append(count)

    class Changing(FolderStore):
        """A store where a file goes right after it was listed."""

        def sizes(self, area: str) -> Mapping[str, int]:
            return {**super().sizes(area), "evidence/00/gone": 1}

    found = await house.fetcher_on(house.database, Changing(house.folder.parent)).prepare(tell)
    assert (found.set_aside, found.missing, told) == (0, 0, [])
    assert house.lying() == kept


async def test_evidence_set_aside_by_another_database_comes_back_with_its_own(
    house: House, tmp_path: Path
) -> None:
    """An older copy of the database put back, a start, and the right one again: every file is where it
    was.
    """
    await house.fetch()
    older = await on_disk(tmp_path / "older.db", migrated())
    try:
        await older.run(
            lambda tx: files.insert(tx, StoredFile("0" * 64, "pdf", "x", 1), path="zz/z", now=NOW)
        )
        wrong = house.fetcher_on(older)
        kept = house.lying()
        found = await wrong.prepare()
    finally:
        await older.close()
    assert (found.set_aside, found.missing, house.lying()) == (1, 1, [])
    found = await house.fetcher.prepare()
    assert (found.restored, found.missing, house.lying()) == (1, 0, kept)


async def test_a_database_that_knows_nothing_never_starts_beside_evidence(
    house: House, tmp_path: Path
) -> None:
    await house.fetch()
    kept = house.lying()
    new = await on_disk(tmp_path / "new.db", migrated())
    try:
        fetcher = house.fetcher_on(new)
        with pytest.raises(EvidenceUnknown, match=r"holds 1 files .* check DESK_DATABASE_URL"):
            await fetcher.prepare()
    finally:
        await new.close()
    assert house.lying() == kept
    with pytest.raises(EvidenceUnknown):
        refuse_new_database(tmp_path / "mistyped.db", FolderStore(tmp_path))
    refuse_new_database(site_at(tmp_path / "new.db"), FolderStore(tmp_path))
    refuse_new_database(tmp_path / "mistyped.db", FolderStore(tmp_path / "nowhere"))


async def test_a_kill_after_the_commit_of_an_older_program_loses_nothing(house: House) -> None:
    """It committed the row first, and the file is still among the incoming ones: it is given its site."""
    house.server.content = pdf("dua")
    stored = StoredFile(hashlib.sha256(house.server.content).hexdigest(), "pdf", "a.pdf", 500)
    name = "ab" + "c" * 30
    (house.folder / ".incoming" / name).write_bytes(house.server.content)
    age(house.folder / ".incoming" / name, days=9)
    await house.database.run(lambda tx: files.insert(tx, stored, path=f"ab/{name}", now=NOW))
    found = await house.fetcher.prepare()
    assert (found.restored, found.missing, found.swept) == (1, 0, 0)
    assert house.lying() == [f"ab/{name}"]
