"""A run of every check leaves nothing in memory, even where it was killed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests import __main__ as checks


def test_what_a_killed_run_left_in_memory_is_removed_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))  # put back after the test
    monkeypatch.setattr(checks, "MEMORY", tmp_path)
    monkeypatch.setattr(checks, "MEMORY_BYTES", 0)
    of_others = tmp_path / "desk-of-others"
    of_others.mkdir()
    (tmp_path / "desk-tests-killed" / "desk").mkdir(parents=True)
    with checks._writing_to_memory():
        beside = Path(os.environ["TMPDIR"])
        with checks._writing_to_memory():
            here = Path(os.environ["TMPDIR"])
            assert set(tmp_path.iterdir()) == {of_others, beside, here}
    assert list(tmp_path.iterdir()) == [of_others]
