"""Buttons that offices and leaders meet: door, form, figures, reminders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal
from urllib.parse import quote_plus, unquote_plus

from domain.buttons.base import Button, Toggle

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
    def navigates(self) -> bool:
        """Help and leaving are no answers."""
        return self.command in ("bantuan", "batal")


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


# the form


@dataclass(frozen=True, slots=True)
class Form(Button, head="f"):
    """An answer or a move in the form, at a place and a revision of the draft."""

    innovation: int
    at: str
    revision: int
    action: str
    value: str = ""

    @property
    def navigates(self) -> bool:
        """The moves under every question, and the pages of a long list."""
        return self.action in _MOVES

    @property
    def several(self) -> bool:
        """Options that are set on or off."""
        return self.action in ("on", "off")

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
    def navigates(self) -> bool:
        """To stop and to pass are no answers."""
        return self.act in ("stop", "pass")


@dataclass(frozen=True, slots=True)
class CoachOffice(Button, head="c:o"):
    """An office to look for an innovation for."""

    office: int


@dataclass(frozen=True, slots=True)
class CoachDate(Button, head="c:date"):
    """One of the days that were offered, by its place."""

    place: int


@dataclass(frozen=True, slots=True)
class CoachPaper(Toggle, head="c"):
    """A paper the office has, or has not."""

    paper: str
    set_to: Literal["on", "off"]


@dataclass(frozen=True, slots=True)
class ClosedDraft(Button, head="cd"):
    """A draft of a period that is closed, to read: the page of its answers, from 0."""

    innovation: int
    page: int = 0


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


# figures


@dataclass(frozen=True, slots=True)
class Status(Button, head="st"):
    """The estimate, its reasons, or its picture."""

    page: Literal["now", "why", "spd", "chart", "uncounted"]
    at: int = 0  # the page of a list, from 0


@dataclass(frozen=True, slots=True)
class StatusDay(Button, head="st:at"):
    """The estimate at the end of a day."""

    day: date


@dataclass(frozen=True, slots=True)
class StatusOffices(Button, head="st:off"):
    """The offices with their innovations."""

    page: int


@dataclass(frozen=True, slots=True)
class StatusRanking(Button, head="st:r"):
    """The offices by counted points or by what they gained, or the form for an announcement."""

    by: Literal["points", "growth", "announce"]
    page: int


@dataclass(frozen=True, slots=True)
class StatusOffice(Button, head="st:o"):
    """One office's innovations."""

    office: int
    page: int


@dataclass(frozen=True, slots=True)
class StatusInnovation(Button, head="st:i"):
    """One innovation's indicators, a page of them."""

    innovation: int
    page: int = 0


@dataclass(frozen=True, slots=True)
class StatusIndicator(Button, head="st:n"):
    """One indicator of an innovation."""

    innovation: int
    indicator: int


@dataclass(frozen=True, slots=True)
class Whatif(Button, head="wi"):
    """A simulation: the first page, an innovation, or one more of a maturity."""

    of: Literal["all", "i", "m"]
    number: int = 0
    page: int = 0  # of its steps, or of the innovations to choose from


@dataclass(frozen=True, slots=True)
class Profile(Button, head="pf"):
    """A page of the regency's own profile."""

    page: Literal["top", "rows", "moves", "target", "results", "efforts"]
    at: int = 0  # the page of a list, from 0


@dataclass(frozen=True, slots=True)
class ProfileRow(Button, head="pf:row"):
    """A row of the profile, whose level is asked."""

    row: str


@dataclass(frozen=True, slots=True)
class ProfileLevel(Button, head="pf:set"):
    """A level for a row."""

    row: str
    level: int


@dataclass(frozen=True, slots=True)
class ProfileStart(Button, head="pf:start"):
    """The level of the year before as a start for a row, or for every row that is empty."""

    row: str  # "all" for every row


@dataclass(frozen=True, slots=True)
class ProfileResult(Button, head="pf:result"):
    """The official result of a year that is missing."""

    year: int


@dataclass(frozen=True, slots=True)
class ProfileEffort(Button, head="pf:effort"):
    """An indicator whose effort is asked, or set."""

    indicator: int
    effort: int = 0


@dataclass(frozen=True, slots=True)
class Summary(Button, head="rs"):
    """The weekly summary, by itself or not."""

    set_to: Literal["on", "off"]


# reminders


@dataclass(frozen=True, slots=True)
class Reminders(Button, head="rp"):
    """A page of the reminders, or all of them held or let go."""

    page: Literal["home", "who", "plan", "reach", "on", "off"]


@dataclass(frozen=True, slots=True)
class ReminderWording(Button, head="rw"):
    """How one of the reminders reads, by its place in the list."""

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
