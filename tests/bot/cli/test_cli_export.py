"""`export` on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.command_line import desk
from tests.kit.databases import lay, with_people


@pytest.mark.parametrize(
    ("what", "name"),
    [
        ("audit", "audit.csv"),
        ("innovations", "all.jsonl"),
        ("innovations", "all.csv"),
        ("evidence", "all.zip"),
    ],
)
def test_an_export_makes_the_folder_it_is_written_to(tmp_path: Path, what: str, name: str) -> None:
    (tmp_path / "data").mkdir()
    lay(tmp_path / "data" / "desk.db", with_people())
    out = tmp_path / "a new one" / "below" / name
    form = ["--format", name.rpartition(".")[2]] if what == "innovations" else []
    done = desk(tmp_path, "export", what, *form, "-o", str(out))
    assert done.returncode == 0, done.stderr
    assert [path.name for path in out.parent.iterdir()] == [name]
