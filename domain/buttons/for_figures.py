"""Buttons of the estimate: its pages, a simulation, the regency's own profile, the weekly summary."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from domain.buttons.base import Button, InnovationPage


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
class StatusInnovation(InnovationPage, head="st:i"):
    """One innovation's indicators, a page of them."""


@dataclass(frozen=True, slots=True)
class StatusIndicator(Button, head="st:n"):
    """One indicator of an innovation."""

    innovation: int
    indicator: int


@dataclass(frozen=True, slots=True)
class Whatif(Button, head="wi"):
    """A simulation: the first page, an innovation, an office, or one more of a maturity."""

    of: Literal["all", "i", "m", "o"]
    number: int = 0
    page: int = 0  # of its improvements, or of the innovations to choose from
    target: int = 0  # index that is tried, in hundredths; 0: the one that is set


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
