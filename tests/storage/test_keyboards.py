from __future__ import annotations

from datetime import UTC, datetime

import pytest

from domain import buttons
from domain.message import Choice, Message, Rows
from storage import keyboards, outbox, outbox_leases, outbox_outcomes
from storage.engine.transaction import Transaction
from storage.outbox_outcomes import Outcome
from tests.kit.people import enrol

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def arrives(
    tx: Transaction, message: Message, reference: str, *, address: str = "1", channel: str = "telegram"
) -> None:
    """Queue a message and let it be sent."""
    number = outbox.insert(tx, channel=channel, address=address, message=message, now=NOW)
    outbox_leases.claim(tx, channel, now=NOW, until=NOW, limit=9)
    outbox_outcomes.settle(tx, [Outcome(number or 0, "sent", message_ref=reference)], now=NOW)


def choice(command: buttons.Command) -> Rows:
    return ((Choice(command, buttons.Open(command)),),)


def newest(tx: Transaction, address: str = "1") -> list[str]:
    return [one.label for one in keyboards.newest(tx, "telegram", address=address)]


def test_the_newest_message_with_choices_counts(tx: Transaction) -> None:
    assert newest(tx) == []
    arrives(tx, Message("a", choice("status")), "1")
    arrives(tx, Message("b", choice("tugas")), "2")
    arrives(tx, Message("c"), "3")
    arrives(tx, Message("d", choice("draf")), "4", address="2")
    assert newest(tx) == ["tugas"]


def test_a_message_may_be_passed_over_by_its_choices(tx: Transaction) -> None:
    arrives(tx, Message("a", choice("status")), "1")
    arrives(tx, Message("b", (*choice("tugas"), *choice("draf"))), "2")
    arrives(tx, Message("c", choice("tugas")), "3")
    newest_but = keyboards.newest(tx, "telegram", address="1", passes=lambda data: data == "k:tugas")
    assert [each.label for each in newest_but] == ["tugas", "draf"]


def test_what_one_answer_says_above_its_newest_choices_is_told_apart(tx: Transaction) -> None:
    """A page was asked for while a question is open: the page comes, and the question again below it."""
    arrives(tx, Message("a", choice("status")), "1")
    page, between, question = Message("b", choice("tugas")), Message("c"), Message("d", choice("draf"))
    outbox.answer(tx, 1, channel="telegram", address="1", messages=(page, between, question), now=NOW)
    while leaving := outbox_leases.claim(tx, "telegram", now=NOW, until=NOW, limit=9):
        outbox_outcomes.settle(
            tx, [Outcome(one.id, "sent", message_ref=f"r{one.id}") for one in leaving], now=NOW
        )
    arrives(tx, Message("unasked, with no choices"), "9")
    for has_others in (True, False):
        newest, above = keyboards.standing(tx, "telegram", address="1", has_others=has_others)
        assert ([one.label for one in newest], [one.label for one in above]) == (["draf"], ["tugas"])


def test_what_has_not_arrived_does_not_count(tx: Transaction) -> None:
    arrives(tx, Message("a", choice("status")), "1")
    outbox.insert(tx, channel="telegram", address="1", message=Message("b", choice("tugas")), now=NOW)
    assert newest(tx) == ["status"]


def test_choices_that_were_edited_away_do_not_count(tx: Transaction) -> None:
    arrives(tx, Message("a", choice("status")), "1")
    arrives(tx, Message("b", choice("tugas")), "2")
    arrives(tx, Message("done", edit="2"), "2")
    assert newest(tx) == ["status"]


def test_keys_that_only_share_something_are_no_choices(tx: Transaction) -> None:
    arrives(tx, Message("a", ((Choice("Bagikan nomor saya", buttons.Key()),),), ask="phone"), "1")
    assert newest(tx) == []


def test_it_tells_what_the_very_last_message_offers(tx: Transaction) -> None:
    arrives(tx, Message("a", choice("status")), "1")
    assert keyboards.is_last(tx, "telegram", address="1", data="k:status")
    outbox.insert(tx, channel="telegram", address="1", message=Message("b"), now=NOW)
    assert not keyboards.is_last(tx, "telegram", address="1", data="k:status")
    assert not keyboards.is_last(tx, "telegram", address="2", data="k:status")


@pytest.mark.sqlite
def test_both_looks_go_by_an_index(tx: Transaction) -> None:
    for query in (keyboards._ARRIVED, keyboards._SAID):
        steps = [row[3] for row in tx.execute(f"EXPLAIN QUERY PLAN {query}", ("x",) * query.count("?"))]
        assert len(steps) == 1
        assert "outbox_said (channel=? AND address=?)" in steps[0]


def test_the_newest_at_any_address_of_the_person_counts(tx: Transaction) -> None:
    number = enrol(tx, "1", name="Rina", now=NOW)
    tx.execute("INSERT INTO addresses (channel, address, contact_id) VALUES ('whatsapp', '62', ?)", (number,))
    arrives(tx, Message("a", choice("status")), "1")
    arrives(tx, Message("b", choice("tugas")), "w1", channel="whatsapp", address="62")
    assert newest(tx) == ["tugas"]
    assert not keyboards.is_last(tx, "telegram", address="1", data="k:status")
    assert keyboards.is_last(tx, "telegram", address="1", data="k:tugas")
    arrives(tx, Message("c", choice("draf")), "2")
    assert newest(tx) == ["draf"]
