"""Rows of the desk's lists of offices and people: what each column may hold, and what is said when it does not."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.people import Office, Role
from domain.reading.clean_text import code_text, one_line
from domain.reading.names import Name, find
from domain.reading.phones import normal
from domain.reading.result import Ambiguous, Understood, tidy

LONGEST = 150  # characters of a name
_CODE = re.compile(r"[a-z0-9_]{2,40}")
_KIND = re.compile(r"[a-z]{3,30}")

# Each column by the headings people give it; the first is the documented one.
Columns = Mapping[str, tuple[str, ...]]
OFFICE_COLUMNS: Columns = {
    "code": ("code", "kode"),
    "name": ("name", "nama", "nama opd", "perangkat daerah", "nama perangkat daerah"),
    "short": ("short", "singkat", "singkatan", "nama singkat"),
    "kind": ("kind", "jenis"),
    "aliases": ("aliases", "alias", "nama lain"),
}
OFFICE_NEEDS = ("code", "name", "short", "kind")
CONTACT_COLUMNS: Columns = {
    "name": ("name", "nama"),
    "phone": ("phone", "telepon", "nomor telepon", "no hp", "hp", "nomor hp", "no. hp", "whatsapp", "wa"),
    "office": ("office", "opd", "perangkat daerah", "kantor", "instansi"),
    "role": ("role", "peran"),
}
CONTACT_NEEDS = ("name", "phone", "role")
_ROLES: Mapping[str, Role] = {
    "focal_point": Role.FOCAL_POINT,
    "focal point": Role.FOCAL_POINT,
    "pic": Role.FOCAL_POINT,
    "pic inovasi": Role.FOCAL_POINT,
    "leader": Role.LEADER,
    "pimpinan": Role.LEADER,
    "admin": Role.ADMIN,
    "desk": Role.ADMIN,
    "desk inovasi": Role.ADMIN,
}


class BadHeader(ValueError):
    """the first row is no heading we know"""


class BadRow(ValueError):
    """one row cannot be taken"""

    def __init__(self, column: str, found: str, wanted: str) -> None:
        """Name the column, the value found and what was expected."""
        super().__init__(f'column {column}: found "{found[:60]}", expected {wanted}')
        self.column = column


@dataclass(frozen=True, slots=True)
class Person:
    """One row of the list of people; the office is an id, None for who serves none."""

    name: str
    phone: str
    role: Role
    office_id: int | None


def header(cells: Sequence[str], columns: Columns, needs: Sequence[str]) -> Mapping[str, int]:
    """Find where each column stands; raises BadHeader naming what is missing or stands twice."""
    places: dict[str, int] = {}
    for place, cell in enumerate(cells):
        heading = tidy(cell).replace("_", " ")
        named = next((name for name, known in columns.items() if heading in known), None)
        if named in places:
            raise BadHeader(f'row 1: the column "{named}" stands twice')
        if named is not None:
            places[named] = place
    if missing := [name for name in needs if name not in places]:
        known = ", ".join(columns)
        raise BadHeader(f"row 1: the column {', '.join(missing)} is missing; expected the headings {known}")
    return places


def picked(cells: Sequence[str], places: Mapping[str, int]) -> Mapping[str, str]:
    """Take the cells of the known columns, tidied of white space; raises BadRow for a formula."""
    found = {name: one_line(cells[at]) if at < len(cells) else "" for name, at in places.items()}
    for name, value in found.items():
        if value.startswith("="):
            raise BadRow(name, value, "a value; formulas are not taken, paste their values")
    return found


def office(cells: Mapping[str, str]) -> Office:
    """Read one office; raises BadRow."""
    code, kind = code_text(cells["code"]).casefold(), cells["kind"].casefold()
    if not _CODE.fullmatch(code):
        raise BadRow("code", cells["code"], "2 to 40 of a-z, 0-9 and _, such as dinkes")
    if not _KIND.fullmatch(kind):
        raise BadRow("kind", cells["kind"], "one word, such as dinas, badan or kecamatan")
    aliases = tuple(dict.fromkeys(part.strip() for part in cells.get("aliases", "").split("|") if part.strip()))
    return Office(0, code, _named("name", cells), _named("short", cells), kind, aliases)


def _named(column: str, cells: Mapping[str, str]) -> str:
    if not 2 <= len(cells[column]) <= LONGEST:
        raise BadRow(column, cells[column], f"2 to {LONGEST} characters")
    return cells[column]


def person(cells: Mapping[str, str], offices: Sequence[Name]) -> Person:
    """Read one person; `offices` are the active ones, their key the id. Raises BadRow."""
    role = _ROLES.get(cells["role"].casefold())
    if role is None:
        raise BadRow("role", cells["role"], "focal_point (PIC), leader (pimpinan) or admin (desk)")
    name, phone = _named("name", cells), _phone(cells["phone"])
    if role is not Role.FOCAL_POINT:
        if cells.get("office"):
            raise BadRow("office", cells["office"], f"nothing, for a {role.value} serves no single office")
        return Person(name, phone, role, None)
    return Person(name, phone, role, _office_id(cells.get("office", ""), offices))


def _phone(said: str) -> str:
    if not (number := normal(said)):
        raise BadRow("phone", said, "a phone number such as 0812 3456 7890, as text")
    return number


def _office_id(said: str, offices: Sequence[Name]) -> int:
    found = find(said, offices) if said else None
    if isinstance(found, Understood) and found.sure:
        return int(found.value)
    near = found.candidates if isinstance(found, Ambiguous) else ()
    by_key = {name.key: name.labels[0] for name in offices}
    told = f"; near: {', '.join(by_key[key] for key in near)}" if near else ""
    raise BadRow("office", said, f"code, name or nickname of an office{told}")
