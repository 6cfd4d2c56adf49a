"""The recipients of an announcement: each once, states that only rise, a stop, and a late "I have read
it".
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.delivery import Progress, Reason, Reported
from domain.message import Message
from storage import (
    acknowledgements,
    audiences,
    broadcasts,
    contacts,
    failed_sends,
    offices,
    outbox,
    outbox_leases,
    outbox_outcomes,
    personal,
    recipient_lists,
    recipients,
    send_progress,
    service_windows,
)
from storage.engine.transaction import Transaction
from storage.held_messages import HELD_UNTIL
from storage.outbox_outcomes import Outcome
from tests.kit.announced import EVERYBODY, LATER, NOW, announce, feed, read, send
from tests.kit.databases import in_memory, with_every_office, with_people
from tests.kit.properties import SHARES_FIXTURE

TOLD_LATER = ("sent", "failed", "delivered", "read")  # of a message that was taken, from the least on


@pytest.fixture
def tx() -> Iterator[Transaction]:
    with closing(in_memory(with_every_office())) as connection:
        yield connection


def test_everybody_is_queued_once_however_often_it_is_fed(tx: Transaction) -> None:
    number = announce(tx)
    assert [feed(tx, number, 20), feed(tx, number, 20), feed(tx, number, 20), feed(tx, number)] == [
        20,
        20,
        8,
        0,
    ]
    keys = tx.execute("SELECT dedupe_key, repeatable, priority FROM outbox").fetchall()
    assert len({key for key, _, _ in keys}) == 48
    assert {(repeatable, priority) for _, repeatable, priority in keys} == {(0, outbox.BROADCAST)}
    send(tx, 99)
    assert recipients.settle(tx, number, now=NOW) == 48
    assert recipients.settle(tx, number, now=NOW) == 0
    assert recipient_lists.tally(tx, number).sent == 48


def test_a_stop_at_twenty_leaves_the_others_untouched_and_listed(tx: Transaction) -> None:
    number = announce(tx)
    feed(tx, number, 30)
    send(tx, 20)
    recipients.settle(tx, number, now=NOW)
    assert broadcasts.stop(tx, number)
    assert recipients.stop(tx, number, now=NOW) == 28
    assert feed(tx, number) == 0
    assert outbox_leases.claim(tx, "telegram", now=NOW, until=LATER, limit=99) == []
    tally = recipient_lists.tally(tx, number)
    assert (tally.sent, tally.skipped, tally.still) == (20, 28, 0)
    assert len(recipient_lists.listed(tx, number, which="stopped", limit=99)) == 28
    named = {row[0] for row in tx.execute("SELECT outbox_id FROM broadcast_recipients")}
    note = outbox.insert(tx, channel="telegram", address="1", message=Message("Ini baru."), now=NOW)
    assert note not in named, "what is told of the new message would count for somebody left out"
    assert not broadcasts.stop(tx, number), "twice is once"


def test_a_stop_also_holds_what_failed_later_and_would_leave_again(tx: Transaction) -> None:
    number = announce(tx)
    feed(tx, number)
    send(tx, 99)
    recipients.settle(tx, number, now=NOW)
    ((row,),) = tx.execute("SELECT min(outbox_id) FROM broadcast_recipients")
    message = send_progress.load(tx, "telegram", outbox_id=row)
    assert message is not None
    later = send_progress.risen(message, Reported(row, Progress.FAILED))
    send_progress.keep(tx, [(message, later)], now=NOW)
    failed = failed_sends.load(tx, row)
    assert failed is not None
    failed_sends.put_back(tx, failed)
    assert broadcasts.stop(tx, number)
    assert recipients.stop(tx, number, now=NOW) == 1
    assert outbox_leases.claim(tx, "telegram", now=NOW, until=LATER, limit=99) == []
    assert recipient_lists.tally(tx, number).sent == 47


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("failed", Reason.BLOCKED),
        ("failed", Reason.GONE),
        ("failed", Reason.REFUSED),
        ("failed", Reason.NOT_SENT),
        ("failed", Reason.UNMADE),
        ("unknown", Reason.UNKNOWN),
    ],
)
def test_a_send_that_did_not_arrive_says_why(tx: Transaction, state: str, reason: Reason) -> None:
    number = announce(tx)
    feed(tx, number, 1)
    send(tx, 1, state=state, reason=reason)
    recipients.settle(tx, number, now=NOW)
    found = tx.execute(
        "SELECT state, reason FROM broadcast_recipients WHERE outbox_id IS NOT NULL"
    ).fetchall()
    assert found == [(state, reason)]
    assert recipient_lists.reasons(tx, number) == [(reason, 1)]


def test_who_blocks_before_the_turn_comes_is_skipped_and_to_be_called(tx: Transaction) -> None:
    number = announce(tx)
    contacts.block(tx, "telegram", address="2001", now=NOW)
    feed(tx, number)
    (blocked,) = recipient_lists.listed(tx, number, which="call", limit=9)
    assert (blocked.state, blocked.reason) == ("skipped", "blocked")
    again = audiences.reach(tx, audiences.chosen(EVERYBODY, 1))
    assert (again.people, again.reachable) == (48, 47), "the next one does not try"


@pytest.mark.parametrize(
    ("rings", "bell", "progress", "reason"),
    [
        (True, "sent", "delivered", "notified"),
        (True, "sent", "read", "notified"),
        (True, "sent", "sent", "ringing"),  # whoever has blocked us looks like this until Meta says so
        (True, "waiting", None, "ringing"),
        (True, "failed", "failed", "window"),
        (True, None, None, "ringing"),  # asked by the bell of another message, which is kept no more
        (False, None, None, "window"),
    ],
)
def test_who_was_asked_to_open_the_talk_is_not_called_out_of_reach(
    tx: Transaction, rings: bool, bell: str | None, progress: str | None, reason: str
) -> None:
    number = announce(tx)
    feed(tx, number, 1)
    (row,) = outbox_leases.claim(tx, "telegram", now=NOW, until=LATER, limit=1)
    held = Outcome(row.id, "waiting", not_before=HELD_UNTIL, reason=Reason.WINDOW, untried=True)
    outbox_outcomes.settle(tx, [held], now=NOW)
    if rings:
        assert service_windows.ring(tx, "telegram", address=row.address, now=NOW, pause=timedelta(hours=20))
    if bell:
        key = f"rung:{row.id}"
        outbox.insert(
            tx,
            channel="telegram",
            address=row.address,
            message=Message("."),
            now=NOW,
            terms=outbox.Terms(priority=outbox.BROADCAST, dedupe_key=key),
        )
        statement = "UPDATE outbox SET state = ?, progress = ? WHERE dedupe_key LIKE 'rung:%'"
        tx.execute(statement, (bell, progress))
    recipients.settle(tx, number, now=NOW)
    assert recipient_lists.reasons(tx, number) == [(reason, 1)]
    assert recipient_lists.counted(tx, number, which="call") == 1
    for which in ("notified", "ringing"):
        assert recipient_lists.counted(tx, number, which=which) == (reason == which)
    (shown,) = [entry for entry in recipient_lists.every(tx, number) if entry.reason]
    assert (shown.state, shown.reason) == ("skipped" if reason == "window" else "waiting", reason)


def test_to_whom_it_came_is_counted_apart_from_whom_it_was_taken_for(tx: Transaction) -> None:
    number = announce(tx)
    feed(tx, number, 4)
    for row, progress in ((1, None), (2, "sent"), (3, "delivered"), (4, "read")):
        send(tx, row)
        tx.execute("UPDATE outbox SET progress = ? WHERE id = ?", (progress, row))
    recipients.settle(tx, number, now=NOW)
    assert recipient_lists.arrivals(tx, number) == [("telegram", 2, 2)]


def test_who_had_themselves_erased_stops_nobody(tx: Transaction) -> None:
    number = announce(tx)
    contact = contacts.by_address(tx, "telegram", address="2001")
    assert contact is not None
    personal.erase(tx, contact.id, now=NOW)
    assert feed(tx, number) == 48
    tally = recipient_lists.tally(tx, number)
    assert (tally.queued, tally.skipped) == (47, 1)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=SHARES_FIXTURE,
)
@given(reports=st.lists(st.sampled_from(Progress), max_size=8))
def test_late_doubled_and_disordered_reports_never_lower_a_state(
    tx: Transaction, reports: list[Progress]
) -> None:
    tx.execute("BEGIN")
    number = announce(tx)
    feed(tx, number, 1)
    send(tx, 1)
    recipients.settle(tx, number, now=NOW)
    ((row,),) = tx.execute("SELECT outbox_id FROM broadcast_recipients WHERE outbox_id IS NOT NULL")
    highest = 0
    for report in reports:
        message = send_progress.load(tx, "telegram", outbox_id=row)
        assert message is not None
        send_progress.keep(tx, [(message, send_progress.risen(message, Reported(row, report)))], now=NOW)
        rank = TOLD_LATER.index(report) if report in TOLD_LATER else 0
        assert recipients.follow(tx, row, now=NOW) == (rank > highest)
        highest = max(highest, rank)
        ((state,),) = tx.execute("SELECT state FROM broadcast_recipients WHERE outbox_id = ?", (row,))
        assert state == TOLD_LATER[highest]
    tx.execute("ROLLBACK")


def test_a_reminder_goes_to_the_rest_and_a_late_reader_is_spared(tx: Transaction) -> None:
    first = announce(tx)
    feed(tx, first)
    send(tx, 99)
    recipients.settle(tx, first, now=NOW)
    assert [read(tx, first, first, 1001), read(tx, first, first, 1001), read(tx, first, first, 1004)] == [
        True,
        False,
        None,
    ]
    reminder = announce(tx, follows=first)
    assert recipient_lists.tally(tx, reminder).waiting == 46, (
        "not to the office that has read it, whoever of it did"
    )
    feed(tx, reminder, 20)
    queued = tx.execute(
        "SELECT address FROM broadcast_recipients WHERE broadcast_id = ? AND state = 'queued'", (reminder,)
    ).fetchone()[0]
    waiting = tx.execute(
        "SELECT address FROM broadcast_recipients WHERE broadcast_id = ? AND state = 'waiting'", (reminder,)
    ).fetchone()[0]
    assert [read(tx, first, first, queued), read(tx, first, first, waiting)] == [True, True]
    feed(tx, reminder)
    send(tx, 99)
    recipients.settle(tx, reminder, now=NOW)
    tally = recipient_lists.tally(tx, reminder)
    assert (tally.sent, tally.skipped) == (44, 2)
    assert acknowledgements.readers(tx, first).offices_read == 3
    assert len(acknowledgements.unread(tx, first, limit=99)) == 44


def test_a_reply_finds_the_announcement_it_answers_for_its_own_reader_alone(tx: Transaction) -> None:
    number = announce(tx)
    feed(tx, number)
    send(tx, 99)
    ref = tx.execute("SELECT message_ref, address FROM outbox LIMIT 1").fetchone()
    contact = contacts.by_address(tx, "telegram", address=ref[1])
    other = contacts.by_address(tx, "telegram", address="1004")
    assert contact is not None
    assert other is not None
    where = {"channel": "telegram", "address": ref[1]}
    found = acknowledgements.sent_as(tx, contact.id, message_ref=ref[0], **where)
    assert found == (number, contact.offices[0]), "even before the outcome is taken over"
    assert acknowledgements.sent_as(tx, other.id, message_ref=ref[0], **where) is None
    assert acknowledgements.sent_as(tx, contact.id, message_ref="0", **where) is None


def test_a_held_one_can_be_taken_back_and_a_running_one_not(tx: Transaction) -> None:
    number = announce(tx)
    assert not broadcasts.recall(tx, number)
    assert not broadcasts.cancel(tx, number, now=NOW)
    tx.execute("UPDATE broadcasts SET state = 'held' WHERE id = ?", (number,))
    assert broadcasts.recall(tx, number)
    assert recipient_lists.tally(tx, number).still == 0
    assert broadcasts.cancel(tx, number, now=NOW)
    assert broadcasts.active(tx, now=LATER) == []


def test_offices_without_anybody_are_to_be_called() -> None:
    tx = in_memory(with_people())
    number = announce(tx)
    found = recipient_lists.listed(tx, number, which="call", limit=99)
    assert len(found) == len(offices.active(tx)) - 2
    assert {one.reason for one in found} == {"nobody"}
    tx.close()
