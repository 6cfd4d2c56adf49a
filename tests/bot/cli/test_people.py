"""Roles given and taken on the command line, codes listed and taken back, and the way back when nobody is
left.
"""

from __future__ import annotations

import json
from pathlib import Path

from tests.kit.command_line import desk, refused, rows
from tests.kit.databases import lay, with_people


def run(folder: Path, *arguments: str) -> list[str]:
    """Run `people …` and return its lines."""
    done = desk(folder, "people", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_roles_are_given_and_taken_and_the_last_of_the_desk_stays(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    lay(tmp_path / "data" / "desk.db", with_people())
    listed = run(tmp_path, "list")
    assert [line.split("  ")[1:3] for line in listed if line.startswith(("1 ", "5 "))] == [
        ["Rina", "focal_point dinkes"],
        ["Sari", "admin"],
    ]
    last = ("people", "revoke", "5", "--role", "admin", "--reason", "sudah mutasi")
    assert "--force" in refused(desk(tmp_path, *last))
    assert "beside the present roles" in refused(
        desk(tmp_path, "people", "grant", "5", "--role", "leader", "--reason", "mencoba saja")
    )
    assert run(tmp_path, *last[1:], "--force") == ["person 5 is no longer admin"]
    assert "5  Sari  no role" in run(tmp_path, "list")
    assert run(tmp_path, "grant", "5", "--role", "admin", "--reason", "kembali bertugas") == [
        "person 5 is admin"
    ]
    sql = "SELECT action, detail FROM audit WHERE action LIKE 'role%' AND detail LIKE '%\"reason\"%'"
    noted = {action: json.loads(str(detail)) for action, detail in rows(tmp_path, sql)}
    assert {action: detail["reason"] for action, detail in noted.items()} == {
        "role_ended": "sudah mutasi",
        "role_granted": "kembali bertugas",
    }


def test_open_codes_are_listed_and_taken_back(tmp_path: Path) -> None:
    assert desk(tmp_path, "invite", "--role", "admin").returncode == 0
    (line,) = run(tmp_path, "codes")
    assert line.startswith("1  admin  by the command line")
    assert run(tmp_path, "revoke-code", "1") == ["code 1 is taken back"]
    assert run(tmp_path, "codes") == ["no code is open"]
    assert "not open" in refused(desk(tmp_path, "people", "revoke-code", "1"))
