"""The sender against a channel that does what the test says."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from time import monotonic
from typing import Literal

import pytest

from bot.channels import Blocked, FateUnknown, Refused
from bot.channels.contract import SendStatus
from bot.channels.limits import Capabilities
from bot.inbound.send_status import take_status
from bot.outbound.one_message import STATUS_SECONDS
from bot.store.contract import StoreAway
from domain.delivery import Progress
from domain.message import Attachment, Message, StoredFile
from storage import files, outbox, outbox_leases
from tests.kit.databases import migrated, on_disk
from tests.kit.desk_turns import DESK
from tests.kit.patience import PATIENCE
from tests.kit.sending import START, Bench


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    database = await on_disk(tmp_path / "desk.db", migrated())
    yield Bench(database, tmp_path)
    await database.close()


async def test_replies_leave_before_reminders_before_broadcasts(bench: Bench) -> None:
    await bench.queue("a", "siaran", priority=outbox.BROADCAST)
    await bench.queue("b", "pengingat", priority=outbox.REMINDER)
    await bench.queue("c", "jawaban")
    await bench.settled()
    assert [text for _, text in bench.phone.sent] == ["jawaban", "pengingat", "siaran"]


async def test_one_person_gets_the_messages_in_their_order(bench: Bench) -> None:
    rows = [await bench.queue("a", str(number)) for number in range(8)]
    await bench.settled()
    assert [text for _, text in bench.phone.sent] == [str(number) for number in range(8)]
    assert [await bench.state(row) for row in rows] == [("sent", 1)] * 8


@pytest.mark.parametrize(("repeatable", "state", "sent"), [(True, "sent", 1), (False, "unknown", 0)])
async def test_what_may_have_arrived_is_repeated_only_where_it_does_no_harm(
    bench: Bench, repeatable: bool, state: str, sent: int
) -> None:
    row = await bench.queue("a", "x", repeatable=repeatable)
    bench.phone.failures = [FateUnknown("lost")]
    await bench.settled()
    bench.now += timedelta(seconds=10)
    await bench.settled()
    assert bench.meters.retries["telegram"] == sent
    assert (await bench.state(row))[0] == state
    assert len(bench.phone.sent) == sent


async def test_a_refused_message_fails_and_the_next_one_goes(bench: Bench) -> None:
    first, second = await bench.queue("a", "satu"), await bench.queue("a", "dua")
    bench.phone.failures = [Refused("bad")]
    await bench.settled()
    assert await bench.state(first) == ("failed", 1)
    assert await bench.state(second) == ("sent", 1)
    assert await bench.reasons() == ["refused", None]


async def test_who_blocked_us_gets_nothing_more(bench: Bench) -> None:
    first, second = await bench.queue("a", "satu"), await bench.queue("a", "dua")
    bench.phone.failures = [Blocked("blocked")]
    await bench.settled()
    assert (await bench.state(first))[0] == "failed"
    assert (await bench.state(second))[0] == "dropped"
    assert await bench.reasons() == ["blocked", "blocked"]
    assert bench.phone.sent == []


async def test_a_message_we_cannot_write_holds_nobody_up(bench: Bench) -> None:
    broken, fine = await bench.queue("a", "x"), await bench.queue("b", "y")
    await bench.database.run(lambda tx: tx.execute("UPDATE outbox SET payload = '[' WHERE id = ?", (broken,)))
    await bench.settled()
    assert (await bench.state(broken))[0] == "failed"
    assert (await bench.state(fine))[0] == "sent"


async def test_what_is_under_way_at_the_end_is_still_written_down(bench: Bench) -> None:
    row = await bench.queue("a", "x")
    bench.phone.gate.clear()
    await bench.sender.prepare()
    running = asyncio.create_task(bench.sender.run())
    bench.sender.wake()
    while not bench.phone.waiting:
        await asyncio.sleep(0.01)
    running.cancel()
    bench.phone.gate.set()
    await asyncio.wait({running})
    assert await bench.state(row) == ("sent", 1)


async def test_a_lease_of_a_dead_process_is_taken_over_at_the_start(bench: Bench) -> None:
    fine, once = await bench.queue("a", "x"), await bench.queue("b", "y", repeatable=False)
    never_left = await bench.queue("c", "z", repeatable=False)
    until = START + timedelta(minutes=1)
    leased = await bench.database.run(
        lambda tx: outbox_leases.claim(tx, "telegram", now=START, until=until, limit=9)
    )
    (departed,) = (row for row in leased if row.id == once)
    await bench.database.run(lambda tx: outbox_leases.depart(tx, departed, now=START))
    await bench.settled()
    assert await bench.state(fine) == ("sent", 1)  # a lost lease is no try
    assert await bench.state(once) == ("unknown", 1)
    assert await bench.state(never_left) == ("sent", 1)
    assert sorted(bench.phone.sent) == [("a", "x"), ("c", "z")]


async def test_where_statuses_tell_what_became_of_it_a_lost_lease_waits_for_them(bench: Bench) -> None:
    """Of two under way at a kill the first had been taken, which is told after the start."""
    bench.phone.can = Capabilities(statuses=True)
    taken, lost = await bench.queue("a", "x"), await bench.queue("b", "y")
    until = START + timedelta(minutes=1)
    await bench.database.run(lambda tx: outbox_leases.claim(tx, "telegram", now=START, until=until, limit=9))
    await bench.settled()
    assert bench.phone.sent == []
    status = SendStatus(taken, Progress.SENT, "w.1")
    await bench.database.run(
        lambda tx: take_status(tx, "telegram", status=status, now=START, desk=DESK),
    )
    bench.now = START + timedelta(seconds=STATUS_SECONDS)
    await bench.settled()
    assert bench.phone.sent == [("b", "y")]
    assert [await bench.state(row) for row in (taken, lost)] == [("sent", 0), ("sent", 1)]


@pytest.mark.parametrize("statuses", [False, True])
async def test_before_a_try_without_an_answer_is_repeated_its_status_has_time_to_come(
    bench: Bench, statuses: bool
) -> None:
    bench.phone.can = Capabilities(statuses=statuses)
    bench.phone.failures = [FateUnknown("timed out")]
    row = await bench.queue("a", "x")
    await bench.settled()
    assert await bench.state(row) == ("waiting", 1)
    bench.now = START + timedelta(seconds=STATUS_SECONDS - 1)
    await bench.settled()
    assert bench.phone.sent == ([] if statuses else [("a", "x")])
    bench.now = START + timedelta(seconds=STATUS_SECONDS)
    await bench.settled()
    assert bench.phone.sent == [("a", "x")]


async def test_what_goes_into_the_air_is_marked_before_and_many_share_a_commit(bench: Bench) -> None:
    rows = [await bench.queue(f"p{number}", "x", repeatable=False) for number in range(20)]
    bench.phone.gate.clear()
    await bench.sender.prepare()
    running, commits = asyncio.create_task(bench.sender.run()), bench.database.commits.count
    bench.sender.wake()
    async with asyncio.timeout(PATIENCE):
        while bench.phone.waiting < len(rows):
            await asyncio.sleep(0.001)
    marked = await bench.database.read(
        lambda tx: tx.execute("SELECT count(*), count(departed_at) FROM outbox").fetchone()
    )
    assert bench.database.commits.count - commits < len(rows) / 2
    bench.phone.gate.set()
    await bench.sender.idle()
    running.cancel()
    await asyncio.wait({running})
    assert marked == (20, 20)
    assert len(bench.phone.sent) == 20


async def test_a_reply_behind_one_under_way_is_noticed(bench: Bench) -> None:
    """It leaves as soon as the one before it is written down, not when the timer for quiet times runs out."""
    bench.phone.gate.clear()
    await bench.queue("a", "1")
    running = asyncio.create_task(bench.sender.run())
    bench.sender.wake()
    while not await bench.leased():
        await asyncio.sleep(0.001)
    nobody = await bench.claim()
    await bench.queue("a", "2")
    somebody = await bench.claim()
    bench.sender.take(somebody)
    bench.phone.gate.set()
    await asyncio.wait_for(bench.sender.idle(), PATIENCE)
    running.cancel()
    await asyncio.wait({running})
    assert (list(nobody), nobody.behind, list(somebody), somebody.behind) == ([], False, [], True)
    assert [text for _, text in bench.phone.sent] == ["1", "2"]


async def test_a_held_file_goes_with_its_message_and_one_that_is_gone_stops_nobody(bench: Bench) -> None:
    (bench.folder / "evidence").mkdir()
    (bench.folder / "evidence" / "f").write_bytes(b"%PDF")
    held = StoredFile(sha256(b"%PDF").hexdigest(), "pdf", "surat.pdf", 4)
    await bench.database.run(lambda tx: files.insert(tx, held, path="f", now=bench.now))
    there, gone, after = (
        await bench.carrying(held.sha256),
        await bench.carrying("bb" * 32),
        await bench.queue("a", "y"),
    )
    await bench.settled()
    assert [(await bench.state(row))[0] for row in (there, gone, after)] == ["sent", "failed", "sent"]
    assert bench.phone.files == [bench.folder / "evidence" / "f"]


@pytest.mark.parametrize("kind", ["document", "photo"])
async def test_while_the_store_is_away_a_message_waits_with_its_file(
    bench: Bench, kind: Literal["document", "photo"]
) -> None:
    (bench.folder / "evidence").mkdir()
    (bench.folder / "evidence" / "f").write_bytes(b"%PDF")
    held = StoredFile(sha256(b"%PDF").hexdigest(), "pdf", "surat.pdf", 4)
    await bench.database.run(lambda tx: files.insert(tx, held, path="f", now=bench.now))
    find = bench.copies.find

    async def away(key: str, *, sha256: str) -> Path:
        raise StoreAway("s3://desk: no answer")

    bench.copies.find = away  # type: ignore[method-assign]
    row, other = await bench.carrying(held.sha256, kind=kind), await bench.queue("b", "y")
    await bench.settled()
    assert [await bench.state(number) for number in (row, other)] == [("waiting", 0), ("sent", 1)]
    bench.copies.find = find  # type: ignore[method-assign]
    bench.now += timedelta(minutes=1)
    await bench.settled()
    assert (await bench.state(row), len(bench.phone.files)) == (("sent", 1), 1)


async def test_a_broadcast_is_leased_a_little_ahead_and_a_reply_passes_it(bench: Bench) -> None:
    slow = Bench(bench.database, bench.folder, rate=100)
    for number in range(60):
        await slow.queue(f"a{number}", "siaran", priority=outbox.BROADCAST, repeatable=False)
    running, most = asyncio.create_task(slow.sender.run()), 0
    count = "SELECT count(*) FROM outbox WHERE state = 'leased'"
    while len(slow.phone.sent) < 20:
        most = max(most, await slow.database.read(lambda tx: tx.execute(count).fetchone()[0]))
    await slow.queue("person", "jawaban")
    slow.sender.take(await slow.claim())
    before = len(slow.phone.sent)
    while ("person", "jawaban") not in slow.phone.sent:
        await asyncio.sleep(0.001)
    passed = slow.phone.sent.index(("person", "jawaban")) - before
    running.cancel()
    await asyncio.wait({running})
    assert 0 < most <= 24, "twelve ahead, and those whose outcome is not written down yet"
    assert passed <= 2


async def test_a_turn_leases_replies_alone(bench: Bench) -> None:
    await bench.queue("a", "siaran", priority=outbox.BROADCAST)
    await bench.queue("b", "jawaban")
    assert [row.address for row in await bench.claim()] == ["b"]


async def test_what_never_left_keeps_its_tries_and_is_never_of_unknown_fate(bench: Bench) -> None:
    bench.sender._pace.throttled("x", 600.0, now=monotonic())
    bench.sender._pace.throttled("y", 600.0, now=monotonic())
    row = await bench.queue("a", "siaran", priority=outbox.BROADCAST, repeatable=False)
    running = asyncio.create_task(bench.sender.run())
    while not await bench.leased():
        await asyncio.sleep(0.001)
    bench.sender._give_back(100.0)
    running.cancel()
    await asyncio.wait({running})
    assert await bench.state(row) == ("waiting", 0)


async def test_what_waits_for_its_pace_leaves_once_though_the_clock_is_set_forward(tmp_path: Path) -> None:
    database = await on_disk(tmp_path / "desk.db", migrated())
    bench = Bench(database, tmp_path, rate=10, recover_seconds=0.0)
    rows = [await bench.queue(f"{number}", "jawaban") for number in range(5)]
    bench.sender.take(await bench.claim())
    while bench.sender._under_way:
        await asyncio.sleep(0.001)
    assert len(bench.sender._held) == 4
    bench.now += timedelta(hours=1)
    running = asyncio.create_task(bench.sender.run())
    await asyncio.wait_for(bench.sender.idle(), PATIENCE)
    running.cancel()
    await asyncio.wait({running})
    assert Counter(address for address, _ in bench.phone.sent) == dict.fromkeys("01234", 1)
    assert {await bench.state(row) for row in rows} == {("sent", 1)}
    await database.close()


async def test_a_picture_that_cannot_be_drawn_leaves_its_words(bench: Bench) -> None:
    """The words beside a picture say the same figures; nobody is left without an answer."""
    picture = Message("Perkiraan 50,73", attachment=Attachment("photo", "chart", {}, "perkiraan.png"))
    row = await bench.database.run(
        lambda tx: outbox.insert(tx, channel="telegram", address="a", message=picture, now=bench.now)
    )
    assert row is not None
    await bench.settled()
    assert await bench.state(row) == ("sent", 1)
    assert bench.phone.sent == [("a", "Perkiraan 50,73")]
    assert bench.phone.files == []
    await bench.maker.close()
