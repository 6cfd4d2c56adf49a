"""What becomes of a message after a failed send."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.delivery import TRIES, Failure, decide

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("failure", "repeatable", "attempts", "state"),
    [
        pytest.param(
            Failure(retry=True, unknown=False, blocked=False), True, 1, "waiting", id="it did not leave"
        ),
        pytest.param(
            Failure(retry=False, unknown=False, blocked=False), True, 1, "failed", id="it is refused"
        ),
        pytest.param(
            Failure(retry=False, unknown=False, blocked=True), True, 1, "failed", id="the person blocked us"
        ),
        pytest.param(
            Failure(retry=True, unknown=True, blocked=False), True, 1, "waiting", id="a repeat does no harm"
        ),
        pytest.param(
            Failure(retry=True, unknown=True, blocked=False), False, 1, "unknown", id="a repeat may harm"
        ),
        pytest.param(
            Failure(retry=True, unknown=True, blocked=False, again=True),
            True,
            2,
            "unknown",
            id="repeated once",
        ),
        pytest.param(
            Failure(retry=True, unknown=False, blocked=False), True, TRIES, "failed", id="the last try"
        ),
        pytest.param(
            Failure(retry=True, unknown=True, blocked=False), True, TRIES, "unknown", id="the last, unknown"
        ),
    ],
)
def test_the_fate_follows_the_failure(failure: Failure, repeatable: bool, attempts: int, state: str) -> None:
    assert decide(failure, attempts=attempts, repeatable=repeatable, now=NOW).state == state


def test_a_pause_the_platform_asks_for_is_kept_exactly_and_counts_as_no_try() -> None:
    failure = Failure(retry=True, unknown=False, blocked=False, retry_after=37)
    decision = decide(failure, attempts=TRIES + 5, repeatable=False, now=NOW, jitter=1.0)
    assert decision.state == "waiting"
    assert decision.not_before == NOW + timedelta(seconds=37)


def test_waiting_doubles_and_ends_at_two_minutes() -> None:
    failure = Failure(retry=True, unknown=False, blocked=False)
    waits = []
    for attempts in range(1, TRIES):
        due = decide(failure, attempts=attempts, repeatable=True, now=NOW).not_before
        assert due is not None
        waits.append((due - NOW).total_seconds())
    assert waits == [1, 2, 4, 8, 16, 32, 64]
