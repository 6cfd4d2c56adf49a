"""No text from outside reaches a table with a mark that nobody sees, whatever is open when it comes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.channels.telegram.parse import parse
from domain.message import Kind
from domain.reading.clean_text import clean
from handlers.assembly import build
from handlers.door import own_number
from storage import contacts, dialogues
from storage.engine.transaction import Transaction
from tests.kit.clock_and_codes import MORNING, Codes
from tests.kit.databases import in_memory, with_people
from tests.kit.people import ORANG, RINA, SARI
from tests.kit.properties import SHARES_FIXTURE
from tests.kit.tables import table_names

DESK = build(timezone="Asia/Jakarta", language="id", new_code=Codes())
MARKS = "\u200b\u200d\u200e\u202a\u202e\u2060\u2066\u2069\ufeff\u00ad\u3164\u2800\x00\x1b\ud83d\ue000\r\n"
DIRTY = st.text("aku 12👍" + MARKS, max_size=12).map(lambda text: f"\u202eSi{text}pandu\u200b")
# What is open when the text comes: commands and answers that lead there.
OPEN: tuple[tuple[int, tuple[str, ...]], ...] = (
    (RINA, ("/ajukan",)),
    (RINA, ("/ajukan", "SIPANDU", "penerapan", "opd")),
    (RINA, ("/ajukan", "SIPANDU", "/draf")),
    (SARI, ("/siaran",)),
    (SARI, ("/inovasi",)),
    (SARI, ("/profil",)),
    (ORANG, ("/start",)),
)


@pytest.fixture(scope="module")
def tx() -> Iterator[Transaction]:
    with closing(in_memory(with_people())) as connection:
        yield connection


def sends(tx: Transaction, person: int, name: str, **parts: Any) -> None:
    """Send an update through the parser to the desk, as the turn does."""
    who = {"id": person, "is_bot": False, "first_name": name, "language_code": "id"}
    chat = {"id": person, "type": "private"}
    inbound = parse(
        {"update_id": 1, "message": {"message_id": 7, "date": 1, "chat": chat, "from": who, **parts}}
    )
    if inbound.kind is not Kind.FILE:
        DESK.take(tx, inbound, fetched=None, now=MORNING)


def kept(tx: Transaction) -> Iterator[str]:
    """Give every text that any table holds."""
    for table in table_names(tx):
        for row in tx.execute(f"SELECT * FROM {table}"):
            yield from (value for value in row if isinstance(value, str))


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=SHARES_FIXTURE,
)
@given(opened=st.sampled_from(OPEN), text=DIRTY, name=DIRTY)
@example(opened=OPEN[0], text="\u202eSIPANDU\u200b\x00 Ba\u00adamang\u3164", name="Ri\u200bna")
def test_what_is_kept_is_as_it_looks(
    tx: Transaction, opened: tuple[int, tuple[str, ...]], text: str, name: str
) -> None:
    person, words = opened
    tx.execute("SAVEPOINT before")
    try:
        for word in words:
            sends(tx, person, name, text=word)
        sends(tx, person, name, text=text)
        sends(
            tx,
            person,
            name,
            contact={"phone_number": f"+62\u200b812{text}", "first_name": name, "user_id": person},
        )
        for value in kept(tx):
            assert value == clean(value) or value.startswith(("{", "[")), ascii(value)
            assert not set(value) & set("\u200b\u202e\u2060\ufeff\u00ad\u3164\x00\x1b"), ascii(value)
    finally:
        tx.execute("ROLLBACK TO before")
        tx.execute("RELEASE before")


def test_an_answer_is_kept_without_its_marks(tx: Transaction) -> None:
    tx.execute("SAVEPOINT before")
    sends(tx, RINA, "Rina", text="/ajukan")
    sends(tx, RINA, "Rina", text="\u202eSIPANDU\u200b \u00a0Ba\u00adamang\n👨‍👩‍👧")
    assert tx.execute("SELECT value FROM answers WHERE question = 'nama'").fetchone() == (
        '"SIPANDU Baamang 👨‍👩‍👧"',
    )
    tx.execute("ROLLBACK TO before")


@pytest.mark.parametrize(("shared", "usable"), [("88812345678", False), ("6281234567890", True)])
def test_a_number_of_ones_own_that_nobody_can_call_is_said_so(
    tx: Transaction, shared: str, usable: bool
) -> None:
    tx.execute("SAVEPOINT before")
    person = contacts.by_address(tx, "telegram", address=str(RINA))
    assert person is not None
    dialogues.begin(tx, person.id, name=own_number.PHONE)
    who = {"id": RINA, "first_name": "Rina", "language_code": "id"}
    contact = {"phone_number": shared, "first_name": "Rina", "user_id": RINA}
    chat = {"id": RINA, "type": "private"}
    update = {
        "update_id": 1,
        "message": {"message_id": 7, "date": 1, "chat": chat, "from": who, "contact": contact},
    }
    said = " ".join(message.text for message in DESK.take(tx, parse(update), fetched=None, now=MORNING))
    assert ("bukan nomor telepon yang dapat dihubungi" in said) is not usable
    assert bool(tx.execute("SELECT 1 FROM contacts WHERE phone = ?", (f"+{shared}",)).fetchall()) is usable
    tx.execute("ROLLBACK TO before")
