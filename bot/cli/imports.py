"""`offices import` and `contacts import`: good rows go in, the others are named, a second time changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from bot.cli.spreadsheet_reader import Row
from domain import importing
from domain.importing import BadRow, Columns, Person
from domain.people import Office
from domain.reading.names import Name
from storage import offices, roster
from storage.engine.transaction import Transaction

T = TypeVar("T")


@dataclass(slots=True)
class Outcome:
    """What became of the rows."""

    counts: Counter[str] = field(default_factory=Counter)  # new, changed, same
    faults: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """Say it, the refused rows first."""
        told = ", ".join(f"{self.counts[name]} {name}" for name in ("new", "changed", "same"))
        return [*self.faults, f"{told}, {len(self.faults)} not taken"]


def _each(
    rows: Sequence[Row],
    columns: Columns,
    needs: Sequence[str],
    read: Callable[[dict[str, str]], T],
    key_column: str,
    keys: Callable[[T], str],
) -> tuple[list[T], list[str]]:
    """Read the rows below the heading; what cannot be read, or stands a second time, is told by row and column."""
    (_, heading), *below = rows
    places = importing.header(heading, columns, needs)
    taken: dict[str, tuple[int, T]] = {}
    faults = []
    for number, cells in below:
        try:
            one = read(dict(importing.picked(cells, places)))
            if (key := keys(one)) in taken:
                raise BadRow(
                    key_column, key.partition(" ")[0], f"each only once; it stands in row {taken[key][0]} already"
                )
            taken[key] = (number, one)
        except BadRow as fault:
            faults.append(f"row {number}, {fault}")
    return [one for _, one in taken.values()], faults


def take_offices(tx: Transaction, rows: Sequence[Row], *, now: datetime, by: int | None = None) -> Outcome:
    """Take offices in by their codes; raises BadHeader."""
    columns, needs = importing.OFFICE_COLUMNS, importing.OFFICE_NEEDS
    given, faults = _each(rows, columns, needs, importing.office, "code", lambda office: office.code)
    outcome = Outcome(faults=faults)
    for one in given:
        outcome.counts[offices.take_in(tx, one, by=by, now=now)] += 1
    return outcome


def take_contacts(tx: Transaction, rows: Sequence[Row], *, now: datetime, by: int | None = None) -> Outcome:
    """Take people into the roster; whoever has proved the number already gets the role. Raises BadHeader."""
    names = [_names(one) for one in offices.active(tx)]
    columns, needs = importing.CONTACT_COLUMNS, importing.CONTACT_NEEDS
    given, faults = _each(rows, columns, needs, lambda cells: importing.person(cells, names), "phone", _key)
    outcome = Outcome(faults=faults)
    for one in given:
        entry = roster.Entry(one.name, one.phone, one.role, one.office_id)
        outcome.counts[roster.take_in(tx, entry, by=by, now=now)] += 1
    return outcome


def _key(one: Person) -> str:
    return f"{one.phone} {one.role.value} {one.office_id or ''}".strip()


def _names(one: Office) -> Name:
    return Name(str(one.id), (one.code, one.name, one.short, *one.aliases))
