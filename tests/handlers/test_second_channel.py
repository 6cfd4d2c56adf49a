"""What nobody asked for and did not arrive is tried once at the other address of its person (F95)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.channels import SendError, Undeliverable
from bot.channels.contract import SendStatus
from bot.inbound.send_status import take_status
from domain.delivery import Progress, Reason
from domain.message import Message
from domain.reminding.facts import Key
from storage import addresses, contacts, occurrences, opt_ins, outbox, outbox_outcomes
from storage.engine.transaction import Transaction
from storage.outbox_outcomes import Outcome
from tests.kit.clock_and_codes import MORNING
from tests.kit.desk_turns import DESK

RINA = 1
EVENING = MORNING + timedelta(hours=13)  # 21.00 WIB


@pytest.fixture
def both(tx: Transaction) -> Transaction:
    """Rina is known on both channels, and wrote on Telegram last."""
    addresses.give(tx, RINA, channel="whatsapp", address="ID.77", now=MORNING - timedelta(days=1))
    addresses.spoke(tx, "telegram", address="1001", at=MORNING)
    return tx


def queued(tx: Transaction, *, key: str | None = None, priority: int = outbox.REMINDER) -> int:
    """Queue something for Rina where she wrote last, and lease it."""
    channel, address, _ = contacts.reach(tx, RINA) or ("", "", "")
    number = outbox.insert(
        tx,
        channel=channel,
        address=address,
        message=Message("Kabar", edit="7"),
        now=MORNING,
        terms=outbox.Terms(priority=priority, dedupe_key=key),
    )
    assert number
    return number


def settled(tx: Transaction, number: int, **outcome: object) -> None:
    """Write down what became of it, as the sender does."""
    tx.execute("UPDATE outbox SET state = 'leased' WHERE id = ?", (number,))
    outbox_outcomes.settle(tx, [Outcome(number, **outcome)], now=MORNING)  # type: ignore[arg-type]
    DESK.not_arrived(tx, number, now=MORNING)


def waiting(tx: Transaction) -> list[tuple[str, str, int | None]]:
    """What is still to be sent: channel, address, and in place of what."""
    return tx.execute(
        "SELECT channel, address, instead_of FROM outbox WHERE state = 'waiting' ORDER BY id"
    ).fetchall()


@pytest.mark.parametrize(
    "reason", [Reason.BLOCKED, Reason.GONE, Reason.REFUSED, Reason.UNDELIVERABLE, Reason.NOT_SENT]
)
def test_what_fails_for_good_goes_to_the_other_address_once(both: Transaction, reason: Reason) -> None:
    number = queued(both)
    settled(both, number, state="failed", reason=reason)
    assert waiting(both) == [("whatsapp", "ID.77", number)]
    DESK.not_arrived(both, number, now=MORNING)
    assert waiting(both) == [("whatsapp", "ID.77", number)]
    settled(both, number + 1, state="failed", reason=reason)
    assert waiting(both) == []


@pytest.mark.parametrize(
    "outcome",
    [
        {"state": "sent", "message_ref": "1"},
        {"state": "unknown", "reason": Reason.UNKNOWN},
        {"state": "failed", "reason": Reason.UNMADE},
        {"state": "waiting", "reason": Reason.NOT_SENT},
    ],
)
def test_what_arrived_may_have_arrived_or_is_tried_again_does_not(
    both: Transaction, outcome: dict[str, object]
) -> None:
    number = queued(both)
    settled(both, number, **outcome)
    assert [row for row in waiting(both) if row[2] is not None] == []


@pytest.mark.parametrize("key", ["reply:1:0", "flood:1", "rung:9"])
def test_an_answer_stays_where_it_was_asked_for(both: Transaction, key: str) -> None:
    settled(both, queued(both, key=key), state="failed", reason=Reason.REFUSED)
    assert waiting(both) == []


def test_what_waited_behind_a_blocked_message_goes_along(both: Transaction) -> None:
    first, second = queued(both, key="news:1"), queued(both, key="news:2")
    queued(both, key="reply:1:0")
    settled(both, first, state="failed", reason=Reason.BLOCKED, blocked=True)
    assert waiting(both) == [("whatsapp", "ID.77", first), ("whatsapp", "ID.77", second)]


def test_who_has_one_address_has_no_second_try(tx: Transaction) -> None:
    settled(tx, queued(tx), state="failed", reason=Reason.REFUSED)
    assert waiting(tx) == []


def test_a_blocked_other_address_is_none(both: Transaction) -> None:
    contacts.block(both, "whatsapp", address="ID.77", now=MORNING)
    settled(both, queued(both), state="failed", reason=Reason.REFUSED)
    assert waiting(both) == []


def test_the_second_try_keeps_quiet_hours_and_changes_no_other_message(both: Transaction) -> None:
    number = queued(both)
    both.execute("UPDATE outbox SET state = 'failed', reason = 'refused' WHERE id = ?", (number,))
    DESK.not_arrived(both, number, now=EVENING)
    (payload, not_before), = both.execute(
        "SELECT payload, not_before FROM outbox WHERE instead_of IS NOT NULL"
    ).fetchall()  # fmt: skip
    assert Message.from_json(payload).edit == ""
    assert not_before > EVENING.isoformat()


def test_a_reminder_takes_what_it_tells_along(both: Transaction) -> None:
    number = queued(both)
    occurrences.keep(
        both, [Key("tenggat", 1, 2, RINA, "H-7", "2026-12-15")], state="told", now=MORNING, outbox_id=number
    )
    settled(both, number, state="failed", reason=Reason.REFUSED)
    assert len(occurrences.of_message(both, number + 1)[0]) == 1


def told(tx: Transaction, number: int, progress: Progress, error: SendError | None = None) -> None:
    """Let the platform say later what became of a message."""
    take_status(
        tx,
        "telegram",
        status=SendStatus(number, progress, error=error),
        now=MORNING,
        desk=DESK,
    )


def announced(tx: Transaction) -> int:
    """Announce something to Rina."""
    tx.execute(
        "INSERT INTO broadcasts (contact_id, channel, address, created_at) "
        "VALUES (5, 'telegram', '1005', '2026')"
    )
    number = queued(tx, key="broadcast:1:1", priority=outbox.BROADCAST)
    tx.execute(
        "INSERT INTO broadcast_recipients (broadcast_id, contact_id, channel, address, state, outbox_id) "
        "VALUES (1, 1, 'telegram', '1001', 'queued', ?)",
        (number,),
    )
    return number


def recipient(tx: Transaction) -> tuple[object, ...]:
    """How the one recipient stands."""
    sql = "SELECT state, first_channel, channel, address FROM broadcast_recipients"
    row: tuple[object, ...] = tx.execute(sql).fetchone()
    return row


def test_a_failure_told_later_is_said_in_the_row_of_the_recipient(both: Transaction) -> None:
    number = announced(both)
    settled(both, number, state="sent", message_ref="1")
    told(both, number, Progress.FAILED, Undeliverable("x"))
    assert recipient(both) == ("queued", "telegram", "whatsapp", "ID.77")


def test_a_delivery_told_after_the_failure_calls_the_second_try_off(both: Transaction) -> None:
    number = announced(both)
    settled(both, number, state="sent", message_ref="1")
    told(both, number, Progress.FAILED, Undeliverable("x"))
    told(both, number, Progress.DELIVERED)
    assert waiting(both) == []
    assert recipient(both) == ("delivered", None, "telegram", "1001")


def test_silence_takes_the_second_try_back_too(both: Transaction) -> None:
    settled(both, queued(both), state="failed", reason=Reason.REFUSED)
    opt_ins.record(
        both, RINA, opt_ins.OptIn(wants=False, channel="whatsapp", how="word", version="3"), now=MORNING
    )
    assert waiting(both) == []
