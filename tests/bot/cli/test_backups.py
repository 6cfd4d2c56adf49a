"""`backup` and `restore` as the officer of the server uses them, beside a running bot and after a loss."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from bot.ownership import OwnedElsewhere, owned
from domain.message import Message
from domain.texts import Marked
from storage import outbox
from storage.engine.transaction import Transaction
from tests.kit import on_server
from tests.kit.command_line import SECONDS, desk, desk_process, environment, refused
from tests.kit.desk_on_disk import connected, desk_on_disk, fingerprint
from tests.kit.people import RINA, SARI
from tests.kit.world import World


async def settled(world: World) -> None:
    assert world.app is not None
    await world.app.idle()


UNTOUCHED = ("innovations", "answers", "files", "contacts", "history", "audit")  # by a restore itself


def test_a_desk_moves_to_another_machine(tmp_path: Path) -> None:
    here, elsewhere = tmp_path / "here", tmp_path / "elsewhere"
    before = fingerprint(desk_on_disk(here / "data"))
    elsewhere.mkdir()
    made = desk(here, "backup", str(tmp_path / "desk.tar"))
    assert made.returncode == 0, made.stderr
    checked = desk(elsewhere, "restore", str(tmp_path / "desk.tar"), "--check")
    assert checked.returncode == 0, checked.stderr
    assert not (elsewhere / "data").exists()
    done = desk(elsewhere, "restore", str(tmp_path / "desk.tar"))
    assert done.returncode == 0, done.stderr
    after = fingerprint(elsewhere / "data")
    same = [name for name in before if name in UNTOUCHED or name.startswith("evidence/")]
    assert {name: before[name] for name in same} == {name: after[name] for name in same}
    again = refused(desk(elsewhere, "restore", str(tmp_path / "desk.tar")))
    forced = desk(elsewhere, "restore", str(tmp_path / "desk.tar"), "--force")
    if on_server.is_used():  # nothing moves the rows of a schema aside
        assert again == refused(forced)
        assert again.endswith("holds something already; name a new schema in DESK_DATABASE_URL")
        assert fingerprint(elsewhere / "data") == after
        return
    assert "holds a desk already" in again
    assert forced.returncode == 0, forced.stderr
    assert list((elsewhere / "data" / "replaced").glob("*/desk.db"))


def test_it_streams_to_standard_output(tmp_path: Path) -> None:
    desk_on_disk(tmp_path / "data")
    command = [sys.executable, "-m", "bot", "backup", "-"]
    made = subprocess.run(
        command, cwd=tmp_path, env=environment(tmp_path), capture_output=True, timeout=SECONDS, check=True
    )
    (tmp_path / "desk.tar").write_bytes(made.stdout)
    assert desk(tmp_path, "restore", str(tmp_path / "desk.tar"), "--check").returncode == 0


def test_a_reader_that_goes_before_the_end_is_told_apart_from_a_whole_backup(tmp_path: Path) -> None:
    desk_on_disk(tmp_path / "data")
    command = [sys.executable, "-m", "bot", "backup", "-"]
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as making:
        assert making.stdout is not None
        assert making.stderr is not None
        making.stdout.read(1_000)
        making.stdout.close()
        said = making.stderr.read().decode().splitlines()
        assert making.wait(timeout=SECONDS) == 1
    assert said[-1].startswith("desk-inovasi: whoever reads standard output has gone before the end"), said
    assert not list((tmp_path / "data").glob(".copy-*"))


def test_what_cannot_be_done_is_said_in_a_sentence(tmp_path: Path) -> None:
    assert "there is no" in refused(desk(tmp_path, "backup", "x.tar"))
    assert "there is no x.tar" in refused(desk(tmp_path, "restore", "x.tar"))
    (tmp_path / "x.tar").write_text("not an archive")
    assert "no whole archive" in refused(desk(tmp_path, "restore", "x.tar"))
    (tmp_path / "full").mkdir()
    desk_on_disk(tmp_path / "full" / "data")
    assert "DESK_BACKUP_DIR" in refused(desk(tmp_path / "full", "backup"))


def test_a_place_that_fails_leaves_the_word_about_the_one_before(tmp_path: Path) -> None:
    desk_on_disk(tmp_path / "data")
    kept = tmp_path / "kept"
    done = desk(tmp_path, "backup", backup_dir=str(kept), backup_url="nowhere://bucket")
    assert done.returncode == 1
    assert f"kept in {kept}: database of version" in done.stderr
    assert done.stderr.splitlines()[-1].startswith("desk-inovasi: nowhere://bucket")


@pytest.mark.sqlite
async def test_commands_that_need_the_data_alone_are_refused_beside_the_bot(
    world: World, tmp_path: Path
) -> None:
    """Also through another folder, or another name of the same database."""
    link = tmp_path / "link.db"
    link.symlink_to(world.settings.database_path)
    settings = {"database_url": f"sqlite:///{link}", "data_dir": str(tmp_path / "other")}
    for carry_out, command in ((desk, "migrate"), (desk, "files set-aside"), (desk_process, "run")):
        told = refused(carry_out(tmp_path, *command.split(), telegram_token="1:x", **settings))
        assert "another desk-inovasi is running" in told
    with pytest.raises(OwnedElsewhere), owned(world.settings):
        pass


async def test_what_waited_in_the_backup_leaves_only_when_the_desk_says_so(
    world: World, tmp_path: Path
) -> None:
    later = world.clock() + timedelta(days=2)

    def wait(tx: Transaction) -> None:
        for number, due in enumerate((None, later)):
            outbox.insert(
                tx,
                channel="telegram",
                address=str(RINA),
                message=Message(Marked(f"pesan tertahan {number}")),
                now=world.clock(),
                terms=outbox.Terms(priority=outbox.BROADCAST if due else outbox.REPLY, not_before=due),
            )

    for address in (RINA, SARI):
        await world.person(address).says("/bantuan")
    await world.stop()
    with connected(world.settings.data_dir) as tx:
        wait(tx)
    folder = world.settings.data_dir.parent
    where = {"data_dir": str(world.settings.data_dir)}
    assert desk(folder, "backup", "desk.tar", **where).returncode == 0
    if on_server.is_used():
        on_server.empty(world.folder / "desk.db")  # a restore wants a new schema
    done = desk(folder, "restore", "desk.tar", "--force", **where)
    assert "2 messages that were waiting are held" in done.stderr, done.stderr
    await world.start()
    await settled(world)
    assert not [one for one in world.person(RINA).heard if "tertahan" in one.text]
    admin = world.person(SARI)
    admin.sees("2 pesan sedang menunggu")
    await admin.taps("Kirim pesan yang ditahan")
    admin.sees("2 pesan berangkat pada waktunya")
    await settled(world)
    assert [one.text for one in world.person(RINA).heard if "tertahan" in one.text] == ["pesan tertahan 0"]
    (row,) = world.rows("SELECT not_before FROM outbox WHERE state = 'waiting'")
    assert row[0].startswith(later.date().isoformat())
    await admin.taps("Buang pesan yang ditahan")
    admin.sees("sudah diputuskan sebelumnya")
