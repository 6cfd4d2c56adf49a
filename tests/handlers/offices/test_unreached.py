"""An office whose people are reached on no channel is in a list of its own, with what to do."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.message import Message
from storage import (
    addresses,
    contacts,
    held_messages,
    offices,
    outbox,
    outbox_outcomes,
    periods,
    posts,
    reminder_facts,
    service_windows,
)
from storage.engine.transaction import Transaction
from storage.held_messages import HELD_UNTIL
from storage.outbox_outcomes import Outcome
from tests.kit.clock_and_codes import MORNING
from tests.kit.desk_turns import DESK, says
from tests.kit.people import SARI

TONO = 3


def held_for_tono(tx: Transaction) -> None:
    """Let something wait until Tono writes: he is known on one channel, and no template may be sent there."""
    tx.execute("UPDATE addresses SET channel = 'whatsapp' WHERE contact_id = ?", (TONO,))
    number = outbox.insert(tx, channel="whatsapp", address="1003", message=Message("Kabar"), now=MORNING)
    tx.execute("UPDATE outbox SET state = 'leased' WHERE id = ?", (number,))
    waits = Outcome(number or 0, "waiting", not_before=HELD_UNTIL, reason="window")  # type: ignore[arg-type]
    outbox_outcomes.settle(tx, [waits], now=MORNING)


def baamang(tx: Transaction) -> int:
    """The office Tono serves alone."""
    office = offices.by_code(tx, "kec_baamang")
    assert office
    return office.id


def reach(tx: Transaction) -> posts.Reach:
    """How every office is reached."""
    return posts.reach(tx, [office.id for office in offices.active(tx)], now=MORNING)


def test_each_office_is_in_exactly_one_list(tx: Transaction) -> None:
    held_for_tono(tx)
    found = reach(tx)
    lists = (found.reachable, found.blocked, found.awaited, found.invited, found.nobody)
    every = sorted(office.id for office in offices.active(tx))
    assert sorted(number for listed in lists for number in listed) == every
    assert found.unreached == set(every) - set(found.reachable)


def test_who_must_write_first_is_awaited_and_told_nothing_more(tx: Transaction) -> None:
    assert baamang(tx) in reach(tx).reachable
    held_for_tono(tx)
    assert reach(tx).awaited == (baamang(tx),)
    period = periods.current(tx)
    assert period
    look = reminder_facts.look_at(DESK.desk_data, period, now=MORNING)
    (subject,) = reminder_facts.load(tx, look, contacts=[TONO])
    assert not subject.is_reachable
    service_windows.spoke(tx, "whatsapp", address="1003", at=MORNING)
    held_messages.release(tx, "whatsapp", address="1003", now=MORNING)
    assert baamang(tx) in reach(tx).reachable


def test_who_was_rung_or_has_another_channel_is_within_reach(tx: Transaction) -> None:
    held_for_tono(tx)
    service_windows.ring(tx, "whatsapp", address="1003", now=MORNING, pause=timedelta(hours=20))
    assert baamang(tx) in reach(tx).reachable
    service_windows.spoke(tx, "whatsapp", address="1003", at=MORNING)
    assert baamang(tx) in reach(tx).awaited
    addresses.give(tx, TONO, channel="telegram", address="77", now=MORNING)
    assert baamang(tx) in reach(tx).reachable


def test_the_page_of_an_office_says_why_and_what_to_do(tx: Transaction) -> None:
    assert "Belum terjangkau" not in says(tx, SARI, "/opd kec_baamang")[0].text
    held_for_tono(tx)
    awaited = says(tx, SARI, "/opd kec_baamang")[0].text
    assert "mintalah mengirim satu pesan" in awaited
    assert "Tono" in awaited
    contacts.block(tx, "whatsapp", address="1003", now=MORNING)
    assert "semua PIC memblokir bot" in says(tx, SARI, "/opd kec_baamang")[0].text


@pytest.mark.parametrize("code", ["dinsos", "dishub"])
def test_nobody_to_reach_is_said_with_the_invitation(tx: Transaction, code: str) -> None:
    assert "belum ada yang diundang" in says(tx, SARI, f"/opd {code}")[0].text


def test_the_list_counts_them_apart(tx: Transaction) -> None:
    text = says(tx, SARI, "/opd")[0].text
    assert "☎ 45 belum terjangkau · 2 belum." in text
