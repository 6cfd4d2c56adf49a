"""Whom an announcement and its reminder reach: who left a post is passed over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from domain.announcing.audience import Audience
from domain.people import Role
from storage import acknowledgements, audiences, contacts, posts, recipient_lists
from storage.audit import Actor
from storage.engine.transaction import Transaction
from tests.kit.announced import NOW, announce, feed, read, sent_to
from tests.kit.databases import in_memory, with_every_office
from tests.kit.people import BUDI, TONO, WATI, enrol


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
