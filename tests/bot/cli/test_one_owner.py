"""One process owns a desk: another one is refused through whatever folder or name it comes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import chdir
from pathlib import Path

import pytest

from bot.config import load
from bot.ownership import OwnedElsewhere, owned
from bot.parts import Helpers
from bot.running import running
from bot.waits import Waits
from storage.engine.migrate import migrations
from tests.kit import on_server
from tests.kit.command_line import desk, environment, refused
from tests.kit.databases import url_at
from tests.kit.desk_on_disk import connected, desk_on_disk, fingerprint

ALONE = [
    ["migrate"],
    ["migrate", "--new-bot"],
    ["restore", "kept.tar"],
    ["restore", "kept.tar", "--force"],
    ["move", "--to", "TARGET"],
    ["files", "set-aside"],
]
BESIDE = [
    ["invite", "--role", "admin"],
    ["offices", "import", "offices.csv"],
    ["contacts", "import", "contacts.csv"],
    ["people", "grant", "2", "--role", "focal_point", "--office", "dinkes", "--reason", "tugas baru"],
    ["people", "codes"],
    ["rules", "changes"],
    ["export", "audit"],
    ["export", "innovations"],
    ["proof", "-o", "pack"],
]
NEWEST = migrations()[-1][0]
Spelling = Callable[[Path], Mapping[str, str]]


def _linked_folder(folder: Path) -> Mapping[str, str]:
    (folder / "same").symlink_to(folder / "data")
    return {"data_dir": str(folder / "same")}


def _linked_file(folder: Path) -> Mapping[str, str]:
    (folder / "link.db").symlink_to(folder / "data" / "desk.db")
    return {"data_dir": str(folder / "other"), "database_url": f"sqlite:///{folder / 'link.db'}"}


def _second_name(folder: Path) -> Mapping[str, str]:
    (folder / "name.db").hardlink_to(folder / "data" / "desk.db")
    return {"data_dir": str(folder / "other"), "database_url": f"sqlite:///{folder / 'name.db'}"}


SPELLINGS: Mapping[str, Spelling] = {
    "as it is": lambda folder: {"data_dir": str(folder / "data")},
    "relative": lambda folder: {"data_dir": "data"},
    "a way round": lambda folder: {"data_dir": str(folder / "data" / ".." / "data")},
    "a linked folder": _linked_folder,
    "another folder, its file": lambda folder: {
        "data_dir": str(folder / "other"),
        "database_url": f"sqlite:///{folder / 'data' / 'desk.db'}",
    },
    "a linked file": _linked_file,
    "a second name of the file": _second_name,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a desk that was stopped, a backup of it, and two lists."""
    desk_on_disk(tmp_path / "data")
    assert desk(tmp_path, "backup", "kept.tar").returncode == 0
    (tmp_path / "offices.csv").write_text("code;name;short;kind\ndinsos;Dinas Sosial;Dinsos;dinas\n")
    (tmp_path / "contacts.csv").write_text("name;phone;office;role\nBudi;081200000099;dinkes;focal_point\n")
    return tmp_path


def aimed(arguments: list[str], folder: Path) -> list[str]:
    """Name a place of the other engine as the target of a move."""
    target = f"sqlite:///{folder / 'target.db'}" if on_server.is_used() else "postgresql:///nowhere"
    return [target if argument == "TARGET" else argument for argument in arguments]


@pytest.mark.sqlite
async def test_what_wants_a_desk_alone_is_refused_by_whatever_name(folder: Path) -> None:
    at_once = Helpers(waits=Waits(locked=0.0))
    before = fingerprint(folder / "data")
    with owned(load(environment(folder))), chdir(folder):
        for name, spelling in SPELLINGS.items():
            settings = spelling(folder)
            for command in ALONE:
                told = refused(desk(folder, *aimed(command, folder), **settings))
                assert "another desk-inovasi is running" in told, (name, command)
            bot = load(environment(folder, telegram_token="1:x", **settings))
            with pytest.raises(OwnedElsewhere, match="another desk-inovasi is running"):
                async with running(bot, helpers=at_once):
                    pass
    assert fingerprint(folder / "data") == before


def test_it_is_refused_through_another_folder_on_both_engines(folder: Path) -> None:
    before = fingerprint(folder / "data")
    path = folder / "data" / "desk.db"
    at = {"database_url": url_at(path) or f"sqlite:///{path}", "data_dir": str(folder / "other")}
    with owned(load(environment(folder))):
        for command in ALONE:
            told = refused(desk(folder, *aimed(command, folder), **at))
            assert re.search("another desk-inovasi is running|owns the desk at", told), command
    assert fingerprint(folder / "data") == before
    assert not (folder / "target.db").exists()


def test_what_works_beside_a_bot_changes_no_table_under_it(folder: Path) -> None:
    """As when the new program is installed, and the bot of the old one still runs."""
    with owned(load(environment(folder))):
        for command in BESIDE:
            assert desk(folder, *command).returncode == 0, command
    with connected(folder / "data") as tx:
        tx.execute("DELETE FROM schema_migrations WHERE version = ?", (NEWEST,))
    before = fingerprint(folder / "data")
    with owned(load(environment(folder))):
        for command in BESIDE:
            told = refused(desk(folder, *command))
            assert f"found version {NEWEST - 1}, this program brings it to {NEWEST}" in told, command
            assert re.search("another desk-inovasi is running|owns the desk at", told), command
    assert fingerprint(folder / "data") == before
    assert not list((folder / "data").glob("desk.db.version-*"))
