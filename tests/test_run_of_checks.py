"""A run of every check, a measurement and a server of tests leave nothing, even where they were killed."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from tests import __main__ as checks
from tests.kit import scratch


def test_what_a_killed_run_left_in_memory_is_removed_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TMPDIR", "PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"):
        monkeypatch.setenv(name, str(tmp_path))  # put back after the test
    of_others = tmp_path / "desk-of-others"
    of_others.mkdir()
    (tmp_path / "desk-tests-killed" / "desk").mkdir(parents=True)
    with checks._writing_to(tmp_path, room=0):
        beside = Path(os.environ["TMPDIR"])
        with checks._writing_to(tmp_path, room=0):
            here = Path(os.environ["TMPDIR"])
            assert set(tmp_path.iterdir()) == {of_others, beside, here}
            assert "PYTHONDONTWRITEBYTECODE" not in os.environ
            assert Path(os.environ["PYTHONPYCACHEPREFIX"]).is_relative_to(beside), "the first is for all"
    assert list(tmp_path.iterdir()) == [of_others]


def test_what_a_dead_process_left_is_removed_by_the_next_and_what_lives_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))  # the system's own
    dead, lives, fresh = (tmp_path / f"{scratch.PREFIX}{name}" for name in ("dead", "lives", "fresh"))
    for folder in (dead, lives, fresh):
        (folder / "data").mkdir(parents=True)
    for folder in (dead, lives):
        os.utime(folder, (0, 0))
    of_who_lives = scratch.lock(lives)
    with scratch.scratch_folder() as here:
        assert set(tmp_path.iterdir()) == {lives, fresh, here}
        with scratch.scratch_folder() as another:
            assert set(tmp_path.iterdir()) == {lives, fresh, here, another}
    os.close(of_who_lives)
    scratch.remove_left(tmp_path, prefix=scratch.PREFIX)
    assert list(tmp_path.iterdir()) == []
