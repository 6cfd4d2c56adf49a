"""The same updates three times, in batches and out of order, end in the same state."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.kit.people import RINA
from tests.kit.world import World

TABLES = ("innovations", "answers", "cursors")


def state(world: World) -> list[Any]:
    """What the conversation left on the disk, times aside."""
    answers = world.rows("SELECT innovation_id, question, value FROM answers ORDER BY 1, 2")
    history = world.rows("SELECT innovation_id, question, old, new FROM history ORDER BY id")
    cursors = world.rows("SELECT contact_id, innovation_id, state FROM cursors")
    return [answers, history, cursors, world.rows("SELECT state FROM innovations")]


async def later(world: World) -> None:
    """Let the world's clock go on as soon as the first try has failed."""
    while not world.rows("SELECT 1 FROM outbox WHERE state = 'waiting' AND not_before IS NOT NULL"):
        await asyncio.sleep(0.01)
    world.clock.passes(seconds=3)


async def converse(world: World) -> list[int]:
    """Hand in the beginning of an innovation; returns the updates."""
    rina = world.person(RINA)
    before = set(world.emulator.updates.all_of_run)
    await rina.says("/ajukan")
    await rina.says("SIPANDU")
    await rina.taps("Penerapan")
    await rina.taps("OPD")
    await rina.says("Tim Gizi")
    await rina.taps("Kembali")
    await rina.says("Tim Gizi Dinkes")
    return sorted(set(world.emulator.updates.all_of_run) - before)


async def test_every_update_three_times_changes_nothing(world: World) -> None:
    updates = await converse(world)
    before, shown = state(world), len(world.person(RINA).heard)
    for _ in range(2):
        for update in updates:
            world.emulator.repeat(update)
    last = world.emulator.says(RINA, "/status")
    await world.quiet(last)
    assert state(world)[:2] == before[:2]
    assert len(world.person(RINA).heard) == shown + 2  # the status, and the open question again
    assert world.rows("SELECT count(*) FROM inbox") == [(len(updates) + 1,)]


async def test_a_batch_is_taken_one_after_the_other(world: World) -> None:
    await world.stop()
    for text in ("/ajukan", "SIPANDU", "penerapan", "opd", "Tim Gizi"):
        last = world.emulator.says(RINA, text)
    await world.start()
    await world.quiet(last)
    assert world.answers() == {
        "nama": "SIPANDU",
        "tahapan": "penerapan",
        "inisiator": "opd",
        "nama_inisiator": "Tim Gizi",
    }


async def test_a_tap_that_arrives_before_its_text_changes_nothing(world: World) -> None:
    """Telegram keeps no order between a text and a tap: the tap is judged by where the person stands."""
    rina = world.person(RINA)
    await rina.says("/ajukan")
    await rina.presses(rina.last.message_id, "f:1:tahapan:2:o:penerapan")
    assert world.answers() == {}
    await rina.says("SIPANDU")
    await rina.taps("Penerapan")
    assert world.answers() == {"nama": "SIPANDU", "tahapan": "penerapan"}


async def test_every_historic_button_changes_nothing(world: World) -> None:
    rina = world.person(RINA)
    for text in ("/ajukan", "SIPANDU", "penerapan", "opd", "Tim Gizi"):
        await rina.says(text)
    before = world.answers()
    old = [(m.message_id, data) for m in rina.heard[:-1] for row in m.keyboard for _, data in row]
    for message_id, data in old:
        await rina.presses(message_id, data)
        assert world.answers() == before
        assert rina.last.keyboard
    assert len(old) > 15


async def test_a_vanished_answer_is_asked_again_after_a_restart(world: World) -> None:
    """A send whose answer got lost is repeated once: a question asked twice does no harm."""
    rina = world.person(RINA)
    world.emulator.faults.add("sendMessage", drop="after")
    going_on = asyncio.create_task(later(world))
    await rina.says("/ajukan")
    await going_on
    texts = [message.text for message in rina.heard]
    assert len(texts) == 2
    assert texts[0] == texts[1]


async def test_a_person_who_blocked_the_bot_is_marked_and_marked_back(world: World) -> None:
    rina = world.person(RINA)
    await rina.says("/status")
    await world.quiet(world.emulator.blocks(RINA))
    assert world.rows("SELECT blocked_at IS NULL FROM addresses WHERE address = ?", str(RINA)) == [(0,)]
    await world.quiet(world.emulator.unblocks(RINA))
    await rina.says("/status")
    assert world.rows("SELECT blocked_at IS NULL FROM addresses WHERE address = ?", str(RINA)) == [(1,)]


async def test_the_pause_the_platform_asks_for_is_kept(world: World) -> None:
    rina = world.person(RINA)
    world.emulator.faults.add("sendMessage", status=429, retry_after=1)
    going_on = asyncio.create_task(later(world))
    await rina.says("/status")
    await going_on
    assert "Perkiraan Indeks" in rina.last.text
    refused, sent = [call for call in world.emulator.journal if call.method == "sendMessage"]
    assert (refused.status, sent.status) == (429, 200)
    assert sent.at - refused.at >= 1.0
