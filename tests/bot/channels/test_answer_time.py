"""A platform that answers late is waited for."""

from __future__ import annotations

from bot.channels.answer_time import LONGEST_SECONDS, AnswerTime


def test_a_late_platform_is_learned_after_one_miss_and_forgotten_again() -> None:
    time = AnswerTime(20.0)
    time.missed()
    assert time.seconds > 25.0
    for _ in range(200):
        time.answered(25.0)
        assert time.seconds > 25.0
    for _ in range(200):
        time.answered(0.2)
    assert time.seconds == 20.0


def test_it_waits_no_longer_than_a_lease_allows() -> None:
    time = AnswerTime(20.0)
    for _ in range(9):
        time.missed()
    assert time.seconds == LONGEST_SECONDS
