from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.delivery import Reason
from domain.message import Message
from storage import outbox, outbox_counts, outbox_leases, outbox_outcomes, service_windows
from storage.engine.sqlite import SqliteTransaction
from storage.engine.utc import utc_text
from storage.outbox import BROADCAST, REMINDER, REPLY
from storage.outbox_leases import Outgoing
from storage.outbox_outcomes import Outcome
from tests.kit.databases import in_memory, migrated

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
LEASE = 60 * SECOND


def counts(tx: SqliteTransaction) -> dict[str, int]:
    return dict(tx.execute("SELECT state, count(*) FROM outbox GROUP BY state").fetchall())


def queue(tx: SqliteTransaction, address: str, text: str = "x", **more: Any) -> int | None:
    return outbox.insert(
        tx, channel="telegram", address=address, message=Message(text), now=NOW, terms=outbox.Terms(**more)
    )


def claim(tx: SqliteTransaction, *, now: datetime = NOW, limit: int = 30) -> list[Outgoing]:
    return outbox_leases.claim(tx, "telegram", now=now, until=now + LEASE, limit=limit)


def texts(rows: list[Outgoing]) -> list[str]:
    return [Message.from_json(row.payload).text for row in rows]


def state(tx: SqliteTransaction, row_id: int) -> str:
    return str(tx.execute("SELECT state FROM outbox WHERE id = ?", (row_id,)).fetchone()[0])


def plan(tx: SqliteTransaction, sql: str) -> str:
    return "\n".join(row[3] for row in tx.execute(f"EXPLAIN QUERY PLAN {sql}", ("x",) * sql.count("?")))


def test_a_message_with_the_same_key_is_queued_once(tx: SqliteTransaction) -> None:
    assert queue(tx, "a", dedupe_key="reply:1:0") is not None
    assert queue(tx, "a", dedupe_key="reply:1:0") is None
    assert queue(tx, "a") is not None


def test_a_turn_that_runs_again_answers_once(tx: SqliteTransaction) -> None:
    said = [Message("first"), Message("second")]
    for _ in range(2):
        outbox.answer(tx, 7, channel="telegram", address="a", messages=said, now=NOW)
    (leased,) = claim(tx)
    assert (leased.priority, leased.repeatable, texts([leased])) == (REPLY, True, ["first"])
    assert outbox.last_reply(tx, "telegram", address="a") is not None
    assert tx.execute("SELECT dedupe_key FROM outbox ORDER BY id").fetchall() == [
        ("reply:7:0",),
        ("reply:7:1",),
    ]


def test_replies_of_everybody_leave_before_reminders_and_broadcasts(tx: SqliteTransaction) -> None:
    for priority in (BROADCAST, REMINDER, REPLY):
        for person in "abc":
            queue(tx, f"{person}{priority}", f"{priority}{person}", priority=priority)
    assert texts(claim(tx, limit=4)) == ["0a", "0b", "0c", "1a"]
    assert texts(claim(tx)) == ["1b", "1c", "2a", "2b", "2c"]


def test_an_address_has_one_message_under_way_and_keeps_its_order(tx: SqliteTransaction) -> None:
    for text in ("first", "second"):
        queue(tx, "a", text)
    queue(tx, "b", "other")
    rows = claim(tx)
    assert texts(rows) == ["first", "other"]
    assert claim(tx) == []
    outbox_outcomes.settle(tx, [Outcome(rows[0].id, "sent", "m1")], now=NOW)
    assert texts(claim(tx)) == ["second"]


def test_a_lease_is_counted_and_dated(tx: SqliteTransaction) -> None:
    queue(tx, "a")
    (row,) = claim(tx)
    assert (row.attempts, row.repeatable) == (1, True)
    found = tx.execute("SELECT state, leased_at, lease_until FROM outbox").fetchone()
    assert found == ("leased", utc_text(NOW), utc_text(NOW + LEASE))


def test_a_message_that_is_tried_again_later_keeps_those_behind_it_waiting(tx: SqliteTransaction) -> None:
    for text in ("first", "second"):
        queue(tx, "a", text)
    (row,) = claim(tx)
    outbox_outcomes.settle(tx, [Outcome(row.id, "waiting", not_before=NOW + 5 * SECOND)], now=NOW)
    assert claim(tx) == []
    assert outbox_leases.next_due(tx, "telegram", now=NOW) == NOW + 5 * SECOND
    assert texts(claim(tx, now=NOW + 5 * SECOND)) == ["first"]


def test_a_message_for_tomorrow_keeps_nobody_waiting(tx: SqliteTransaction) -> None:
    queue(tx, "a", "tomorrow", priority=REMINDER, not_before=NOW + timedelta(days=1))
    queue(tx, "a", "today", priority=REMINDER)
    queue(tx, "a", "all", priority=BROADCAST)
    (row,) = claim(tx)
    assert texts([row]) == ["today"]
    outbox_outcomes.settle(tx, [Outcome(row.id, "sent")], now=NOW)
    assert texts(claim(tx)) == ["all"]


def test_a_reply_does_not_wait_behind_a_broadcast_that_is_tried_again(tx: SqliteTransaction) -> None:
    queue(tx, "a", "all", priority=BROADCAST)
    (row,) = claim(tx)
    outbox_outcomes.settle(tx, [Outcome(row.id, "waiting", not_before=NOW + 60 * SECOND)], now=NOW)
    queue(tx, "a", "answer")
    assert texts(claim(tx)) == ["answer"]


def test_no_limit_leases_nothing_and_channels_are_apart(tx: SqliteTransaction) -> None:
    queue(tx, "a")
    assert claim(tx, limit=0) == []
    assert outbox_leases.claim(tx, "whatsapp", now=NOW, until=NOW, limit=9) == []


def test_only_a_message_still_leased_is_settled(tx: SqliteTransaction) -> None:
    queue(tx, "a")
    (row,) = claim(tx)
    outbox_outcomes.settle(tx, [Outcome(row.id, "sent", "m7")], now=NOW)
    outbox_outcomes.settle(tx, [Outcome(row.id, "failed", reason=Reason.REFUSED)], now=NOW + SECOND)
    found = tx.execute("SELECT state, message_ref, sent_at, reason, lease_until FROM outbox").fetchone()
    assert found == ("sent", "m7", utc_text(NOW), None, None)


def test_a_blocked_address_is_stamped_and_what_waits_for_it_is_dropped(tx: SqliteTransaction) -> None:
    tx.execute(
        "INSERT INTO contacts (id, name, language, consent_version, consent_at, created_at) "
        "VALUES (1, 'Rina', 'id', '1', 'x', 'x')"
    )
    tx.execute(
        "INSERT INTO addresses (channel, address, contact_id) VALUES ('telegram', 'a', 1), "
        "('telegram', 'b', 1)"
    )
    ids = [queue(tx, address) for address in ("a", "a", "b")]
    rows = claim(tx)
    outbox_outcomes.settle(tx, [Outcome(rows[0].id, "failed", reason=Reason.GONE, blocked=True)], now=NOW)
    assert [state(tx, row_id) for row_id in ids if row_id] == ["failed", "dropped", "leased"]
    assert tx.execute("SELECT reason FROM outbox ORDER BY id").fetchall() == [("gone",), ("gone",), (None,)]
    found = tx.execute("SELECT address, blocked_at FROM addresses ORDER BY address").fetchall()
    assert found == [("a", utc_text(NOW)), ("b", None)]


def test_a_lease_that_ran_out_goes_back_and_what_must_not_be_repeated_becomes_unknown(
    tx: SqliteTransaction,
) -> None:
    again, once = queue(tx, "a"), queue(tx, "b", repeatable=False)
    never_left = queue(tx, "c", repeatable=False)
    assert again
    assert once
    assert never_left
    leased = claim(tx)
    assert [outbox_leases.depart(tx, row, now=NOW) for row in leased if row.id == once] == [True]
    assert outbox_leases.recover(tx, now=NOW + LEASE - SECOND) == 0
    assert outbox_leases.recover(tx, now=NOW + LEASE) == 3
    assert [state(tx, row) for row in (again, once, never_left)] == ["waiting", "unknown", "waiting"]
    assert [(row.attempts, row.unsure) for row in claim(tx)] == [(1, True), (1, False)]


def test_what_may_have_arrived_is_repeated_once_however_often_its_lease_is_lost(
    tx: SqliteTransaction,
) -> None:
    number = queue(tx, "a") or 0
    claim(tx)
    for _ in range(9):
        outbox_leases.recover(tx, now=NOW, all_leases=True)
        ((row,)) = claim(tx)  # it never left again: that would have been written down before
        assert (row.attempts, row.unsure) == (1, True)
    outbox_outcomes.settle(tx, [Outcome(number, "waiting", untried=True)], now=NOW)
    ((row,)) = claim(tx)
    assert row.unsure
    assert outbox_leases.depart(tx, row, now=NOW)
    outbox_leases.recover(tx, now=NOW, all_leases=True)
    assert state(tx, number) == "unknown"


def test_what_may_have_arrived_is_not_written_anew(tx: SqliteTransaction) -> None:
    queue(tx, "a")
    claim(tx)
    outbox_leases.recover(tx, now=NOW, all_leases=True)
    assert outbox.last_reply(tx, "telegram", address="a") is None


def test_what_somebody_else_has_leased_meanwhile_does_not_depart(tx: SqliteTransaction) -> None:
    queue(tx, "a", repeatable=False)
    (ours,) = claim(tx)
    outbox_leases.recover(tx, now=NOW + LEASE)
    (theirs,) = outbox_leases.claim(tx, "telegram", now=NOW + LEASE, until=NOW + 2 * LEASE, limit=9)
    assert not outbox_leases.depart(tx, ours, now=NOW + LEASE)
    assert outbox_leases.depart(tx, theirs, now=NOW + LEASE)
    assert not outbox_leases.depart(tx, theirs, now=NOW + 2 * LEASE)


def test_at_a_start_every_lease_is_taken_back(tx: SqliteTransaction) -> None:
    queue(tx, "a")
    claim(tx)
    assert outbox_leases.recover(tx, now=NOW, all_leases=True) == 1
    assert len(claim(tx)) == 1


def test_what_left_lately_is_known_for_the_pace(tx: SqliteTransaction) -> None:
    queue(tx, "a")
    queue(tx, "b")
    (row, _) = claim(tx)
    outbox_outcomes.settle(tx, [Outcome(row.id, "sent")], now=NOW)
    assert outbox_leases.recent(tx, "telegram", since=NOW - SECOND, leased_since=NOW - SECOND) == [
        ("a", NOW),
        ("b", None),
    ]
    assert outbox_leases.recent(tx, "telegram", since=NOW, leased_since=NOW) == []


def test_the_next_due_time_is_the_earliest_still_to_come(tx: SqliteTransaction) -> None:
    assert outbox_leases.next_due(tx, "telegram", now=NOW) is None
    queue(tx, "a")
    assert outbox_leases.next_due(tx, "telegram", now=NOW) is None
    for priority, wait in ((REMINDER, 50), (BROADCAST, 20), (REPLY, 90)):
        queue(tx, "b", priority=priority, not_before=NOW + wait * SECOND)
    assert outbox_leases.next_due(tx, "telegram", now=NOW) == NOW + 20 * SECOND
    assert outbox_leases.next_due(tx, "telegram", now=NOW + 20 * SECOND) == NOW + 50 * SECOND


def test_half_an_emoji_leaves_as_a_message(tx: SqliteTransaction) -> None:
    queue(tx, "a", "cut \ud83d")
    assert texts(claim(tx)) == ["cut \ud83d"]


def test_what_leaves_in_the_morning_is_not_to_come_tonight(tx: SqliteTransaction) -> None:
    morning = NOW + timedelta(hours=10)
    for priority in (REMINDER, BROADCAST):
        queue(tx, "a", priority=priority, not_before=morning)
    assert outbox_counts.coming_count(tx, now=NOW) == 0
    assert outbox_counts.coming_count(tx, now=morning) == 2


@pytest.mark.parametrize(("priority", "comes"), [(REPLY, 1), (REMINDER, 1), (BROADCAST, 0)])
def test_what_is_tried_again_is_to_come_but_for_announcements(
    tx: SqliteTransaction, priority: int, comes: int
) -> None:
    queue(tx, "a", priority=priority)
    (row,) = claim(tx)
    outbox_outcomes.settle(tx, [Outcome(row.id, "waiting", not_before=NOW + SECOND)], now=NOW)
    assert outbox_counts.coming_count(tx, now=NOW) == comes


def test_counts_and_sweep_know_open_from_closed(tx: SqliteTransaction) -> None:
    for person in "abc":
        queue(tx, person)
    rows = claim(tx, limit=2)
    outbox_outcomes.settle(tx, [Outcome(rows[0].id, "sent")], now=NOW)
    assert outbox_counts.open_count(tx) == 2
    assert counts(tx) == {"waiting": 1, "leased": 1, "sent": 1}
    assert outbox_outcomes.sweep(tx, before=NOW).count == 0
    assert outbox_outcomes.sweep(tx, before=NOW + SECOND).count == 1
    assert counts(tx) == {"waiting": 1, "leased": 1}


def steps(tx: SqliteTransaction, work: Any) -> int:
    """Count SQLite's own steps, in thousands: a measure no busy machine can change."""
    seen: list[int] = []
    tx.set_progress_handler(lambda: seen.append(1), 1000)
    work()
    tx.set_progress_handler(None, 0)
    return len(seen)


@pytest.mark.sqlite
def test_a_claim_does_not_read_a_hundred_thousand_waiting_rows(tx: SqliteTransaction) -> None:
    """A broadcast to everybody, reminders for tomorrow, many sent; then one person asks."""
    tx.execute("BEGIN")
    insert = (
        "WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < 99999) "
        "INSERT INTO outbox (channel, address, priority, payload, created_at, not_before) "
        "SELECT 'telegram', CAST(n AS TEXT), ?, '{}', ?, ? FROM numbers"
    )
    at, tomorrow = utc_text(NOW), utc_text(NOW + timedelta(days=1))
    tx.execute(insert, (BROADCAST, at, None))
    tx.execute(insert, (REMINDER, at, tomorrow))
    tx.execute("COMMIT")
    assert len(claim(tx, limit=200)) == 200
    queue(tx, "99999", "answer")
    rows: list[Outgoing] = []
    assert steps(tx, lambda: rows.extend(claim(tx, limit=30))) < 20
    assert (len(rows), texts(rows[:1])) == (30, ["answer"])
    assert steps(tx, lambda: outbox_leases.next_due(tx, "telegram", now=NOW)) == 0
    assert steps(tx, lambda: outbox_leases.recover(tx, now=NOW)) < 10


@pytest.mark.sqlite
def test_the_indexes_are_used(tx: SqliteTransaction) -> None:
    claiming = plan(tx, outbox_leases._CLAIM)
    assert claiming.count("SEARCH o USING INDEX outbox_due (channel=? AND priority=? AND <expr><?)") == 3
    assert claiming.count("SEARCH l USING INDEX outbox_leased (channel=? AND address=?)") == 3
    assert claiming.count("SEARCH e USING INDEX outbox_open (channel=? AND address=? AND priority<?)") == 3
    assert "TEMP B-TREE" not in claiming
    assert "outbox_leased" in plan(tx, outbox_leases._RECOVER)
    assert "outbox_recent" in plan(tx, outbox_leases._RECENT)
    assert plan(tx, outbox_leases._NEXT_DUE).count("outbox_due") == 3
    assert "outbox_open" in plan(tx, outbox_outcomes._DROP)


@given(
    sent=st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from([REPLY, BROADCAST])), min_size=1, max_size=12
    ),
    fates=st.lists(st.sampled_from(["sent", "failed", "unknown", "waiting", "lost"]), max_size=40),
)
def test_each_address_gets_its_messages_in_order_whatever_the_network_does(
    sent: list[tuple[str, int]], fates: list[str]
) -> None:
    tx = in_memory(migrated())
    for address, priority in sent:
        queue(tx, address, priority=priority)
    now, left, ends = NOW, [], iter(fates)
    while rows := claim(tx, now=now, limit=2):
        assert len({row.address for row in rows}) == len(rows)
        for row in rows:
            fate: Any = next(ends, "sent")
            if fate == "lost":
                continue
            later = now + SECOND if fate == "waiting" else None
            outbox_outcomes.settle(tx, [Outcome(row.id, fate, not_before=later)], now=now)
            if fate != "waiting":
                left.append((row.address, row.priority, row.id))
        now += 2 * LEASE
        outbox_leases.recover(tx, now=now)
    assert sorted(left, key=lambda row: row[0]) == sorted(left)
    assert len(left) == len(sent)
    tx.close()


def test_a_message_leaves_in_the_language_of_who_reads_it(tx: SqliteTransaction) -> None:
    tx.execute(
        "INSERT INTO contacts (id, name, language, consent_version, consent_at, created_at) "
        "VALUES (1, 'Rina', 'en', '1', 'x', 'x')"
    )
    tx.execute("INSERT INTO addresses (channel, address, contact_id) VALUES ('telegram', 'a', 1)")
    for address in ("a", "b"):
        queue(tx, address)
    assert [row.language for row in claim(tx)] == ["en", ""]


def test_an_answer_leaves_free_though_it_is_kept_no_more_that_the_person_spoke(tx: SqliteTransaction) -> None:
    queue(tx, "a", "farewell", dedupe_key="reply:1:0")
    queue(tx, "b", "notice")
    assert [(row.address, row.spoke_at) for row in claim(tx)] == [("a", NOW), ("b", None)]


def test_a_window_the_platform_has_closed_stays_closed_for_an_answer(tx: SqliteTransaction) -> None:
    queue(tx, "a", "late", dedupe_key="reply:1:0")
    service_windows.close(tx, "telegram", address="a", leased_at=utc_text(NOW))
    assert [row.spoke_at for row in claim(tx)] == [None]


def test_whoever_has_spoken_since_a_message_was_leased_keeps_their_window(tx: SqliteTransaction) -> None:
    service_windows.spoke(tx, "telegram", address="a", at=NOW)
    queue(tx, "a")
    service_windows.close(tx, "telegram", address="a", leased_at=utc_text(NOW - SECOND))
    assert [row.spoke_at for row in claim(tx)] == [NOW]


def test_what_was_put_off_counts_as_waiting_from_its_time_on(tx: SqliteTransaction) -> None:
    queue(tx, "a", not_before=NOW + 60 * SECOND)
    assert outbox_counts.oldest_due(tx, now=NOW) is None
    assert outbox_counts.oldest_due(tx, now=NOW + 70 * SECOND) == utc_text(NOW + 60 * SECOND)


def test_an_answer_under_a_lost_lease_says_only_that_the_message_was_taken(tx: SqliteTransaction) -> None:
    for answer, kept in (("sent", "sent"), ("waiting", "waiting")):
        number = queue(tx, answer)
        lost = claim(tx)[0]
        outbox_leases.recover(tx, now=NOW + LEASE)
        outbox_outcomes.settle(tx, [lost.outcome(answer, message_ref="r")], now=NOW)  # type: ignore[arg-type]
        assert state(tx, number or 0) == kept
    again = claim(tx, now=NOW + LEASE)[0]
    assert again.unsure
    outbox_outcomes.settle(tx, [lost.outcome("failed")], now=NOW)
    assert state(tx, again.id) == "leased", "this try has a fate of its own"
