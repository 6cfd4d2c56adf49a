"""The sandbox's folder: emptied only when it is its own, used by one sandbox, of one scenario."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sandbox.data_folder import (
    FILLED_WITH,
    MARK,
    SETTING,
    SETTINGS,
    NotASandbox,
    OtherScenario,
    SandboxRuns,
    alone_in,
    folder,
    list_notes,
    note_contents,
    prepare,
)


def forget_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave none of those that somebody may have set here."""
    for name in [name for name in os.environ if name.startswith(SETTINGS)]:
        monkeypatch.delenv(name)


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


def test_a_folder_that_another_version_filled_is_said_with_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def notes() -> str:
        return " ".join(list_notes(tmp_path))

    forget_settings(monkeypatch)
    assert '"--fresh" begins anew' in notes()  # of a version that noted nothing
    note_contents(tmp_path)
    assert notes() == ""
    (tmp_path / FILLED_WITH).write_text("other people", encoding="utf-8")
    assert "was filled by another version" in notes()


def test_settings_that_are_not_read_are_said_with_the_one_that_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    note_contents(tmp_path)
    forget_settings(monkeypatch)
    monkeypatch.setenv(SETTING, str(tmp_path))
    assert list(list_notes(tmp_path)) == []
    monkeypatch.setenv("DESK_DATA_DIR", "/var/lib/desk-inovasi")
    assert next(list_notes(tmp_path)) == (
        f"DESK_DATA_DIR is not used by the sandbox: its data are in {tmp_path}, and only {SETTING} moves them"
    )
    monkeypatch.setenv("DESK_TELEGRAM_TOKEN", "1:secret")
    note = next(list_notes(tmp_path))
    assert note.startswith("DESK_DATA_DIR, DESK_TELEGRAM_TOKEN are not used by the sandbox")
    assert "secret" not in note


def test_the_folder_may_lie_in_somebodys_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv(SETTING, "~/latihan")
    assert folder() == tmp_path / "latihan"
