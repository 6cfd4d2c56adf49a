"""The pace, in a simulation with a clock of its own: never above the platform's, and close below it."""

from __future__ import annotations

import random
from heapq import heappop, heappush

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.outbound.pace import Pace
from sandbox.telegram_faults import MODELS

RATE = 30.0


def simulate(
    pace: Pace, chats: list[str], *, latency: tuple[float, float], seed: int, start: float = 0.0
) -> list[tuple[float, str]]:
    """Send to each chat in turn as early as the pace allows; returns arrivals as (time, chat)."""
    chance, now = random.Random(seed), start
    acknowledgements: list[tuple[float, float]] = []
    arrivals: list[tuple[float, str]] = []
    waiting = list(chats)
    while waiting:
        while acknowledgements and acknowledgements[0][0] <= now:
            at, left = heappop(acknowledgements)
            pace.acknowledged(at, left=left)
        overall = pace.wait_overall(now, reply=False)
        free = next((name for name in waiting if pace.wait_chat(name, now) <= 0), None)
        chat = free or min(waiting, key=lambda name: pace.wait_chat(name, now))
        wait = max(overall, pace.wait_chat(chat, now))
        if wait > 0:
            upcoming = acknowledgements[0][0] if acknowledgements else float("inf")
            now = min(now + wait, max(upcoming, now + 1e-6)) if wait == float("inf") else now + wait
            continue
        pace.leaves(chat, now, reply=False)
        waiting.remove(chat)
        there = chance.uniform(*latency) / 2
        arrivals.append((now + there, chat))
        heappush(acknowledgements, (now + there + chance.uniform(*latency) / 2, now))
    return sorted(arrivals)


def busiest(times: list[float]) -> int:
    """Most arrivals in any rolling second."""
    return max(sum(1 for other in times if at - 1.0 < other <= at) for at in times)


@settings(max_examples=60, deadline=None)
@given(low=st.floats(0.0, 0.1), spread=st.floats(0.0, 0.1), seed=st.integers(0, 10_000))
def test_no_rolling_second_holds_more_than_the_rate(low: float, spread: float, seed: int) -> None:
    chats = [f"c{number}" for number in range(150)]
    arrivals = simulate(Pace(RATE), chats, latency=(low, low + spread), seed=seed)
    assert len(arrivals) == len(chats)
    assert busiest([at for at, _ in arrivals]) <= RATE


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(
    ("latency", "share"), [((0.0, 0.002), 0.99), ((0.06, 0.11), 0.94)], ids=["no way to go", "60 to 110 ms"]
)
@pytest.mark.parametrize("rate", [30, 300])
def test_nearly_all_of_the_rate_is_used_and_nothing_refused(
    model: str, latency: tuple[float, float], share: float, rate: int
) -> None:
    chats = [f"c{number}" for number in range(25 * rate)]
    arrivals = simulate(Pace(rate), chats, latency=latency, seed=1)
    limit, refused = MODELS[model](rate), 0
    for at, _ in arrivals:
        refused += limit.wait(at) > 0
        limit.count(at)
    assert refused == 0
    assert len(arrivals) / (arrivals[-1][0] - arrivals[0][0]) >= share * rate


def test_a_reply_finds_a_place_while_an_announcement_runs() -> None:
    """The first of a conversation waits for the next permit, the others for nothing."""
    pace, now, waited = Pace(RATE), 0.0, []
    replies = [5.0 + 3.17 * number for number in range(10)]
    away: list[float] = []
    while now < 40.0:
        while away and away[0] <= now - 0.02:
            pace.acknowledged(now, left=away.pop(0))
        if replies and replies[0] <= now and pace.wait_overall(now) <= 0:
            waited.append(now - replies.pop(0))
            pace.leaves("person", now)
            away.append(now)
        elif pace.wait_overall(now, reply=False) <= 0:
            pace.leaves(f"c{now}", now, reply=False)
            away.append(now)
        now += 0.0005
    assert waited[0] < 3 / RATE
    assert max(waited[1:]) <= 0.001


@settings(max_examples=25, deadline=None)
@given(burst=st.integers(1, 5), messages=st.integers(1, 12), seed=st.integers(0, 1000))
def test_a_chat_gets_its_burst_and_then_its_rate(burst: int, messages: int, seed: int) -> None:
    pace = Pace(RATE, chat_rate=1.0, chat_burst=float(burst))
    arrivals = simulate(pace, ["c"] * messages, latency=(0.0, 0.0), seed=seed)
    for number, (at, _) in enumerate(arrivals):
        assert at >= max(0.0, number + 1 - burst) - 1e-6


def test_what_another_process_let_go_is_counted() -> None:
    pace = Pace(RATE, chat_rate=1.0, chat_burst=1.0)
    pace.remember((f"c{number}", 100.0) for number in range(30))
    assert pace.wait_overall(100.0) == pytest.approx(1.002)
    assert pace.wait_chat("c0", 100.0) == pytest.approx(1.0)
    assert pace.wait_chat("other", 100.0) == 0.0


def test_a_talk_that_was_broken_off_goes_on_at_once_after_a_restart() -> None:
    """Fifty people with twenty messages each in two minutes, and fifty more that may have just left."""
    pace = Pace(60.0, chat_rate=1 / 6, chat_burst=40.0)
    lately = [(f"c{person}", 880.0 + 6.0 * number) for person in range(50) for number in range(20)]
    pace.remember([*lately, *((f"c{person}", 1000.0) for person in range(50))])
    assert pace.wait_overall(1000.0) <= 1 / 60
    assert [pace.wait_chat(f"c{person}", 1000.0) for person in range(50)] == [0.0] * 50


def test_a_pause_holds_one_chat_and_two_pauses_hold_everybody() -> None:
    pace = Pace(RATE)
    pace.throttled("a", 5.0, now=10.0)
    assert pace.wait_chat("a", 10.0) == 5.0
    assert pace.wait_overall(10.0) == 0.0
    pace.throttled("b", 3.0, now=11.0)
    assert pace.wait_overall(11.0) == 3.0
    assert pace.wait_overall(14.0) == 0.0


def test_a_pause_of_one_chat_alone_grows_until_something_is_taken_and_holds_nobody_else() -> None:
    """The pair limit of WhatsApp: 4^X seconds."""
    pace = Pace(RATE)
    pauses = [pace.throttled("a", 4.0, now=10.0, holds="chat", grows=4.0) for _ in range(4)]
    assert pauses == [4.0, 16.0, 64.0, 64.0]
    assert pace.throttled("b", 4.0, now=10.0, holds="chat", grows=4.0) == 4.0
    assert pace.wait_overall(10.0) == 0.0
    pace.taken("a")
    assert pace.throttled("a", 4.0, now=100.0, holds="chat", grows=4.0) == 4.0


def test_a_pause_grows_by_refusals_of_its_kind_alone_and_no_further_than_its_longest() -> None:
    """A number that is busy for an hour, and a pair that is at its limit for a day."""
    pace = Pace(RATE)
    busy = {pace.throttled("a", 5.0, now=10.0, holds="all") for _ in range(1_000)}
    pair = [pace.throttled("a", 4.0, now=10.0, holds="chat", grows=4.0) for _ in range(1_000)]
    assert (busy, pair[:2], set(pair[2:])) == ({5.0}, [4.0, 16.0], {64.0})


def test_a_pause_for_all_holds_everybody_at_once() -> None:
    pace = Pace(RATE)
    pace.throttled("a", 5.0, now=10.0, holds="all")
    assert pace.wait_overall(10.0) == 5.0


def test_quiet_chats_are_forgotten_and_paused_ones_are_not() -> None:
    pace = Pace(1e9)
    pace.throttled("paused", 1e6, now=0.0)
    for number in range(20_001):
        pace.leaves(str(number), 100.0 + number)
        pace.acknowledged(100.0 + number, left=100.0 + number)
    assert pace.wait_chat("paused", 200.0) > 0
    assert len(pace._chats) < 20_000


@pytest.mark.parametrize("model", MODELS)
def test_people_who_chat_meanwhile_draw_no_refusal(model: str) -> None:
    """Replies leave ahead of their even turn; with a jitter of the way they still fit into the small
    bucket.
    """
    chance, pace, now = random.Random(3), Pace(RATE), 0.0
    replies = sorted(chance.uniform(2.0, 90.0) for _ in range(350))
    away: list[tuple[float, float]] = []
    arrivals: list[float] = []
    while now < 90.0:
        while away and away[0][0] <= now:
            at, left = heappop(away)
            pace.acknowledged(at, left=left)
        reply = bool(replies) and replies[0] <= now and pace.wait_overall(now) <= 0
        if reply or pace.wait_overall(now, reply=False) <= 0:
            if reply:
                replies.pop(0)
            pace.leaves(f"c{now}", now, reply=reply)
            there = chance.uniform(0.03, 0.055)
            arrivals.append(now + there)
            heappush(away, (now + there + chance.uniform(0.03, 0.055), now))
        now += 0.001
    limit, refused = MODELS[model](int(RATE)), 0
    for at in sorted(arrivals):
        refused += limit.wait(at) > 0
        limit.count(at)
    assert refused == 0
    assert len(arrivals) / 90.0 >= 0.9 * RATE
