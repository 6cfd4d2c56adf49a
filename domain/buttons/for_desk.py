"""Buttons that only the desk meets: offices and posts, periods, review, announcements, exports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from domain.buttons.base import Button, Navigation, Toggle

# offices, posts and periods


@dataclass(frozen=True, slots=True)
class Offices(Button, head="o"):
    """A page about all offices, or a new one."""

    page: Literal["r", "add", "gone"]


@dataclass(frozen=True, slots=True)
class OfficeList(Button, head="o:l"):
    """The offices, a page at a time."""

    page: int


@dataclass(frozen=True, slots=True)
class ImportList(Button, head="o:im"):
    """A list to ask for; its hidden rows to take or not; what was shown of it to write, or to leave."""

    act: Literal["ask", "with", "without", "yes", "no"]
    digest: str = ""  # of what was shown


@dataclass(frozen=True, slots=True)
class Office(Button, head="o"):
    """One office to look at or to change."""

    act: Literal["i", "name", "merge", "close", "reopen", "more", "lift", "free"]
    office: int


@dataclass(frozen=True, slots=True)
class Post(Button, head="o"):
    """One person at an office to look at, to hand over from, or to end."""

    act: Literal["p", "hand", "end"]
    contact: int
    office: int


@dataclass(frozen=True, slots=True)
class Staff(Button, head="o:w"):
    """Leaders and the desk, a page at a time."""

    page: int


@dataclass(frozen=True, slots=True)
class Person(Button, head="o:who"):
    """One person with every role."""

    contact: int


@dataclass(frozen=True, slots=True)
class GiveRole(Button, head="o:give"):
    """A role to give to somebody."""

    contact: int
    role: Literal["focal_point", "leader", "admin"]


@dataclass(frozen=True, slots=True)
class EndRole(Button, head="o:take"):
    """A role to take from somebody; office 0 is none."""

    contact: int
    role: Literal["focal_point", "leader", "admin"]
    office: int


@dataclass(frozen=True, slots=True)
class OpenCodes(Button, head="u:open"):
    """The invitations whose codes still open something."""

    page: int


@dataclass(frozen=True, slots=True)
class RevokeCode(Button, head="u:off"):
    """An invitation to take back."""

    invitation: int


@dataclass(frozen=True, slots=True)
class InviteRole(Button, head="u:r"):
    """A role to invite somebody for."""

    role: str


@dataclass(frozen=True, slots=True)
class Invite(Button, head="u"):
    """A page of offices, an office to invite for, or an invitation to renew."""

    of: Literal["p", "o", "v"]
    number: int


@dataclass(frozen=True, slots=True)
class Period(Button, head="p"):
    """A door of a period."""

    door: Literal["open", "deadline", "extend", "exempt", "list", "lift", "close", "reopen"]
    period: int = 0


@dataclass(frozen=True, slots=True)
class ChangeCancel(Navigation, head="w"):
    """A change to leave undone."""

    answer: Literal["n"]


@dataclass(frozen=True, slots=True)
class ChangeYes(Button, head="w:y"):
    """A change to make, as it was shown."""

    digest: str


@dataclass(frozen=True, slots=True)
class ChangeChoice(Button, head="w:c"):
    """An answer to what a change asks."""

    field: str
    value: str


# review


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


@dataclass(frozen=True, slots=True)
class ReviewPart(Button, head="q:s"):
    """A page of the answers, from 1."""

    innovation: int
    page: int


@dataclass(frozen=True, slots=True)
class ReviewIndicators(Button, head="q:l"):
    """A page of the indicators, from 0."""

    innovation: int
    page: int = 0


@dataclass(frozen=True, slots=True)
class ReviewChanges(Button, head="q:c"):
    """A page of what has changed, from 0."""

    innovation: int
    page: int = 0


@dataclass(frozen=True, slots=True)
class ReviewMarks(Button, head="q:m"):
    """A page of the marked items with their reasons, from 0."""

    innovation: int
    page: int = 0


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


# announcements


@dataclass(frozen=True, slots=True)
class NewBroadcast(Button, head="sr"):
    """A new announcement."""

    of: Literal["new"]


@dataclass(frozen=True, slots=True)
class Broadcast(Button, head="sr"):
    """A move with one announcement."""

    act: Literal[
        "text", "bare", "asis", "to", "see", "when", "now", "rush", "edit", "off", "stop", "show", "f"
    ]
    broadcast: int


@dataclass(frozen=True, slots=True)
class BroadcastGo(Button, head="sr"):
    """An announcement to send as it was shown; `yes` sends the same text a second time."""

    act: Literal["go", "yes"]
    broadcast: int
    revision: int


@dataclass(frozen=True, slots=True)
class BroadcastPage(Button, head="sr"):
    """A page of the offices to choose from, the people meant, or what was written back."""

    of: Literal["ol", "who", "in"]
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

    letter: int


@dataclass(frozen=True, slots=True)
class BroadcastRead(Button, head="sb"):
    """An announcement somebody has read."""

    broadcast: int


# exports


@dataclass(frozen=True, slots=True)
class ExportYear(Button, head="x:y"):
    """What can be had of a year."""

    year: int


@dataclass(frozen=True, slots=True)
class ExportMake(Button, head="x:m"):
    """An export of a whole year."""

    kind: Literal["workbook", "csv", "evidence"]
    year: int


@dataclass(frozen=True, slots=True)
class ExportList(Button, head="x:l"):
    """The innovations to choose from."""

    kind: Literal["record", "upload"]
    year: int
    page: int


@dataclass(frozen=True, slots=True)
class ExportOne(Button, head="x"):
    """One innovation: its record (r), its upload sheet in the chat (u) or on paper (pu), its evidence
    (ze).
    """

    act: Literal["r", "u", "pu", "ze"]
    innovation: int


@dataclass(frozen=True, slots=True)
class ExportScreen(Button, head="x:s"):
    """A screen of the portal."""

    innovation: int
    screen: int
    page: int


@dataclass(frozen=True, slots=True)
class ExportTick(Toggle, head="x:k"):
    """A field of the portal to tick off, or not."""

    innovation: int
    entry: str
    set_to: Literal["0", "1"]
    page: int


@dataclass(frozen=True, slots=True)
class ExportCopy(Button, head="x:v"):
    """A text to copy whole."""

    innovation: int
    entry: str
