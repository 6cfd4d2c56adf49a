"""Buttons of an office's own innovations: the form, drafts, the coach, copies, and what was sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from domain.buttons.base import Button, InnovationPage, Mark, Toggle


@dataclass(slots=True, unsafe_hash=True)  # as domain.message.Choice
class Form(Button, head="f"):
    """An answer or a move in the form, at a place and a revision of the draft."""

    innovation: int
    at: str
    revision: int
    action: str
    value: str = ""

    @property
    def mark(self) -> Mark | None:
        """The moves under every question, and the pages of a long list, navigate; from outside (revision 0)
        the same opens the form, and is what its page offers. Of options that are set on or off several may be
        taken.
        """
        if self.action in _MOVES:
            return "navigates" if self.revision > 0 else None
        return "several" if self.action in ("on", "off") else None

    @property
    def final(self) -> bool:
        """Whether it hands in."""
        return self.action == "send"


_MOVES = frozenset(
    {"back", "skip", "keep", "help", "leave", "list", "check", "gaps", "go", "p", "drop", "ev"}
)


@dataclass(frozen=True, slots=True)
class NewDraft(Button, head="a"):
    """A new draft, for one office where the person serves several."""

    of: Literal["new", "o"]
    office: int = 0


@dataclass(frozen=True, slots=True)
class TakeBackDraft(Button, head="d:back"):
    """A discarded draft to take back."""

    innovation: int


@dataclass(frozen=True, slots=True)
class Coach(Button, head="c"):
    """A move while an innovation is looked for."""

    act: Literal["start", "stop", "pass", "done", "since"]

    @property
    def mark(self) -> Mark | None:
        """To stop and to pass are no answers."""
        return "navigates" if self.act in ("stop", "pass") else None


@dataclass(frozen=True, slots=True)
class CoachOffice(Button, head="c:o"):
    """An office to look for an innovation for."""

    office: int


@dataclass(frozen=True, slots=True)
class CoachDate(Button, head="c:date"):
    """One of the days that were offered, by its position."""

    position: int


@dataclass(frozen=True, slots=True)
class CoachPaper(Toggle, head="c"):
    """A paper the office has, or has not."""

    paper: str
    set_to: Literal["on", "off"]


@dataclass(frozen=True, slots=True)
class ClosedDraft(InnovationPage, head="cd"):
    """A draft of a period that is closed, to read: the page of its answers, from 0."""


@dataclass(frozen=True, slots=True)
class CopyList(Button, head="y"):
    """The innovations that may be copied."""

    page: Literal["list"]


@dataclass(frozen=True, slots=True)
class Copy(Button, head="y"):
    """An innovation to copy."""

    source: int


@dataclass(frozen=True, slots=True)
class FollowRules(Button, head="v"):
    """A draft to move under the rules of a year."""

    innovation: int
    rule_year: int


@dataclass(frozen=True, slots=True)
class Returned(Button, head="rk"):
    """What an office does with what it has sent: correct it whole or at one place, withdraw it, bring it
    back.

    The place of a "yes" is the state of the innovation as it was asked.
    """

    act: Literal["mine", "go", "at", "ask", "yes", "back"]
    innovation: int = 0
    place: str = ""

    @property
    def final(self) -> bool:
        """Whether it withdraws what was handed in."""
        return self.act == "yes"


@dataclass(frozen=True, slots=True)
class SentList(Button, head="rk:l"):
    """A page of what an office has sent, from 0."""

    page: int
