"""The pieces of evidence of an innovation in the order of the portal, and the safe names they are kept
under.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.exporting.facts import ExportFacts
from domain.draft.evidence import Piece, pieces_of
from storage.export_records import Record

NAME_CHARS = 80  # of one folder or file, so that the whole path stays below what Windows opens
NAME_BYTES = 100  # of one folder, in UTF-8: an emoji takes four
# of a whole path in an archive; Linux takes 255 for one part, Windows 260 characters for all
PATH_BYTES = 240
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]')
# learn.microsoft.com: names no file may have on Windows, whatever stands behind the dot
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.I)


@dataclass(frozen=True, slots=True)
class Exported:
    """One piece of evidence, where it belongs and what it is called there."""

    question: str  # "e16", "anggaran" …
    place: str  # in words
    folder: str
    number: int
    piece: Piece

    @property
    def file_name(self) -> str:
        """The name of the file in its folder: numbered, safe, with its ending."""
        name = self.piece.label
        stem, dot, ending = name.rpartition(".")
        ending = ending if dot and len(ending) <= 5 else self.piece.kind
        return f"{self.number:02}-{safe(stem if dot and len(ending) <= 5 else name)}.{safe(ending)}"


def safe(text: str, *, limit: int = NAME_CHARS) -> str:
    """Make a name that is one folder or file on every system: no path, no reserved name, never empty."""
    plain = unicodedata.normalize("NFC", _UNSAFE.sub(" ", text))
    plain = cut(" ".join(plain.split()).strip(". ")[:limit], NAME_BYTES).strip(". ")
    if _RESERVED.match(plain):
        plain = f"_{plain}"
    return plain or "tanpa nama"


def cut(text: str, most: int) -> str:
    """Cut a text to so many bytes of UTF-8, between characters."""
    return text.encode()[: max(most, 0)].decode(errors="ignore")


def fitting(folders: Sequence[str], name: str, *, more: int = 0) -> str:
    """Join a path of at most PATH_BYTES less `more` bytes; the longest part gives way first, an ending
    stays.
    """
    parts, most = [*folders, name], PATH_BYTES - more
    while (over := len("/".join(parts).encode()) - most) > 0:
        longest = max(range(len(parts)), key=lambda position: len(parts[position].encode()))
        stem, dot, ending = (
            parts[longest].rpartition(".") if longest == len(folders) else (parts[longest], "", "")
        )
        size, second = len(stem.encode()), sorted(len(part.encode()) for part in parts)[-2]
        shorter = cut(stem, max(size - over, second - 1 if second - 1 < size else size - 1, 8)).strip(". ")
        parts[longest] = f"{shorter or '_'}{dot}{ending}"
    return "/".join(parts)


def pieces(record: Record, facts: ExportFacts) -> Iterator[Exported]:
    """Walk the files and links of an innovation: the form's, then indicator by indicator."""
    language = facts.say.language
    for question in facts.form.in_year(record.rule_year):
        if question.kind == "file":
            label = question.label.in_(language)
            yield from _list_of(record, question.id, place=label, folder=f"00 Profil/{safe(label)}")
    for indicator in facts.indicators_of(record).indicators:
        label = f"{indicator.no} {indicator.name.in_(language)}"
        yield from _list_of(record, indicator.evidence_question, place=label, folder=safe(label))


def _list_of(record: Record, question: str, *, place: str, folder: str) -> Iterator[Exported]:
    for number, piece in enumerate(pieces_of(record.answers.get(question)), 1):
        yield Exported(question=question, place=place, folder=folder, number=number, piece=piece)


def folder_of(record: Record) -> str:
    """The folder of an innovation: its office, then its receipt and title."""
    title = safe(f"{record.receipt or record.id} {record.title}")
    return f"{safe(record.office)}/{title}"
