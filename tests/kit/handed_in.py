"""Innovations that are handed in already, with every answer, levels, evidence and files on disk."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from domain.draft.evidence import Letter, Piece
from domain.message import StoredFile
from domain.rules.indicators import load_indicators
from storage import files, handing_in, innovations, offices, scores
from storage.engine.transaction import Transaction
from tests.kit.files import pdf

LEVELS = {16: 2, 17: 1, 19: 3, 32: 3, 33: 2, 35: 2}
WORDS = " ".join(f"kata{n}" for n in range(60))
ANSWERS: Mapping[str, Any] = {
    "tahapan": "penerapan",
    "inisiator": "opd",
    "nama_inisiator": "Tim Gizi",
    "klasifikasi": "perangkat",
    "jenis": "digital",
    "bentuk": "pelayanan",
    "asta_cita": "asta_4",
    "urusan_utama": "kesehatan",
    "waktu_uji_coba": "2025-02-03",
    "waktu_penerapan": "2025-06-01",
    "ada_perkembangan": "tidak",
    **dict.fromkeys(
        ("dasar_hukum", "permasalahan", "isu_strategis", "metode", "keunggulan", "cara_kerja"), WORDS
    ),
    "tujuan": "Menurunkan angka tengkes.",
    "manfaat": "Kader mencatat sekali.",
    "hasil": "Cakupan penimbangan naik dari 61 menjadi 84 persen.",
    "nilai_anggaran": "25000000",
}


def held(tx: Transaction, folder: Path | None, name: str, *, now: datetime, text: str = "") -> Piece:
    """Keep a PDF on disk as the fetcher would; without a folder only its row is kept."""
    content = pdf(text or name)
    sha256, path = (
        hashlib.sha256(content).hexdigest(),
        f"{len(name)}-{hashlib.sha256(content).hexdigest()[:12]}",
    )
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
        (folder / path).chmod(0o600)
    files.insert(tx, StoredFile(sha256, "pdf", name, len(content)), path=path, now=now)
    return Piece(sha256, "pdf", name, len(content))


_FOCAL_POINT = """
SELECT min(contact_id) FROM memberships WHERE office_id = ? AND role = 'focal_point' AND until IS NULL
"""


def handed_in(
    tx: Transaction,
    title: str,
    *,
    now: datetime,
    office: str = "dinkes",
    levels: Mapping[int, int] = LEVELS,
    folder: Path | None = None,
    evidence: Sequence[int] = (16, 17),
    answers: Mapping[str, Any] = ANSWERS,
    period_id: int = 1,
    year: int = 2026,
    rule_year: int = 2026,
) -> int:
    """Hand in a complete innovation of an office; returns its id."""
    found = offices.by_code(tx, office)
    assert found is not None
    (by,) = tx.execute(_FOCAL_POINT, (found.id,)).fetchone()
    number = innovations.create(
        tx,
        innovations.NewInnovation(
            office_id=found.id, period_id=period_id, form_version=1, rule_year=rule_year
        ),
        by=by,
        now=now,
    )
    kept: dict[str, Any] = {
        "nama": title,
        **answers,
        **{f"i{no}": {"level": level} for no, level in levels.items()},
    }
    if 33 in levels:
        kept["i33"] = {"level": levels[33], "basis": "a", "number": "250"}
    for no in evidence:
        piece = held(tx, folder, f"bukti-{no}.pdf", now=now, text=f"{title} {no}")
        letter = Letter(f"188.4/{no}/2025", "2025-03-03", title)
        kept[f"e{no}"] = [replace(piece, letter=letter)]
    innovations.write(tx, number, changes=kept, before={}, by=by, now=now)
    scores.keep(tx, number, answers=kept, indicators=load_indicators()[rule_year], now=now)
    sent = innovations.load(tx, number)
    assert sent is not None
    handing_in.send(tx, sent, year=year, by=by, now=now)
    return number


def last_year(tx: Transaction, title: str, *, now: datetime, folder: Path | None = None, **more: Any) -> int:
    """Hand in an innovation in the closed period of the year before; returns its id."""
    key = (2025, more.get("rule_year", 2026), "2025-01-06", "2025-12-15", "closed")
    made = (
        "INSERT INTO periods (year, rule_year, opens_on, deadline, state) VALUES (?, ?, ?, ?, ?) RETURNING id"
    )
    period = int(tx.execute(made, key).fetchone()[0])
    before = now - timedelta(days=200)
    return handed_in(tx, title, now=before, folder=folder, period_id=period, year=2025, **more)
