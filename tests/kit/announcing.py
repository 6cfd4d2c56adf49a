"""Announcing at the desk: what is typed and tapped, up to the preview."""

from __future__ import annotations

from datetime import datetime

from domain.message import Inbound, Kind, Message
from handlers.assembly import build
from storage.engine.transaction import Transaction
from tests.kit.clock_and_codes import MORNING, Codes
from tests.kit.people import SARI

DESK = build(timezone="Asia/Jakarta", language="id", new_code=Codes())


TABLES = ("broadcasts", "broadcast_recipients", "broadcast_replies", "outbox")


OTHER_ADMIN = 1010


def says(tx: Transaction, person: int, text: str, *, reply_to: str = "") -> list[Message]:
    inbound = Inbound("telegram", str(person), Kind.TEXT, text=text, name="x", reply_to=reply_to)
    return list(DESK.take(tx, inbound, fetched=None, now=MORNING))


def taps(
    tx: Transaction, person: int, data: str, *, now: datetime = MORNING, ref: str = "9"
) -> list[Message]:
    inbound = Inbound(
        "telegram", str(person), Kind.BUTTON, button=data, callback_id="1", message_ref=ref, name="x"
    )
    return list(DESK.take(tx, inbound, fetched=None, now=now))


def state(tx: Transaction) -> list[list[object]]:
    return [tx.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES]


def button(messages: list[Message], prefix: str) -> str:
    """The data of the newest button that begins like this."""
    return [c.data for m in messages for row in m.rows for c in row if c.data.startswith(prefix)][-1]


def previewed(tx: Transaction, text: str = "Bimtek hari Senin.") -> list[Message]:
    """Let the desk write to every focal point, up to the preview."""
    says(tx, SARI, "/siaran")
    says(tx, SARI, text)
    taps(tx, SARI, "sr:r:1:focal_point")
    return taps(tx, SARI, "sr:see:1")
