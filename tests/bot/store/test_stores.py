"""Every store holds files the same way: created once, streamed, checked by hash."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import os
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bot.store import evidence
from bot.store.contract import CHUNK, Damaged, StoreAway
from bot.store.local_copies import KEPT, LocalCopies
from bot.store.opening import fetch, hash_of, open_store

CONTENT = b"0123456789abcdef" * (CHUNK // 8)  # two chunks
SHA256 = hashlib.sha256(CONTENT).hexdigest()
KEY = f"evidence/{SHA256[:2]}/{SHA256}"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "arriving"
    path.write_bytes(CONTENT)
    return path


def test_what_is_put_comes_back_in_pieces_as_it_was(site: str, source: Path, tmp_path: Path) -> None:
    store = open_store(site)
    assert (store.size(KEY), dict(store.sizes("evidence"))) == (None, {})
    store.put(KEY, source)
    assert source.read_bytes() == CONTENT
    chunks = list(store.chunks(KEY))
    assert (b"".join(chunks), max(map(len, chunks)) < len(CONTENT)) == (CONTENT, True)
    assert (store.size(KEY), dict(store.sizes("evidence"))) == (len(CONTENT), {KEY: len(CONTENT)})
    fetch(store, KEY, target=tmp_path / "back" / "a", sha256=SHA256)
    assert (tmp_path / "back" / "a").read_bytes() == CONTENT
    with store.as_file(KEY, tmp_path / "scratch") as lent:
        assert lent.read_bytes() == CONTENT
    assert not (tmp_path / "scratch").exists() or not list((tmp_path / "scratch").iterdir())


def test_what_is_given_stays_when_its_owner_removes_it(site: str, source: Path) -> None:
    store = open_store(site)
    store.put_bytes(KEY, b"older")
    store.give(KEY, source)
    source.unlink()
    assert hash_of(store.chunks(KEY)) == SHA256


def test_a_folder_on_the_same_disk_copies_nothing_that_is_given(source: Path, tmp_path: Path) -> None:
    site = tmp_path / "kept"
    open_store(site).give(KEY, source)
    assert (site / KEY).samefile(source)


def test_what_lies_there_is_not_written_again(site: str, source: Path, tmp_path: Path) -> None:
    store, other = open_store(site), tmp_path / "other"
    store.put(KEY, source)
    other.write_bytes(CONTENT[::-1])
    store.put(KEY, other)
    assert hash_of(store.chunks(KEY)) == SHA256
    other.write_bytes(b"half")
    store.put(KEY, other)  # what lies there was cut off: it cannot be these bytes
    assert b"".join(store.chunks(KEY)) == b"half"
    store.put(KEY, source, replace=True)
    assert hash_of(store.chunks(KEY)) == SHA256


async def test_other_bytes_than_the_hash_says_are_noticed_and_leave_nothing(
    site: str, tmp_path: Path
) -> None:
    store = open_store(site)
    store.put_bytes(KEY, b"something else")
    with pytest.raises(Damaged, match="other bytes"):
        fetch(store, KEY, target=tmp_path / "a", sha256=SHA256)
    with pytest.raises(Damaged):
        await LocalCopies(store, tmp_path / "sending").find(KEY, sha256=SHA256)
    assert not (tmp_path / "a").exists()


async def test_what_is_not_there_is_said_at_once(site: str, tmp_path: Path) -> None:
    store = open_store(site)
    with pytest.raises(FileNotFoundError):
        store.chunks(KEY)
    with pytest.raises(FileNotFoundError):
        await LocalCopies(store, tmp_path / "sending").find(KEY, sha256=SHA256)
    store.delete(KEY)


def test_files_set_aside_come_back_by_their_name(site: str, source: Path) -> None:
    store, path = open_store(site), KEY.partition("/")[2]
    day = date(2026, 3, 2)
    for _ in range(2):
        store.put(KEY, source)
        assert evidence.set_aside(store, paths=[path], day=day) == 1
    assert evidence.lying_in(store) == []
    assert store.folders("unknown") == ["2026-03-02"]
    assert evidence.lying_in(store, "unknown") == [f"2026-03-02/{path}", f"2026-03-02/{path}.2"]
    assert evidence.bring_back(store, [path]) == 1
    assert evidence.lying_in(store) == [path]
    store.delete(KEY)
    assert evidence.lying_in(store) == []


async def test_copies_to_send_are_made_once_and_few_are_kept(
    new_bucket: Callable[[], str], source: Path, tmp_path: Path
) -> None:
    store, folder = open_store(new_bucket()), tmp_path / "sending"
    copies = LocalCopies(store, folder)
    store.put(KEY, source)
    first = await copies.find(KEY, sha256=SHA256)
    made = first.stat().st_mtime_ns
    assert (await copies.find(KEY, sha256=SHA256)).stat().st_mtime_ns == made
    for number in range(KEPT):
        content = b"%d" % number
        store.put_bytes(f"evidence/{number}", content)
        await copies.find(f"evidence/{number}", sha256=hashlib.sha256(content).hexdigest())
    assert len(list(folder.iterdir())) == KEPT
    last = await copies.find(f"evidence/{KEPT - 1}", sha256=hashlib.sha256(content).hexdigest())
    last.unlink()  # it was old
    assert (await copies.find(f"evidence/{KEPT - 1}", sha256=last.stem)).is_file()
    assert not first.exists()
    several = await asyncio.gather(*(copies.find(KEY, sha256=SHA256) for _ in range(30)))
    assert {path.read_bytes() for path in several} == {CONTENT}
    copies.close()
    assert not folder.exists()


def test_a_bucket_nobody_made_is_said_and_not_taken_for_empty(new_bucket: Callable[[], str]) -> None:
    new_bucket()
    store = open_store("s3://nobody-made-it/x")
    for ask in (
        lambda: store.put_bytes(KEY, b"x"),
        lambda: store.chunks(KEY),
        lambda: store.sizes("evidence"),
    ):
        with pytest.raises(StoreAway, match="make it first"):
            ask()


def test_storage_that_is_away_is_said_in_one_sentence(
    new_bucket: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    address = new_bucket()
    monkeypatch.setenv("AWS_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(StoreAway) as away:
        open_store(address).size(KEY)
    assert "\n" not in str(away.value)


def test_a_folder_that_is_not_ours_is_said_in_one_sentence(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "kept"
    store = open_store(site)
    store.put(KEY, source)

    def refuse(*arguments: object, **named: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(site / "files"))

    for module, name in (
        (os, "scandir"),
        (Path, "stat"),
        (Path, "iterdir"),
        (Path, "open"),
        (Path, "unlink"),
        (shutil, "move"),
    ):
        monkeypatch.setattr(module, name, refuse)
    acts: list[Callable[[], object]] = [
        lambda: store.sizes("evidence"), lambda: store.folders("evidence"), lambda: store.size(KEY),
        lambda: list(store.chunks(KEY)), lambda: store.delete(KEY),
        lambda: store.move(KEY, f"unknown/{KEY}"),
    ]  # fmt: skip
    for act in acts:
        with pytest.raises(StoreAway, match=f"{site}: Permission denied"):
            act()
