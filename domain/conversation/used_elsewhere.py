"""Where else in an innovation the bytes of a file stand, and whether they are to be used here too (F25)."""

from __future__ import annotations

from dataclasses import replace

from domain.conversation.cursor import Scene, Turn
from domain.conversation.indicator_page import indicator_at
from domain.conversation.indicator_pieces import name_of
from domain.conversation.pending import Pending
from domain.conversation.question_message import Tags
from domain.draft.evidence import Piece, pieces_of
from domain.message import Choice, Message


def name_other_place(sha256: str, scene: Scene) -> str:
    """Name another place of this innovation with the same bytes; "" when there is none."""
    language = scene.facts.say.language
    for question, value in scene.answers.items():
        if not any(piece.sha256 == sha256 for piece in pieces_of(value)):
            continue
        other = indicator_at(f"i{question[1:]}", scene.facts) if question[:1] == "e" else None
        if other is not None:
            return str(scene.facts.words("place_indicator", no=other.no, name=other.name.in_(language)))
        if question in scene.facts.form.by_id:
            return scene.facts.form.by_id[question].label.in_(language)
    return ""


def ask_reuse(item: Piece, place: str, *, scene: Scene, pending: Pending) -> Turn:
    """Ask before bytes that stand at `place` are used here too; `pending` is what a yes takes up."""
    cursor = replace(scene.cursor, pending=pending)
    tag, words = Tags(scene.facts.innovation, cursor.at, cursor.revision), scene.facts.words
    rows = ((Choice(words("reuse_yes"), tag("yes")), Choice(words("reuse_no"), tag("no"))),)
    return Turn(cursor, (Message(words("reuse", name=name_of(item), place=place), rows),))
