"""Buttons of offices, posts, periods, and the changes the desk makes to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from domain.buttons.base import Button, Navigation


@dataclass(frozen=True, slots=True)
class Offices(Button, head="o"):
    """A page about all offices, or a new one; "out" is the page "r" below the message it is tapped in."""

    page: Literal["r", "out", "add", "gone"]


@dataclass(frozen=True, slots=True)
class OfficeList(Button, head="o:l"):
    """The offices, a page at a time."""

    page: int


@dataclass(frozen=True, slots=True)
class ImportList(Button, head="o:im"):
    """A list to ask for; its hidden rows to take or not; what was shown of it to write, or to leave."""

    act: Literal["ask", "with", "without", "yes", "no"]
    digest: str = ""  # of what was shown

    @property
    def final(self) -> bool:
        """Whether it writes the list."""
        return self.act == "yes"


@dataclass(frozen=True, slots=True)
class Office(Button, head="o"):
    """One office to look at or to change."""

    act: Literal["i", "name", "merge", "close", "reopen", "more", "lift", "free", "rungs"]
    office: int


@dataclass(frozen=True, slots=True)
class Rung(Button, head="o:j"):
    """A rung of an office's ladder to put somebody on, or to empty."""

    act: Literal["name", "end"]
    post: Literal["second", "secretary", "head"]
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

    @property
    def final(self) -> bool:
        """A code that was ended opens nothing any more."""
        return True


@dataclass(frozen=True, slots=True)
class InviteRole(Button, head="u:r"):
    """A role to invite somebody for."""

    role: str


@dataclass(frozen=True, slots=True)
class InviteAll(Button, head="u:a"):
    """Invitations for as many offices as were shown to have nobody: to ask for, or to make."""

    act: Literal["ask", "yes"]
    count: int

    @property
    def final(self) -> bool:
        """It ends the codes nobody has used."""
        return self.act == "yes"


@dataclass(frozen=True, slots=True)
class Invite(Button, head="u"):
    """A page of offices, an office to invite for, or an invitation to renew."""

    of: Literal["p", "o", "v"]
    number: int


@dataclass(frozen=True, slots=True)
class Period(Button, head="p"):
    """A door of a period."""

    door: Literal["open", "deadline", "extend", "exempt", "list", "lift", "close", "reopen", "portal"]
    period: int = 0


@dataclass(frozen=True, slots=True)
class ChangeCancel(Navigation, head="w"):
    """A change to leave undone."""

    answer: Literal["n"]


@dataclass(frozen=True, slots=True)
class ChangeYes(Button, head="w:y"):
    """A change to make, as it was shown."""

    digest: str

    @property
    def final(self) -> bool:
        """It makes the change."""
        return True


@dataclass(frozen=True, slots=True)
class ChangeChoice(Button, head="w:c"):
    """An answer to what a change asks."""

    field: str
    value: str
