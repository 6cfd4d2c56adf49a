"""Strangers who keep writing leave room for people we know."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.channels.whatsapp.parse import parse
from bot.inbound import stranger_turns
from bot.inbound.strangers import (
    ALL_TURNS_A_DAY,
    LONGEST_WAIT,
    SHARE,
    TURNS_A_DAY,
    Key,
    Strangers,
)
from domain.message import Inbound, Kind
from domain.people import Role
from domain.reading.invitation_codes import GROUP, SIGNS
from storage import contacts, inbox, invitations
from storage.contacts import NewContact
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text
from storage.inbox import Arrival
from storage.invitations import (
    WRONG_CODES_A_DAY,
    WRONG_CODES_AN_HOUR,
    Enrolment,
    NewInvitation,
    begin_enrolment,
)
from tests.kit.clock_and_codes import MORNING

RATE = 30.0
MINUTE = 60


def test_many_strangers_use_their_share_and_each_gets_a_turn() -> None:
    strangers, turns = Strangers({"telegram": RATE}), dict.fromkeys(range(600), 0)
    for tenth in range(10 * MINUTE):
        for number in turns:
            wait = strangers.wait(("telegram", str(number)), MORNING + tenth * timedelta(seconds=0.1))
            turns[number] += wait == timedelta()
    assert sum(turns.values()) <= RATE * SHARE * (MINUTE + 1)
    assert min(turns.values()) == 1


def test_who_would_wait_too_long_gets_no_place() -> None:
    strangers = Strangers({"telegram": RATE})
    waits = [strangers.wait(("telegram", str(number)), MORNING) for number in range(2_000)]
    assert waits[-1] is None
    assert all(wait is None or wait <= LONGEST_WAIT for wait in waits)


def test_one_address_gets_so_many_turns_a_day() -> None:
    strangers, key = Strangers({"telegram": RATE}), ("telegram", "1")
    answers = [strangers.wait(key, MORNING + n * timedelta(minutes=1)) for n in range(TURNS_A_DAY + 1)]
    assert answers == [timedelta()] * TURNS_A_DAY + [None]
    assert strangers.wait(key, MORNING + timedelta(days=1)) == timedelta()


def test_a_clock_that_steps_back_leaves_nobody_waiting_for_it() -> None:
    strangers = Strangers({"telegram": RATE})
    for number in range(300):
        strangers.wait(("telegram", str(number)), MORNING)
    earlier = MORNING - timedelta(hours=1)
    assert strangers.wait(("telegram", "299"), earlier) == timedelta()
    assert strangers.wait(("telegram", "new"), earlier) == timedelta()


def test_after_the_turns_of_a_day_only_who_was_invited_is_answered() -> None:
    strangers = Strangers({"telegram": 1e9})
    for number in range(ALL_TURNS_A_DAY):
        assert strangers.wait(("telegram", str(number)), MORNING) == timedelta()
    assert strangers.wait(("telegram", "late"), MORNING) is None
    invited = strangers.wait(("telegram", "late"), MORNING, brings_code=True, is_invited=lambda: True)
    assert invited == timedelta()
    assert strangers.wait(("telegram", "late"), MORNING + timedelta(days=1)) == timedelta()


def test_who_was_answered_waits_for_nobody_who_was_not() -> None:
    strangers, first = Strangers({"telegram": RATE}), ("telegram", "first")
    assert strangers.wait(first, MORNING) == timedelta()
    assert strangers.wait(first, MORNING) == timedelta()  # nobody waits yet
    waits = [strangers.wait(("telegram", str(number)), MORNING) for number in range(100)]
    assert waits[-1]
    assert strangers.wait(first, MORNING) is None
    assert strangers.wait(first, MORNING, brings_code=True)
    later = MORNING + timedelta(minutes=11)
    assert strangers.wait(first, later) == timedelta()


def test_one_who_writes_too_fast_is_told_once_and_then_answered_slowly() -> None:
    """A hundred messages in a minute have three answers, one notice, and now and then an answer (F107)."""
    strangers, key = Strangers({"telegram": RATE}), ("telegram", "9")
    answered, told = 0, 0
    for number in range(100):
        now = MORNING + number * timedelta(seconds=0.6)
        answered += strangers.wait(key, now) == timedelta()
        told += strangers.to_tell(key)
        assert strangers.wait(("telegram", f"n{number}"), now) == timedelta()
        assert not strangers.to_tell(("telegram", f"n{number}"))
    assert told == 1
    assert answered <= 9
    assert strangers.wait(key, MORNING + timedelta(minutes=1), brings_code=True) == timedelta()
    assert strangers.wait(key, MORNING + timedelta(minutes=3)) == timedelta()


class LineOfOne(Strangers):
    """A line in which everybody waits once."""

    def __init__(self, waits: Sequence[timedelta]) -> None:
        super().__init__({"telegram": RATE})
        self._told = iter(waits)

    def wait(self, key: Key, now: datetime, **told: Any) -> timedelta | None:
        return next(self._told)


def arrive(tx: Transaction, *texts: str, address: str = "9") -> None:
    known = tx.execute("SELECT count(*) FROM inbox").fetchone()[0]
    rows = [Arrival(str(known + n), address, json.dumps({"text": text})) for n, text in enumerate(texts)]
    inbox.insert(tx, "telegram", arrivals=rows, now=MORNING)


def texts_open(tx: Transaction) -> list[str]:
    rows = tx.execute("SELECT raw FROM inbox WHERE state = 'waiting' ORDER BY id").fetchall()
    return [json.loads(raw)["text"] for (raw,) in rows]


def test_one_turn_answers_what_came_while_a_stranger_stood_in_line(tx: Transaction) -> None:
    later = MORNING + timedelta(seconds=9)
    line = LineOfOne([timedelta(seconds=9), timedelta()])
    arrive(tx, "halo", "ada orang?", "kode 7KQMP-4XRTH", "kode 7KQMP-4XRTJ", "hai")
    (row,) = inbox.claim(tx, now=MORNING, limit=9)
    assert stranger_turns.hold(tx, row, strangers=line, parse=parse, now=MORNING)
    (row,) = inbox.claim(tx, now=later, limit=9)
    assert row.has_waited
    assert not stranger_turns.hold(tx, row, strangers=line, parse=parse, now=later)
    assert texts_open(tx) == ["halo", "kode 7KQMP-4XRTJ"]  # its turn now, and what may open something


def test_a_code_is_heard_behind_what_would_not_be_answered_again(tx: Transaction) -> None:
    later, strangers = MORNING + timedelta(minutes=1), Strangers({"telegram": RATE})
    assert strangers.wait(("telegram", "9"), MORNING) == timedelta()
    waits = [strangers.wait(("telegram", f"n{number}"), MORNING) for number in range(900)]
    assert waits[-1]
    arrive(tx, "halo lagi", "kode 7KQMP-4XRTH", "hai")
    (row,) = inbox.claim(tx, now=MORNING, limit=9)
    assert stranger_turns.hold(tx, row, strangers=strangers, parse=parse, now=MORNING)
    (row,) = inbox.claim(tx, now=later, limit=9)
    assert not stranger_turns.hold(tx, row, strangers=strangers, parse=parse, now=later)
    assert texts_open(tx) == ["halo lagi", "kode 7KQMP-4XRTH"]


def in_full_line(tx: Transaction, *texts: str, now: datetime = MORNING) -> bool:
    """Let texts come of one stranger while the line is full; tells whether none of them has its turn."""
    strangers = Strangers({"telegram": RATE})
    for number in range(2_000):
        strangers.wait(("telegram", f"n{number}"), now)
    arrive(tx, *texts)
    (row,) = inbox.claim(tx, now=now, limit=9)
    return stranger_turns.hold(tx, row, strangers=strangers, parse=read_text, now=now)


def read_text(raw: Any) -> Inbound:
    return Inbound("telegram", "9", Kind.TEXT, text=raw["text"])


def test_a_right_code_among_garbage_passes_a_line_that_is_full(tx: Transaction) -> None:
    new = NewInvitation(Role.LEADER, None, timedelta(days=14))
    invitations.create(tx, "7KQMP-4XRTH", new=new, by=None, now=MORNING)
    assert not in_full_line(tx, "halo", "woi", "kode 7KQMP-4XRTH", "kode 7KQMP-4XRTJ", "????")
    assert texts_open(tx) == ["halo", "kode 7KQMP-4XRTH"]


def test_whoever_floods_with_codes_has_no_more_looked_at_than_a_turn_does(tx: Transaction) -> None:
    new = NewInvitation(Role.LEADER, None, timedelta(days=14))
    invitations.create(tx, "7KQMP-4XRTH", new=new, by=None, now=MORNING)
    signs = SIGNS[:24]
    for hour in range(30):
        now = MORNING + timedelta(minutes=61 * hour)
        guesses = [f"kode 7KQM{sign}-4XRT{signs[hour % 24]}" for sign in signs]
        assert in_full_line(tx, "kode 7KQMP-4XRTH", *guesses, now=now), "the right one is not looked at"
        assert not texts_open(tx)
    ats = [at for (at,) in tx.execute("SELECT at FROM wrong_codes ORDER BY at")]
    assert max(Counter(ats).values()) == WRONG_CODES_AN_HOUR
    assert sum(at < utc_text(MORNING + timedelta(days=1)) for at in ats) == WRONG_CODES_A_DAY
    assert tx.execute("SELECT count(*) FROM audit WHERE action = 'wrong_code'").fetchone() == (0,)


def test_guessing_with_a_thousand_numbers_for_a_period_meets_no_code() -> None:
    letters = sum(sign.isalpha() for sign in SIGNS)
    mixed = len(SIGNS) ** GROUP - letters**GROUP - (len(SIGNS) - letters) ** GROUP
    tries = 1_000 * 2 * WRONG_CODES_A_DAY * 60  # each number on both channels
    assert 47 * tries / mixed**2 < 1e-6 / 4


def test_who_was_answered_and_brings_no_code_is_not_answered_again(tx: Transaction) -> None:
    strangers = Strangers({"telegram": RATE})
    assert strangers.wait(("telegram", "9"), MORNING) == timedelta()
    for number in range(900):
        strangers.wait(("telegram", f"n{number}"), MORNING)
    arrive(tx, "halo lagi", "hai")
    (row,) = inbox.claim(tx, now=MORNING, limit=9)
    assert stranger_turns.hold(tx, row, strangers=strangers, parse=parse, now=MORNING)
    assert not texts_open(tx)


def test_who_does_not_stand_in_line_has_a_turn_for_each_message(tx: Transaction) -> None:
    arrive(tx, "halo", "saya Rina")
    (row,) = inbox.claim(tx, now=MORNING, limit=9)
    assert not stranger_turns.hold(tx, row, strangers=LineOfOne([timedelta()]), parse=parse, now=MORNING)
    assert texts_open(tx) == ["halo", "saya Rina"]


def test_who_has_begun_to_register_stands_in_no_line(tx: Transaction) -> None:
    arrive(tx, "ya")
    begun = Enrolment("id", roster_phone="+6281234567890")
    begin_enrolment(tx, "telegram", address="9", enrolment=begun, now=MORNING)
    (row,) = inbox.claim(tx, now=MORNING, limit=9)
    assert not stranger_turns.hold(tx, row, strangers=LineOfOne([]), parse=parse, now=MORNING)


def test_a_number_we_know_with_an_id_that_is_new_stands_in_no_line(tx: Transaction) -> None:
    contacts.create(tx, NewContact("whatsapp", "6281234567890", "Ana", "id", "1"), now=MORNING)
    items: list[dict[str, Any]] = [
        {"id": "w-1", "type": "text", "text": {"body": "halo"}, "from": "6281234567890"},
        {"id": "w-2", "status": "sent", "biz_opaque_callback_data": "7"},  # nobody wrote it
    ]
    for number, (kind, item) in enumerate(zip(("message", "status"), items, strict=True)):
        raw = json.dumps({"kind": kind, "item": {**item, "from_user_id": f"ID.{number}"}})
        inbox.insert(tx, "whatsapp", arrivals=[Arrival(kind, f"ID.{number}", raw)], now=MORNING)
    rows = inbox.claim(tx, now=MORNING, limit=9)
    line = LineOfOne([])
    assert len(rows) == 2
    assert not any(stranger_turns.hold(tx, row, strangers=line, parse=parse, now=MORNING) for row in rows)
