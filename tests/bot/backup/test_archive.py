"""A backup comes back whole, and one that is not whole is refused before anything is written."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.backup import tar_archive
from bot.backup.manifest import BackupRefused
from bot.backup.restore import is_empty, move_in, reader_of, unpacked
from bot.backup.snapshot import Source
from bot.store.folder import FolderStore
from tests.kit.backups import unsaid
from tests.kit.clock_and_codes import MORNING
from tests.kit.databases import site_at
from tests.kit.desk_on_disk import connected, desk_on_disk, fingerprint


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return desk_on_disk(tmp_path / "data")


def source(data: Path) -> Source:
    return Source(site_at(data / "desk.db"), FolderStore(data), "DESK_LANGUAGE=en\n")


@pytest.fixture
def made(data: Path, tmp_path: Path) -> Path:
    tar_archive.write(source(data), tmp_path / "desk.tar", now=MORNING, progress=unsaid)
    return tmp_path / "desk.tar"


def brought_back(made: Path, to: Path) -> None:
    with unpacked(reader_of(str(made)), to, progress=unsaid) as (folder, _):
        move_in(folder, database=site_at(to / "desk.db"), store=FolderStore(to), replaced=to / "replaced")


def test_rows_and_files_come_back_as_they_were(data: Path, made: Path, tmp_path: Path) -> None:
    brought_back(made, tmp_path / "elsewhere")
    assert fingerprint(tmp_path / "elsewhere") == fingerprint(data)
    assert made.stat().st_mode & 0o077 == 0
    assert not [path for path in tmp_path.rglob(".*") if path.is_dir() and any(path.iterdir())]


@pytest.mark.sqlite
def test_what_the_writer_has_not_folded_into_the_file_yet_is_in_it(data: Path, tmp_path: Path) -> None:
    with connected(data) as tx:
        tx.execute("PRAGMA wal_autocheckpoint = 0")
        tx.execute("INSERT INTO ticks (name, at) VALUES ('late', '2026')")
        tar_archive.write(source(data), tmp_path / "desk.tar", now=MORNING, progress=unsaid)
    brought_back(tmp_path / "desk.tar", tmp_path / "elsewhere")
    with connected(tmp_path / "elsewhere") as tx:
        assert tx.execute("SELECT at FROM ticks WHERE name = 'late'").fetchone() == ("2026",)


def test_a_file_that_is_not_on_the_disk_is_named_and_stops_nothing(data: Path, tmp_path: Path) -> None:
    lost = next(path for path in (data / "evidence").rglob("*") if path.is_file())
    lost.unlink()
    manifest = tar_archive.write(source(data), tmp_path / "desk.tar", now=MORNING, progress=unsaid)
    assert manifest.missing == (str(lost.relative_to(data / "evidence")),)


def test_it_is_streamed_too(data: Path, tmp_path: Path) -> None:
    stream = io.BytesIO()
    tar_archive.write_to(stream, source(data), now=MORNING, scratch=tmp_path, progress=unsaid)
    (tmp_path / "streamed.tar").write_bytes(stream.getvalue())
    brought_back(tmp_path / "streamed.tar", tmp_path / "elsewhere")
    assert fingerprint(tmp_path / "elsewhere") == fingerprint(data)


def rewritten(made: Path, change: Callable[[str, bytes], tuple[str, bytes] | None]) -> None:
    """Write the archive again with members changed, renamed or left out."""
    with tarfile.open(made) as before:
        members = [(entry.name, before.extractfile(entry).read()) for entry in before]  # type: ignore[union-attr]
    with tarfile.open(made, "w") as after:
        for name, content in members:
            if (changed := change(name, content)) is not None:
                entry = tarfile.TarInfo(changed[0])
                entry.size = len(changed[1])
                after.addfile(entry, io.BytesIO(changed[1]))


def flipped(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def lied(content: bytes, **changes: object) -> bytes:
    return json.dumps(json.loads(content) | changes).encode()


def in_manifest(**changes: object) -> Callable[[str, bytes], tuple[str, bytes]]:
    return lambda name, content: (name, lied(content, **changes) if name == "manifest.json" else content)


DAMAGES: dict[str, tuple[Callable[[str, bytes], tuple[str, bytes] | None], str]] = {
    "a byte of the database": (lambda n, c: (n, flipped(c, 5000) if n == "desk.db" else c), "desk.db is not"),
    "a byte of a file": (
        lambda n, c: (n, flipped(c, 3) if "evidence" in n else c), 
        "is not what the manifest",
    ),
    "a file left out": (lambda n, c: None if n.startswith("evidence/") else (n, c), "lacks evidence/"),
    "no database": (lambda n, c: None if n == "desk.db" else (n, c), "lacks desk.db"),
    "no manifest": (lambda n, c: None if n == "manifest.json" else (n, c), "it was cut off"),
    "nonsense for a manifest": (lambda n, c: (n, b"{" if n == "manifest.json" else c), "cannot be read"),
    "a newer format": (in_manifest(format=9), "its format is 9"),
    "another version": (in_manifest(version=1), "its manifest says 1"),
    "a way out": (
        in_manifest(files=[{"path": "../../x", "size": 1, "sha256": "0" * 64}]), "expected a path under"
    ),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_one_is_refused_and_writes_nothing(made: Path, tmp_path: Path, damage: str) -> None:
    change, told = DAMAGES[damage]
    rewritten(made, change)
    with pytest.raises(BackupRefused, match=told):
        brought_back(made, tmp_path / "elsewhere")
    assert not [path for path in (tmp_path / "elsewhere").rglob("*") if path.is_file()]


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 0.97])
def test_one_that_was_cut_off_is_refused(made: Path, tmp_path: Path, share: float) -> None:
    content = made.read_bytes()
    made.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(BackupRefused):
        brought_back(made, tmp_path / "elsewhere")


@pytest.mark.parametrize("where", ["where its end begins", "in its last byte", "behind it"])
def test_bytes_behind_the_last_member_are_refused(made: Path, tmp_path: Path, where: str) -> None:
    with tarfile.open(made) as archive:
        archive.getmembers()
        end = archive.offset
    size = made.stat().st_size
    with made.open("r+b") as file:
        file.seek({"where its end begins": end, "in its last byte": size - 1, "behind it": size}[where])
        file.write(b"x")
    with pytest.raises(BackupRefused, match="has bytes behind its end"):
        brought_back(made, tmp_path / "elsewhere")


def test_one_that_fails_leaves_no_half_archive(data: Path, tmp_path: Path) -> None:
    def full(what: str, done: int, count: int) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(BackupRefused, match=r"desk\.tar: No space left on device; nothing is left of it"):
        tar_archive.write(source(data), tmp_path / "out" / "desk.tar", now=MORNING, progress=full)
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.sqlite
def test_what_lay_there_is_set_aside_and_not_deleted(data: Path, made: Path, tmp_path: Path) -> None:
    before = fingerprint(data)
    assert not is_empty(site_at(data / "desk.db"), FolderStore(data))
    with connected(data) as tx:
        tx.execute("INSERT INTO ticks (name, at) VALUES ('late', '2026')")
    brought_back(made, data)
    assert fingerprint(data) == before
    with connected(data / "replaced") as tx:
        assert tx.execute("SELECT at FROM ticks WHERE name = 'late'").fetchone() == ("2026",)
    assert sum(path.is_file() for path in (data / "replaced" / "evidence").rglob("*")) > 0
