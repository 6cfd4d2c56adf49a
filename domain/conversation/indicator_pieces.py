"""The evidence at an indicator in words and buttons: each piece, its page, and what the form offers."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from domain.conversation.question_message import Tags
from domain.conversation.read_files import say_size
from domain.draft.evidence import Piece
from domain.draft.facts import DraftFacts
from domain.draft.letter_words import letter_words
from domain.message import Choice, Message, Rows
from domain.pager import page_count, pager
from domain.rules.form import Answers
from domain.rules.indicators import Indicator
from domain.texts import Marked, bold, join, shortened

NAME_CHARS = 60  # of a file's name or a link in a sentence
OFFERED, OFFER_CHARS = 3, 36  # pieces of the form offered, and of their names on a button
PIECES_A_PAGE = 2  # of evidence, with three buttons each
MOST_REMOVALS = 3  # buttons below a question about the letter of several pieces
MARK_CHARS = 6  # of a piece's mark on its buttons


def title_of(indicator: Indicator, facts: DraftFacts) -> Marked:
    """Number and name an indicator; a star where it is mandatory."""
    star = "*" if indicator.mandatory else ""
    return Marked(f"{indicator.no}{star} · {indicator.name.in_(facts.say.language)}")


def evidence_message(
    indicator: Indicator, answers: Answers, *, facts: DraftFacts, revision: int, page: int
) -> Message:
    """Show a page of the evidence at an indicator, each piece with what can be done with it."""
    tag = Tags(facts.innovation, indicator.level_question, revision)
    pieces = list(enumerate(answers.get(indicator.evidence_question) or ()))
    pages = page_count(len(pieces), PIECES_A_PAGE)
    page = min(max(page, 0), pages - 1)
    shown = pieces[page * PIECES_A_PAGE : (page + 1) * PIECES_A_PAGE]
    lines = join((piece_words(n + 1, piece, facts=facts) for n, piece in shown), by="\n")
    rows = (
        *evidence_rows(indicator, shown, facts=facts, tag=tag),
        *pager(facts.say, lambda to: tag("ev", str(to)), page=page, pages=pages),
        (Choice(facts.words("ind_pieces_back"), tag("go")),),
    )
    return Message(join((bold(title_of(indicator, facts)), lines)), rows)


def piece_words(number: int, piece: Piece, *, facts: DraftFacts) -> Marked:
    """Say one piece of evidence in a line, its letter included."""
    language = facts.say.language
    size = f" ({say_size(piece.size, language)})" if piece.is_file else ""
    mark = ""
    if piece.login:
        mark = facts.words("link_login_mark")
    elif piece.dead:
        mark = facts.words("link_dead_mark")
    shown = join((name_of(piece) + size, letter_words(piece.letter, language), mark), by=" · ")
    return facts.words("ind_piece", n=number, shown=shown)


def name_of(piece: Piece) -> str:
    """Return the name of a piece in a sentence: the file as its sender called it, or the link."""
    return shortened(piece.label, NAME_CHARS)


def evidence_rows(
    indicator: Indicator, pieces: Sequence[tuple[int, Piece]], *, facts: DraftFacts, tag: Tags
) -> Rows:
    """Make the buttons of pieces, each with its position from 0."""
    moves = (
        ("rep", "ind_replace"),
        ("del", "ind_remove"),
        *((("let", "ind_letter"),) if indicator.letter else ()),
    )
    return tuple(
        tuple(Choice(facts.words(label, n=n + 1), tag(move, key_of(n, piece))) for move, label in moves)
        for n, piece in pieces
    )


def removal_rows(pieces: Sequence[Piece], *, first: int, facts: DraftFacts, tag: Tags) -> Rows:
    """Offer to remove each piece a letter is asked of, the first of them at that position; where they are
    many, their page.
    """
    if len(pieces) > MOST_REMOVALS:
        return ((Choice(facts.words("ind_pieces", count=len(pieces)), tag("ev", "0")),),)
    label = "ind_remove_this" if len(pieces) == 1 else "ind_remove"
    return tuple(
        (Choice(facts.words(label, n=n + 1), tag("del", key_of(n, piece))),)
        for n, piece in enumerate(pieces, first)
    )


def key_of(at: int, piece: Piece) -> str:
    """Return how a button names a piece: position from 0 and mark, since positions change on removal."""
    return f"{at}.{mark_of(piece)}"


def offered(indicator: Indicator, answers: Answers) -> list[Piece]:
    """Return the files and links of the form that may serve here and do not yet."""
    kept = {mark_of(piece) for piece in answers.get(indicator.evidence_question) or ()}
    pieces = [piece for question in indicator.evidence_from for piece in answers.get(question) or ()]
    return [piece for piece in pieces if mark_of(piece) not in kept]


def offer_rows(indicator: Indicator, answers: Answers, *, facts: DraftFacts, tag: Tags) -> Rows:
    """Offer what was sent for the form already: nobody is asked for it twice."""
    return tuple(
        (
            Choice(
                facts.words("ind_use", name=shortened(name_of(piece), OFFER_CHARS)),
                tag("use", mark_of(piece)),
            ),
        )
        for piece in offered(indicator, answers)[:OFFERED]
    )


def mark_of(piece: Piece) -> str:
    """Return a short hash of a piece, which stays the same when its position changes."""
    return sha256((piece.sha256 or piece.url).encode()).hexdigest()[:MARK_CHARS]
