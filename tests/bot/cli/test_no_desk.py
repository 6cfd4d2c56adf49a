"""What reads a desk makes none where there is none: the folder is mistyped."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.command_line import desk, refused


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "command",
    [
        "proof -o pack", "export innovations", "export audit", "backup desk.tar", "rules changes",
        "people list", "people codes", "people revoke 1 --role admin --reason keluar",
    ],
)  # fmt: skip
def test_it_is_refused_with_the_settings_to_check(tmp_path: Path, command: str) -> None:
    said = refused(desk(tmp_path, *command.split()))
    assert "there is no" in said
    assert "check DESK_DATA_DIR" in said
    assert not (tmp_path / "data" / "desk.db").exists()
    assert not (tmp_path / "pack").exists()
