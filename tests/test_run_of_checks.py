"""A run of every check leaves nothing in memory, even where it was killed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests import __main__ as checks


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
