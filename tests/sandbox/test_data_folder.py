"""`--fresh` empties the sandbox's own folder and never another one."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.data_folder import MARK, SETTING, NotASandbox, folder, prepare


def test_fresh_deletes_nothing_out_of_a_folder_that_is_not_the_sandboxs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SETTING, str(tmp_path))
    kept = tmp_path / "evidence" / "ab" / "abc"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"a letter")
    prepare(folder(), fresh=False)
    with pytest.raises(NotASandbox, match="deletes nothing"):
        prepare(folder(), fresh=True)
    assert kept.read_bytes() == b"a letter"


def test_fresh_empties_what_the_sandbox_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SETTING, str(tmp_path / "new"))
    prepare(folder(), fresh=False)
    (folder() / "desk.db").write_bytes(b"x")
    prepare(folder(), fresh=True)
    assert [path.name for path in folder().iterdir()] == [MARK]
