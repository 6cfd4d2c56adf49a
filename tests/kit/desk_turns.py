"""Turns taken straight at the desk, without a channel and without a loop."""

from __future__ import annotations

from domain.message import Inbound, Kind, Message, plain
from domain.people import Role
from handlers.assembly import build
from handlers.desk import Desk
from storage.engine.transaction import Transaction
from tests.kit.clock_and_codes import MORNING, Codes
from tests.kit.people import ORANG, PEOPLE, RINA, SARI, WATI

DESK = build(timezone="Asia/Jakarta", language="id", new_code=Codes())
ROLES = {RINA: Role.FOCAL_POINT, WATI: Role.LEADER, SARI: Role.ADMIN, ORANG: None}


def says(tx: Transaction, person: int, text: str, desk: Desk = DESK) -> list[Message]:
    """Type a text."""
    inbound = Inbound("telegram", str(person), Kind.TEXT, text=text, name=PEOPLE[person][0])
    return list(desk.take(tx, inbound, fetched=None, now=MORNING))


def taps(tx: Transaction, person: int, data: str) -> list[Message]:
    """Tap a button; `data` is whatever a client sends."""
    inbound = Inbound(
        "telegram",
        str(person),
        Kind.BUTTON,
        button=data,
        callback_id="1",
        message_ref="9",
        name=PEOPLE[person][0],
    )
    return list(DESK.take(tx, inbound, fetched=None, now=MORNING))


def heard(messages: list[Message]) -> str:
    """What was said, without our marks."""
    return "\n".join(plain(message.text) for message in messages)


def buttons(messages: list[Message]) -> list[str]:
    """The data of every button shown."""
    return [choice.data for message in messages for row in message.rows for choice in row if choice.data]


def refusals(tx: Transaction) -> int:
    """How often somebody was refused."""
    return int(tx.execute("SELECT count(*) FROM audit WHERE action LIKE 'refused%'").fetchone()[0])
