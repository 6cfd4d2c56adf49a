"""A piece of evidence, file or link, with its letter; the value of file questions and indicators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypedDict

from domain.message import NAMELESS_PHOTO, FileRefusal, StoredFile

Part = Literal["number", "date", "subject"]
LETTER_PARTS: tuple[Part, ...] = ("number", "date", "subject")  # in the order they are asked

PAPER = "pdf"  # the kind a letter comes in; a link, a photo and a video have no number
ABSENT = "-"  # a part that the letter does not have, as its sender says


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter says of itself; a part not given is "", a part the letter does not have is ABSENT."""

    number: str = ""
    date: str = ""  # as `PartialDate.to_text` writes it
    subject: str = ""

    @property
    def parts(self) -> dict[str, str]:
        """The parts that were given."""
        return {part: value for part in LETTER_PARTS if (value := getattr(self, part))}

    @property
    def is_whole(self) -> bool:
        """Whether number, date and subject are all there."""
        return len(self.parts) == len(LETTER_PARTS)

    @property
    def day(self) -> str:
        """Its date as `PartialDate.to_text` writes it; "" when there is none, or none was given."""
        return "" if self.date == ABSENT else self.date

    def having(self, part: Part, value: str) -> Letter:
        """Return the same letter with one part given."""
        match part:
            case "number":
                return replace(self, number=value)
            case "date":
                return replace(self, date=value)
            case "subject":
                return replace(self, subject=value)


class PieceKept(TypedDict, total=False):
    """A piece as the tables and exports keep it: a file has a hash, a link an address."""

    sha256: str
    kind: str
    name: str
    size: int  # bytes
    findings: list[str]
    url: str
    dead: bool
    login: bool
    letter: dict[str, str]


@dataclass(frozen=True, slots=True)
class Piece:
    """One file the desk holds, or one link: either `sha256` or `url` is set."""

    sha256: str = ""
    kind: str = ""  # of the file, by its content: pdf, jpg …
    name: str = ""  # of the file, as it was sent
    size: int = 0  # of the file, in bytes
    url: str = ""
    dead: bool = False  # whether the link did not answer when it was given
    letter: Letter = field(default_factory=Letter)
    login: bool = False  # whether the link led to a page to sign in when it was given
    # what a reviewer should know of the file: script, launch, embedded, not_all_read
    findings: tuple[str, ...] = ()

    @classmethod
    def link(cls, url: str, state: str) -> Piece:
        """Take a link as it was found when it was looked at."""
        return cls(url=url, dead=state == "dead", login=state == "login")

    @classmethod
    def of(cls, file: StoredFile) -> Piece:
        findings = tuple(file.findings.split())
        return cls(sha256=file.sha256, kind=file.kind, name=file.name, size=file.size, findings=findings)

    @property
    def is_file(self) -> bool:
        """Whether its bytes are held here."""
        return bool(self.sha256)

    @property
    def is_paper(self) -> bool:
        """Whether it may be a letter."""
        return self.kind == PAPER

    @property
    def label(self) -> str:
        """The file as its sender called it, or the link."""
        return self.name or self.url

    def to_json(self) -> PieceKept:
        """Write it as the tables and exports keep it; what does not apply is left out."""
        kept: PieceKept = {}
        if self.is_file:
            kept |= {"sha256": self.sha256, "kind": self.kind, "name": self.name, "size": self.size}
            if self.findings:
                kept["findings"] = list(self.findings)
        else:
            kept["url"] = self.url
            if self.dead:
                kept["dead"] = True
            if self.login:
                kept["login"] = True
        if parts := self.letter.parts:
            kept["letter"] = parts
        return kept

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Piece:
        """Read back what `to_json` wrote, or what was kept before there was a size or a letter."""
        letter = kept.get("letter") or {}
        return cls(
            sha256=kept.get("sha256", ""),
            kind=kept.get("kind", ""),
            name=kept.get("name", ""),
            size=int(kept.get("size", 0)),
            url=kept.get("url", ""),
            dead=bool(kept.get("dead")),
            login=bool(kept.get("login")),
            findings=tuple(kept.get("findings") or ()),
            letter=Letter(**{part: str(letter.get(part) or "") for part in LETTER_PARTS}),
        )


def pieces_of(value: Any) -> tuple[Piece, ...]:
    """List the pieces an answer holds; none for an answer of another kind."""
    return tuple(piece for piece in value if isinstance(piece, Piece)) if isinstance(value, list) else ()


def read_value(value: Any) -> Any:
    """Turn the JSON of one answer into values: a list of objects is a list of pieces, all else is as it
    is.
    """
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        return [Piece.from_json(item) for item in value]
    return value


def plain_value(value: Any) -> Any:
    """Turn an answer into what JSON can hold; undoes `read_value`."""
    return [piece.to_json() for piece in pieces_of(value)] if pieces_of(value) else value


def is_nameless(name: str) -> bool:
    """Whether this is what a channel calls a picture that came without a name, under whatever ending."""
    return name.rpartition(".")[0] == NAMELESS_PHOTO.rpartition(".")[0]


def refused_at(
    files: Sequence[StoredFile | FileRefusal], *, place: str, present: Sequence[Piece]
) -> list[FileRefusal]:
    """List the files that were refused; a picture that came without a name is called by place and number."""
    return [
        replace(file, name=f"{place} {len(present) + n}") if is_nameless(file.name) else file
        for n, file in enumerate(files, 1)
        if isinstance(file, FileRefusal)
    ]


def taken_at(
    files: Sequence[StoredFile | FileRefusal], *, place: str, present: Sequence[Piece]
) -> list[Piece]:
    """Take the files that were stored; a picture that came without a name is called by place and number.

    One that is `present` there already keeps the name it has.
    """
    known = {piece.sha256: piece for piece in present if piece.is_file}
    taken: list[Piece] = []
    for file in files:
        if isinstance(file, StoredFile):
            piece = known.get(file.sha256) or Piece.of(file)
            if is_nameless(piece.name):
                piece = replace(piece, name=f"{place} {len(present) + len(taken) + 1}.{piece.kind}")
            taken.append(piece)
    return taken
