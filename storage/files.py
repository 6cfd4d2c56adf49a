"""Files we hold, each kept once by its hash."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from domain.message import StoredFile
from storage import files_to_remove
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text
from storage.files_to_remove import EVIDENCE, UNNAMED_KEPT

_FREE = "SELECT path FROM files WHERE sha256 = ?"


def expect(tx: Transaction, sha256: str, *, now: datetime) -> str:
    """Choose the path for bytes that are about to be kept, and list it until a row names them.

    Bytes that are held already have their path; one that is being removed is never used again.
    """
    row = tx.execute(_FREE, (sha256,)).fetchone()
    path = str(row[0]) if row else _find_free_path(tx, sha256)
    files_to_remove.add(tx, EVIDENCE, path=path, look_at=now + UNNAMED_KEPT)
    return path


def _find_free_path(tx: Transaction, sha256: str) -> str:
    number, path = 1, f"{sha256[:2]}/{sha256}"
    while files_to_remove.is_going(tx, EVIDENCE, path=path):
        number += 1
        path = f"{sha256[:2]}/{sha256}-{number}"
    return path


_INSERT = """
INSERT INTO files (sha256, path, kind, size, added_at, findings) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (sha256) DO UPDATE SET sha256 = excluded.sha256 RETURNING path
"""


def insert(tx: Transaction, file: StoredFile, *, path: str, now: datetime) -> str:
    """Keep a file that lies at its path; returns the path, an older one when the bytes are held already."""
    row = tx.execute(
        _INSERT, (file.sha256, path, file.kind, file.size, utc_text(now), file.findings)
    ).fetchone()
    return str(row[0])


_PATH_OF = "SELECT path FROM files WHERE sha256 = ?"


def are_known(tx: Transaction) -> bool:
    """Tell whether any file is known."""
    return tx.execute("SELECT 1 FROM files LIMIT 1").fetchone() is not None


def path_of(tx: Transaction, sha256: str) -> str | None:
    """Find where these bytes lie, under the evidence folder."""
    row = tx.execute(_PATH_OF, (sha256,)).fetchone()
    return row[0] if row else None


def paths(tx: Transaction) -> frozenset[str]:
    """List where every file lies, under the evidence folder."""
    return frozenset(row[0] for row in tx.execute("SELECT path FROM files"))


def hashes(tx: Transaction) -> Mapping[str, str]:
    """Load the hash of every file by its path under the evidence folder."""
    return dict(tx.execute("SELECT path, sha256 FROM files"))
