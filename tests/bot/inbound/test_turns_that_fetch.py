"""Turns that want a file first: they keep their place, and no fetch holds up anybody."""

from __future__ import annotations

from bot.channels import NotSent
from domain.message import (
    FileRefusal,
)
from storage import inbox
from tests.kit.dispatching import Place, audited


async def test_a_turn_that_wants_its_file_gets_it_and_keeps_its_place(place: Place) -> None:
    place.files.may_go.clear()
    await place.hears(("a", "file"), ("a", "after"), ("b", "halo"))
    await place.starts()
    await place.until(lambda: place.post.sent and place.files.asked)
    assert place.post.sent == [("b", "halo")]
    assert (await place.states())[:2] == [("fetching", 0), ("waiting", 0)]
    assert await audited(place) == ["halo"]
    place.files.may_go.set()
    await place.quiet()
    assert place.desk.order_of_turns == ["halo", "file", "after"]
    assert ("a", "file bukti.pdf") in place.post.sent


async def test_no_more_than_four_files_are_fetched_at_once(place: Place) -> None:
    place.files.may_go.clear()
    await place.hears(*((str(n), "file") for n in range(10)))
    await place.starts()
    await place.until(lambda: place.files.asked >= 4)
    place.files.may_go.set()
    await place.quiet()
    assert (place.files.asked, place.files.most_open) == (10, 4)
    assert len(place.post.sent) == 10


async def test_a_refused_file_goes_to_the_turn_as_a_refusal(place: Place) -> None:
    place.files.answers = [FileRefusal("liar", "virus.pdf", "exe", 9)]
    await place.hears(("a", "file"))
    await place.quiet()
    assert place.post.sent == [("a", "file virus.pdf")]


async def test_a_fetch_that_fails_is_tried_again_and_at_last_the_file_is_gone(place: Place) -> None:
    place.files.answers = [NotSent() for _ in range(5)]
    await place.hears(("a", "file"))
    await place.quiet()
    for wait in (1, 4, 16):
        assert place.post.sent == []
        await place.later(wait)
    assert await place.states() == [("waiting", 4)]
    await place.later(64)
    assert place.files.asked == 5
    assert place.post.sent == [("a", "file bukti.pdf")]


async def test_a_turn_that_wants_its_file_for_ever_is_given_up(place: Place) -> None:
    await place.hears(("a", "file always"))
    await place.quiet()
    for wait in (1, 2, 4, 8):
        await place.later(wait)
    assert (await place.states(), place.files.asked) == ([("given_up", 5)], 1)


async def test_a_file_that_was_being_fetched_at_the_crash_is_wanted_again(place: Place) -> None:
    await place.hears(("a", "file"))
    await place.database.run(lambda tx: inbox.mark_fetching(tx, 1))
    await place.quiet()
    assert place.post.sent == [("a", "file bukti.pdf")]
