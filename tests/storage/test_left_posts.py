"""Whom an announcement and its reminder reach: who left a post is passed over, who came to it is reached."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from domain.announcing.audience import Audience
from domain.message import Message
from domain.people import Role
from handlers.assembly import build
from scheduler.broadcasts import Room, advance
from storage import acknowledgements, audiences, broadcasts, contacts, posts, recipient_lists
from storage.audit import Actor
from storage.engine.transaction import Transaction
from tests.kit.announced import NOW, announce, feed, hold, read, sent_to
from tests.kit.databases import in_memory, with_every_office
from tests.kit.people import BUDI, TONO, WATI, enrol

DESK = build(timezone="Asia/Jakarta", language="id")


@pytest.fixture
def tx() -> Iterator[Transaction]:
    with closing(in_memory(with_every_office())) as connection:
        yield connection


def end_post(tx: Transaction, address: int) -> int:
    """Take the post of a focal point; returns the office."""
    contact = contacts.by_address(tx, "telegram", address=str(address))
    assert contact is not None
    (office,) = contact.offices
    posts.end(tx, contact.id, role=Role.FOCAL_POINT, office_id=office, actor=Actor(1), now=NOW)
    return office


def reminded(tx: Transaction, number: int) -> set[str]:
    """Whom a reminder of an announcement is to be sent to."""
    rows = "SELECT address FROM broadcast_recipients WHERE broadcast_id = ? AND state = 'waiting'"
    return {row[0] for row in tx.execute(rows, (number,))}


def test_who_leaves_the_post_before_the_turn_comes_is_skipped_and_it_is_said_why(tx: Transaction) -> None:
    number = announce(tx)
    end_post(tx, TONO)
    feed(tx, number)
    assert ("left", 1) in recipient_lists.reasons(tx, number)
    assert recipient_lists.tally(tx, number).queued == 47
    to_call = recipient_lists.listed(tx, number, which="call", limit=99)
    assert [(one.office, one.name) for one in to_call] == [("Kecamatan Baamang", "Tono")]


def test_an_office_is_not_called_where_a_colleague_of_who_left_has_it(tx: Transaction) -> None:
    number = announce(tx)
    end_post(tx, BUDI)
    feed(tx, number)
    assert ("left", 1) in recipient_lists.reasons(tx, number)
    assert recipient_lists.counted(tx, number, which="call") == 0


def begin(tx: Transaction, number: int) -> None:
    """Let a held announcement leave, as the feeder does."""
    held = broadcasts.load(tx, number)
    assert held is not None
    began = advance(
        tx, DESK.desk_data, broadcast=held, message=lambda language: Message("x"), room=Room(0, 0), now=NOW
    )
    assert began.began


def come_to(tx: Transaction, office: int | None, *, role: Role = Role.FOCAL_POINT) -> None:
    successor = enrol(tx, "5555", name="Penerus", now=NOW)
    contacts.grant(tx, successor, role=role, office_id=office, now=NOW)


def test_who_takes_over_a_post_before_it_leaves_gets_it_and_so_does_an_office_unmanned_till_then(
    tx: Transaction,
) -> None:
    number = hold(tx)
    come_to(tx, end_post(tx, TONO))
    begin(tx, number)
    assert "5555" in reminded(tx, number)
    feed(tx, number)
    assert ("left", 1) in recipient_lists.reasons(tx, number)
    assert recipient_lists.counted(tx, number, which="call") == 0


def test_an_office_that_nobody_served_is_reached_where_somebody_came_before_it_left(tx: Transaction) -> None:
    office = end_post(tx, TONO)
    number = hold(tx)
    assert [one.reason for one in recipient_lists.listed(tx, number, which="call", limit=9)] == ["nobody"]
    come_to(tx, office)
    begin(tx, number)
    assert "5555" in reminded(tx, number)
    assert recipient_lists.counted(tx, number, which="call") == 0


def test_only_the_offices_that_were_confirmed_are_topped_up(tx: Transaction) -> None:
    office = end_post(tx, TONO)
    number = hold(tx, to=Audience(offices=frozenset({office + 1})))
    confirmed = reminded(tx, number)
    come_to(tx, office)
    begin(tx, number)
    assert reminded(tx, number) == confirmed


def test_a_role_is_reached_whoever_has_it_when_it_leaves(tx: Transaction) -> None:
    number = hold(tx, to=Audience(roles=frozenset({Role.LEADER.value})))
    come_to(tx, None, role=Role.LEADER)
    begin(tx, number)
    assert reminded(tx, number) == {str(WATI), "5555"}


def test_a_held_reminder_reaches_who_has_come_since(tx: Transaction) -> None:
    first = sent_to(tx)
    number = hold(tx, follows=first)
    come_to(tx, end_post(tx, TONO))
    begin(tx, number)
    assert "5555" in reminded(tx, number)


def test_a_reminder_leaves_out_who_left_the_post_and_reaches_the_successor(tx: Transaction) -> None:
    first = sent_to(tx)
    office = end_post(tx, TONO)
    rest = audiences.rest(first)
    assert str(TONO) not in reminded(tx, announce(tx, follows=first))
    assert [name for _, name in audiences.unmanned(tx, rest)] == ["Kec. Baamang"]
    successor = enrol(tx, "5555", name="Penerus", now=NOW)
    contacts.grant(tx, successor, role=Role.FOCAL_POINT, office_id=office, now=NOW)
    assert "5555" in reminded(tx, announce(tx, follows=first))
    assert audiences.unmanned(tx, rest) == []


def test_who_has_not_read_it_is_named_without_an_office_too(tx: Transaction) -> None:
    leaders = Audience(roles=frozenset({Role.LEADER.value}))
    first = sent_to(tx, leaders)
    unread = acknowledgements.unread(tx, first, limit=99)
    assert [(one.office, one.name) for one in unread] == [("", "Wati")]
    read(tx, first, first, WATI)
    assert acknowledgements.unread(tx, first, limit=99) == []
    assert reminded(tx, announce(tx, follows=first)) == set()
