"""What hides in a file is said to whoever reviews it, at an indicator and at a question of the profile."""

from __future__ import annotations

from domain.draft.evidence import Piece
from domain.message import StoredFile
from storage import innovations
from storage.engine.transaction import Transaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.in_review import taps
from tests.kit.people import SARI

SCRIPTED = StoredFile("a" * 64, "pdf", "anggaran.pdf", 2000, "embedded script")
PLAIN = StoredFile("b" * 64, "pdf", "sk.pdf", 2000)


def test_a_piece_keeps_what_was_found_in_its_file() -> None:
    piece = Piece.of(SCRIPTED)
    assert piece.findings == ("embedded", "script")
    assert Piece.from_json(piece.to_json()) == piece
    assert "findings" not in Piece.of(PLAIN).to_json()


def test_the_reviewer_reads_it_beside_the_evidence_and_at_the_question(tx: Transaction) -> None:
    before = innovations.answers(tx, 1)
    changes = {"e17": [Piece.of(PLAIN), Piece.of(SCRIPTED)], "anggaran": [Piece.of(SCRIPTED)]}
    innovations.write(tx, 1, changes=changes, before=before, by=1, now=MORNING)
    for button in ("q:i:1:17:", "q:q:1:anggaran:"):
        (page,) = taps(tx, SARI, button)
        assert page.text.count("⚠ berisi berkas lain di dalamnya, skrip: periksa sebelum dibuka") == 1, (
            page.text
        )
