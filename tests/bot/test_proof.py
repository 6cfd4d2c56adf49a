"""The proof pack: its verifier needs nothing of ours, and finds whatever was changed."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.proof.pack import ProofRefused, Wanted, write
from bot.proof.verifier import verify
from bot.store.folder import FolderStore
from storage import audit
from storage.engine.database import read_beside
from tests.kit.clock_and_codes import MORNING
from tests.kit.command_line import desk, refused
from tests.kit.databases import site_at
from tests.kit.desk_on_disk import connected, desk_on_disk

MUTATIONS = 200


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = desk_on_disk(tmp_path_factory.mktemp("proof") / "data")
    with connected(data) as tx:
        for number in range(20):
            audit.record(tx, "offices.rename", now=MORNING, actor=1, reason=f"alasan {number}")
    folder = data.parent / "pack"
    with read_beside(site_at(data / "desk.db")) as tx:
        wanted = Wanted(year=2026, names=False)
        write(tx, folder, store=FolderStore(data), wanted=wanted, now=MORNING, progress=print)
    return folder


def copied(made: Path, to: Path) -> Path:
    for path in made.rglob("*"):
        if path.is_file():
            target = to / path.relative_to(made)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    return to


def test_a_whole_pack_is_whole_by_its_own_verifier_alone(made: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(made / "verify.py")], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("whole")


def a_byte(path: Path, chance: random.Random) -> None:
    content = bytearray(path.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(bytes(content))


def a_row_gone(path: Path, chance: random.Random) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    del lines[chance.randrange(len(lines))]
    path.write_bytes(b"".join(lines))


def two_rows_swapped(path: Path, chance: random.Random) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    one, other = chance.sample(range(len(lines)), 2)
    lines[one], lines[other] = lines[other], lines[one]
    path.write_bytes(b"".join(lines))


def a_file_gone(path: Path, chance: random.Random) -> None:
    path.unlink()


def a_file_more(path: Path, chance: random.Random) -> None:
    path.with_name(f"{path.name}.copy").write_bytes(path.read_bytes())


def bytes_behind(path: Path, chance: random.Random) -> None:
    path.write_bytes(path.read_bytes() + chance.choice([b"\n", b" ", b"\0", b"{}\n"]))


def a_tail_gone(path: Path, chance: random.Random) -> None:
    path.write_bytes(path.read_bytes()[: -chance.randint(1, 3)])


CHANGES: tuple[Callable[[Path, random.Random], None], ...] = (
    a_byte, a_row_gone, two_rows_swapped, a_file_gone, a_file_more, bytes_behind, a_tail_gone
)  # fmt: skip


def test_every_mutation_is_found(made: Path, tmp_path: Path) -> None:
    chance, found = random.Random(7), 0
    rows_matter = [path for path in made.rglob("*.jsonl") if len(set(path.read_bytes().splitlines())) > 1]
    every = sorted(path for path in made.rglob("*") if path.is_file() and path.stat().st_size)
    for number in range(MUTATIONS):
        change = CHANGES[number % len(CHANGES)]
        lined = change in (a_row_gone, two_rows_swapped)
        target = chance.choice(sorted(rows_matter) if lined else every)
        pack = copied(made, tmp_path / str(number))
        before = (pack / target.relative_to(made)).read_bytes()
        change(pack / target.relative_to(made), chance)
        after = pack / target.relative_to(made)
        if after.exists() and after.read_bytes() == before and change is not a_file_more:
            found += 1  # two equal rows were swapped: nothing has changed
            continue
        found += bool(verify(pack))
    assert found == MUTATIONS


@pytest.mark.parametrize("written", [b"", b"\n\n", b" \n", b"\r\n", b"\x0b"])
def test_the_seal_is_held_to_the_byte(made: Path, tmp_path: Path, written: bytes) -> None:
    pack = copied(made, tmp_path / "pack")
    (pack / "SEAL").write_bytes((pack / "SEAL").read_bytes().strip() + written)
    assert verify(pack)


def rewritten(pack: Path, change: Callable[[list[dict[str, object]]], object]) -> None:
    """Rewrite the audit as somebody would who knows the format: links, manifest and seal anew."""
    import hashlib

    from bot.proof.verifier import BEGINNING, link

    rows = [json.loads(line)["row"] for line in (pack / "audit.jsonl").read_text("utf-8").splitlines()]
    change(rows)
    head, lines = BEGINNING, []
    for row in rows:
        head = link(head, json.dumps(row, ensure_ascii=False, sort_keys=True))
        lines.append(json.dumps({"link": head, "row": row}, ensure_ascii=False) + "\n")
    (pack / "audit.jsonl").write_text("".join(lines), "utf-8")
    manifest = json.loads((pack / "MANIFEST.json").read_bytes())
    content = (pack / "audit.jsonl").read_bytes()
    manifest["audit_head"] = head
    manifest["files"]["audit.jsonl"] = {
        "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content), "rows": len(rows)
    }  # fmt: skip
    text = json.dumps(manifest).encode()
    (pack / "MANIFEST.json").write_bytes(text)
    (pack / "SEAL").write_text(f"{hashlib.sha256(text).hexdigest()}\n")


def test_a_pack_rewritten_as_a_whole_is_found_by_the_seal_that_was_noted(made: Path, tmp_path: Path) -> None:
    seal = (made / "SEAL").read_text().strip()
    pack = copied(made, tmp_path / "pack")
    rewritten(pack, lambda rows: rows.pop(3))
    assert verify(pack) == []
    assert "the seal that was noted" in verify(pack, seal=seal)[0]


def test_the_next_pack_tells_of_an_audit_that_was_changed_before_it(tmp_path: Path) -> None:
    data = desk_on_disk(tmp_path / "data")
    with connected(data) as tx:
        for number in range(3):
            audit.record(tx, "offices.rename", now=MORNING, reason=f"alasan {number}")
    assert desk(tmp_path, "proof", "-o", str(tmp_path / "first")).returncode == 0
    assert desk(tmp_path, "proof", "-o", str(tmp_path / "second")).returncode == 0
    assert verify(tmp_path / "second") == []
    pack = copied(tmp_path / "second", tmp_path / "changed")
    rewritten(pack, lambda rows: rows[1].update(reason="lain"))
    assert "had another audit before it" in verify(pack)[0]


def test_no_name_and_no_number_is_in_it_unless_asked_for(tmp_path: Path) -> None:
    desk_on_disk(tmp_path / "data")
    with connected(tmp_path / "data") as tx:
        names = [name for (name,) in tx.execute("SELECT name FROM contacts")]
    assert desk(tmp_path, "proof", "-o", str(tmp_path / "pack"), "--year", "2026").returncode == 0
    assert desk(tmp_path, "proof", "-o", str(tmp_path / "named"), "--names").returncode == 0
    for folder, expected in (("pack", False), ("named", True)):
        text = "".join(path.read_text("utf-8") for path in (tmp_path / folder).glob("*.jsonl"))
        assert any(name in text for name in names) is expected
    assert "is there already" in refused(desk(tmp_path, "proof", "-o", str(tmp_path / "pack")))
    wanted = Wanted(year=None, names=False)
    with pytest.raises(ProofRefused), read_beside(site_at(tmp_path / "data" / "desk.db")) as tx:
        write(tx, tmp_path / "pack", store=FolderStore(tmp_path), wanted=wanted, now=MORNING, progress=print)
