"""Evidence is fetched once; what is refused leaves nothing behind."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.channels import Channel, NotSent
from bot.inbound.files import Fetcher
from bot.log import logger
from domain.message import FileRef, FileRefusal, StoredFile, WantsFile
from storage.engine.database import Database
from tests.kit.courier import CourierChannel
from tests.kit.files import jpg, locked_pdf, pdf

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
        channels: dict[str, Channel] = {"telegram": self.server}
        self.fetcher = Fetcher(
            database, channels, folder=folder, clock=lambda: NOW, new_name=self.new_name, log=logger()
        )

    def new_name(self) -> str:
        self.names += 1
        return f"{self.names:032d}"

    def lying(self) -> list[str]:
        """Every file in the folder."""
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file())

    async def fetch(self, *, name: str = "surat.pdf", size: int | None = 500, limit: int = 2_000_000) -> object:
        ref = FileRef("id", "document", name, "application/pdf", size)
        return await self.fetcher.fetch("telegram", WantsFile(ref, accepts=frozenset({"pdf"}), max_bytes=limit))


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    database = await Database.open(tmp_path / "desk.db")
    made = House(database, tmp_path / "evidence")
    await made.fetcher.prepare()
    yield made
    await database.close()


async def test_a_file_lies_once_under_a_random_name_for_us_alone(house: House) -> None:
    first = await house.fetch()
    again = await house.fetch(name="salinan.pdf")
    assert isinstance(first, StoredFile)
    assert isinstance(again, StoredFile)
    assert first.sha256 == again.sha256
    (path,) = house.lying()
    assert "surat" not in path
    assert (house.folder / path).stat().st_mode & 0o777 == 0o600
    assert (await house.database.read(lambda tx: tx.execute("SELECT path FROM files").fetchall())) == [(path,)]


@pytest.mark.parametrize(
    ("content", "size", "limit", "reason"),
    [
        pytest.param(pdf(), 25_000_000, 30_000_000, "too_big", id="above what a bot may fetch"),
        pytest.param(pdf(), 3_000_000, 2_000_000, "too_big", id="above the question's limit"),
        pytest.param(pdf() + b"\0" * 3000, 10, 2000, "too_big", id="an announced size that lies"),
        pytest.param(b"", 0, 2000, "empty", id="announced empty"),
        pytest.param(b"", None, 2000, "empty", id="empty"),
        pytest.param(locked_pdf(), 10, 20_000, "locked", id="locked"),
        pytest.param(jpg(), 10, 20_000, "liar", id="lying about its kind"),
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


async def test_a_server_that_is_away_is_no_refusal(house: House) -> None:
    house.server.away = True
    with pytest.raises(NotSent):
        await house.fetch()
    assert house.lying() == []


async def test_what_a_kill_left_without_a_row_is_swept(house: House) -> None:
    await house.fetch()
    kept = house.lying()
    (house.folder / ".incoming" / "half").write_bytes(b"x")
    (house.folder / "00" / "orphan").parent.mkdir(exist_ok=True)
    (house.folder / "00" / "orphan").write_bytes(b"x")
    assert await house.fetcher.prepare() == 2
    assert house.lying() == kept
