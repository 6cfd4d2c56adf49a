"""Nightly backups: a file is kept once, the oldest go, and each comes back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.backup.manifest import BackupRefused, Manifest
from bot.backup.restore import move_in, reader_of, unpacked
from bot.backup.shelf import Shelf
from bot.backup.snapshot import Source
from bot.store.contract import StoreAway
from bot.store.folder import FolderStore
from tests.kit.backups import unsaid
from tests.kit.clock_and_codes import MORNING
from tests.kit.databases import site_at
from tests.kit.desk_on_disk import connected, desk_on_disk, fingerprint
from tests.kit.handed_in import handed_in


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return desk_on_disk(tmp_path / "data")


def night(data: Path, site: Path | str, *, number: int, copies: int = 14) -> Manifest:
    source = Source(site_at(data / "desk.db"), FolderStore(data), "")
    now = MORNING + timedelta(days=number)
    return Shelf(site).keep(source, copies=copies, now=now, scratch=data, progress=unsaid)


def files_in(site: Path) -> set[str]:
    return {str(path.relative_to(site)) for path in site.rglob("*") if path.is_file()}


@pytest.mark.parametrize("form", ["a folder", "an address"])
def test_the_newest_comes_back_and_so_does_an_older_one(data: Path, tmp_path: Path, form: str) -> None:
    site = tmp_path / "kept"
    site.mkdir()
    address = str(site) if form == "a folder" else site.as_uri()
    night(data, address, number=0)
    first = fingerprint(data)
    with connected(data) as tx:
        handed_in(tx, "Baru", now=MORNING, folder=data / "evidence")
    night(data, address, number=1)
    for name, expected in (("", fingerprint(data)), (Shelf(address).names()[0], first)):
        target = tmp_path / f"back{name}"
        with unpacked(reader_of(address, name=name), target, progress=unsaid) as (folder, _):
            move_in(
                folder,
                database=site_at(target / "desk.db"),
                store=FolderStore(target),
                replaced=target / "r",
            )
        assert fingerprint(target) == expected


def test_a_file_is_copied_once(data: Path, tmp_path: Path) -> None:
    site = tmp_path / "kept"
    first = night(data, site, number=0)
    before = {path: (site / path).stat().st_mtime_ns for path in files_in(site) if path.startswith("files/")}
    second = night(data, site, number=1)
    after = {path: (site / path).stat().st_mtime_ns for path in files_in(site) if path.startswith("files/")}
    assert before == after
    assert first.files == second.files
    assert len(before) == len({file.sha256 for file in first.files})


def test_the_oldest_go_with_what_only_they_held(data: Path, tmp_path: Path) -> None:
    site = tmp_path / "kept"
    night(data, site, number=0, copies=2)
    with connected(data) as tx:
        path, sha256 = tx.execute("SELECT path, sha256 FROM files LIMIT 1").fetchone()
        tx.execute("DELETE FROM files WHERE path = ?", (path,))
    night(data, site, number=1, copies=2)
    assert (site / "files" / sha256[:2] / sha256).exists()
    night(data, site, number=2, copies=2)
    assert len(Shelf(site).names()) == 2
    assert not (site / "files" / sha256[:2] / sha256).exists()
    for name in Shelf(site).names():
        with unpacked(reader_of(str(site), name=name), tmp_path / "x", progress=unsaid):
            pass


def test_what_a_clock_made_that_ran_ahead_takes_no_night_of_later_ones(data: Path, tmp_path: Path) -> None:
    site, shelf = tmp_path / "kept", Shelf(tmp_path / "kept")
    for number in (365, 366):
        night(data, site, number=number, copies=2)
    ahead, midnight = shelf.names(), MORNING - timedelta(hours=1)
    assert not shelf.holds_one_since(midnight, now=MORNING)
    night(data, site, number=0, copies=2)
    assert shelf.holds_one_since(midnight, now=MORNING)
    assert shelf.names()[1:] == ahead[1:], "the new one stays, the oldest goes"


def test_nothing_goes_while_one_that_stays_cannot_be_read(data: Path, tmp_path: Path) -> None:
    site = tmp_path / "kept"
    for number in range(2):
        night(data, site, number=number)
    (site / "copies" / Shelf(site).names()[1] / "manifest.json").write_text("{")
    before = files_in(site)
    with pytest.raises(BackupRefused, match="cannot be read"):
        Shelf(site).thin(1, now=MORNING + timedelta(days=9))
    assert files_in(site) == before


def test_one_that_was_cut_off_does_not_count(data: Path, tmp_path: Path) -> None:
    site = tmp_path / "kept"
    night(data, site, number=0)
    (name,) = Shelf(site).names()
    (site / "copies" / name / "manifest.json").unlink()
    assert Shelf(site).names() == []
    with pytest.raises(BackupRefused, match="holds no backup"):
        reader_of(str(site))


def test_a_file_that_changed_on_the_disk_is_kept_as_it_is(data: Path, tmp_path: Path) -> None:
    changed = next(path for path in (data / "evidence").rglob("*") if path.is_file())
    changed.write_bytes(b"something else")
    night(data, tmp_path / "kept", number=0)
    with unpacked(reader_of(str(tmp_path / "kept")), tmp_path / "x", progress=unsaid) as (folder, _):
        back = folder / "evidence" / changed.relative_to(data / "evidence")
        assert back.read_bytes() == b"something else"


@pytest.mark.parametrize(
    ("site", "told"),
    [
        ("nonsense://x", "nonsense"),
        ("s3://", "s3"),
    ],
)
def test_an_address_nobody_serves_is_refused(site: str, told: str) -> None:
    with pytest.raises(StoreAway, match=told):
        Shelf(site).names()


def test_a_thinning_that_was_cut_off_is_finished_the_next_time(data: Path, tmp_path: Path) -> None:
    site = tmp_path / "kept"
    for number in range(3):
        night(data, site, number=number)
    (site / "copies" / Shelf(site).names()[0] / "desk.db").unlink()  # a kill came before its manifest went
    assert len(Shelf(site).names()) == 3
    Shelf(site).thin(1, now=MORNING + timedelta(days=9))
    (name,) = Shelf(site).names()
    assert {path.split("/")[1] for path in files_in(site) if path.startswith("copies/")} == {name}


def test_what_a_kill_left_of_an_older_one_goes_with_the_next(data: Path, tmp_path: Path) -> None:
    site = tmp_path / "kept"
    night(data, site, number=0)
    (begun,) = Shelf(site).names()
    (site / "copies" / begun / "manifest.json").unlink()
    night(data, site, number=1)
    (name,) = Shelf(site).names()
    assert {path.split("/")[1] for path in files_in(site) if path.startswith("copies/")} == {name}
