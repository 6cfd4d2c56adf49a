"""Buttons that everybody meets: commands, questions, the door, reminders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote_plus, unquote_plus

from domain.buttons.base import Button, Mark

Command = Literal[
    "ajukan", "antrean", "bahasa", "bantuan", "batal", "draf", "ekspor", "inovasi", "opd", "pengingat",
    "periode", "privasi", "profil", "rekap", "siaran", "simulasi", "status", "tanya", "tautkan", "tugas",
    "undang",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Open(Button, head="k"):
    """What a command opens."""

    command: Command

    @property
    def mark(self) -> Mark | None:
        """Help and leaving are no answers."""
        return "navigates" if self.command in ("bantuan", "batal") else None


@dataclass(frozen=True, slots=True)
class Ask(Button, head="kn"):
    """An answer to what people ask, by the key of its entry."""

    entry: str


@dataclass(frozen=True, slots=True)
class DeskContact(Button, head="dc"):
    """Whom people may call, said by the desk: now, or later."""

    act: Literal["ask", "later"]


@dataclass(frozen=True, slots=True)
class AskDesk(Button, head="qd"):
    """A question of one's own that goes to the desk."""

    question: int


@dataclass(frozen=True, slots=True)
class QuestionAnswer(Button, head="qa"):
    """A question the desk answers."""

    question: int


@dataclass(frozen=True, slots=True)
class QuestionKeep(Button, head="qk"):
    """An answered question the desk keeps as knowledge."""

    question: int


@dataclass(frozen=True, slots=True)
class Written(Button, head="t"):
    """What was typed, to be taken as the answer to the open question; percent-encoded."""

    text: str

    @classmethod
    def of(cls, text: str) -> Written:
        """Keep a text; `data` raises ValueError where it is too long."""
        return cls(quote_plus(text))

    @property
    def said(self) -> str:
        return unquote_plus(self.text)


@dataclass(frozen=True, slots=True)
class Help(Button, head="h"):
    """A page of what a person can do, from 0."""

    page: int


# the door


@dataclass(frozen=True, slots=True)
class Consent(Button, head="s"):
    """An answer while somebody registers."""

    answer: Literal["yes", "no", "number", "nophone"]


@dataclass(frozen=True, slots=True)
class AddRole(Button, head="s:role"):
    """An answer to whether a code may add a role."""

    answer: Literal["yes", "no"]
    invitation: int


@dataclass(frozen=True, slots=True)
class Language(Button, head="l"):
    """A language to be spoken to in."""

    code: str


@dataclass(frozen=True, slots=True)
class Bell(Button, head="bell"):
    """The button of a template: what was kept for the person follows."""


@dataclass(frozen=True, slots=True)
class LiveClause(Button, head="ll"):
    """What an indicator does to the index, said after each, or not."""

    set_to: Literal["on", "off"]


@dataclass(frozen=True, slots=True)
class Link(Button, head="ln"):
    """The answer to an offer to join two addresses, a new code, or an address that is let go."""

    act: Literal["yes", "no", "code", "off", "let"]
    offer: int = 0
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Privacy(Button, head="me"):
    """What is done with one's own data."""

    act: Literal["data", "erase", "sure", "now", "keep", "silent", "speak"]

    @property
    def final(self) -> bool:
        """Whether it erases."""
        return self.act in ("sure", "now")


# reminders


@dataclass(frozen=True, slots=True)
class Reminders(Button, head="rp"):
    """A page of the reminders, or all of them held or let go."""

    page: Literal["home", "who", "plan", "reach", "on", "off"]


@dataclass(frozen=True, slots=True)
class ReminderWording(Button, head="rw"):
    """How one of the reminders reads, by its position in the list."""

    at: int


@dataclass(frozen=True, slots=True)
class Snooze(Button, head="rm:z"):
    """A day until which an office's reminders wait: `besok`, `senin`, `tanggal` to ask, or a day; office 0
    is all.
    """

    office: int
    until: str


@dataclass(frozen=True, slots=True)
class Target(Button, head="rm:t"):
    """An office's own earlier day: asked when empty, dropped by `x`."""

    office: int
    day: str = ""
