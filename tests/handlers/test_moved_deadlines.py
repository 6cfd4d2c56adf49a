"""A deadline that is moved again before its notice left is told once, from the day people know."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, timedelta

import pytest

from domain import buttons
from domain.message import Inbound, Kind, Message
from handlers.assembly import build
from handlers.context import Context
from handlers.period import notices
from storage import contacts, innovations, periods
from storage.engine.transaction import Transaction
from tests.kit.clock_and_codes import MORNING, Codes
from tests.kit.databases import in_memory, with_every_office
from tests.kit.people import RINA, SARI

DESK = build(timezone="Asia/Jakarta", language="id", new_code=Codes())
NIGHT = MORNING + timedelta(hours=14)


@pytest.fixture
def tx() -> Iterator[Transaction]:
    with closing(in_memory(with_every_office())) as connection:
        yield connection


def move(tx: Transaction, *, by: int, now: datetime = NIGHT) -> date:
    """Move the deadline as the desk's change does; returns where it stands now."""
    period, desk = periods.current(tx), contacts.by_address(tx, "telegram", address=str(SARI))
    assert period is not None
    assert desk is not None
    words = DESK.desk_data.words.in_("id")
    ctx = Context(DESK.desk_data, tx, Inbound("telegram", str(SARI), Kind.TEXT), desk, words, now)
    after = period.deadline + timedelta(days=by)
    people = notices.concerned_by_deadline(ctx, period, after=after)
    change = periods.move_deadline(tx, period, deadline=after, reason="surat", by=desk.id, now=now)
    notices.deadline_moved(ctx, period, after=after, people=people, change=change, reason="surat")
    return after


def _office_of(tx: Transaction) -> int:
    rina = contacts.by_address(tx, "telegram", address=str(RINA))
    assert rina is not None
    return next(iter(rina.offices))


def waiting(tx: Transaction) -> list[str]:
    """What a focal point will read in the morning."""
    sql = "SELECT payload FROM outbox WHERE address = ? AND state = 'waiting' ORDER BY id"
    return [Message.from_json(row[0]).text for row in tx.execute(sql, (str(RINA),))]


def test_three_moves_at_night_are_told_once_from_the_day_people_know(tx: Transaction) -> None:
    period = periods.current(tx)
    assert period is not None
    first = period.deadline
    for by in (7, 3, -1):
        last = move(tx, by=by)
    (text,) = waiting(tx)
    assert str(first.day) in text
    assert str(last.day) in text
    assert str((first + timedelta(days=10)).day) not in text.replace(str(last.year), "")


def test_one_that_is_back_where_it_was_is_not_told(tx: Transaction) -> None:
    move(tx, by=7)
    move(tx, by=-7)
    assert waiting(tx) == []


def test_what_has_left_stays_told_and_the_next_begins_there(tx: Transaction) -> None:
    known = move(tx, by=7)
    tx.execute("UPDATE outbox SET state = 'sent'")
    last = move(tx, by=2)
    (text,) = waiting(tx)
    assert str(known.day) in text
    assert str(last.day) in text


@pytest.mark.parametrize("has_draft", [True, False])
def test_the_notice_leads_to_drafts_only_where_there_are_some(tx: Transaction, has_draft: bool) -> None:
    tx.execute("UPDATE innovations SET discarded_at = ?", (None if has_draft else MORNING.isoformat(),))
    if has_draft:
        office, period = _office_of(tx), periods.current(tx)
        assert period is not None
        innovations.create(
            tx,
            innovations.NewInnovation(
                office_id=office, period_id=period.id, form_version=1, rule_year=period.rule_year
            ),
            by=1,
            now=MORNING,
        )
    move(tx, by=7)
    (row,) = tx.execute("SELECT payload FROM outbox WHERE address = ?", (str(RINA),)).fetchall()
    ((choice,),) = Message.from_json(row[0]).rows
    assert choice.data == buttons.Open("draf" if has_draft else "tugas").data()
