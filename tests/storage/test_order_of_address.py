"""What keeps the messages behind it to the same address waiting, and what does not."""

from __future__ import annotations

from datetime import timedelta

from storage import outbox_leases, outbox_outcomes
from storage.engine.sqlite import SqliteTransaction
from storage.held_messages import HELD_UNTIL
from storage.outbox_outcomes import Outcome
from tests.storage.test_outbox import NOW, SECOND, claim, queue, texts


def test_where_a_status_may_still_tell_a_lost_lease_waits_for_it_and_keeps_its_place(
    tx: SqliteTransaction,
) -> None:
    queue(tx, "a", "first")
    claim(tx)
    queue(tx, "a", "second")
    later = NOW + timedelta(seconds=5)
    assert outbox_leases.recover(tx, now=NOW, channel="whatsapp", all_leases=True, told_until=later) == 0
    assert outbox_leases.recover(tx, now=NOW, channel="telegram", all_leases=True, told_until=later) == 1
    assert claim(tx, now=later - SECOND) == []
    ((again,)) = claim(tx, now=later)
    assert (texts([again]), again.unsure) == (["first"], True)


def test_what_is_held_until_the_person_speaks_keeps_nobody_waiting(tx: SqliteTransaction) -> None:
    """Also where a try of it may have arrived: what asks the person to speak comes behind it."""
    held = queue(tx, "a", "held") or 0
    claim(tx)
    outbox_outcomes.settle(tx, [Outcome(held, "waiting", not_before=NOW, unsure=True)], now=NOW)
    claim(tx)
    outbox_outcomes.settle(tx, [Outcome(held, "waiting", not_before=HELD_UNTIL, untried=True)], now=NOW)
    queue(tx, "a", "bell")
    assert texts(claim(tx)) == ["bell"]
