"""An announcement says before it is confirmed who gets a template, must write first, is out of reach."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta

import pytest

from domain.templates import TemplateNews
from storage import addresses, contacts, service_windows, templates
from storage.engine.sqlite import SqliteTransaction as Transaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.databases import in_memory, with_every_office
from tests.kit.people import SARI
from tests.kit.two_accounts import Account, desk_of_both

DESK = desk_of_both()
ON_WHATSAPP = (10, 11, 12, 13)  # contacts: focal points of offices of their own


@pytest.fixture
def tx() -> Iterator[Transaction]:
    """Somebody in every office; four of them on the channel with a window."""
    with closing(in_memory(with_every_office())) as connection:
        for contact in ON_WHATSAPP:
            connection.execute("UPDATE addresses SET channel = 'whatsapp' WHERE contact_id = ?", (contact,))
        yield connection


def wrote(tx: Transaction, contact: int, at: datetime) -> None:
    """Let one of them write."""
    (where,) = addresses.of_contact(tx, contact)
    service_windows.spoke(tx, where.channel, address=where.address, at=at)


def preview(tx: Transaction) -> str:
    """What stands below the preview of an announcement to every focal point."""
    sari = Account(tx, DESK, "telegram", str(SARI))
    sari.says("/siaran")
    sari.says("Bimtek hari Senin.")
    sari.presses("sr:r:1:focal_point")
    sari.presses("sr:see:1")
    return sari.heard[-1].text


def test_who_wrote_today_gets_the_text_itself(tx: Transaction) -> None:
    for contact in ON_WHATSAPP:
        wrote(tx, contact, MORNING - timedelta(hours=23))
    told = preview(tx)
    assert "menulis" not in told
    assert "Belum dapat dihubungi" not in told


def test_who_has_not_gets_a_template_where_one_is_approved(tx: Transaction) -> None:
    wrote(tx, ON_WHATSAPP[0], MORNING - timedelta(hours=1))
    name = DESK.desk_data.templates["announcement"].name
    templates.note(tx, "whatsapp", news=TemplateNews(name, "id", "APPROVED"), now=MORNING)
    assert "3 di antaranya sudah lama tidak menulis" in preview(tx)


def test_without_a_template_they_must_write_first_unless_there_is_another_channel(tx: Transaction) -> None:
    addresses.give(tx, ON_WHATSAPP[0], channel="telegram", address="777", now=MORNING - timedelta(days=9))
    (where,) = [one for one in addresses.of_contact(tx, ON_WHATSAPP[0]) if one.channel == "whatsapp"]
    addresses.spoke(tx, "whatsapp", address=where.address, at=MORNING - timedelta(days=2))
    assert "3 di antaranya baru dapat dikirimi setelah mereka menulis" in preview(tx)


def test_who_is_out_of_reach_is_counted(tx: Transaction) -> None:
    for contact in ON_WHATSAPP[:2]:
        (where,) = addresses.of_contact(tx, contact)
        contacts.block(tx, where.channel, address=where.address, now=MORNING)
    told = preview(tx)
    assert "Belum dapat dihubungi lewat bot (2):" in told
    assert "2 di antaranya baru dapat dikirimi" in told
