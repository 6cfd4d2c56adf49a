"""A draft that lacks nothing, for tests that begin where filling in ends."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from domain.draft.evidence import Piece
from storage import innovations
from storage.engine.transaction import Transaction

_WORDS = " ".join(f"kata{n}" for n in range(1, 76))
COMPLETE: dict[str, Any] = {
    "nama": "SIPANDU Sistem Posyandu Terpadu",
    "tahapan": "penerapan",
    "inisiator": "opd",
    "nama_inisiator": "Tim Gizi",
    "klasifikasi": "perangkat",
    "koordinat": ["-2.5312", "112.9534"],
    "jenis": "digital",
    "bentuk": "pelayanan",
    "asta_cita": "asta_4",
    "pkpn": "kesehatan",
    "program_pkpn": "Cek kesehatan gratis",
    "urusan_utama": "kesehatan",
    "urusan_lain": ["pendidikan"],
    "waktu_uji_coba": "2025-02-03",
    "waktu_penerapan": "2025-06-01",
    "ada_perkembangan": "tidak",
    **dict.fromkeys(
        ("dasar_hukum", "permasalahan", "isu_strategis", "metode", "keunggulan", "cara_kerja"), _WORDS
    ),
    "tujuan": "Menurunkan angka tengkes.",
    "manfaat": "Kader mencatat sekali.",
    "hasil": "Cakupan naik dari 61 menjadi 84 persen.",
    "anggaran": [Piece("a" * 64, "pdf", "rka.pdf", 1000)],
    "foto": [Piece("b" * 64, "jpg", "foto.jpg", 1000)],
    "video": [Piece(url="https://www.youtube.com/watch?v=sipandu")],
}


def fill_in(tx: Transaction, innovation_id: int, *, by: int, now: datetime) -> None:
    """Write every answer that sending needs."""
    innovations.write(
        tx, innovation_id, changes=COMPLETE, before=innovations.answers(tx, innovation_id), by=by, now=now
    )
