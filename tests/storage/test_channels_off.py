"""Who has no address but one on a channel that is off: named as out of reach, and nothing waits for them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from domain.message import Message
from domain.people import Role
from scheduler.broadcasts import Room, advance
from storage import addresses, audiences, broadcasts, channels_off, contacts, offices, posts, recipients
from storage.engine.transaction import Transaction
from tests.kit.announced import EVERYBODY, NOW, announce
from tests.kit.databases import in_memory, with_people
from tests.kit.desk_turns import DESK, says
from tests.kit.people import SARI, enrol

OFF = frozenset({"whatsapp"})


@pytest.fixture
def tx() -> Iterator[Transaction]:
    """The people of the tests on Telegram, and two more of one office on WhatsApp alone."""
    with closing(in_memory(with_people())) as connection:
        connection.execute("BEGIN")
        office = offices.by_code(connection, "dishub")
        assert office is not None
        for number, name in ((6281100000001, "Umar"), (6281100000002, "Vina")):
            contact = enrol(connection, number, name=name, now=NOW, channel="whatsapp")
            contacts.grant(connection, contact, role=Role.FOCAL_POINT, office_id=office.id, now=NOW)
        yield connection


def advances(tx: Transaction, number: int) -> bool:
    """Advance an announcement once; tells whether it is over."""
    broadcast = broadcasts.load(tx, number)
    assert broadcast is not None
    message = Message("siaran")
    room = Room(100, 100)
    return advance(
        tx, DESK.desk_data, broadcast=broadcast, message=lambda _: message, room=room, now=NOW
    ).over


def outcomes(tx: Transaction) -> dict[str, tuple[str, str | None]]:
    return {
        name: (state, reason)
        for name, state, reason in tx.execute(
            "SELECT c.name, r.state, r.reason FROM broadcast_recipients r"
            " JOIN contacts c ON c.id = r.contact_id ORDER BY r.id"
        )
    }


def send_what_can_leave(tx: Transaction) -> None:
    tx.execute("UPDATE outbox SET state = 'sent' WHERE state = 'waiting' AND channel = 'telegram'")


def test_they_count_as_out_of_reach_and_the_announcement_ends(tx: Transaction) -> None:
    everybody = audiences.chosen(EVERYBODY, 1)
    assert audiences.reach(tx, everybody).reachable == 5
    channels_off.keep(tx, OFF)
    assert audiences.reach(tx, everybody).reachable == 3
    assert [name for name, _ in audiences.unreachable(tx, everybody)] == ["Umar", "Vina"]
    number = announce(tx)
    assert not advances(tx, number)
    send_what_can_leave(tx)
    assert advances(tx, number)
    assert outcomes(tx)["Umar"] == outcomes(tx)["Vina"] == ("skipped", "off")


@pytest.mark.parametrize("is_queued", [True, False])
def test_one_that_was_under_way_when_the_channel_went_off_ends(tx: Transaction, is_queued: bool) -> None:
    number = announce(tx)
    if is_queued:
        assert not advances(tx, number)
    channels_off.keep(tx, OFF)
    advances(tx, number)
    send_what_can_leave(tx)
    assert advances(tx, number)
    assert outcomes(tx)["Vina"] == ("skipped", "off")
    if is_queued:  # what waits leaves when the channel is on again, and counts
        channels_off.keep(tx, ())
        row = tx.execute("SELECT id FROM outbox WHERE channel = 'whatsapp' ORDER BY id").fetchone()[0]
        tx.execute("UPDATE outbox SET state = 'sent' WHERE id = ?", (row,))
        assert recipients.follow(tx, row, now=NOW)


def test_the_desk_reads_who_it_is_and_what_to_do(tx: Transaction) -> None:
    channels_off.keep(tx, OFF)
    dishub = offices.by_code(tx, "dishub")
    assert dishub is not None
    reached = posts.reach(tx, [dishub.id], now=NOW)
    assert reached.off == (dishub.id,)
    assert reached.unreached == {dishub.id}
    shown = says(tx, SARI, "/opd dishub")[-1].text
    assert "akun PIC ada di aplikasi yang sedang tidak dipakai" in shown
    assert "Umar" in shown


def test_another_address_of_theirs_is_written_to(tx: Transaction) -> None:
    contact = contacts.by_address(tx, "whatsapp", address="6281100000001")
    assert contact is not None
    addresses.give(tx, contact.id, channel="telegram", address="77", now=NOW)
    addresses.spoke_here(tx, "whatsapp", address="6281100000001", now=NOW.replace(year=2027))
    assert contacts.reach(tx, contact.id) == ("whatsapp", "6281100000001", "id")
    channels_off.keep(tx, OFF)
    assert contacts.reach(tx, contact.id) == ("telegram", "77", "id")
    channels_off.keep(tx, ())
    assert contacts.reach(tx, contact.id) == ("whatsapp", "6281100000001", "id")
