"""What a platform tells later of a send: written down upwards only, and settling what we never heard of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.delivery import Progress, Reason, Reported
from domain.message import Message
from storage import outbox, outbox_leases, outbox_outcomes, send_progress
from storage.engine.transaction import Transaction
from storage.outbox_outcomes import Outcome

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def leased(tx: Transaction, *, repeatable: bool = True) -> int:
    message = Message("x")
    number = outbox.insert(
        tx, channel="kurir", address="a", message=message, now=NOW, terms=outbox.Terms(repeatable=repeatable)
    )
    assert number is not None
    outbox_leases.claim(tx, "kurir", now=NOW, until=NOW + timedelta(seconds=60), limit=9)
    return number


def sent(tx: Transaction) -> int:
    number = leased(tx)
    outbox_outcomes.settle(tx, [Outcome(number, "sent", "r-1")], now=NOW)
    return number


def comes(
    tx: Transaction, number: int, *told: str, channel: str = "kurir", reference: str = "r-9"
) -> list[bool]:
    return [rises(tx, Reported(number, Progress(one), reference, Reason.BLOCKED), channel) for one in told]


def rises(tx: Transaction, reported: Reported, channel: str) -> bool:
    message = send_progress.load(tx, channel, outbox_id=reported.outbox_id)
    if message is None:
        return False
    after = send_progress.risen(message, reported)
    send_progress.keep(tx, [(message, after)], now=NOW)
    return after.progress is not message.progress


def row(tx: Transaction, number: int) -> tuple[str | None, ...]:
    sql = "SELECT state, progress, reason, message_ref FROM outbox WHERE id = ?"
    return tuple(tx.execute(sql, (number,)).fetchone())


def test_a_status_moves_upwards_and_keeps_the_reference(tx: Transaction) -> None:
    number = sent(tx)
    assert comes(tx, number, "delivered", "sent", "delivered", "read") == [True, False, False, True]
    assert row(tx, number) == ("sent", "read", None, "r-1")


def test_a_send_that_failed_later_says_why_until_a_delivery_is_told(tx: Transaction) -> None:
    number = sent(tx)
    comes(tx, number, "sent", "failed", reference="r-1")
    assert row(tx, number) == ("failed", "failed", "blocked", "r-1")
    comes(tx, number, "delivered")
    assert row(tx, number) == ("sent", "delivered", None, "r-1")


def test_a_first_try_that_is_told_to_have_failed_says_nothing_of_its_repeat_that_was_taken(
    tx: Transaction,
) -> None:
    number = sent(tx)
    assert comes(tx, number, "failed") == [False]
    assert row(tx, number) == ("sent", None, None, "r-1")


@pytest.mark.parametrize("repeatable", [True, False])
def test_a_status_settles_a_send_we_died_in(tx: Transaction, repeatable: bool) -> None:
    number = leased(tx, repeatable=repeatable)
    outbox_leases.recover(tx, now=NOW, all_leases=True)
    assert comes(tx, number, "accepted") == [True]
    assert row(tx, number) == ("sent", "accepted", None, "r-9")
    assert outbox_leases.claim(tx, "kurir", now=NOW, until=NOW, limit=9) == []
    outbox_outcomes.settle(tx, [Outcome(number, "waiting")], now=NOW)
    assert row(tx, number)[0] == "sent"


def test_a_failure_of_an_earlier_try_does_not_end_the_next(tx: Transaction) -> None:
    number = leased(tx)
    outbox_leases.recover(tx, now=NOW, all_leases=True)
    assert comes(tx, number, "failed") == [False]
    assert row(tx, number)[0] == "waiting"


def test_a_stranger_s_tracker_changes_nothing(tx: Transaction) -> None:
    number = sent(tx)
    assert comes(tx, number + 1, "read") == comes(tx, number, "read", channel="telegram") == [False]
    assert row(tx, number) == ("sent", None, None, "r-1")
