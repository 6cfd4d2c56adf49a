"""Strangers who keep writing leave room for people we know."""

from __future__ import annotations

from datetime import timedelta

from bot.inbound.strangers import ALL_TURNS_A_DAY, LONGEST_WAIT, SHARE, TURNS_A_DAY, Strangers
from tests.kit.clock_and_codes import MORNING

RATE = 30.0
MINUTE = 60


def test_a_thousand_strangers_use_their_share_and_each_gets_a_turn_before_a_second() -> None:
    strangers, turns = Strangers({"telegram": RATE}), dict.fromkeys(range(600), 0)
    for tenth in range(10 * MINUTE):
        for number in turns:
            wait = strangers.wait(("telegram", str(number)), MORNING + tenth * timedelta(seconds=0.1))
            turns[number] += wait == timedelta()
    assert sum(turns.values()) <= RATE * SHARE * (MINUTE + 1)
    assert max(turns.values()) <= min(turns.values()) + 2


def test_who_would_wait_too_long_gets_no_place() -> None:
    strangers = Strangers({"telegram": RATE})
    waits = [strangers.wait(("telegram", str(number)), MORNING) for number in range(2_000)]
    assert waits[-1] is None
    assert all(wait is None or wait <= LONGEST_WAIT for wait in waits)


def test_one_address_gets_so_many_turns_a_day() -> None:
    strangers, key = Strangers({"telegram": RATE}), ("telegram", "1")
    answers = [strangers.wait(key, MORNING + n * timedelta(minutes=1)) for n in range(TURNS_A_DAY + 1)]
    assert answers == [timedelta()] * TURNS_A_DAY + [None]
    assert strangers.wait(key, MORNING + timedelta(days=1)) == timedelta()


def test_a_clock_that_steps_back_leaves_nobody_waiting_for_it() -> None:
    strangers = Strangers({"telegram": RATE})
    for number in range(300):
        strangers.wait(("telegram", str(number)), MORNING)
    earlier = MORNING - timedelta(hours=1)
    assert strangers.wait(("telegram", "299"), earlier) == timedelta()
    assert strangers.wait(("telegram", "new"), earlier) == timedelta()


def test_after_the_turns_of_a_day_only_who_was_invited_is_answered() -> None:
    strangers = Strangers({"telegram": 1e9})
    for number in range(ALL_TURNS_A_DAY):
        assert strangers.wait(("telegram", str(number)), MORNING) == timedelta()
    assert strangers.wait(("telegram", "late"), MORNING) is None
    assert strangers.wait(("telegram", "late"), MORNING, is_invited=lambda: True) == timedelta()
    assert strangers.wait(("telegram", "late"), MORNING + timedelta(days=1)) == timedelta()
