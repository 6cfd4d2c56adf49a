"""What people send as evidence: every refusal has its sentence, and nothing hostile gets out of its
folder.
"""

from __future__ import annotations

import io
import os
import random
import stat
import subprocess
import sys
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels import Channel
from bot.inbound.files import Fetcher, FetchMeans, shown_name
from bot.inbound.inspection import ZIP_DIRECTORY_BYTES, inspect
from bot.log import logger
from bot.store.folder import FolderStore
from domain.message import FileRef, FileRefusal, ReadList, StoredFile
from domain.rules.indicators import load_indicators
from domain.wants import WantsFile
from storage.engine.database import Database
from tests.kit import files
from tests.kit.command_line import ROOT
from tests.kit.courier import CourierChannel
from tests.kit.databases import migrated, on_disk
from tests.kit.in_process import InspectsHere
from tests.kit.people import RINA
from tests.kit.properties import SHARES_FIXTURE
from tests.kit.world import World

NOW = datetime(2026, 3, 2, tzinfo=UTC)
LIMIT = 20_000_000
PEAK = 80_000_000  # of the process that inspects: pypdf holds a PDF of 20 MB about three times
PAPER = frozenset({"pdf", "jpg", "png", "mp4", "docx", "xlsx", "pptx"})


class Shelf(CourierChannel):
    """A channel that hands over what it was told to."""

    name = "telegram"

    def __init__(self) -> None:
        super().__init__()
        self.content = b""

    async def fetch(self, ref: FileRef, target: Path) -> None:
        target.write_bytes(self.content)


class Desk:
    """A fetcher, and the folder it must not leave."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.shelf, self.folder, self.database = Shelf(), folder, database
        channels: dict[str, Channel] = {"telegram": self.shelf}
        chance = random.Random(1)
        self.fetcher = Fetcher(
            FetchMeans(
                database,
                channels,
                store=FolderStore(folder, links=True),
                incoming=folder / "evidence" / ".incoming",
                clock=lambda: NOW,
                new_name=lambda: f"{chance.getrandbits(128):032x}",
                log=logger(),
                inspector=InspectsHere(),
            )
        )

    async def takes(
        self, content: bytes, name: str, size: int | None, mime: str = ""
    ) -> StoredFile | FileRefusal:
        self.shelf.content = content
        ref = FileRef("id", "document", name, mime, size)
        found = await self.fetcher.fetch("telegram", WantsFile(ref, accepts=PAPER, max_bytes=LIMIT))
        assert not isinstance(found, ReadList)
        return found

    def around(self) -> set[str]:
        """Everything in the folder and beside it."""
        return {str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file()}


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    database = await on_disk(tmp_path / "desk.db", migrated())
    made = Desk(database, tmp_path)
    await made.fetcher.prepare()
    yield made
    await database.close()


def archive(names: list[str], *, size: int = 10, encrypted: bool = False) -> bytes:
    """A zip with these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as held:
        for name in names:
            held.writestr(name, b"0" * size)
    raw = out.getvalue()
    return (
        raw.replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00")
        if encrypted
        else raw
    )


OFFICE = ["[Content_Types].xml", "word/document.xml"]
CONTENTS = st.one_of(
    st.binary(max_size=400),
    st.sampled_from(
        [
            files.pdf(),
            files.locked_pdf(),
            files.png(),
            files.huge_png(),
            files.jpg(),
            files.mp4(),
            files.docx(),
            archive(["../../etc/passwd", *OFFICE]),
            archive(["C:\\Windows\\x.exe"]),
            archive(OFFICE, encrypted=True),
            archive([*OFFICE, "word/vbaProject.bin"]),
            archive([*OFFICE, "word/nol.xml"], size=2_000_000),
            b"%PDF-1.4\n" + b"/Encrypt 1 0 R" * 40,
            b"MZ" + b"\0" * 300,
            b"<html><script>1</script>",
        ]
    ),
    st.sampled_from([files.pdf(), files.png(), files.mp4(), files.docx(), files.jpg()]).flatmap(
        lambda whole: st.integers(0, len(whole)).map(lambda cut: whole[:cut])
    ),
)
NAMES = st.one_of(
    st.text(max_size=300),
    st.sampled_from(
        [
            "../../../etc/passwd",
            "..\\..\\boot.ini",
            "/etc/shadow",
            "surat.pdf\x00.exe",
            "a\nb.pdf",
            "\u202efdp.exe",
            "CON",
            ".",
            "..",
            "",
            "x" * 255 + ".pdf",
            "surat.PDF",
            "foto.jpg.exe",
            "*tebal* {x} _y_.pdf",
            "'; DROP TABLE files; --.pdf",
        ]
    ),
)
SIZES = st.one_of(st.none(), st.integers(0, 30_000_000))
REASONS = {"too_big", "empty", "locked", "kind", "liar", "damaged", "bomb", "gone", "as_video"}


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=SHARES_FIXTURE,
)
@given(content=CONTENTS, name=NAMES, size=SIZES)
async def test_nothing_hostile_leaves_the_folder(
    desk: Desk, content: bytes, name: str, size: int | None
) -> None:
    """Whatever name, size, kind or archive: one file of ours under its hash, or nothing at all."""
    before = desk.around()
    found = await desk.takes(content, name, size)
    new = desk.around() - before
    if isinstance(found, FileRefusal):
        assert found.reason in REASONS
        assert new == set()
    else:
        assert all(path.startswith("evidence/") and len(path) == len("evidence/ab/") + 64 for path in new)
        assert len(new) <= 1
    assert found.name.isprintable()
    assert "/" not in found.name
    assert len(found.name) <= 120
    for path in new:
        assert stat.S_IMODE((desk.folder / path).stat().st_mode) == 0o600


def big(kind: str) -> bytes:
    """The worst file of 20 MB of each kind."""
    if kind == "pdf":
        return files.pdf()[:-200] + b"/Encrypt 1 0 X " * 1_300_000 + b"startxref\n1\n%%EOF"
    if kind == "names":  # an archive that is nothing but a list of members
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as held:
            for number in range(150_000):
                held.writestr(zipfile.ZipInfo(f"{number}"), b"")
        return out.getvalue()
    if kind == "zeros":
        return files.docx() + b"\0" * 19_000_000
    if kind == "video":
        return files.mp4()[:20] + b"\0\0\0\x08free" * 2_400_000
    return os.urandom(19_000_000)


# each file in a process of its own, whose peak the system measures; a tracing allocator takes ten times as
# long, and so do processes that import all of it anew
MEASURED = """
import os, sys
from pathlib import Path
import filetype, openpyxl, pypdf
from bot.inbound.inspection import inspect

def memory(of):
    (line,) = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(of)]
    return int(line.split()[1]) * 1024

folder, *accepts = sys.argv[1:]
for path in sorted(Path(folder).iterdir()):
    if not os.fork():
        before = memory("VmRSS")
        inspect(path, name=path.name, accepts=frozenset(accepts))
        print(path.name, memory("VmHWM") - before, flush=True)
        os._exit(0)
    os.wait()
"""
WORST = {"pdf": "x.pdf", "names": "names.docx", "zeros": "zeros.docx", "video": "x.video", "noise": "x.noise"}


@pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="the peak of memory stands in /proc, which Linux alone has"
)
def test_looking_at_the_worst_file_costs_bounded_memory(tmp_path: Path) -> None:
    """At most 80 MB for one file of 20 MB; two are looked at at once."""
    for kind, name in WORST.items():
        (tmp_path / name).write_bytes(big(kind)[:LIMIT])
    command = [sys.executable, "-c", MEASURED, str(tmp_path), *PAPER]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    peaks = dict(line.split() for line in done.stdout.splitlines())
    assert peaks.keys() == set(WORST.values())
    assert {name: peak for name, peak in peaks.items() if int(peak) >= PEAK} == {}


def test_a_list_of_members_that_is_too_long_is_never_read(tmp_path: Path) -> None:
    """The directory's size stands in the last record; a lie there makes the archive unreadable, not
    expensive.
    """
    path = tmp_path / "x.docx"
    names = archive([*OFFICE, *(f"word/{n}" for n in range(60_000))], size=0)
    assert int.from_bytes(names[-10:-6], "little") > ZIP_DIRECTORY_BYTES
    path.write_bytes(names)
    assert inspect(path, name="x.docx", accepts=PAPER).refusal == "liar"


@pytest.mark.parametrize(
    ("given_name", "told"),
    [
        ("surat.pdf", "surat.pdf"),
        ("../../surat.pdf", "surat.pdf"),
        ("C:\\Users\\x\\surat.pdf", "surat.pdf"),
        ("a\nb\tc.pdf", "a b c.pdf"),
        ("\u202efdp.exe", "fdp.exe"),
        ("", "berkas"),
        ("///", "berkas"),
        ("x" * 300 + ".pdf", "x" * 115 + "….pdf"),
    ],
)
def test_a_name_is_made_safe_to_show(given_name: str, told: str) -> None:
    assert shown_name(given_name) == told


BAD = {  # fixture -> a piece of its own sentence
    "besar a.pdf": "batasnya 20 MB",
    "kosong b.pdf": "kosong",
    "kunci c.pdf": "terkunci kata sandi",
    "exe d.pdf": "tidak sesuai dengan namanya",
    "rusak e.pdf": "rusak",
    "zip f.zip": "bukan jenis yang diminta",
    "raksasa g.png": "terlalu besar setelah dibuka",
    "hilang h.pdf": "sudah tidak dapat diambil",
}


async def test_each_bad_file_has_its_own_sentence_and_leaves_nothing(world: World) -> None:
    """F20: eight bad files and a bad link, nine sentences, the question stays, no row and no file."""
    rina = world.person(RINA)
    for said in ("/ajukan", "SIPANDU", "daftar", "19"):
        await rina.says(said)
    seen = set()
    for fixture, sentence in BAD.items():
        kind, name = fixture.split()
        content, name, more = files.made("pdf" if kind == "hilang" else kind, [name])
        update = world.emulator.sends_file(RINA, name=name, content=content, **more)
        if kind == "hilang":
            world.emulator.files.clear()
        await world.quiet(update)
        told = rina.last.text.splitlines()[0]
        assert sentence in told
        assert "Alat kerja" in rina.last.text
        seen.add(told.replace(name, ""))
    await rina.says("https://dalam.example/x")
    seen.add(rina.last.text.splitlines()[0])
    assert len(seen) == len(BAD) + 1
    assert world.rows("SELECT * FROM files") == []
    assert [path for path in (world.folder / "evidence").rglob("*") if path.is_file()] == []
    assert "e19" not in world.answers()


async def test_a_full_indicator_takes_no_further_file(world: World) -> None:
    """What has no place is not even fetched."""
    rina, most = world.person(RINA), load_indicators()[2026].max_pieces
    for said in ("/ajukan", "SIPANDU", "daftar", "19"):
        await rina.says(said)
    for number in range(most + 1):
        await rina.sends(f"{number}.pdf", files.pdf(str(number)))
    assert rina.last.text.startswith(f"Belum disimpan: paling banyak {most} berkas")
    assert len(world.answers()["e19"]) == most
    assert len(world.rows("SELECT * FROM files")) == most


async def test_adding_deleting_and_replacing_leave_five_events(world: World) -> None:
    """F21: add three, delete one, replace one."""
    rina = world.person(RINA)
    for said in ("/ajukan", "SIPANDU", "daftar", "19"):
        await rina.says(said)
    for number in range(3):
        await rina.sends(f"{number}.pdf", files.pdf(str(number)))
    await rina.taps("Hapus bukti 2")
    await rina.taps("Ganti bukti 1")
    await rina.sends("baru.pdf", files.pdf("baru"))
    assert [piece.name for piece in world.answers()["e19"]] == ["baru.pdf", "2.pdf"]
    assert world.rows("SELECT count(*) FROM history WHERE question = 'e19'") == [(5,)]
    assert len(world.rows("SELECT * FROM files")) == 4  # the history still refers to what was taken away
