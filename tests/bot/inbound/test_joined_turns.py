"""Where a person gets few messages, a turn is one message, and what waits to leave takes the next one in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.channels.limits import Rates
from bot.inbound.turns import Turns
from domain.message import Message
from storage import inbox, outbox, outbox_leases
from storage.engine.transaction import Transaction
from storage.inbox import Arrival
from storage.outbox_leases import Outgoing
from tests.kit.courier import CourierChannel

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


class Slow(CourierChannel):
    """A courier who comes to a person once in ten seconds."""

    rates = Rates(overall=10, chat=0.1, burst=1)


class Nobody:
    """Sends nothing: what is queued stays."""

    def claim(self, tx: Transaction, now: datetime) -> list[Outgoing]:
        return []

    def take(self, rows: Sequence[Outgoing]) -> None:
        pass


class Echo:
    """A desk that says each word in a message of its own."""

    def take(self, tx: Transaction, inbound: Any, *, fetched: Any, now: datetime) -> list[Message]:
        return [Message(word) for word in inbound.text.split()]


def say(tx: Transaction, channel: CourierChannel, *texts: str) -> list[str]:
    """Have Budi say these, a turn each; returns what is queued for him."""
    turns = Turns(Echo(), channels={"kurir": channel}, sender=Nobody())  # type: ignore[arg-type]
    for number, text in enumerate(texts):
        letter = {"no": f"{number} {text}", "sender": "budi", "words": text}
        inbox.insert(tx, "kurir", arrivals=[Arrival(letter["no"], "budi", json.dumps(letter))], now=NOW)
        turns.take(tx, now=NOW)
    rows = tx.execute("SELECT payload FROM outbox WHERE state = 'waiting' ORDER BY id").fetchall()
    return [Message.from_json(payload).text for (payload,) in rows]


def lease(tx: Transaction) -> None:
    outbox_leases.claim(tx, "kurir", now=NOW, until=NOW + timedelta(minutes=1), limit=9)


def test_a_turn_is_one_message_where_few_may_leave(tx: Transaction) -> None:
    assert say(tx, Slow(), "Tersimpan. Lalu?") == ["Tersimpan.\n\nLalu?"]


def test_a_turn_keeps_its_messages_where_many_may_leave(tx: Transaction) -> None:
    assert say(tx, CourierChannel(), "Tersimpan. Lalu?") == ["Tersimpan.", "Lalu?"]


def test_what_waits_behind_another_takes_the_next_turn_in(tx: Transaction) -> None:
    say(tx, Slow(), "satu")
    lease(tx)
    assert say(tx, Slow(), "dua", "tiga") == ["dua\n\ntiga"]


@pytest.mark.parametrize(
    "before",
    [
        "UPDATE outbox SET attempts = 1",  # it may have arrived
        "UPDATE outbox SET priority = 1",  # a reminder is no answer
        "UPDATE outbox SET not_before = '2026-03-02T02:00:00.000000Z'",
        "UPDATE outbox SET address = 'wati'",
    ],
)
def test_nothing_is_added_to_what_is_no_waiting_answer(tx: Transaction, before: str) -> None:
    say(tx, Slow(), "satu")
    tx.execute(before)
    assert say(tx, Slow(), "dua") == ["satu", "dua"]


def test_what_is_long_already_is_left_as_it_is(tx: Transaction) -> None:
    assert say(tx, Slow(), "a" * 300, "b" * 300) == ["a" * 300, "b" * 300]


@pytest.mark.sqlite
def test_what_waits_is_found_by_an_index(tx: Transaction) -> None:
    rows = tx.execute(f"EXPLAIN QUERY PLAN {outbox._LAST_REPLY}", ("x", "y")).fetchall()
    assert not [row[3] for row in rows if row[3].startswith("SCAN")]
