"""A large file goes to the disk in portions, and is whole."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from storage.engine.gentle_writing import PORTION_BYTES, copy_gently, read_gently


def test_it_pauses_behind_each_portion_and_not_for_a_small_file(tmp_path: Path) -> None:
    for size, portions in ((1_000, 0), (3 * PORTION_BYTES + 10, 3)):
        pauses: list[float] = []
        content = bytes(range(250)) * (size // 250 + 1)
        with (tmp_path / f"{size}").open("wb", buffering=0) as target:
            copy_gently(BytesIO(content), target, chunk=PORTION_BYTES // 4, pause=pauses.append)
        assert (tmp_path / f"{size}").read_bytes() == content
        assert len(pauses) == portions


def test_it_pauses_behind_each_piece_that_is_read() -> None:
    pauses: list[float] = []
    assert list(read_gently(BytesIO(b"abcde"), chunk=2, pause=pauses.append)) == [b"ab", b"cd", b"e"]
    assert len(pauses) == 3
