"""What a list of offices or people is compared with, and the writing of one that was checked."""

from __future__ import annotations

from datetime import datetime

from domain.importing.check import Checked, Known
from storage import audit, offices, roster, rungs
from storage.engine.transaction import Transaction
from storage.rungs import Rung


def known(tx: Transaction) -> Known:
    """Load every office and everybody who shall serve."""
    ladders = {(rung.office_id, rung.post.value): rung.phone for rung in rungs.every(tx)}
    return Known(tuple(offices.every(tx)), {entry.key: entry.name for entry in roster.every(tx)}, ladders)


def take_in(tx: Transaction, checked: Checked, *, by: int | None, now: datetime) -> None:
    """Write what a list brings; one that brings nothing leaves no trace."""
    for office in checked.offices:
        offices.take_in(tx, office, by=by, now=now)
    for person in checked.people:
        roster.take_in(
            tx, roster.Entry(person.name, person.phone, person.role, person.office_id), by=by, now=now
        )
        if person.post is not None and person.office_id is not None:
            rung = Rung(person.office_id, person.post, person.name, person.phone, None, now)
            rungs.name_person(tx, rung, by=by, now=now)
    if checked.changes:
        summary = {"kind": checked.listing.kind.value, **checked.counts, "faults": len(checked.faults)}
        audit.record(tx, "list_imported", now=now, actor=by, **summary)
