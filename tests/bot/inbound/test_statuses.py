"""A status is an update like any other: kept, handled once, and answered by nobody."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.contract import SendStatus, StatusArrival
from bot.channels.whatsapp.failures import of_code
from bot.inbound.dispatcher import Dispatcher, TurnMeans
from bot.inbound.links import Links
from bot.inbound.send_status import keep_statuses, take_status
from bot.inbound.turns import Turns
from domain.delivery import Progress
from domain.message import Fetched, Inbound, Message
from domain.templates import TemplateNews
from storage import contacts, inbox, outbox, outbox_leases, outbox_outcomes
from storage.contacts import NewContact
from storage.engine.database import Database
from storage.engine.transaction import Transaction
from storage.inbox import Arrival
from storage.outbox_leases import Outgoing
from storage.outbox_outcomes import Outcome
from tests.kit.clock_and_codes import MORNING
from tests.kit.courier import CourierChannel
from tests.kit.databases import in_memory, migrated, on_disk
from tests.kit.dispatching import Files, Log


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
        outbox_leases.claim(tx, "kurir", now=MORNING, until=MORNING, limit=1)
        outbox_outcomes.settle(tx, [Outcome(number or 0, "sent", "r-1")], now=MORNING)
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
        numbers = [row.id for row in outbox_leases.claim(tx, "kurir", now=MORNING, until=MORNING, limit=9)]
        told = [("s-1", numbers[0], "sent"), ("s-2", numbers[0], "delivered"), ("s-3", numbers[1], "read")]
        rows = [Arrival(no, "", json.dumps({"no": no, "of": of, "came": came})) for no, of, came in told]
        unread = [Arrival("w-1", "a", '{"sender": "a", "words": "x"}'), Arrival("w-2", "b", "no JSON")]
        inbox.insert(tx, "kurir", arrivals=[*rows, *unread], now=MORNING)
        kept = turns.kept_statuses(tx)
        for status in kept:
            turns.take_kept(tx, status, now=MORNING)
        outbox_leases.recover(tx, now=MORNING, all_leases=True)
        states = tx.execute("SELECT state, progress FROM outbox ORDER BY id").fetchall()
        return len(kept), [
            *states,
            *tx.execute("SELECT external_id, state FROM inbox ORDER BY id").fetchall(),
        ]

    database = await on_disk(tmp_path / "desk.db", migrated())
    try:
        taken, left = await database.run(unit)
        assert await database.run(turns.kept_statuses) == []
    finally:
        await database.close()
    assert taken == 3
    assert left == [
        *(("sent", "delivered"), ("sent", "read"), ("waiting", None)),
        *((f"s-{number}", "handled") for number in (1, 2, 3)),
        *(("w-1", "waiting"), ("w-2", "waiting")),
    ]


CODES = (None, 131026, 131047, 131050, 131049, 130472, 131000)
TOLD = st.tuples(st.integers(1, 5), st.sampled_from(list(Progress)), st.sampled_from(CODES), st.booleans())


def outbox_of_all_kinds(tx: Transaction) -> None:
    """Five messages: taken over, under way, put back, replaced by the next, to who has missed some."""
    contacts.create(tx, NewContact("kurir", "e", "Ana", "id", "1"), now=MORNING)
    tx.execute("UPDATE addresses SET undelivered = 2")
    for address in "abcde":
        outbox.insert(tx, channel="kurir", address=address, message=Message("x"), now=MORNING)
    leased = outbox_leases.claim(tx, "kurir", now=MORNING, until=MORNING, limit=9)
    settled = [Outcome(row.id, "sent", f"r-{row.id}") for row in leased if row.address in "ade"]
    outbox_outcomes.settle(tx, [*settled, Outcome(3, "waiting")], now=MORNING)
    tx.execute("UPDATE outbox SET instead_of = 4 WHERE id = 5")


def statuses_of(told: Sequence[tuple[int, Progress, int | None, bool]]) -> list[StatusArrival]:
    """Make statuses; one that repeats another has its id."""
    made = []
    for number, progress, code, billable in told:
        error = of_code(code or 131000, "x") if progress is Progress.FAILED else None
        status = SendStatus(number, progress, f"r-{number}", error, billable, "service")
        made.append(StatusArrival(f"{number}:{progress}", "a", "{}", status=status))
    return made


@given(told=st.lists(TOLD, max_size=12))
@settings(max_examples=30, deadline=None)
def test_statuses_taken_together_say_what_each_says_by_itself(told: list[Any]) -> None:
    arrivals = statuses_of(told)
    tx = in_memory(migrated())
    outbox_of_all_kinds(tx)

    def kept() -> list[Any]:
        queries = "SELECT * FROM outbox ORDER BY id", "SELECT * FROM addresses", "SELECT * FROM windows"
        return [tx.execute(query).fetchall() for query in queries]

    tx.execute("SAVEPOINT together")
    new = keep_statuses(tx, "kurir", arrivals, now=MORNING, desk=Silent())
    together, rows = kept(), tx.execute("SELECT external_id, raw, state FROM inbox ORDER BY id").fetchall()
    assert keep_statuses(tx, "kurir", arrivals, now=MORNING, desk=Silent()) == 0
    assert kept() == together
    tx.execute("ROLLBACK TO together")
    different = {arrival.external_id: arrival for arrival in arrivals}
    failed = {arrival.status.outbox_id for arrival in arrivals if arrival.status.error}
    in_turn = sorted(different.values(), key=lambda arrival: arrival.status.outbox_id not in failed)
    for arrival in in_turn:
        take_status(tx, "kurir", status=arrival.status, now=MORNING, desk=Silent())
    assert (kept(), new) == (together, len(different))
    assert rows == [(external_id, "{}", "handled") for external_id in different]
    tx.close()


class Stumbles(Silent):
    """A desk that cannot hear of one failure."""

    def not_arrived(self, tx: Any, outbox_id: int, *, now: datetime) -> None:
        if outbox_id == 1:
            raise LookupError


def stumbling(database: Database) -> Dispatcher:
    return Dispatcher(
        TurnMeans(
            database,
            Stumbles(),
            clock=lambda: MORNING,
            channels={"kurir": CourierChannel()},
            sender=Post(),
            links=Links(seconds=0),
            fetcher=Files(),
            log=Log(),
        )
    )


async def test_a_status_that_cannot_be_taken_at_the_start_costs_neither_start_nor_others(
    tmp_path: Path,
) -> None:
    def unit(tx: Transaction) -> None:
        for address in "ab":
            outbox.insert(tx, channel="kurir", address=address, message=Message("x"), now=MORNING)
        outbox_leases.claim(tx, "kurir", now=MORNING, until=MORNING, limit=9)
        rows = [Arrival(f"s-{of}", "", json.dumps({"of": of, "came": "failed"})) for of in (1, 2)]
        inbox.insert(tx, "kurir", arrivals=rows, now=MORNING)

    database = await on_disk(tmp_path / "desk.db", migrated())
    try:
        await database.run(unit)
        await stumbling(database).prepare()
        states = "SELECT i.state, o.state FROM inbox i JOIN outbox o ON i.id = o.id ORDER BY i.id"
        kept = await database.read(lambda tx: tx.execute(states).fetchall())
        assert kept == [("waiting", "leased"), ("handled", "failed")]
    finally:
        await database.close()


async def test_a_status_that_cannot_be_taken_costs_the_others_nothing(tmp_path: Path) -> None:
    told = [(1, Progress.FAILED, 131026, True), (2, Progress.READ, None, True)]
    database = await on_disk(tmp_path / "desk.db", migrated())
    try:
        await database.run(outbox_of_all_kinds)
        assert await stumbling(database).take_in("kurir", statuses_of(told)) == 2
        waiting = await database.read(lambda tx: tx.execute("SELECT state, raw FROM inbox").fetchall())
        assert waiting == [("waiting", "{}")] * 2
    finally:
        await database.close()
