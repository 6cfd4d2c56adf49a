"""Evidence in several archives, each small enough to be sent and whole by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

LINKS = ""  # in the place of a hash: what has no bytes, and stands in the list alone
FILE_BYTES = 2_000  # that a file costs in an archive beside its own bytes: its name, its line in the list


@dataclass(frozen=True, slots=True)
class HeldFile:
    """One piece of evidence; an innovation that has no files is listed once, with an empty hash."""

    innovation: int
    sha256: str
    size: int  # bytes


@dataclass(slots=True)
class Part:
    """What goes into one archive."""

    innovations: list[int] = field(default_factory=list)
    only: dict[int, list[str]] = field(default_factory=dict)  # of an innovation that does not fit as a whole
    size: int = 0

    def add(self, innovation: int, files: Sequence[HeldFile], *, is_whole: bool) -> None:
        """Put in an innovation, or some of its files."""
        if innovation not in self.innovations:
            self.innovations.append(innovation)
        if not is_whole:
            self.only.setdefault(innovation, []).extend(sorted({file.sha256 for file in files}))
        self.size += _weigh(files)


def divide(files: Iterable[HeldFile], *, limit: int) -> list[Part]:
    """Divide evidence, innovation by innovation in the order given, into parts of at most `limit` bytes.

    Only an innovation that is larger than a part is divided itself; a single file that is larger has a part
    of its own.
    """
    parts = [Part()]
    for innovation, group in groupby(files, key=lambda file: file.innovation):
        own = list(group)
        if _weigh(own) <= limit:
            _find_room(parts, _weigh(own), limit=limit).add(innovation, own, is_whole=True)
            continue
        same: list[HeldFile] = [HeldFile(innovation, LINKS, 0)]
        for _, copies in groupby(sorted(own, key=lambda file: file.sha256), key=lambda file: file.sha256):
            same += copies  # the same bytes at several questions lie in the archive as often
            _find_room(parts, _weigh(same), limit=limit).add(innovation, same, is_whole=False)
            same = []
    return parts


def _find_room(parts: list[Part], size: int, *, limit: int) -> Part:
    """Return the last part, or a new one where it would grow too large."""
    if parts[-1].innovations and parts[-1].size + size > limit:
        parts.append(Part())
    return parts[-1]


def _weigh(files: Sequence[HeldFile]) -> int:
    return sum(file.size + FILE_BYTES for file in files)


@dataclass(frozen=True, slots=True)
class Numbered:
    """One part of several, as an export is asked for it: each knows what the others hold."""

    number: int  # from 1
    innovations: tuple[tuple[int, ...], ...]  # of every part
    only: Mapping[int, frozenset[str]]  # in this one: the hashes of an innovation that does not fit

    @property
    def count(self) -> int:
        """How many parts there are."""
        return len(self.innovations)

    @property
    def own(self) -> tuple[int, ...]:
        """The innovations of this part."""
        return self.innovations[self.number - 1]

    def to_args(self) -> dict[str, Any]:
        """Write it as JSON holds it."""
        only = {str(innovation): sorted(hashes) for innovation, hashes in self.only.items()}
        return {"number": self.number, "innovations": [list(ids) for ids in self.innovations], "only": only}


def number_parts(parts: Sequence[Part]) -> list[Numbered]:
    """Number the parts, each with what all of them hold."""
    every = tuple(tuple(part.innovations) for part in parts)
    return [
        Numbered(n, every, {innovation: frozenset(hashes) for innovation, hashes in part.only.items()})
        for n, part in enumerate(parts, 1)
    ]


def read_numbered(args: Mapping[str, Any]) -> Numbered:
    """Read what `to_args` wrote."""
    only = {int(innovation): frozenset(hashes) for innovation, hashes in args["only"].items()}
    return Numbered(args["number"], tuple(tuple(ids) for ids in args["innovations"]), only)
