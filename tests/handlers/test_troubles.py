"""A trouble of the machine is told once, once more when it is over, and at decent hours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from domain.condition import Condition, Level
from domain.message import Message
from handlers.assembly import build
from handlers.operations import troubles
from storage.engine.sqlite import SqliteTransaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.databases import in_memory, with_people

DESK_DATA = build(timezone="Asia/Jakarta", language="id").desk_data
NIGHT = MORNING + timedelta(hours=15)  # 23.00
DOWN = Condition("channel", "telegram", Level.RED, minutes=5)


@pytest.fixture
def tx() -> Iterator[SqliteTransaction]:
    connection = in_memory(with_people())
    yield connection
    connection.close()


def follow(
    tx: SqliteTransaction, *conditions: Condition, now: datetime = MORNING, waiting: bool = False
) -> int:
    return troubles.follow(tx, DESK_DATA, conditions=conditions, waiting=waiting, now=now)


def told(tx: SqliteTransaction) -> list[str]:
    rows = tx.execute(
        "SELECT payload FROM outbox WHERE dedupe_key LIKE '%trouble:%' AND state = 'waiting' ORDER BY id"
    )
    return [str(Message.from_json(payload).text) for (payload,) in rows]


def test_it_is_told_once_and_once_when_it_is_over(tx: SqliteTransaction) -> None:
    assert troubles.differ(tx, [DOWN])
    assert follow(tx, DOWN) == 1
    assert not troubles.differ(tx, [DOWN]), "an idle look writes nothing"
    assert follow(tx, DOWN, now=MORNING + timedelta(minutes=1)) == 0
    tx.execute("UPDATE outbox SET state = 'sent'")
    assert follow(tx, now=MORNING + timedelta(minutes=9)) == 1
    assert told(tx) == ["Telegram terhubung seperti biasa."]
    assert follow(tx, now=MORNING + timedelta(minutes=10)) == 0


def test_what_is_amber_is_told_but_for_a_channel(tx: SqliteTransaction) -> None:
    assert follow(tx, Condition("channel", "telegram", Level.AMBER, minutes=1)) == 0
    assert follow(tx, Condition("disk", "", Level.AMBER, megabytes=900)) == 1
    assert "900 MB" in told(tx)[0]


def test_at_night_it_waits_for_the_morning_unless_people_wait(tx: SqliteTransaction) -> None:
    follow(tx, DOWN, now=NIGHT)
    follow(tx, DOWN, Condition("disk", "", Level.AMBER), now=NIGHT, waiting=True)
    due = [
        row
        for (row,) in tx.execute(
            "SELECT not_before FROM outbox WHERE dedupe_key LIKE 'trouble:%' ORDER BY id"
        )
    ]
    assert due[1] is None
    assert due[0] > (NIGHT + timedelta(hours=7)).isoformat()


def test_what_is_over_before_the_morning_is_not_told_at_all(tx: SqliteTransaction) -> None:
    follow(tx, DOWN, now=NIGHT)
    assert follow(tx, now=NIGHT + timedelta(hours=1)) == 0
    assert told(tx) == []


def test_every_condition_has_its_two_sentences() -> None:
    for language in ("id", "en"):
        say = DESK_DATA.words.in_(language)
        for kind in ("part", "channel", "queue", "database", "store", "disk", "backup"):
            for level in Level:
                assert troubles.sentence(say, Condition(kind, "telegram", level)).strip()
