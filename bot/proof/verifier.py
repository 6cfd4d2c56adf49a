"""Verifies a proof pack: every byte, every row, and the order of the audit. Needs nothing but Python 3.9.

    python verify.py [FOLDER] [--seal SEAL]

The seal is the hash of MANIFEST.json; whoever kept it from when the pack was made finds a pack that was
rewritten as a whole.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

MANIFEST = "MANIFEST.json"
SEAL = "SEAL"
AUDIT = "audit.jsonl"
BEGINNING = "0" * 64  # the link before the first row
CHUNK = 1 << 20


def main() -> int:
    """Verify, say what was found, and return 0 when the pack is whole."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", default=str(Path(__file__).parent))
    parser.add_argument("--seal", default="", help="the seal as it was noted when the pack was made")
    options = parser.parse_args()
    faults = verify(Path(options.folder), seal=options.seal)
    for fault in faults:
        print(fault)
    whole = "whole: every byte, every row and the order of the audit are as they were"
    print("NOT WHOLE" if faults else whole)
    return 1 if faults else 0


def verify(folder: Path, *, seal: str = "") -> list[str]:
    """List every fault of a pack, in plain sentences; an empty list is a whole pack."""
    try:
        text = (folder / MANIFEST).read_bytes()
        manifest = json.loads(text)
        listed = {name: dict(entry) for name, entry in manifest["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        return [f"{MANIFEST} cannot be read: {type(error).__name__}"]
    faults = _check_seal(folder, hashlib.sha256(text).hexdigest(), seal)
    lying = {str(path.relative_to(folder)).replace("\\", "/") for path in folder.rglob("*") if path.is_file()}
    faults += [f"{name} is not listed" for name in sorted(lying - set(listed) - {MANIFEST, SEAL})]
    for name, entry in sorted(listed.items()):
        faults += _check_file(folder / name, name, entry)
    return faults + _check_chain(folder / AUDIT, manifest)


def _check_seal(folder: Path, seal: str, expected: str) -> list[str]:
    try:
        kept = (folder / SEAL).read_bytes()
    except OSError:
        kept = b""
    faults = [] if kept == f"{seal}\n".encode() else [f"{SEAL} does not say {seal}, which the manifest has"]
    if expected and expected != seal:
        faults.append(f"the seal that was noted is {expected}, the manifest has {seal}")
    return faults


def _check_file(path: Path, name: str, entry: dict[str, Any]) -> list[str]:
    if not path.is_file():
        return [f"{name} is missing"]
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for chunk in iter(lambda: file.read(CHUNK), b""):
            digest.update(chunk)
    if digest.hexdigest() != entry.get("sha256"):
        return [f"{name} has other bytes than the manifest says"]
    if "rows" in entry and path.read_bytes().count(b"\n") != entry["rows"]:
        return [f"{name} has another number of rows than the manifest says"]
    return []


def link(before: str, row: str) -> str:
    """Return the link of a row: the hash of the link before it and of its own text."""
    return hashlib.sha256(f"{before}\n{row}".encode()).hexdigest()


def _check_chain(path: Path, manifest: dict[str, Any]) -> list[str]:
    """Compute every link anew, and compare with what earlier packs noted of the same audit."""
    head = BEGINNING
    heads = [BEGINNING]
    noted = []
    try:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            entry = json.loads(line)
            row = json.dumps(entry["row"], ensure_ascii=False, sort_keys=True)
            head = link(head, row)
            if entry["link"] != head:
                return [f"{AUDIT}: row {number} does not follow the one before it"]
            heads.append(head)
            if entry["row"]["action"] == "proof.made":
                noted.append((number, json.loads(entry["row"]["detail"])))
    except (OSError, ValueError, KeyError, TypeError) as error:
        return [f"{AUDIT} cannot be read: {type(error).__name__}"]
    if head != manifest.get("audit_head"):
        return [f"{AUDIT} ends with another link than the manifest says"]
    return [
        f"{AUDIT}: the pack noted in row {number} had another audit before it"
        for number, detail in noted
        if detail["rows"] >= len(heads) or heads[detail["rows"]] != detail["audit_head"]
    ]


if __name__ == "__main__":
    sys.exit(main())
