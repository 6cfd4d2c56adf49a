"""An id and a number are one person as soon as both stand in one message, and never before."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from domain.buttons.base import Raw
from domain.message import Choice, Message
from storage import (
    address_names,
    contacts,
    inbox,
    outbox,
    outbox_leases,
    outbox_outcomes,
    outbox_rows,
    personal,
)
from storage.engine.transaction import Transaction
from storage.inbox import Arrival
from storage.outbox_outcomes import Outcome
from tests.kit.people import enrol

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
ID, PHONE, OTHER = "ID.1", "6281200001001", "6281200001002"


def person(tx: Transaction, address: str, name: str = "Rina") -> int:
    return enrol(tx, address, name=name, channel="whatsapp", now=NOW)


def resolve(tx: Transaction, address: str, also: str = "") -> str:
    return address_names.resolve(tx, "whatsapp", address=address, also=also)


def who(tx: Transaction, address: str) -> str:
    found = contacts.by_address(tx, "whatsapp", address=address)
    return found.name if found else ""


def test_a_new_person_is_kept_under_the_id_and_found_by_the_number(tx: Transaction) -> None:
    assert resolve(tx, ID, PHONE) == ID
    assert resolve(tx, PHONE) == ID
    assert resolve(tx, ID) == ID


def test_somebody_known_by_the_number_stays_so_when_an_id_comes_along(tx: Transaction) -> None:
    person(tx, PHONE)
    assert resolve(tx, ID, PHONE) == PHONE
    assert resolve(tx, ID) == PHONE


def test_two_addresses_that_prove_one_are_made_one(tx: Transaction) -> None:
    assert resolve(tx, PHONE) == PHONE
    assert resolve(tx, ID) == ID
    person(tx, PHONE)
    assert resolve(tx, ID, PHONE) == PHONE
    assert who(tx, resolve(tx, ID)) == "Rina"


def test_two_people_are_never_made_one(tx: Transaction) -> None:
    assert (resolve(tx, PHONE), resolve(tx, ID)) == (PHONE, ID)
    person(tx, PHONE)
    person(tx, ID, "Budi")
    assert resolve(tx, ID, PHONE) == ID, "the id is one person's alone, a number may be given to another"
    assert resolve(tx, PHONE) == PHONE
    assert {who(tx, PHONE), who(tx, ID)} == {"Rina", "Budi"}


def test_a_changed_number_leads_to_the_same_person_and_the_old_one_to_nobody(tx: Transaction) -> None:
    resolve(tx, PHONE)
    person(tx, PHONE)
    address_names.renumber(tx, "whatsapp", before=[PHONE], after=OTHER)
    assert who(tx, resolve(tx, OTHER)) == "Rina"
    assert who(tx, resolve(tx, PHONE)) == ""


def test_a_changed_number_takes_the_id_of_before_along_with_it(tx: Transaction) -> None:
    resolve(tx, ID, PHONE)
    person(tx, ID)
    address_names.renumber(tx, "whatsapp", before=["ID.0", PHONE], after="ID.2")
    assert who(tx, resolve(tx, "ID.2", OTHER)) == "Rina"
    assert (resolve(tx, OTHER), resolve(tx, PHONE), who(tx, ID)) == ("ID.2", PHONE, "")


def test_a_new_id_with_a_known_number_is_where_the_person_is_written_to(tx: Transaction) -> None:
    resolve(tx, ID, PHONE)
    person(tx, ID)
    assert resolve(tx, "ID.2", PHONE) == "ID.2"
    assert (who(tx, "ID.2"), who(tx, resolve(tx, PHONE))) == ("Rina", "Rina")


def test_one_name_alone_moves_nobody(tx: Transaction) -> None:
    resolve(tx, ID, PHONE)
    person(tx, ID)
    for _ in range(2):
        assert (resolve(tx, PHONE, PHONE), resolve(tx, ID, ID)) == (ID, ID)
    assert who(tx, ID) == "Rina"


def test_what_was_said_goes_along_to_the_new_number(tx: Transaction) -> None:
    resolve(tx, ID, PHONE)
    person(tx, ID)
    rows = ((Choice("Ya", Raw("a:1")),),)
    number = outbox.insert(tx, channel="whatsapp", address=ID, message=Message("Ya?", rows), now=NOW)
    outbox_leases.claim(tx, "whatsapp", now=NOW, until=NOW, limit=1)
    outbox_outcomes.settle(tx, [Outcome(number or 0, "sent", "wamid.1")], now=NOW)
    address_names.renumber(tx, "whatsapp", before=[ID], after="ID.2")
    assert outbox_rows.message_of(tx, "whatsapp", address="ID.2", message_ref="wamid.1") is not None


def test_somebody_is_known_by_each_name(tx: Transaction) -> None:
    person(tx, PHONE)
    assert not address_names.is_somebodys(tx, "whatsapp", address=ID)
    resolve(tx, ID, PHONE)
    for name in (ID, PHONE):
        assert address_names.is_somebodys(tx, "whatsapp", address=name)
        assert address_names.kept(tx, "whatsapp", address=name) == PHONE


def test_a_number_that_is_somebodys_is_not_taken_over(tx: Transaction) -> None:
    person(tx, PHONE)
    person(tx, OTHER, "Budi")
    address_names.renumber(tx, "whatsapp", before=[PHONE], after=OTHER)
    assert (who(tx, PHONE), who(tx, OTHER)) == ("Rina", "Budi")


def test_whatever_came_by_one_of_the_names_is_shown_to_its_person_and_erased(tx: Transaction) -> None:
    rina = person(tx, PHONE)
    assert resolve(tx, ID, PHONE) == PHONE
    names = (PHONE, ID, OTHER)
    arrivals = [Arrival(f"wamid.{name}", name, f'{{"from":"{name}"}}') for name in names]
    inbox.insert(tx, "whatsapp", arrivals=arrivals, now=NOW)
    tx.execute("UPDATE inbox SET state = 'handled'")
    received = personal.kept_about(tx, rina)["messages_received"]
    assert [json.loads(message["raw"])["from"] for message in received] == [PHONE, ID]
    personal.forget_address(tx, "whatsapp", address=PHONE)
    kept = tx.execute("SELECT address, raw FROM inbox ORDER BY id").fetchall()
    assert kept == [("", "{}"), ("", "{}"), (OTHER, f'{{"from":"{OTHER}"}}')]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(
            lambda tx: address_names.renumber(tx, "whatsapp", before=["ID.0", PHONE], after="ID.2"),
            id="the platform tells of it",
        ),
        pytest.param(lambda tx: resolve(tx, "ID.2", PHONE), id="a new id comes with the number"),
    ],
)
def test_what_came_before_the_address_changed_is_shown_and_erased_too(
    tx: Transaction, change: Callable[[Transaction], object]
) -> None:
    """A name of before is nobody's any more: what lay under it would be found by no erasing."""
    resolve(tx, ID, PHONE)
    rina = person(tx, ID)
    arrivals = [Arrival(f"wamid.{name}", name, f'{{"from":"{name}"}}') for name in (ID, PHONE, OTHER)]
    inbox.insert(tx, "whatsapp", arrivals=arrivals, now=NOW)
    tx.execute("UPDATE inbox SET state = 'handled'")
    change(tx)
    assert len(personal.kept_about(tx, rina)["messages_received"]) == 2
    personal.forget_address(tx, "whatsapp", address="ID.2")
    kept = tx.execute("SELECT address, raw FROM inbox ORDER BY id").fetchall()
    assert kept == [("", "{}"), ("", "{}"), (OTHER, f'{{"from":"{OTHER}"}}')]
