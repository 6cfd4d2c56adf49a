"""Buttons of announcements, for who writes them and for who gets them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from domain.buttons.base import Button, Toggle


@dataclass(frozen=True, slots=True)
class NewBroadcast(Button, head="sr"):
    """A new announcement."""

    of: Literal["new"]


@dataclass(frozen=True, slots=True)
class Broadcast(Button, head="sr"):
    """A move with one announcement."""

    act: Literal[
        "text",
        "bare",
        "asis",
        "to",
        "see",
        "when",
        "now",
        "urgent",
        "rush",
        "rush_yes",
        "edit",
        "take",
        "again",
        "off",
        "off_yes",
        "stop",
        "show",
        "f",
    ]
    broadcast: int

    @property
    def final(self) -> bool:
        """Whether it sends at once, or keeps it from those who have not got it."""
        return self.act in ("rush", "rush_yes", "again", "stop")


@dataclass(frozen=True, slots=True)
class BroadcastGo(Button, head="sr"):
    """An announcement to send as it was shown; `yes` sends the same text a second time."""

    act: Literal["go", "yes"]
    broadcast: int
    revision: int

    @property
    def final(self) -> bool:
        """It sends to many."""
        return True


@dataclass(frozen=True, slots=True)
class BroadcastPage(Button, head="sr"):
    """A page of the groups (kl) or the offices (ol) to choose from, the people meant, or what was written
    back.
    """

    of: Literal["kl", "ol", "who", "in"]
    broadcast: int
    page: int


@dataclass(frozen=True, slots=True)
class BroadcastGroup(Toggle, head="sr"):
    """A role (r), a kind of office (k) or a state (s) to take in or leave out."""

    of: Literal["r", "k", "s"]
    broadcast: int
    value: str


@dataclass(frozen=True, slots=True)
class BroadcastOffice(Toggle, head="sr:o"):
    """An office to take in or leave out."""

    broadcast: int
    office: int
    page: int


@dataclass(frozen=True, slots=True)
class BroadcastFile(Button, head="sr:fi"):
    """One of several files that were sent at once, counted from 0."""

    broadcast: int
    number: int


@dataclass(frozen=True, slots=True)
class BroadcastTime(Button, head="sr:at"):
    """When an announcement begins."""

    broadcast: int
    moment: str


@dataclass(frozen=True, slots=True)
class BroadcastRecipients(Button, head="sr:l"):
    """Recipients by what became of the message."""

    broadcast: int
    which: str
    page: int


@dataclass(frozen=True, slots=True)
class BroadcastExport(Button, head="sr:x"):
    """The result as a file."""

    broadcast: int
    kind: str


@dataclass(frozen=True, slots=True)
class BroadcastAnswer(Button, head="sr:j"):
    """What somebody wrote back, to be answered."""

    comment: int


@dataclass(frozen=True, slots=True)
class BroadcastRead(Button, head="sb"):
    """An announcement somebody has read."""

    broadcast: int
