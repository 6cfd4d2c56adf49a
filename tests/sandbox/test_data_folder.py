"""The sandbox's folder: emptied only when it is its own, used by one sandbox, of one scenario."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.data_folder import (
    MARK,
    SETTING,
    NotASandbox,
    OtherScenario,
    SandboxRuns,
    alone_in,
    folder,
    prepare,
)


def test_a_folder_that_is_not_the_sandboxs_is_left_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SETTING, str(tmp_path))
    kept = tmp_path / "evidence" / "ab" / "abc"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"a letter")
    for fresh in (False, True):
        with pytest.raises(NotASandbox, match="was not made by the sandbox"):
            prepare(folder(), fresh=fresh)
    assert [path.name for path in tmp_path.iterdir()] == ["evidence"]
    assert kept.read_bytes() == b"a letter"


def test_fresh_empties_what_the_sandbox_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SETTING, str(tmp_path / "new"))
    prepare(folder(), fresh=False)
    (folder() / "desk.db").write_bytes(b"x")
    prepare(folder(), fresh=True)
    assert [path.name for path in folder().iterdir()] == [MARK]


def test_a_second_sandbox_on_the_folder_is_refused_and_deletes_nothing(tmp_path: Path) -> None:
    with alone_in(tmp_path):
        prepare(tmp_path, fresh=False, usual="kotim-2025")
        with pytest.raises(SandboxRuns, match="another sandbox is running with"), alone_in(tmp_path):
            raise AssertionError("two sandboxes in one folder")
        assert (tmp_path / MARK).is_file()
    with alone_in(tmp_path):
        assert prepare(tmp_path, fresh=False, usual="kotim-2025") == "kotim-2025"


def test_another_scenario_says_what_would_be_forgotten_and_begins_only_fresh(tmp_path: Path) -> None:
    assert prepare(tmp_path, fresh=False, scenario="busy", usual="kotim-2025") == "busy"
    assert prepare(tmp_path, fresh=False, usual="kotim-2025") == "busy"
    (tmp_path / "desk.db").write_bytes(b"x")
    with pytest.raises(OtherScenario, match=r'holds the scenario "busy".*"--scenario empty --fresh" forgets'):
        prepare(tmp_path, fresh=False, scenario="empty", usual="kotim-2025")
    assert (tmp_path / "desk.db").is_file()
    assert prepare(tmp_path, fresh=True, scenario="empty", usual="kotim-2025") == "empty"
    assert [path.name for path in tmp_path.iterdir()] == [MARK]
