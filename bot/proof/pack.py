"""Writes a proof pack: entries, files, decisions, messages and audit of a year, sealed by hashes.

entries.jsonl       every innovation with its answers and scores
files.jsonl         every evidence file: hash, size, kind; the file itself is evidence/AB/HASH
decisions.jsonl     moves, levels and returns: when, by whom (a number), why
messages.jsonl      what became of every message, without text and address
rules.json          the rules of counting, and the hash of each data file
audit.jsonl         who did what; each row with a link to the one before it
people.jsonl        the names behind the numbers; only where they are asked for
MANIFEST.json       hash, bytes and rows of each file; SEAL is its hash; verify.py checks all of it
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.resources import files as packaged
from pathlib import Path
from typing import Any

from bot import __version__
from bot.proof.verifier import AUDIT, BEGINNING, MANIFEST, SEAL, link
from bot.store.contract import Damaged, FileStore
from bot.store.evidence import key_of
from bot.store.opening import fetch
from storage import audit, export_records, proof_records
from storage.engine.transaction import Transaction
from storage.export_records import Selection

FORMAT = 1
Progress = Callable[[int, int], None]  # so many files done of so many
VERIFIER = "verify.py"


class ProofRefused(RuntimeError):
    """the proof pack cannot be written"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of a pack: one period or with None all, and whether with the names of people."""

    year: int | None
    names: bool


@dataclass(frozen=True, slots=True)
class Made:
    """What a pack holds: its seal, and how the audit stood."""

    seal: str
    audit_rows: int
    audit_head: str
    files: int
    missing: tuple[str, ...]  # evidence the database names and that does not lie in the store as it should


def write(
    tx: Transaction, folder: Path, *, store: FileStore, wanted: Wanted, now: datetime, progress: Progress
) -> Made:
    """Write a pack into a new folder; raises ProofRefused when the folder is there already.

    It is written beside and renamed when it is whole; everything is read from one state of the database.
    """
    if folder.exists():
        raise ProofRefused(f"{folder} is there already; name a new folder")
    part = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True, mode=0o700)
    try:
        made = _fill(tx, part, store=store, wanted=wanted, now=now, progress=progress)
        part.rename(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return made


def _fill(
    tx: Transaction, folder: Path, *, store: FileStore, wanted: Wanted, now: datetime, progress: Progress
) -> Made:
    records = export_records.records(tx, Selection(wanted.year, drafts=True))
    _write_rows(folder / "entries.jsonl", map(export_records.as_json, records))
    files = list(proof_records.files(tx, wanted.year))
    _write_rows(folder / "files.jsonl", ({**file, "path": None} for file in files))
    _write_rows(folder / "decisions.jsonl", proof_records.decisions(tx, wanted.year))
    _write_rows(folder / "messages.jsonl", proof_records.messages(tx, wanted.year))
    if wanted.names:
        _write_rows(folder / "people.jsonl", proof_records.people(tx))
    (folder / "rules.json").write_bytes(_as_json(_read_rules()))
    missing = _copy_all(files, store, folder=folder, progress=progress)
    rows, head = _write_audit(folder / AUDIT, audit.lines(tx), names=wanted.names)
    (folder / VERIFIER).write_bytes((packaged("bot.proof") / "verifier.py").read_bytes())
    manifest = {
        "format": FORMAT,
        "program": __version__,
        "made_at": now.isoformat(),
        "year": wanted.year,
        "audit_head": head,
        "missing": missing,
        "files": {name: _describe(folder / name) for name in _list(folder)},
    }
    text = _as_json(manifest)
    seal = hashlib.sha256(text).hexdigest()
    (folder / MANIFEST).write_bytes(text)
    (folder / SEAL).write_bytes(f"{seal}\n".encode())
    return Made(seal, rows, head, len(files) - len(missing), tuple(missing))


def _write_rows(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False, sort_keys=True, default=str) + "\n")


def _write_audit(path: Path, lines: Iterable[audit.Line], *, names: bool) -> tuple[int, str]:
    """Write the audit, each row with its link; returns how many rows, and the last link."""
    head, rows = BEGINNING, 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for line in lines:
            rows += 1
            row = asdict(line)
            if not names:
                row["name"] = ""
            head = link(head, json.dumps(row, ensure_ascii=False, sort_keys=True))
            file.write(json.dumps({"link": head, "row": row}, ensure_ascii=False) + "\n")
    return rows, head


def _copy_all(
    files: Sequence[Mapping[str, Any]], store: FileStore, *, folder: Path, progress: Progress
) -> list[str]:
    """Copy the evidence; returns the hashes of what does not lie in the store as it should."""
    missing = []
    for number, file in enumerate(files, 1):
        if not _copy(store, folder, file=file):
            missing.append(file["sha256"])
        progress(number, len(files))
    return missing


def _copy(store: FileStore, folder: Path, *, file: Mapping[str, Any]) -> bool:
    """Copy an evidence file under its hash; False when it is not there, or has other bytes."""
    sha256 = file["sha256"]
    try:
        fetch(store, key_of(file["path"]), target=folder / "evidence" / sha256[:2] / sha256, sha256=sha256)
    except (FileNotFoundError, Damaged):
        return False
    return True


def _read_rules() -> Mapping[str, Any]:
    """Hash every data file the score depends on."""
    data = packaged("domain") / "data"
    hashes = {}
    for entry in (*data.iterdir(), *(data / "rules").iterdir(), *(data / "indicators").iterdir()):
        if entry.name.endswith((".toml", ".json")):
            hashes[entry.name] = hashlib.sha256(entry.read_bytes()).hexdigest()
    return {"program": __version__, "data_files": dict(sorted(hashes.items()))}


def _list(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _describe(path: Path) -> Mapping[str, Any]:
    content = path.read_bytes()
    entry: dict[str, Any] = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    if path.suffix == ".jsonl":
        entry["rows"] = content.count(b"\n")
    return entry


def _as_json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
