"""What the bot asked back and the person has not answered yet; kept with the cursor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast, get_args

from domain.draft.evidence import Letter, Part, Piece, plain_value, read_value

WHOLE = "whole"  # of a letter, all its parts


@dataclass(frozen=True, slots=True)
class LetterAsked:
    """The part of a letter that was asked, and the piece of evidence it belongs to."""

    piece: int  # from 0
    part: Part
    pieces: int = 1  # files of the same letter, one behind the other: they were sent at once
    whole: bool = False  # all three parts were asked at once
    marks: str = ""  # of these files: positions change when somebody removes one; "" where not known

    def to_word(self) -> str:
        """Write it as a button of the question carries it, so that a reply finds what was asked."""
        return f"{self.piece}.{self.pieces}.{WHOLE if self.whole else self.part}"

    @classmethod
    def from_word(cls, word: str) -> LetterAsked | None:
        """Read back what `to_word` wrote; None for anything else."""
        piece, _, rest = word.partition(".")
        pieces, _, part = rest.partition(".")
        if not (piece.isdecimal() and pieces.isdecimal() and part in (*get_args(Part), WHOLE)):
            return None
        named = LetterAsked(int(piece), "number", int(pieces), whole=part == WHOLE)
        return named if named.whole else replace(named, part=cast(Part, part))


@dataclass(frozen=True, slots=True)
class Pending:
    """What is open at the present place; every field is empty when nothing is."""

    values: tuple[Any, ...] = ()  # readings of an answer; one alone is asked as yes or no
    word: bool = False  # the one reading is a command too, and may be meant as such
    redo: bool = False  # the next text replaces the long answer
    drop: bool = False  # whether the draft is to be discarded
    before: str = ""  # the message that asked what was open before that, as the cursor keeps it
    letter: LetterAsked | None = None
    dates: tuple[str, ...] = ()  # readings of a letter's date
    numbers: tuple[str, ...] = ()  # readings of the number a level follows from
    replaces: int | None = None  # the piece the next file or link takes the place of, from 0
    reuse: Piece | None = None  # a file that stands elsewhere already
    meant: tuple[str, ...] = ()  # action and value of the only reading, confirmed by yes
    caption: Letter | None = None  # data of a letter read from a caption or a file, to be confirmed
    link: str = ""  # an address that was mended, to be confirmed
    basis: bool = False  # another basis was asked for
    contest: tuple[str, Any] | None = (
        None  # a place somebody else answered meanwhile, and the answer given now
    )
    alone: str = ""  # the long text given now, without the other's it would stand below
    joins: str = ""  # the earlier question whose answer the one reading goes on with
    unchanged: bool = False  # whether it is to be sent again although nothing has changed

    def __bool__(self) -> bool:
        """Whether anything is open."""
        return self is not NOTHING and self != NOTHING

    @property
    def is_yes_or_no(self) -> bool:
        """Whether something at an indicator is answered by yes or no."""
        return bool(self.reuse or self.meant or self.caption or self.link or self.contest)

    def to_json(self) -> dict[str, Any]:
        """Write what is open, as the cursor keeps it."""
        letter, piece = self.letter, self.reuse
        fields = {
            "values": [plain_value(value) for value in self.values],
            "word": self.word,
            "redo": self.redo,
            "drop": self.drop,
            "before": self.before,
            "letter": _write_letter(letter) if letter else None,
            "dates": list(self.dates),
            "numbers": list(self.numbers),
            "reuse": piece.to_json() if piece else None,
            "one": list(self.meant),
            "caption": self.caption.parts if self.caption else None,
            "link": self.link,
            "basis": self.basis,
            "contest": [self.contest[0], plain_value(self.contest[1])] if self.contest else None,
            "alone": self.alone,
            "joins": self.joins,
            "unchanged": self.unchanged,
        }
        kept = {name: value for name, value in fields.items() if value}
        return kept if self.replaces is None else {**kept, "replace": self.replaces}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any] | None) -> Pending:
        """Read back what `to_json` wrote; None is nothing."""
        if not kept:
            return NOTHING
        letter = kept.get("letter")
        piece = kept.get("reuse")
        caption, contest = kept.get("caption"), kept.get("contest")
        return cls(
            values=tuple(read_value(value) for value in kept.get("values", ())),
            word=kept.get("word", False),
            redo=kept.get("redo", False),
            drop=kept.get("drop", False),
            before=kept.get("before", ""),
            letter=LetterAsked(**letter) if letter else None,
            dates=tuple(kept.get("dates", ())),
            numbers=tuple(kept.get("numbers", ())),
            replaces=kept.get("replace"),
            reuse=Piece.from_json(piece) if piece else None,
            meant=tuple(kept.get("one", ())),
            caption=Letter(**caption) if caption else None,
            link=kept.get("link", ""),
            basis=kept.get("basis", False),
            contest=(contest[0], read_value(contest[1])) if contest else None,
            alone=kept.get("alone", ""),
            joins=kept.get("joins", ""),
            unchanged=kept.get("unchanged", False),
        )


def _write_letter(asked: LetterAsked) -> dict[str, Any]:
    kept: dict[str, Any] = {"piece": asked.piece, "part": asked.part}
    if asked.pieces > 1:
        kept["pieces"] = asked.pieces
    if asked.marks:
        kept["marks"] = asked.marks
    return {**kept, "whole": True} if asked.whole else kept


NOTHING = Pending()
