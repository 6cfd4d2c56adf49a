"""What a reviewer should know of a file before opening it, in words (file_findings.toml)."""

from __future__ import annotations

from domain.draft.evidence import Piece
from domain.texts import Marked, Say, join


def finding_words(piece: Piece, say: Say) -> Marked:
    """Say what acts or hides in a file; nothing where nothing does."""
    if not piece.findings:
        return Marked("")
    what = join((say(f"file_findings.is_{name}") for name in piece.findings), by=", ")
    return say("file_findings.line", what=what)
