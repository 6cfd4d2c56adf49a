"""A status is an update like any other: kept, handled once, and answered by nobody."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.inbound.turns import Turns
from domain.message import Fetched, Inbound, Message
from domain.templates import TemplateNews
from storage import inbox, outbox
from storage.engine.transaction import Transaction
from storage.inbox import Arrival
from storage.outbox import Outcome, Outgoing
from tests.kit.clock_and_codes import MORNING
from tests.kit.courier import CourierChannel
from tests.kit.databases import migrated, on_disk


class Silent:
    """A desk nobody may ask, and a sender that holds nothing."""

    def take(self, tx: Any, inbound: Inbound, *, fetched: Fetched | None, now: datetime) -> Sequence[Message]:
        raise AssertionError("a status is no turn")

    def too_fast(self, tx: Any, channel: str, address: str) -> tuple[bool, Message]:
        raise AssertionError("a status is no flood")

    def template_told(self, tx: Any, channel: str, news: TemplateNews, *, now: datetime) -> None:
        raise AssertionError("no news of a template here")

    def not_arrived(self, tx: Any, outbox_id: int, *, now: datetime) -> None: ...

    def given_up(self, tx: Any, inbound: Inbound, *, now: datetime) -> Sequence[tuple[str, str, Message]]:
        raise AssertionError("nobody is told of a status")


class Post:
    """A sender that holds nothing."""

    def claim(self, tx: Transaction, now: datetime) -> list[Outgoing]:
        return []

    def take(self, rows: Sequence[Outgoing]) -> None:
        raise AssertionError("nothing is sent")


async def test_a_status_is_written_down_and_no_turn_is_taken(tmp_path: Path) -> None:
    turns = Turns(Silent(), channels={"kurir": CourierChannel()}, sender=Post())

    def unit(tx: Transaction) -> list[Any]:
        number = outbox.insert(tx, channel="kurir", address="a", message=Message("x"), now=MORNING)
        outbox.claim(tx, "kurir", now=MORNING, until=MORNING, limit=1)
        outbox.settle(tx, [Outcome(number or 0, "sent", "r-1")], now=MORNING)
        told = [("s-1", "read"), ("s-2", "sent")]
        rows = [Arrival(no, "", json.dumps({"no": no, "of": number, "came": came})) for no, came in told]
        inbox.insert(tx, "kurir", arrivals=rows, now=MORNING)
        while turns.take(tx, now=MORNING).rows:
            continue
        kept = tx.execute("SELECT state, progress FROM outbox").fetchall()
        return [*kept, *tx.execute("SELECT external_id, state FROM inbox ORDER BY id").fetchall()]

    database = await on_disk(tmp_path / "desk.db", migrated())
    try:
        found = await database.run(unit)
    finally:
        await database.close()
    assert found == [("sent", "read"), ("s-1", "handled"), ("s-2", "handled")]


async def test_what_a_status_tells_before_a_restart_is_not_sent_again(tmp_path: Path) -> None:
    """Three were under way at the kill: of two a status was kept and had no turn yet; a letter waits too."""
    turns = Turns(Silent(), channels={"kurir": CourierChannel()}, sender=Post())

    def unit(tx: Transaction) -> tuple[int, list[Any]]:
        for address in "abc":
            outbox.insert(tx, channel="kurir", address=address, message=Message("x"), now=MORNING)
        numbers = [row.id for row in outbox.claim(tx, "kurir", now=MORNING, until=MORNING, limit=9)]
        told = [("s-1", numbers[0], "sent"), ("s-2", numbers[0], "delivered"), ("s-3", numbers[1], "read")]
        rows = [Arrival(no, "", json.dumps({"no": no, "of": of, "came": came})) for no, of, came in told]
        unread = [Arrival("w-1", "a", '{"sender": "a", "words": "x"}'), Arrival("w-2", "b", "no JSON")]
        inbox.insert(tx, "kurir", arrivals=[*rows, *unread], now=MORNING)
        taken = turns.settle_under_way(tx, now=MORNING)
        outbox.recover(tx, now=MORNING, all_leases=True)
        states = tx.execute("SELECT state, progress FROM outbox ORDER BY id").fetchall()
        return taken, [*states, *tx.execute("SELECT external_id, state FROM inbox ORDER BY id").fetchall()]

    database = await on_disk(tmp_path / "desk.db", migrated())
    try:
        taken, left = await database.run(unit)
        assert await database.run(lambda tx: turns.settle_under_way(tx, now=MORNING)) == 0
    finally:
        await database.close()
    assert taken == 3
    assert left == [
        *(("sent", "delivered"), ("sent", "read"), ("waiting", None)),
        *((f"s-{number}", "handled") for number in (1, 2, 3)),
        *(("w-1", "waiting"), ("w-2", "waiting")),
    ]
