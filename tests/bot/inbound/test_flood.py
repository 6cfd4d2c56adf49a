"""One person's flood: one notice, nothing of theirs lost, nobody else delayed."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.inbound import flood
from bot.inbound.flood import Flood
from bot.inbound.turns import Turns
from storage import address_names, inbox
from storage.inbox import Arrival
from tests.kit.clock_and_codes import MORNING
from tests.kit.courier import CourierChannel
from tests.kit.databases import in_memory, with_people
from tests.kit.desk_turns import DESK
from tests.kit.dispatching import Post
from tests.kit.people import ORANG, RINA, TONO
from tests.kit.world import World

SECOND = timedelta(seconds=1)


@pytest.fixture
async def world(world: World) -> World:
    """A world where a person may write as often as the settings allow."""
    world.person_rate = 60
    await world.restart()
    return world


def test_a_hundred_in_a_minute_are_too_many_and_an_even_pace_never_is() -> None:
    guard, fast, even = Flood(60), 0, 0
    for number in range(100):
        fast += bool(guard.wait(("telegram", "1"), MORNING + number * timedelta(seconds=0.6)))
        even += bool(guard.wait(("telegram", "2"), MORNING + number * SECOND))
    assert fast > 0
    assert even == 0


@given(gaps=st.lists(st.floats(0, 20), max_size=120), rate=st.sampled_from([10.0, 60.0]))
def test_no_minute_ever_sees_more_than_the_rate_and_what_may_come_at_once(
    gaps: list[float], rate: float
) -> None:
    guard, now, taken = Flood(rate), MORNING, []
    for gap in gaps:
        now += timedelta(seconds=gap)
        if not guard.wait(("telegram", "1"), now):
            taken.append(now)
    for start in taken:
        assert sum(start <= one < start + 60 * SECOND for one in taken) <= rate + rate / 2 + 1


@given(wait=st.integers(1, 60))
def test_after_the_wait_it_names_a_few_can_be_taken(wait: int) -> None:
    guard, key = Flood(60), ("telegram", "1")
    while not (named := guard.wait(key, MORNING)):
        pass
    then = MORNING + named
    assert [bool(guard.wait(key, then)) for _ in range(flood.BATCH + 1)] == [False] * flood.BATCH + [True]


def test_who_was_quiet_longest_is_forgotten_first_and_nobody_in_their_flood() -> None:
    """A newcomer looks at the first alone: nobody is searched for among ten thousand."""
    guard, later = Flood(60), MORNING + timedelta(seconds=20)
    for number in range(flood.REMEMBERED):
        guard.wait(("telegram", str(number)), MORNING)
    for _ in range(40):
        guard.wait(("telegram", "0"), later)
    guard.wait(("telegram", "new"), MORNING + timedelta(seconds=31))
    assert len(guard._buckets) == flood.REMEMBERED
    assert ("telegram", "1") not in guard._buckets
    assert guard.wait(("telegram", "0"), later)


def test_there_is_an_end_to_who_is_remembered() -> None:
    guard = Flood(60)
    for number in range(flood.MOST_REMEMBERED + 2):
        guard.wait(("telegram", str(number)), MORNING)
    assert len(guard._buckets) == flood.MOST_REMEMBERED


async def test_a_flood_gets_one_notice_is_answered_in_order_and_delays_nobody(world: World) -> None:
    await world.stop()
    for number in range(60):
        world.emulator.says(RINA, f"/status {number}")
    last = world.emulator.says(TONO, "/status")
    await world.start()
    await world.quiet(last)
    rina = world.person(RINA)
    assert len(world.person(TONO).heard) == 1
    assert sum("sangat cepat" in message.text for message in rina.heard) == 1
    answered = len(rina.heard) - 1
    assert 30 <= answered < 60
    while world.rows("SELECT count(*) FROM inbox WHERE state = 'waiting'") != [(0,)]:
        world.clock.passes(seconds=flood.BATCH)
        assert world.app is not None
        world.app.dispatcher.wake()
        await world.app.idle()
    assert len(rina.heard) == 61
    assert sum("sangat cepat" in message.text for message in rina.heard) == 1


async def test_a_strangers_flood_is_dropped_with_one_notice(world: World) -> None:
    await world.stop()
    for number in range(60):
        last = world.emulator.says(ORANG, f"halo {number}")
    await world.start()
    await world.quiet(last)
    heard = [message.text for message in world.person(ORANG).heard]
    assert sum("terlalu cepat" in text for text in heard) == 1
    assert len(heard) == 4  # the door three times, and the notice
    assert world.rows("SELECT count(*) FROM inbox WHERE state = 'waiting'") == [(0,)]
    assert "halo 59" not in str(world.rows("SELECT raw FROM inbox"))
    world.clock.passes(minutes=1)
    await world.person(ORANG).says("halo lagi")
    assert len(world.person(ORANG).heard) == 5


def test_the_notice_goes_to_the_name_the_person_is_kept_under() -> None:
    guard, key = Flood(60), ("kurir", "ID.9")
    turns = Turns(DESK, channels={"kurir": CourierChannel()}, sender=Post(), flood=guard)
    while not guard.wait(key, MORNING):
        pass
    with closing(in_memory(with_people())) as tx:
        address_names.resolve(tx, "kurir", address="6281", also="")
        address_names.resolve(tx, "kurir", address="ID.9", also="6281")
        inbox.insert(tx, "kurir", arrivals=[Arrival("k-1", "ID.9", "{}")], now=MORNING)
        turns.take(tx, now=MORNING)
        assert tx.execute("SELECT address FROM outbox").fetchall() == [("6281",)]
