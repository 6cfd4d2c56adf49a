"""Rows of the lists: what each column may hold, and what is wrong when it holds something else."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from domain.importing.headings import heading_key, office_posts, roles
from domain.people import Office, OfficePost, Role
from domain.reading.clean_text import code_text, one_line
from domain.reading.hardly_names import has_alphabetic
from domain.reading.names import Name, exactly, find
from domain.reading.phones import normal
from domain.reading.result import Ambiguous, Understood

LONGEST = 150  # characters of a name
NEAR_TOLD = 50  # names of offices that near ones are looked for: it takes some milliseconds each
_CODE = re.compile(r"[a-z0-9_]{2,40}")
_KIND = re.compile(r"[a-z]{3,30}")
# before what a spreadsheet would compute; our own exports write it too
_GUARD = re.compile(r"'(?=[=+\-@0-9])")


class BadRow(ValueError):
    """one row cannot be taken"""

    def __init__(self, reason: str, column: str, *, value: str, **params: str | int) -> None:
        """`reason` is the ending of a text key; `column` is ours, not the heading of the list."""
        super().__init__(reason)
        self.reason = reason
        self.column = column
        self.value = value[:60]
        self.params = params


@dataclass(frozen=True, slots=True)
class Person:
    """One row of the list of people; the office is an id, None for who serves none."""

    name: str
    phone: str  # E.164
    role: Role
    office_id: int | None
    post: OfficePost | None = None  # on the ladder of the office, beside its focal point

    @property
    def key(self) -> tuple[str, str, int]:
        """What may stand in a list once."""
        return self.phone, self.role.value, self.office_id or 0


def picked(cells: Sequence[str], positions: Mapping[str, int]) -> Mapping[str, str]:
    """Take the cells of the known columns, tidied of white space and guards; raises BadRow for a formula."""
    cells_by_name = {name: one_line(cells[at]) if at < len(cells) else "" for name, at in positions.items()}
    for name, value in cells_by_name.items():
        if value.startswith("="):
            raise BadRow("formula", name, value=value)
    return {
        name: _GUARD.sub("", value, count=1) if value.startswith("'") else value
        for name, value in cells_by_name.items()
    }


def office(cells: Mapping[str, str]) -> Office:
    """Read one office; raises BadRow."""
    code, kind = code_text(cells["code"]).casefold(), cells["kind"].casefold()
    if not _CODE.fullmatch(code):
        raise BadRow("code", "code", value=cells["code"])
    if not _KIND.fullmatch(kind):
        raise BadRow("kind", "kind", value=cells["kind"])
    aliases = tuple(
        dict.fromkeys(part.strip() for part in cells.get("aliases", "").split("|") if part.strip())
    )
    return Office(0, code, _name("name", cells), _name("short", cells), kind, aliases)


def _name(column: str, cells: Mapping[str, str]) -> str:
    value = cells[column]
    if not 2 <= len(value) <= LONGEST or value.startswith("=") or not has_alphabetic(value):
        raise BadRow("name", column, value=value, longest=LONGEST)
    return value


def brought_to(known: Office, wanted: Office) -> Office:
    """Tell what an office becomes by a row with its code; its old names stay as nicknames."""
    old_names = (known.name, known.short) if wanted.name != known.name else ()
    aliases = dict.fromkeys((*known.aliases, *wanted.aliases, *old_names))
    kept = tuple(name for name in aliases if name not in (wanted.name, wanted.short))
    return replace(known, name=wanted.name, short=wanted.short, kind=wanted.kind, aliases=kept)


class OfficeNames:
    """Finds offices by what lists call them, each spelling once."""

    def __init__(self, offices: Sequence[Office]) -> None:
        active = [office for office in offices if office.active]
        self._names = [
            Name(str(office.id), (office.code, office.name, office.short, *office.aliases))
            for office in active
        ]
        self._shown = {str(office.id): office.name for office in active}
        self._found: dict[str, int | BadRow] = {}
        self._unknown = 0

    def id_of(self, said: str) -> int:
        """Return the id of an office; raises BadRow with the near ones."""
        if said not in self._found:
            self._found[said] = self._read(said)
        result = self._found[said]
        if isinstance(result, BadRow):
            raise result
        return result

    def _read(self, said: str) -> int | BadRow:
        exact = exactly(said, self._names) if said else None
        if isinstance(exact, Understood):
            return int(exact.value)
        self._unknown += 1
        near = find(said, self._names) if said and self._unknown <= NEAR_TOLD else exact
        if not isinstance(near, Ambiguous):
            return BadRow("office", "office", value=said)
        nearest = ", ".join(self._shown[key] for key in near.candidates)
        return BadRow("office_near", "office", value=said, near=nearest)


def person(cells: Mapping[str, str], offices: OfficeNames) -> Person:
    """Read one person; raises BadRow."""
    said = heading_key(cells["role"])
    post = office_posts().get(said)
    role = Role.FOCAL_POINT if post is not None else roles().get(said)
    if role is None:
        raise BadRow("role", "role", value=cells["role"])
    name, phone = _name("name", cells), normal(cells["phone"])
    if not phone:
        raise BadRow("phone", "phone", value=cells["phone"])
    if role is Role.FOCAL_POINT:
        return Person(name, phone, role, offices.id_of(cells.get("office", "")), post)
    if cells.get("office"):
        raise BadRow("no_office", "office", value=cells["office"])
    return Person(name, phone, role, None)
