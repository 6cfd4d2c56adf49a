"""One person on two channels in the same second: nothing is lost in silence, nothing is done twice."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from domain.conversation.cursor import Cursor
from domain.message import Message
from storage import cursors, innovations, outbox
from storage.engine.transaction import Transaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.complete import COMPLETE
from tests.kit.people import RINA
from tests.kit.two_accounts import Account, desk_of_both

DESK = desk_of_both()
LEFT = ("tujuan", "manfaat", "hasil")  # texts, one behind the other
DRAWN = 200


class Person:
    """Rina with both phones in her hands; time passes between two seconds of hers."""

    def __init__(self, tx: Transaction) -> None:
        self.tx = tx
        self.phones = (
            Account(tx, DESK, "telegram", str(RINA)),
            Account(tx, DESK, "whatsapp", "ID.77"),
        )
        tx.execute("INSERT INTO addresses (channel, address, contact_id) VALUES ('whatsapp', 'ID.77', 1)")
        self.passes()

    def passes(self, seconds: int = 5) -> None:
        for phone in self.phones:
            phone.now += timedelta(seconds=seconds)
            phone.sent_at = phone.now

    def answers(self, *questions: str) -> dict[str, object]:
        kept = innovations.answers(self.tx, 1)
        return {question: kept[question] for question in questions if question in kept}


@pytest.fixture
def rina(tx: Transaction) -> Person:
    """She has a draft that lacks three texts, and the first of them is open."""
    person = Person(tx)
    phone = person.phones[0]
    phone.says("/ajukan")
    phone.says("SIPANDU Sistem Posyandu Terpadu")
    kept = {question: value for question, value in COMPLETE.items() if question not in LEFT}
    innovations.write(tx, 1, changes=kept, before=innovations.answers(tx, 1), by=1, now=MORNING)
    here = Cursor(at="tujuan", revision=9).to_json()
    cursors.keep(tx, 1, innovation_id=1, state=here, now=MORNING)
    phone.says("/bantuan")
    person.passes()
    return person


def shown(phone: Account) -> list[str]:
    """The data of every choice, the newest message's first."""
    return [c.data for said in reversed(phone.heard) for row in said.rows for c in row if c.data]


def test_a_second_answer_in_the_same_second_is_told_of_and_can_be_kept(rina: Person) -> None:
    first, second = rina.phones
    first.says("Menurunkan angka tengkes")
    told = second.says("Mencegah anemia remaja putri")
    assert "“Mencegah anemia remaja putri” belum disimpan" in told
    assert "Telegram" in told
    assert rina.answers(*LEFT) == {"tujuan": "Menurunkan angka tengkes"}
    rina.passes()
    second.presses(next(data for data in shown(second) if data.startswith("t:")))
    assert rina.answers(*LEFT) == {"tujuan": "Menurunkan angka tengkes\n\nMencegah anemia remaja putri"}


def test_who_takes_up_the_other_phone_goes_on_there(rina: Person) -> None:
    first, second = rina.phones
    first.says("Menurunkan angka tengkes")
    rina.passes(2)
    second.says("Kader mencatat sekali")
    assert rina.answers(*LEFT) == {"tujuan": "Menurunkan angka tengkes\n\nKader mencatat sekali"}


def test_a_clock_that_is_ahead_quotes_nobody_who_changes_phones_at_leisure(rina: Person) -> None:
    first, second = rina.phones
    rina.passes(600)
    for number, phone in enumerate((first, second, first, second)):
        phone.sent_at = phone.now - timedelta(minutes=3)
        assert "belum disimpan" not in phone.says(f"Kader mencatat sekali pada hari ke-{number}")
        rina.passes(40)


def test_what_came_late_from_both_phones_is_told_of(rina: Person) -> None:
    """The desk was away for an hour, and answers one behind the other."""
    first, second = rina.phones
    for seconds, phone in ((0, first), (10, second)):
        phone.sent_at = phone.now - timedelta(hours=1, seconds=-seconds)
    first.says("Menurunkan angka tengkes")
    assert "belum disimpan" in second.says("Mencegah anemia remaja putri")


def test_what_is_told_unasked_on_the_other_channel_crosses_nothing(rina: Person) -> None:
    """A colleague changed something, the desk has answered: the open question stands where it was asked."""
    _, phone = rina.phones
    phone.says("/bantuan")
    rina.passes()
    outbox.insert(
        rina.tx,
        channel="telegram",
        address=str(RINA),
        message=Message("Desk Inovasi sudah menjawab."),
        now=phone.now,
        terms=outbox.Terms(dedupe_key="question_answer:1"),
    )
    phone.says("Menurunkan angka tengkes")
    assert rina.answers(*LEFT) == {"tujuan": "Menurunkan angka tengkes"}


def test_commands_and_a_wish_for_silence_cross_nothing(rina: Person) -> None:
    first, second = rina.phones
    first.says("Menurunkan angka tengkes")
    assert "belum disimpan" not in second.says("/bantuan")
    rina.passes()
    first.says("Kader mencatat sekali")
    assert "tidak dikirim lagi" in second.says("berhenti")


def test_two_hundred_seconds_with_both_phones_lose_nothing_and_double_nothing(rina: Person) -> None:
    """Each second is drawn: who is first, what is typed or tapped, and whether both phones do something."""
    chance = random.Random(14)
    for number in range(DRAWN):
        phones = list(rina.phones)
        chance.shuffle(phones)
        for phone in phones[: chance.randint(1, 2)]:
            draw = chance.random()
            if draw < 0.5:
                _type(rina, phone, f"Jawaban nomor {number} dari {phone.channel}")
            elif ours := [data for data in shown(phone)[:12] if data.startswith(("f:1:", "t:"))]:
                data = chance.choice([d for d in ours if not d.endswith((":drop", ":leave"))] or ours)
                assert phone.presses(data) or phone.heard[-1].toast
        rina.passes(chance.randint(1, 4))
    assert rina.tx.execute("SELECT count(*) FROM innovations").fetchone() == (1,)


def _type(rina: Person, phone: Account, text: str) -> None:
    """Type it; it is kept, or quoted, or the question it does not fit is asked again."""
    said = phone.says(text)
    kept = text in map(str, innovations.answers(rina.tx, 1).values())
    assert said
    assert kept or text in said or phone.heard[-1].rows, text


def test_sent_on_both_at_once_it_is_sent_once_and_the_second_hears_so(rina: Person) -> None:
    left = {question: COMPLETE[question] for question in LEFT}
    innovations.write(rina.tx, 1, changes=left, before=innovations.answers(rina.tx, 1), by=1, now=MORNING)
    for phone in rina.phones:
        phone.presses("f:1:#list:0:check")
        rina.passes()
    stale, fresh = rina.phones
    sends = [next(data for data in shown(phone) if data.endswith(":send")) for phone in (fresh, stale)]
    assert "tanda terima" in fresh.presses(sends[0]).casefold()
    late = stale.presses(sends[1]) + stale.heard[-1].toast
    assert "sudah dikirim dengan nomor" in late
    assert rina.tx.execute("SELECT state FROM innovations").fetchall() == [("terkirim",)]
    moves = "SELECT count(*) FROM history WHERE question = '#state' AND new LIKE '%terkirim%'"
    assert rina.tx.execute(moves).fetchall() == [(1,)]
