"""Which pieces of evidence are letters, and what their text or another place says of them"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from domain.conversation.cursor import Scene
from domain.conversation.pending import LetterAsked
from domain.draft.evidence import LETTER_PARTS, Piece, pieces_of
from domain.message import LetterRead, StoredFile
from domain.rules.form import Answers

Letters = Mapping[str, LetterRead]  # by the hash of their file


def letters_read(scene: Scene) -> Letters:
    """The letters that were read in the files sent just now; a scan is none of them."""
    files = [file for file in scene.said.files if isinstance(file, StoredFile)]
    return {file.sha256: file.letter for file in files if file.letter is not None}


def having_letter(piece: Piece, answers: Answers) -> Piece:
    """Return the piece with the letter that was given for the same file at another place, if one was."""
    if not piece.is_file or piece.letter.parts:
        return piece
    same = (other for value in answers.values() for other in pieces_of(value) if other.sha256 == piece.sha256)
    return next((replace(piece, letter=other.letter) for other in same if other.letter.is_whole), piece)


def is_asked(piece: Piece, *, read: Letters) -> bool:
    """Tell whether a piece is asked for its letter: a paper that has none yet and does not read as something
    else, or a photo that reads as one.
    """
    letter = read.get(piece.sha256)
    reads_as_letter = piece.is_paper if letter is None else letter.is_letter
    return reads_as_letter and not piece.letter.is_whole


def asked_of(
    papers: Sequence[Piece], pieces: Sequence[Piece], *, read: Letters
) -> tuple[LetterAsked, LetterRead]:
    """Return which pieces the letter is asked of, and what was read: of all papers that were sent at once, or
    of the first alone where they read differently or one is a photo.
    """
    places = [at for at, piece in enumerate(pieces) if piece in papers]
    letters = [read[paper.sha256] for paper in papers if paper.sha256 in read]
    differ = any(letter.parts != letters[0].parts for letter in letters)
    if differ or not all(paper.is_paper for paper in papers):
        return LetterAsked(places[0], LETTER_PARTS[0]), read.get(papers[0].sha256, LetterRead())
    span = places[-1] - places[0] + 1
    return LetterAsked(places[0], LETTER_PARTS[0], span), next(iter(letters), LetterRead())
