"""Compares what lies in the evidence folder with what the database says, and says where the two differ."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bot.store.evidence import lying_in
from bot.store.folder import FolderStore

Connection = Any  # of either engine


def loose(connection: Connection, folder: Path) -> list[str]:
    """Name every file that neither a row nor the list of files to remove names, row without a file, file
    others may read, and entry the answers do not give.
    """
    rows = dict(connection.execute("SELECT path, sha256 FROM files").fetchall())
    lying = {
        path: folder / path for path in lying_in(FolderStore(folder.parent))
    }  # what is being fetched may be left by a kill
    listed = {path for (path,) in connection.execute("SELECT path FROM files_to_remove")}
    found = [f"file without a row: {path}" for path in sorted(lying.keys() - rows.keys() - listed)]
    found += [f"row without a file: {path}" for path in sorted(rows.keys() - lying.keys())]
    found += [f"open to others: {path}" for path, file in lying.items() if file.stat().st_mode & 0o077]
    answered, indexed = _answered(connection), set(connection.execute("SELECT * FROM evidence").fetchall())
    return found + [
        f"index differs from the answers: {entry}" for entry in sorted(answered ^ indexed, key=str)
    ]


def unheld(connection: Connection) -> list[str]:
    """Name every piece of evidence whose bytes have no row."""
    held = {row[0] for row in connection.execute("SELECT sha256 FROM files")}
    return [
        f"{question} of {innovation}"
        for sha, innovation, question in _answered(connection)
        if sha not in held
    ]


def _answered(connection: Connection) -> set[tuple[str, int, str]]:
    entries = set()
    for innovation, question, raw in connection.execute("SELECT innovation_id, question, value FROM answers"):
        value = json.loads(raw)
        for piece in value if isinstance(value, list) else ():
            if isinstance(piece, dict) and "sha256" in piece:
                entries.add((piece["sha256"], innovation, question))
    return entries
