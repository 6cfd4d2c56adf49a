"""Files set aside go only by name, and only when they are old enough."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.cli.unknown_files import FilesRefused, removed
from bot.store.folder import FolderStore
from tests.kit.command_line import desk, refused, rows
from tests.kit.databases import writing

TODAY = date(2026, 3, 2)


def lay(root: Path, *paths: str) -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(b"x")


def left(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def test_a_day_or_a_file_is_removed_by_its_name(tmp_path: Path) -> None:
    lay(tmp_path / "unknown", "2026-01-01/ab/abc", "2026-01-01/cd/cde", "2026-01-05/ab/abc")
    assert removed(
        FolderStore(tmp_path), ["2026-01-01/ab/abc", "2026-01-01"], older_than=30, today=TODAY
    ) == [
        "2026-01-01/ab/abc",
        "2026-01-01/cd/cde",
    ]
    assert left(tmp_path / "unknown") == ["2026-01-05/ab/abc"]


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["2026-01-01", "2026-02-20"], "10 days ago, expected at least 30"),
        (["2026-01-01", "2026-01-0"], "is not among"),
        (["../evidence"], "is not among"),
        (["../evidence/ab/kept"], "is not among"),
        (["notes"], "is not among"),
    ],
)
def test_what_is_young_or_elsewhere_stays_and_so_does_all_else(
    tmp_path: Path, names: list[str], told: str
) -> None:
    unknown = tmp_path / "unknown"
    lay(unknown, "2026-01-01/ab/abc", "2026-02-20/ab/abc", "notes/readme")
    lay(tmp_path / "evidence", "ab/kept")
    before = left(tmp_path)
    with pytest.raises(FilesRefused, match=told):
        removed(FolderStore(tmp_path), names, older_than=30, today=TODAY)
    assert left(tmp_path) == before


def test_a_new_database_is_refused_beside_evidence_until_that_is_set_aside(tmp_path: Path) -> None:
    data = tmp_path / "data"
    lay(data / "evidence", "ab/abc")
    sentence = refused(desk(tmp_path, "migrate"))
    assert "holds 1 files" in sentence
    assert "files set-aside" in sentence
    assert not (data / "desk.db").exists()
    assert desk(tmp_path, "files", "set-aside").stdout.startswith("1 files were set aside")
    assert "/ab/abc  1 bytes  0 days" in desk(tmp_path, "files", "list-unknown").stdout
    assert desk(tmp_path, "migrate").returncode == 0
    name = desk(tmp_path, "files", "list-unknown").stdout.split()[0]
    assert "0 days ago" in refused(desk(tmp_path, "files", "remove-unknown", name, "--older-than", "1"))
    assert rows(tmp_path, "SELECT count(*) FROM files") == [(0,)]


def test_what_is_to_be_removed_is_not_set_aside(tmp_path: Path) -> None:
    """Moved away it would outlive its removal, and with it what an erased person sent."""
    data = tmp_path / "data"
    assert desk(tmp_path, "migrate").returncode == 0
    lay(data / "evidence", "ab/abc", "cd/cde")
    with writing(data / "desk.db") as tx:
        tx.execute("INSERT INTO files_to_remove (area, path, look_at) VALUES ('evidence', 'ab/abc', '2026')")
    assert desk(tmp_path, "files", "set-aside").stdout.startswith("1 files were set aside")
    assert left(data / "evidence") == ["ab/abc"]
