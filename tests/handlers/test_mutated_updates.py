"""Updates bent out of shape by machine: each is answered, ignored or unreadable, and no turn raises."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from bot.channels import Unreadable
from bot.channels.telegram.parse import parse
from domain.message import Inbound, StoredFile
from domain.wants import WantsFile, WantsLink
from storage import outbox
from storage.engine.sqlite import SqliteTransaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.databases import in_memory
from tests.kit.desk_turns import DESK
from tests.kit.everyday import ordinary
from tests.kit.people import ORANG, RINA, SARI, TONO, WATI

PEOPLE = (RINA, TONO, WATI, SARI, ORANG)
COUNT = 120  # updates of each seed; 20,000 of other seeds raised nothing
PDF = StoredFile("ab" * 32, "pdf", "surat.pdf", 12_000)
WORDS = (
    "/start", "/ajukan", "/draf", "/status", "/siaran", "/opd dinkes", "/periode", "/profil", "/undang",
    "/antrean",
    "SIPANDU", "terima kasih", "apa itu replikasi?", "3", "3 Agustus 2025", "Rp 2 juta", "-2.5312, 112.9534",
    "https://youtu.be/abc", "Nomor 188.45/1/2025 tanggal 3 Maret 2025 tentang Tim", "daftar", "16",
    "a" * 4096,
    "\x00\x1b[2J", "\ud83d", "‮evil", "", " ", "🙏" * 50,
)  # fmt: skip
ODD: tuple[Any, ...] = (
    None, True, 0, -1, 2**63, 2**70, 1.5, float("nan"), "", "x", "\ud800", [], {}, [None], {"id": "1"},
    "9" * 400,
)  # fmt: skip


def written(chance: random.Random, number: int, offered: list[str]) -> dict[str, Any]:
    """An update as Telegram writes it, of anybody."""
    person = chance.choice(PEOPLE)
    who = {"id": person, "is_bot": False, "first_name": "Rina", "language_code": chance.choice(("id", "en"))}
    chat = {"id": person, "type": "private", "first_name": "Rina"}
    message = {"message_id": number, "date": 1_772_413_200, "chat": chat, "from": who}
    kind = chance.randrange(8)
    if kind < 3 and offered:
        data = chance.choice(offered)
        return {"update_id": number, "callback_query": {"id": str(number), "from": who, "message": message,
                                                        "chat_instance": "1", "data": data}}  # fmt: skip
    if kind == 3:
        document = {"file_id": f"f{number}", "file_unique_id": "u", "file_name": "a.pdf", "file_size": 9}
        return {"update_id": number, "message": {**message, "document": document, "caption": "SK"}}
    if kind == 4:
        return {
            "update_id": number,
            "message": {**message, "location": {"latitude": -2.5, "longitude": 112.9}},
        }
    if kind == 5:
        contact = {"phone_number": "62811", "first_name": "R", "user_id": person}
        return {"update_id": number, "message": {**message, "contact": contact}}
    name = "edited_message" if kind == 6 else "message"
    return {"update_id": number, name: {**message, "text": chance.choice(WORDS)}}


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place inside an update."""
    entries = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, inside in entries:
        yield (*way, key)
        yield from places(inside, (*way, key))


def bent(chance: random.Random, update: dict[str, Any]) -> dict[str, Any]:
    """The same with one or two places given another value, or none."""
    bent = copy.deepcopy(update)
    for _ in range(chance.randrange(3)):
        *way, last = chance.choice(list(places(bent)) or [("update_id",)])
        inside: Any = bent
        for key in way:
            inside = inside[key]
        if chance.random() < 0.3 and isinstance(inside, dict):
            inside.pop(last, None)
        else:
            inside[last] = copy.deepcopy(chance.choice(ODD))
    return bent


def answered(tx: SqliteTransaction, inbound: Inbound) -> list[str]:
    """Take the turn as the dispatcher does, with whatever it wants from outside; the buttons it shows."""
    fetched: Any = None
    for _ in range(3):
        try:
            messages = DESK.take(tx, inbound, fetched=fetched, now=MORNING)
        except WantsFile:
            fetched = PDF
        except WantsLink:
            return []
        else:
            for message in messages:
                outbox.insert(tx, channel="telegram", address=inbound.address, message=message, now=MORNING)
            return [choice.data for message in messages for row in message.rows for choice in row]
    return []


def run(seed: int, count: int) -> tuple[int, int]:
    """Take so many updates one behind the other; how many were read, and how many could not be."""
    chance, read, unreadable = random.Random(seed), 0, 0
    offered: list[str] = []
    with closing(in_memory(ordinary())) as tx:
        tx.execute("BEGIN")
        for number in range(1, count + 1):
            try:
                inbound = parse(bent(chance, written(chance, number, offered)))
            except Unreadable:
                unreadable += 1
                continue
            read += 1
            tx.execute("SAVEPOINT turn")
            offered = (answered(tx, inbound) or offered)[-40:]
            tx.execute("RELEASE turn")
    return read, unreadable


@pytest.mark.parametrize("seed", range(4))
def test_no_turn_is_given_up(seed: int) -> None:
    read, unreadable = run(seed, COUNT)
    assert read > unreadable > 0
