"""An innovation that was handed in, and turns of those who review it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from typing import Any

from domain.message import Inbound, Kind, Message
from handlers.assembly import build
from handlers.desk import Desk
from storage.engine.transaction import Transaction
from tests.kit.clock_and_codes import MORNING, Codes
from tests.kit.databases import Content, filled, with_people
from tests.kit.handed_in import LEVELS, handed_in
from tests.kit.people import PEOPLE, RINA, SARI

DESK = build(timezone="Asia/Jakarta", language="id", new_code=Codes())
KEPT = ("innovations", "answers", "history", "verdicts", "flags", "reviews", "outbox")


@cache
def with_one_handed_in() -> Content:
    """A database with one innovation of Dinkes handed in."""
    return filled(with_people(), lambda tx: handed_in(tx, "SIPANDU", now=MORNING))


class Hours:
    """A clock for turns."""

    def __init__(self) -> None:
        self.now = MORNING + timedelta(hours=1)

    def __call__(self) -> Any:
        self.now += timedelta(seconds=1)
        return self.now


CLOCK = Hours()


def taps(tx: Transaction, person: int, data: str, desk: Desk = DESK) -> list[Message]:
    """Tap a button; `data` is whatever a client sends."""
    name = PEOPLE.get(person, ("Dewi", None, ""))[0]
    inbound = Inbound(
        "telegram", str(person), Kind.BUTTON, button=data, callback_id="1", message_ref="9", name=name
    )
    return list(desk.take(tx, inbound, fetched=None, now=CLOCK()))


def says(tx: Transaction, person: int, text: str) -> list[Message]:
    """Type a text."""
    inbound = Inbound("telegram", str(person), Kind.TEXT, text=text, name=PEOPLE[person][0])
    return list(DESK.take(tx, inbound, fetched=None, now=CLOCK()))


def kept(tx: Transaction, *tables: str) -> list[list[Any]]:
    """What stands in the tables."""
    return [tx.execute(f"SELECT * FROM {table}").fetchall() for table in tables or KEPT]


def state(tx: Transaction, number: int = 1) -> str:
    """The state of an innovation."""
    return str(tx.execute("SELECT state FROM innovations WHERE id = ?", (number,)).fetchone()[0])


def judge(tx: Transaction, levels: Mapping[int, int] | None = None) -> None:
    """Take it and accept every claim, or other levels with a reason."""
    taps(tx, SARI, "q:t:1")
    for no, claimed in LEVELS.items():
        level = (levels or {}).get(no, claimed)
        taps(tx, SARI, f"q:v:1:{no}:{level}")
        if level != claimed:
            taps(tx, SARI, f"q:w:1:level:i{no}:{level}:bukti_lain")


def send_back(tx: Transaction, *places: str) -> None:
    """Take it and return it with these items marked."""
    taps(tx, SARI, "q:t:1")
    for place in places:
        taps(tx, SARI, f"q:w:1:{'indicator' if place[1:].isdecimal() else 'profile'}:{place}:0:berkas")
    taps(tx, SARI, "q:dry:1")
    assert state(tx) == "dikembalikan"


def correct(tx: Transaction, *said: str) -> None:
    """Open what was returned, say this at its items, and send it again."""
    taps(tx, RINA, "rk:go:1")
    for text in (*said, "kirim"):
        says(tx, RINA, text)
