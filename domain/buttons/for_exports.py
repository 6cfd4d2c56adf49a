"""Buttons of exports and of the upload sheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from domain.buttons.base import Button, Toggle


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
class PrintSheet(Button, head="x:p"):
    """The printed sheet of an office's own innovation, handed in or not."""

    innovation: int


@dataclass(frozen=True, slots=True)
class ExportOne(Button, head="x"):
    """One innovation: its record (r), its upload sheet in the chat (u) or on paper (pu), its evidence
    (ze).
    """

    act: Literal["r", "u", "pu", "ze"]
    innovation: int


@dataclass(frozen=True, slots=True)
class ExportParts(Button, head="x:z"):
    """Evidence that is too large for one archive, in several: of a year, or of one innovation (else 0)."""

    year: int
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
