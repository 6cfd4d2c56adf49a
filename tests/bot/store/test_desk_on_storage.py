"""A desk whose files lie in S3-compatible storage: uploads, a kill, an export, a backup and its way back."""

from __future__ import annotations

import asyncio
import hashlib
import os
import signal
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from bot.conditions import DOWN_SECONDS
from bot.store.contract import FileStore
from bot.store.evidence import key_of, lying_in
from bot.store.opening import hash_of, open_store
from storage import exports
from tests.kit import files
from tests.kit.command_line import desk, refused, rows
from tests.kit.desk_on_disk import desk_on_disk, fingerprint
from tests.kit.direct import Direct
from tests.kit.dying_desk import die_over_a_file
from tests.kit.object_storage import ObjectStorage
from tests.kit.patience import PATIENCE
from tests.kit.people import RINA, SARI
from tests.kit.warm_process import WarmProcess
from tests.kit.world import world_in

NewBucket = Callable[[], str]


def evidence_in(store: FileStore) -> dict[str, str]:
    """The hash of every evidence file by its path."""
    return {path: hash_of(store.chunks(key_of(path))) for path in lying_in(store)}


def files_below(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


async def test_what_people_send_lies_in_the_bucket_and_leaves_it_with_an_export(
    new_bucket: NewBucket, tmp_path: Path
) -> None:
    async with world_in(tmp_path / "data") as world:
        await world.stop()
        world.evidence_url = new_bucket()
        await world.start()
        store, rina, sari = open_store(world.evidence_url), world.person(RINA), world.person(SARI)
        for said in ("/ajukan", "SIPANDU", "daftar", "16"):
            await rina.says(said)
        await rina.sends("perda.pdf", files.pdf("perda"))
        digest = hashlib.sha256(files.pdf("perda")).hexdigest()
        assert evidence_in(store) == {f"{digest[:2]}/{digest}": digest}
        await sari.says("/ekspor")
        await sari.taps("Buku kerja")
        (made,) = world.rows("SELECT path FROM exports")[0]
        assert list(store.sizes("exports")) == [f"exports/{made}"]
        assert hash_of(store.chunks(f"exports/{made}")) == made.partition(".")[0]
        _, arrived = world.emulator.files[sari.last.file.file_id]
        assert isinstance(arrived, bytes)
        assert zipfile.is_zipfile(BytesIO(arrived))
        assert [path for path in files_below(world.folder) if "desk" not in path] == [f"sending/{made}"]
        world.clock.passes(hours=25)
        await world.write(lambda tx: exports.sweep(tx, now=world.clock()))
        assert world.app is not None
        assert await world.app.remover.work_off() == 1
        assert list(store.sizes("exports")) == []


async def test_a_store_that_is_away_is_told_once_and_shown_until_it_is_back(
    emulator: ObjectStorage, new_bucket: NewBucket, tmp_path: Path
) -> None:
    async with world_in(tmp_path / "data") as world:
        await world.stop()
        world.evidence_url = new_bucket()
        bucket = urlsplit(world.evidence_url).netloc
        await world.start()
        assert world.app is not None
        sari, app = world.person(SARI), world.app
        await sari.says("/bantuan")

        async def look() -> str:
            app.watch._probed.clear()
            await app.watch.look()
            await app.idle()
            async with httpx.AsyncClient(timeout=PATIENCE) as client:
                answer = (await client.get(f"http://127.0.0.1:{app.private_port}/health")).json()
            return str(answer["troubles"].get("store", "green"))

        assert await look() == "green"
        emulator.remove_bucket(bucket)
        assert await look() == "amber"
        assert not [message for message in sari.heard if "Penyimpanan berkas" in message.text]
        assert app.meters.store_down_since is not None
        app.meters.store_down_since -= DOWN_SECONDS  # as if it had lasted
        assert [await look(), await look()] == ["red", "red"]
        emulator.make_bucket(bucket)
        assert [await look(), await look()] == ["green", "green"]
        told = [message.text for message in sari.heard if "Penyimpanan berkas" in message.text]
        assert ["tidak dapat dihubungi" in text for text in told] == [True, False]


@pytest.mark.serial
@pytest.mark.sqlite
@pytest.mark.parametrize(("point", "lying"), [("put", 0), ("commit", 1)])
async def test_a_kill_between_put_and_row_leaves_nothing_wrong(
    new_bucket: NewBucket, tmp_path: Path, point: str, lying: int
) -> None:
    address = new_bucket()
    process = WarmProcess(die_over_a_file, tmp_path, point, address, environment=os.environ)
    assert await asyncio.to_thread(process.wait) == -signal.SIGKILL
    store = open_store(address)
    assert len(lying_in(store)) == lying
    direct = await Direct.open(tmp_path, store=store)
    try:
        assert (await direct.fetcher.prepare()).set_aside == 0
        await direct.sends("perda.pdf", files.pdf("perda"))
        assert [piece.name for piece in (await direct.answers(1))["e16"]] == ["perda.pdf"]
        assert await direct.rows("SELECT path FROM files") == [(path,) for path in lying_in(store)]
    finally:
        await direct.database.close()


@pytest.mark.sqlite
def test_a_backup_of_a_folder_is_restored_into_a_bucket_and_back(
    new_bucket: NewBucket, tmp_path: Path
) -> None:
    """The way to move a desk's files; at each end every row and every byte is what it was."""
    first, second, third = (tmp_path / name for name in ("one", "two", "three"))
    for folder in (second, third):
        folder.mkdir()
    before = fingerprint(desk_on_disk(first / "data"))
    assert desk(first, "backup", str(tmp_path / "one.tar")).returncode == 0
    address, nights = new_bucket(), new_bucket()
    done = desk(second, "restore", str(tmp_path / "one.tar"), evidence_url=address)
    assert done.returncode == 0, done.stderr
    assert not (second / "data" / "evidence").exists()
    held = {path: mark for path, mark in before.items() if path.startswith("evidence/")}
    assert {f"evidence/{path}": mark for path, mark in evidence_in(open_store(address)).items()} == held
    assert "holds a desk already" in refused(
        desk(second, "restore", str(tmp_path / "one.tar"), evidence_url=address)
    )
    done = desk(second, "backup", evidence_url=address, backup_url=nights)
    assert done.returncode == 0, done.stderr
    done = desk(third, "restore", nights)
    assert done.returncode == 0, done.stderr
    back = fingerprint(third / "data")
    assert {path: mark for path, mark in back.items() if path.startswith("evidence/")} == held
    assert rows(third, "SELECT * FROM answers ORDER BY 1, 2") == rows(
        first, "SELECT * FROM answers ORDER BY 1, 2"
    )


@pytest.mark.sqlite
def test_proof_and_exports_read_the_bucket_and_say_what_is_missing(
    new_bucket: NewBucket, tmp_path: Path
) -> None:
    address = new_bucket()
    data = desk_on_disk(tmp_path / "data")
    store = open_store(address)
    for path in sorted((data / "evidence").iterdir()):
        store.put(key_of(path.name), path)
        path.unlink()
    lost, changed, *kept = lying_in(store)
    for what in ("whole", "broken"):
        proof = desk(tmp_path, "proof", "-o", str(tmp_path / what), evidence_url=address)
        exported = desk(
            tmp_path, "export", "evidence", "-o", str(tmp_path / f"{what}.zip"), evidence_url=address
        )
        assert proof.returncode == 0, proof.stderr
        assert exported.returncode == (0 if what == "whole" else 1), exported.stderr
        assert proof.stderr.count("missing on the disk") == (0 if what == "whole" else 2)
        hashes = {path.name for path in (tmp_path / what / "evidence").rglob("*") if path.is_file()}
        assert len(hashes) == len(kept) + (2 if what == "whole" else 0)
        store.delete(key_of(lost))
        store.put_bytes(key_of(changed), b"something else")
