"""Two records of one person become one: nothing is lost, nothing is doubled, whatever the order of things."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.joining import Apart, Note, Side, notes, why_apart
from domain.message import Message
from domain.people import Role
from domain.reminding.facts import Key
from storage import addresses, contacts, joining, occurrences, outbox, personal, unlinking
from storage.engine.sqlite import SqliteTransaction
from storage.joining import FOLLOWING, ONCE_EACH
from tests.kit.clock_and_codes import MORNING
from tests.kit.databases import in_memory, with_people
from tests.kit.tables import table_names

RINA, BUDI, TONO, WATI = 1, 2, 3, 4


@pytest.fixture
def tx() -> Iterator[SqliteTransaction]:
    """A database in memory with everybody in it."""
    with closing(in_memory(with_people())) as connection:
        yield connection


def move_to_whatsapp(tx: SqliteTransaction, contact: int) -> None:
    """Let somebody be known on the other channel alone."""
    tx.execute("UPDATE addresses SET channel = 'whatsapp' WHERE contact_id = ?", (contact,))


@pytest.mark.sqlite
def test_whatever_names_a_person_follows(tx: SqliteTransaction) -> None:
    """A table that is added later must say what becomes of its rows."""
    tables = table_names(tx)
    naming = {
        (table, row[3])
        for table in tables
        for row in tx.execute(f"SELECT * FROM pragma_foreign_key_list('{table}')").fetchall()
        if row[2] == "contacts"
    }
    assert naming == {*FOLLOWING, *((table, "contact_id") for table in ONCE_EACH)}


def test_the_rules_say_who_may_be_joined_and_what_is_said() -> None:
    desk = Side(frozenset({"telegram"}), frozenset({Role.ADMIN}), has_question=True)
    leader = Side(frozenset({"whatsapp"}), frozenset({Role.LEADER}))
    office = Side(frozenset({"whatsapp"}), frozenset({Role.FOCAL_POINT}), has_question=True, is_silent=True)
    stranger = Side(frozenset({"whatsapp"}))
    assert why_apart(desk, leader) is Apart.ROLES
    assert why_apart(office, stranger) is Apart.CHANNEL
    assert why_apart(desk, office) is None
    assert notes(desk, office) == (Note.POSTS, Note.QUESTION_HERE, Note.SILENT)
    assert notes(stranger, desk) == (Note.QUESTION_THERE,)
    assert notes(stranger, leader) == ()


def test_the_same_post_is_held_since_the_earlier_day(tx: SqliteTransaction) -> None:
    tx.execute("UPDATE memberships SET since = '2020' WHERE contact_id = ?", (BUDI,))
    joining.join(tx, RINA, other=BUDI, now=MORNING)
    rows = tx.execute("SELECT contact_id, since FROM memberships WHERE contact_id IN (1, 2)").fetchall()
    assert rows == [(RINA, "2020")]


def test_one_announcement_reaches_the_person_once(tx: SqliteTransaction) -> None:
    tx.execute(
        "INSERT INTO broadcasts (contact_id, channel, address, created_at) "
        "VALUES (5, 'telegram', '1005', '2026')"
    )
    for contact, state in ((RINA, "queued"), (BUDI, "delivered")):
        number = outbox.insert(
            tx,
            channel="telegram",
            address=str(1000 + contact),
            message=Message("Kabar"),
            now=MORNING,
            terms=outbox.Terms(priority=outbox.BROADCAST, dedupe_key=f"broadcast:1:{contact}"),
        )
        tx.execute(
            "INSERT INTO broadcast_recipients (broadcast_id, contact_id, channel, address, state, outbox_id) "
            "VALUES (1, ?, 'telegram', ?, ?, ?)",
            (contact, str(1000 + contact), state, number),
        )
    tx.execute("UPDATE outbox SET state = 'sent' WHERE dedupe_key = 'broadcast:1:2'")
    tx.execute("UPDATE broadcast_recipients SET acked_at = '2026' WHERE contact_id = 1")
    joining.join(tx, BUDI, other=RINA, now=MORNING)
    rows = tx.execute("SELECT contact_id, state, acked_at FROM broadcast_recipients").fetchall()
    assert rows == [(RINA, "delivered", "2026")]
    assert tx.execute("SELECT state FROM outbox ORDER BY id").fetchall() == [("dropped",), ("sent",)]


def test_one_reminder_and_one_notice_are_left_of_two(tx: SqliteTransaction) -> None:
    for contact in (RINA, BUDI):
        key = Key("tenggat", 1, 2, contact, "H-7", "2026-12-15")
        address = str(1000 + contact)
        number = _queue(tx, address, key=None)
        occurrences.keep(tx, [key], state=occurrences.TOLD, now=MORNING, outbox_id=number)
        _queue(tx, address, key=f"news:{contact}")
    joining.join(tx, RINA, other=BUDI, now=MORNING)
    waiting = tx.execute(
        "SELECT address, count(*) FROM outbox WHERE state = 'waiting' GROUP BY address"
    ).fetchall()
    assert waiting == [("1001", 2)]
    assert tx.execute("SELECT contact_id FROM occurrences").fetchall() == [(RINA,)]


def _queue(tx: SqliteTransaction, address: str, *, key: str | None) -> int | None:
    return outbox.insert(
        tx,
        channel="telegram",
        address=address,
        message=Message("Kabar"),
        now=MORNING,
        terms=outbox.Terms(priority=outbox.REMINDER, dedupe_key=key),
    )


def test_what_is_unasked_goes_where_the_person_wrote_last(tx: SqliteTransaction) -> None:
    move_to_whatsapp(tx, BUDI)
    joining.join(tx, RINA, other=BUDI, now=MORNING)
    for minutes, (channel, address) in enumerate(
        (("whatsapp", "1002"), ("telegram", "1001"), ("whatsapp", "1002"))
    ):
        addresses.spoke(tx, channel, address=address, at=MORNING + timedelta(minutes=minutes))
        assert contacts.reach(tx, RINA) == (channel, address, "id")
        assert [one.channel for one in contacts.posts(tx, Role.FOCAL_POINT) if one.contact_id == RINA] == [
            channel
        ]
    addresses.spoke(tx, "telegram", address="1001", at=MORNING)  # a late webhook about something older
    assert contacts.reach(tx, RINA) == ("whatsapp", "1002", "id")
    contacts.block(tx, "whatsapp", address="1002", now=MORNING)
    assert contacts.reach(tx, RINA) == ("telegram", "1001", "id")


# whatever happens in whatever order

MOVES = st.lists(
    st.tuples(
        st.sampled_from(["join", "unlink", "erase", "notice", "draft", "spoke"]),
        st.integers(0, 3),
        st.integers(0, 3),
    ),
    max_size=12,
)


@pytest.mark.sqlite
@settings(max_examples=40)
@given(MOVES)
def test_no_draft_is_lost_and_no_message_goes_to_two_addresses(moves: list[tuple[str, int, int]]) -> None:
    with closing(in_memory(with_people())) as tx:
        people = {address: _at(tx, address) for address in range(4)}
        drafts = 0
        for turn, (act, first, second) in enumerate(moves):
            here, there = _at(tx, first), _at(tx, second)
            now = MORNING + timedelta(minutes=turn)
            if act == "join" and here and there and here != there:
                joining.join(tx, here, other=there, now=now)
            elif act == "unlink" and here:
                unlinking.unlink(tx, here, channel=_channel(first), address=_address(first), now=now)
            elif act == "erase" and here:
                personal.erase(tx, here, now=now)
            elif act == "spoke":
                addresses.spoke(tx, _channel(first), address=_address(first), at=now)
            elif act == "draft" and here:
                drafts += _begin(tx, here)
            elif act == "notice":
                _tell_everybody(tx, f"news:{turn}")
            _hold(tx, drafts)
        assert people


def _channel(number: int) -> str:
    return ("telegram", "whatsapp")[number % 2]


def _address(number: int) -> str:
    return str(1001 + number)


def _at(tx: SqliteTransaction, number: int) -> int | None:
    tx.execute(
        "UPDATE addresses SET channel = ? WHERE channel = 'telegram' AND address = ?",
        (_channel(number), _address(number)),
    )
    return addresses.contact_at(tx, _channel(number), address=_address(number))


def _begin(tx: SqliteTransaction, contact: int) -> int:
    tx.execute(
        "INSERT INTO innovations "
        "(office_id, period_id, form_version, rule_year, created_by, created_at, updated_at) "
        "VALUES (2, 1, 1, 2026, ?, '2026', '2026')",
        (contact,),
    )
    tx.execute("INSERT INTO cursors VALUES (?, last_insert_rowid(), '{}', '2026')", (contact,))
    return 1


def _tell_everybody(tx: SqliteTransaction, key: str) -> None:
    for (contact,) in tx.execute("SELECT DISTINCT contact_id FROM addresses").fetchall():
        where = contacts.reach(tx, contact)
        assert where is not None
        outbox.insert(
            tx,
            channel=where[0],
            address=where[1],
            message=Message("Kabar"),
            now=MORNING,
            terms=outbox.Terms(priority=outbox.REMINDER, dedupe_key=f"{key}:{contact}"),
        )


_TO_PEOPLE = """
SELECT a.contact_id, substr(o.dedupe_key, 1, instr(substr(o.dedupe_key, 6), ':') + 5), count(*) FROM outbox o
JOIN addresses a ON a.channel = o.channel AND a.address = o.address
WHERE o.state = 'waiting' GROUP BY 1, 2 HAVING count(*) > 1
"""


def _hold(tx: SqliteTransaction, drafts: int) -> None:
    """Check what may never break: every draft is somebody's we can name, and nobody hears one thing twice."""
    owned = """SELECT count(*) FROM innovations i JOIN contacts c ON c.id = i.created_by
               WHERE c.joined_into IS NULL"""
    assert tx.execute(owned).fetchone() == (drafts,)
    assert tx.execute(_TO_PEOPLE).fetchall() == []
    nobody = """SELECT count(*) FROM outbox o WHERE state = 'waiting' AND NOT EXISTS (
                SELECT 1 FROM addresses a WHERE a.channel = o.channel AND a.address = o.address)"""
    assert tx.execute(nobody).fetchone() == (0,)
    if isinstance(tx, sqlite3.Connection):  # a server refuses the row itself
        assert tx.execute("PRAGMA foreign_key_check").fetchall() == []
    leftover = """SELECT count(*) FROM memberships m JOIN contacts c ON c.id = m.contact_id
                  WHERE c.joined_into IS NOT NULL"""
    assert tx.execute(leftover).fetchone() == (0,)


def test_dates_of_a_postponement_keep_the_longer(tx: SqliteTransaction) -> None:
    for contact, until in ((RINA, date(2026, 3, 10)), (BUDI, date(2026, 3, 20))):
        tx.execute("INSERT INTO snoozes VALUES (?, 1, 2, ?, '2026')", (contact, until.isoformat()))
    joining.join(tx, RINA, other=BUDI, now=MORNING)
    assert tx.execute("SELECT contact_id, until FROM snoozes").fetchall() == [(RINA, "2026-03-20")]
