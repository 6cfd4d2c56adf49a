"""Checks a whole list against what is known, before anything is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from zlib import crc32

from domain.importing.headings import Listing, ListKind
from domain.importing.list_sheets import Line
from domain.importing.rows import BadRow, OfficeNames, Person, brought_to, office, person, picked
from domain.people import Office
from domain.reading.names import Name, same_name
from domain.texts import Marked, Say

NEW = "new"
CHANGED = "changed"
SAME = "same"


@dataclass(frozen=True, slots=True)
class Known:
    """What a list is compared with."""

    offices: tuple[Office, ...]  # closed ones too
    roster: Mapping[tuple[str, str, int], str]  # `Person.key` to the name
    ladders: Mapping[tuple[int, str], str] = field(default_factory=dict)  # office and post to the number


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a line cannot be taken."""

    line: Line
    reason: str  # the ending of a text key
    column: str = ""  # as the list calls it
    value: str = ""
    params: Mapping[str, str | int] | None = None

    def said(self, say: Say) -> Marked:
        """Say it, without the number of the line."""
        return say(
            f"importing.fault_{self.reason}", column=self.column, found=self.value, **(self.params or {})
        )


@dataclass(frozen=True, slots=True)
class Checked:
    """A list that was checked: what each line brings, and the lines that cannot be taken."""

    listing: Listing
    people: tuple[Person, ...]  # that are new or have another name
    offices: tuple[Office, ...]  # that are new or become something else
    counts: Mapping[str, int]  # new, changed, same
    faults: tuple[Fault, ...]
    skipped: int  # hidden lines that were left out

    @property
    def changes(self) -> int:
        """How many rows would be written."""
        return self.counts.get(NEW, 0) + self.counts.get(CHANGED, 0)

    @property
    def digest(self) -> str:
        """Name this outcome, so that a yes means this and nothing that came after it."""
        contents = (
            self.listing.kind,
            self.people,
            self.offices,
            sorted(self.counts.items()),
            len(self.faults),
        )
        return f"{crc32(repr(contents).encode()):08x}"


def check(listing: Listing, known: Known, *, hidden: bool) -> Checked:
    """Check every line below the heading; `hidden` says whether hidden ones are meant too."""
    lines = [line for line in listing.lines if hidden or not line.hidden]
    checks: _Check = _OfficeCheck(known) if listing.kind is ListKind.OFFICES else _PersonCheck(known)
    values, faults = _read_lines(listing, lines, checks=checks)
    changing = [value for becomes, value in values if becomes != SAME]
    return Checked(
        listing,
        people=tuple(new for new in changing if isinstance(new, Person)),
        offices=tuple(new for new in changing if isinstance(new, Office)),
        counts=Counter(becomes for becomes, _ in values),
        faults=tuple(faults),
        skipped=len(listing.lines) - len(lines),
    )


def _read_lines(
    listing: Listing, lines: Sequence[Line], *, checks: _Check
) -> tuple[list[tuple[str, Any]], list[Fault]]:
    """Read lines to what each becomes and its value; what cannot be taken, or stands a second time, is a
    fault.
    """
    positions = listing.positions
    width = 1 + max(position for position, cell in enumerate(listing.heading.cells) if cell.strip())
    taken: dict[Any, Line] = {}
    values: list[tuple[str, Any]] = []
    faults = []
    for line in lines:
        try:
            _require_whole(line, width)
            value = checks.read(picked(line.cells, positions))
            if (key := checks.key(value)) in taken:
                raise BadRow("twice", checks.column, value=checks.shown(value), row=taken[key].number)
            values.append((checks.becomes(value), value))
            taken[key] = line
        except BadRow as bad:
            faults.append(Fault(line, bad.reason, listing.title(bad.column), bad.value, bad.params))
    return values, faults


def _require_whole(line: Line, width: int) -> None:
    """Raise BadRow for a line that was cut wrongly, or has not the cells of the heading."""
    if line.fault:
        raise BadRow(line.fault, "", value=line.cells[0] if line.cells else "")
    beyond = [cell for cell in line.cells[width:] if cell.strip()]
    if beyond:
        raise BadRow("more_cells", "", value=beyond[0], count=len(line.cells), wanted=width)
    if 0 < len(line.cells) < width:
        raise BadRow("fewer_cells", "", value="", count=len(line.cells), wanted=width)


class _Check(Protocol):
    """How rows of one kind of list are read and compared."""

    @property
    def column(self) -> str:
        """The column by which two rows are the same."""

    def read(self, cells: Mapping[str, str]) -> Any:
        """Read a row; raises BadRow."""

    def key(self, value: Any) -> Any:
        """Tell what may stand in a list once."""

    def shown(self, value: Any) -> str:
        """Say that key to a person."""

    def becomes(self, value: Any) -> str:
        """Compare with what is known; raises BadRow where both cannot be."""


class _PersonCheck:
    column = "phone"

    def __init__(self, known: Known) -> None:
        self._roster, self._names = known.roster, OfficeNames(known.offices)
        self._ladders = known.ladders
        self._posts: dict[tuple[int, str], str] = {}  # of this list, to the number

    def read(self, cells: Mapping[str, str]) -> Person:
        return person(cells, self._names)

    def key(self, value: Person) -> Any:
        return value.key

    def shown(self, value: Person) -> str:
        return value.phone

    def becomes(self, value: Person) -> str:
        """Compare with the list that is kept; raises BadRow for a second person in one post of an office."""
        known = self._roster.get(value.key)
        is_on_ladder = True
        if value.post is not None:
            post = (value.office_id or 0, value.post.value)
            if self._posts.setdefault(post, value.phone) != value.phone:
                raise BadRow("post_twice", "role", value=value.name)
            is_on_ladder = self._ladders.get(post) == value.phone
        if known is None:
            return NEW
        return SAME if known == value.name and is_on_ladder else CHANGED


class _OfficeCheck:
    column = "code"

    def __init__(self, known: Known) -> None:
        self._by_code = {office.code: office for office in known.offices}
        self._names = {office.code: _make_name(office) for office in known.offices if office.active}

    def read(self, cells: Mapping[str, str]) -> Office:
        return office(cells)

    def key(self, value: Office) -> Any:
        return value.code

    def shown(self, value: Office) -> str:
        return value.code

    def becomes(self, value: Office) -> str:
        """Compare with the office of that code; raises BadRow for a name that another office carries."""
        known = self._by_code.get(value.code)
        own = () if known is None else (known.name, known.short, *known.aliases)
        others = [name for code, name in self._names.items() if code != value.code]
        for said in (value.name, value.short, *value.aliases):
            if said not in own and (taken_by := same_name(said, others)):
                raise BadRow("name_taken", "name", value=said, code=taken_by)
        self._names[value.code] = _make_name(value)
        if known is None:
            return NEW
        return SAME if brought_to(known, value) == known else CHANGED


def _make_name(office: Office) -> Name:
    return Name(office.code, (office.code, office.name, office.short, *office.aliases))


def counted(say: Say, checked: Checked) -> Marked:
    """Say how many rows are new, changed, as they were, and faulty."""
    counts: Sequence[tuple[str, int]] = [(name, checked.counts.get(name, 0)) for name in (NEW, CHANGED, SAME)]
    return say("importing.counts", **dict(counts), faults=len(checked.faults))


def placed(say: Say, listing: Listing) -> Marked:
    """Say where the list was found, unless it is where everybody looks."""
    row = listing.heading.number
    if listing.sheets > 1:
        return say(
            "importing.where",
            sheet=listing.sheet,
            number=listing.sheet_number,
            sheets=listing.sheets,
            row=row,
        )
    return say("importing.where_row", row=row) if row > 1 else Marked("")
