"""Turns that want a file first: they keep their bench, and no fetch holds up anybody."""

from __future__ import annotations

from bot.channels import NotSent
from domain.message import FileRefusal
from storage import inbox
from tests.kit.dispatching import TurnBench, audited


async def test_a_turn_that_wants_its_file_gets_it_and_keeps_its_place(bench: TurnBench) -> None:
    bench.files.may_go.clear()
    await bench.hears(("a", "file"), ("a", "after"), ("b", "halo"))
    await bench.starts()
    await bench.until(lambda: bench.post.sent and bench.files.asked)
    assert bench.post.sent == [("b", "halo")]
    assert (await bench.states())[:2] == [("fetching", 0), ("waiting", 0)]
    assert await audited(bench) == ["halo"]
    bench.files.may_go.set()
    await bench.quiet()
    assert bench.desk.order_of_turns == ["halo", "file", "after"]
    assert ("a", "file bukti.pdf") in bench.post.sent


async def test_no_more_than_four_files_are_fetched_at_once(bench: TurnBench) -> None:
    bench.files.may_go.clear()
    await bench.hears(*((str(n), "file") for n in range(10)))
    await bench.starts()
    await bench.until(lambda: bench.files.asked >= 4)
    bench.files.may_go.set()
    await bench.quiet()
    assert (bench.files.asked, bench.files.most_open) == (10, 4)
    assert len(bench.post.sent) == 10


async def test_a_refused_file_goes_to_the_turn_as_a_refusal(bench: TurnBench) -> None:
    bench.files.answers = [FileRefusal("liar", "virus.pdf", "exe", 9)]
    await bench.hears(("a", "file"))
    await bench.quiet()
    assert bench.post.sent == [("a", "file virus.pdf")]


async def test_a_fetch_that_fails_is_tried_again_and_at_last_the_file_is_gone(bench: TurnBench) -> None:
    bench.files.answers = [NotSent() for _ in range(5)]
    await bench.hears(("a", "file"))
    await bench.quiet()
    for wait in (1, 4, 16):
        assert bench.post.sent == []
        await bench.later(wait)
    assert await bench.states() == [("waiting", 4)]
    await bench.later(64)
    assert bench.files.asked == 5
    assert bench.post.sent == [("a", "file bukti.pdf")]


async def test_a_turn_that_wants_its_file_for_ever_is_given_up(bench: TurnBench) -> None:
    await bench.hears(("a", "file always"))
    await bench.quiet()
    for wait in (1, 2, 4, 8):
        await bench.later(wait)
    assert (await bench.states(), bench.files.asked) == ([("given_up", 5)], 1)


async def test_a_file_that_was_being_fetched_at_the_crash_is_wanted_again(bench: TurnBench) -> None:
    await bench.hears(("a", "file"))
    await bench.database.run(lambda tx: inbox.mark_fetching(tx, 1))
    await bench.quiet()
    assert bench.post.sent == [("a", "file bukti.pdf")]
