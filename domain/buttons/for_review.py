"""Buttons of the review: the queue, the sheet of an innovation, verdicts and marks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from domain.buttons.base import Button, InnovationPage


@dataclass(frozen=True, slots=True)
class ReviewQueue(Button, head="q:p"):
    """The queue in one of its orders."""

    which: str
    page: int


@dataclass(frozen=True, slots=True)
class Review(Button, head="q"):
    """An innovation to look at (o), to take or leave (t, r; a: alone, with a reason), or to decide on
    (d…).
    """

    act: Literal["o", "t", "r", "a", "d", "dv", "dr", "dx", "dvy", "dry", "dxy"]
    innovation: int

    @property
    def final(self) -> bool:
        """Whether it decides."""
        return self.act in ("dvy", "dry", "dxy")


@dataclass(frozen=True, slots=True)
class ReviewPart(Button, head="q:s"):
    """A page of the answers, from 1."""

    innovation: int
    page: int


@dataclass(frozen=True, slots=True)
class ReviewIndicators(InnovationPage, head="q:l"):
    """A page of the indicators, from 0."""


@dataclass(frozen=True, slots=True)
class ReviewChanges(InnovationPage, head="q:c"):
    """A page of what has changed, from 0."""


@dataclass(frozen=True, slots=True)
class ReviewMarks(InnovationPage, head="q:m"):
    """A page of the marked items with their reasons, from 0."""


@dataclass(frozen=True, slots=True)
class ReviewQuestion(Button, head="q:q"):
    """One answer, in its place or whole as a new message."""

    innovation: int
    question: str
    new: Literal["n", ""] = ""


@dataclass(frozen=True, slots=True)
class ReviewIndicator(Button, head="q:i"):
    """One indicator, in its place or as a new message."""

    innovation: int
    indicator: int
    new: Literal["n", ""] = ""


@dataclass(frozen=True, slots=True)
class ReviewEvidence(Button, head="q:f"):
    """One piece of evidence, by the beginning of its hash."""

    innovation: int
    question: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ReviewTakeOver(Button, head="q:x"):
    """A review to take over from a colleague."""

    innovation: int
    holder: int


@dataclass(frozen=True, slots=True)
class ReviewLevel(Button, head="q:v"):
    """A level the desk accepts."""

    innovation: int
    indicator: int
    level: int


@dataclass(frozen=True, slots=True)
class ReviewTogether(Button, head="q:e"):
    """Levels to accept together: listed (l), accepted as listed (y), taken back (u).

    `numbers` are the indicators, a bit for each above the first; `second` is when they were accepted, in
    seconds of the epoch; `line` is the newest line of the history when they were listed.
    """

    act: Literal["l", "y", "u"]
    innovation: int
    numbers: int = 0
    second: int = 0
    line: int = 0


@dataclass(frozen=True, slots=True)
class ReviewMark(Button, head="q"):
    """A place to flag (g), to unflag (u), or a reason not to give (n)."""

    act: Literal["g", "u", "n"]
    innovation: int
    place: str


@dataclass(frozen=True, slots=True)
class ReviewReason(Button, head="q:w"):
    """One of the usual reasons."""

    innovation: int
    use: str
    place: str
    level: int
    reason: str
