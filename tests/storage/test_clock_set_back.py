"""A clock that ran ahead and came back leaves nothing waiting for where it was."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.delivery import Reason
from domain.message import Message
from storage import clock_set_back, inbox, occurrences, outbox, outbox_leases, outbox_outcomes
from storage.engine.sqlite import SqliteTransaction
from storage.held_messages import HELD_UNTIL
from storage.inbox import Arrival
from storage.outbox_outcomes import Outcome
from tests.kit.clock_and_codes import MORNING

NOW = MORNING
AHEAD = MORNING + timedelta(hours=1)


def write_at(tx: SqliteTransaction, at: datetime) -> None:
    """Receive and postpone an update, try and postpone a message, note a tick, and queue one for later."""
    inbox.insert(tx, "telegram", arrivals=[Arrival("1", "1", "{}")], now=at)
    inbox.postpone(tx, 1, until=at + timedelta(seconds=20), note="")
    outbox.insert(tx, channel="telegram", address="1", message=Message("a"), now=at)
    outbox_leases.claim(tx, "telegram", now=at, until=at + timedelta(minutes=1), limit=1)
    outbox_outcomes.settle(tx, [Outcome(1, "waiting", not_before=at + timedelta(seconds=20))], now=at)
    tomorrow = outbox.Terms(not_before=NOW + timedelta(days=1))
    outbox.insert(tx, channel="telegram", address="2", message=Message("b"), now=at, terms=tomorrow)
    occurrences.set_tick(tx, "reminders", now=at)


def test_what_waits_for_a_future_that_was_left_happens_now(tx: SqliteTransaction) -> None:
    write_at(tx, AHEAD)
    assert clock_set_back.count_ahead(tx, now=NOW) == {"ticks": 1, "updates": 1, "messages": 1}
    clock_set_back.bring_back(tx, now=NOW)
    assert clock_set_back.count_ahead(tx, now=NOW) == {}
    assert [row.id for row in inbox.claim(tx, now=NOW, limit=9)] == [1]
    leased = outbox_leases.claim(tx, "telegram", now=NOW, until=NOW + timedelta(minutes=1), limit=9)
    assert [row.id for row in leased] == [1], "what was put off for tomorrow stays there"
    assert occurrences.last_tick(tx, "reminders") == NOW


def test_what_waits_for_a_status_or_for_a_pause_is_no_try_and_is_brought_back_too(
    tx: SqliteTransaction,
) -> None:
    """As a server that starts with a wrong clock and has it set once the bot runs."""
    for address in ("1", "2", "3"):
        outbox.insert(tx, channel="whatsapp", address=address, message=Message("a"), now=AHEAD)
    outbox_leases.claim(tx, "whatsapp", now=AHEAD, until=AHEAD + timedelta(minutes=1), limit=9)
    pause = Outcome(1, "waiting", not_before=AHEAD + timedelta(seconds=5), untried=True)
    spoken = Outcome(2, "waiting", not_before=HELD_UNTIL, reason=Reason.WINDOW, untried=True)
    outbox_outcomes.settle(tx, [pause, spoken], now=AHEAD)
    told_until = AHEAD + timedelta(seconds=3)
    assert outbox_leases.recover(tx, now=AHEAD, all_leases=True, told_until=told_until) == 1
    assert clock_set_back.count_ahead(tx, now=NOW) == {"messages": 2}
    clock_set_back.bring_back(tx, now=NOW)
    assert clock_set_back.count_ahead(tx, now=NOW) == {}
    leased = outbox_leases.claim(tx, "whatsapp", now=NOW, until=NOW + timedelta(minutes=1), limit=9)
    assert sorted(row.id for row in leased) == [1, 3], "what waits until a person speaks stays there"


def test_under_a_right_clock_nothing_is_moved(tx: SqliteTransaction) -> None:
    write_at(tx, NOW)
    assert clock_set_back.count_ahead(tx, now=NOW + timedelta(seconds=1)) == {}
    later = NOW + timedelta(seconds=1)
    clock_set_back.bring_back(tx, now=later)
    assert inbox.claim(tx, now=later, limit=9) == []
    assert outbox_leases.claim(tx, "telegram", now=later, until=later, limit=9) == []


def test_an_update_put_off_by_a_clock_that_ran_ahead_is_brought_back(tx: SqliteTransaction) -> None:
    """It came under the right clock, and failed under the wrong one."""
    inbox.insert(tx, "telegram", arrivals=[Arrival("1", "1", "{}")], now=NOW)
    inbox.postpone(tx, 1, until=NOW + timedelta(days=3), note="")
    assert clock_set_back.count_ahead(tx, now=NOW) == {"updates": 1}
    clock_set_back.bring_back(tx, now=NOW)
    assert [row.id for row in inbox.claim(tx, now=NOW, limit=9)] == [1]


def test_an_update_behind_one_put_off_by_a_clock_that_ran_ahead_is_brought_back_too(
    tx: SqliteTransaction,
) -> None:
    inbox.insert(tx, "telegram", arrivals=[Arrival("1", "1", "{}")], now=AHEAD)
    inbox.postpone(tx, 1, until=AHEAD + timedelta(seconds=20), note="")
    inbox.insert(tx, "telegram", arrivals=[Arrival("2", "1", "{}")], now=NOW)
    assert clock_set_back.count_ahead(tx, now=NOW) == {"updates": 2}
    clock_set_back.bring_back(tx, now=NOW)
    inbox.mark_handled(tx, 1)
    assert [row.id for row in inbox.claim(tx, now=NOW, limit=9)] == [2]
