"""What follows when the platform tells later that a message it had taken over failed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.channels import ChannelDown, NotSent, Refused, SendError, TemplateRefused, Throttled, WindowClosed
from bot.channels.contract import SendStatus
from bot.inbound.send_status import take_status
from bot.meters import Meters
from domain.delivery import TRIES, Progress
from domain.message import Message, Template
from domain.templates import TemplateNews
from storage import outbox, outbox_leases, outbox_outcomes, personal, templates
from storage.engine.transaction import Transaction
from storage.outbox_outcomes import Outcome
from storage.templates import APPROVED, UTILITY
from tests.kit.clock_and_codes import MORNING
from tests.kit.databases import in_memory, with_people
from tests.kit.desk_turns import DESK


@pytest.fixture
def tx() -> Iterator[Transaction]:
    """A database with everybody in it."""
    with closing(in_memory(with_people())) as connection:
        yield connection


SOON = MORNING + timedelta(seconds=5)
RINGS = Message("Kabar", template=Template("announcement", "id", (), "o:tugas", follows=False))


def taken_over(tx: Transaction, message: Message = RINGS, *, priority: int = outbox.REPLY) -> int:
    """Have a message taken over by the platform."""
    number = outbox.insert(
        tx,
        channel="whatsapp",
        address="ID.1",
        message=message,
        now=MORNING,
        terms=outbox.Terms(priority=priority),
    )
    assert number
    leaves(tx)
    return number


def leaves(tx: Transaction, *, now: datetime = MORNING) -> None:
    rows = outbox_leases.claim(tx, "whatsapp", now=now, until=now, limit=1, bulk=1)
    outbox_outcomes.settle(tx, [Outcome(row.id, "sent", f"wamid.{row.id}") for row in rows], now=now)


def fails(tx: Transaction, number: int, error: SendError, *, now: datetime = SOON) -> tuple[Any, ...]:
    """Say that it failed; returns the row's state and when it is due."""
    status = SendStatus(number, Progress.FAILED, f"wamid.{number}", error)
    take_status(tx, "whatsapp", status=status, now=now, desk=DESK)
    row: tuple[Any, ...] = tx.execute(
        "SELECT state, not_before, message_ref, progress FROM outbox WHERE id = ?", (number,)
    ).fetchone()
    return row


@pytest.mark.parametrize(
    ("error", "due"),
    [(NotSent("131016"), 1), (Throttled(6.0), 6), (ChannelDown("131042"), 600)],
    ids=["for now", "too fast", "nothing is carried"],
)
def test_what_failed_for_now_leaves_again(tx: Transaction, error: SendError, due: int) -> None:
    number = taken_over(tx)
    state, not_before, *told = fails(tx, number, error)
    assert (state, told) == ("waiting", [f"wamid.{number}", None])
    assert datetime.fromisoformat(not_before) == SOON + timedelta(seconds=due)


def hears(tx: Transaction, number: int, progress: Progress, reference: str) -> tuple[Any, ...]:
    """Say how far a try came; returns the row's state and reference."""
    take_status(tx, "whatsapp", status=SendStatus(number, progress, reference), now=SOON, desk=DESK)
    row: tuple[Any, ...] = tx.execute(
        "SELECT state, message_ref FROM outbox WHERE id = ?", (number,)
    ).fetchone()
    return row


@pytest.mark.parametrize("error", [NotSent("131016"), WindowClosed("131047")])
def test_what_leaves_again_is_not_held_for_sent_by_a_late_word_of_the_try_that_failed(
    tx: Transaction, error: SendError
) -> None:
    number = taken_over(tx)
    first = f"wamid.{number}"
    assert fails(tx, number, error)[0] == "waiting"
    assert hears(tx, number, Progress.SENT, first) == ("waiting", first)
    rows = outbox_leases.claim(tx, "whatsapp", now=MORNING + timedelta(hours=1), until=MORNING, limit=1)
    assert hears(tx, number, Progress.SENT, first) == ("leased", first)
    outbox_outcomes.settle(tx, [Outcome(row.id, "waiting") for row in rows], now=SOON)
    assert hears(tx, number, Progress.SENT, first) == ("waiting", first)
    assert hears(tx, number, Progress.SENT, "wamid.next") == ("sent", "wamid.next"), "its answer was not seen"


def test_what_arrived_after_all_does_not_leave_again(tx: Transaction) -> None:
    number = taken_over(tx)
    assert fails(tx, number, NotSent("x"))[0] == "waiting"
    assert hears(tx, number, Progress.DELIVERED, f"wamid.{number}")[0] == "sent"


@pytest.mark.parametrize("error", [NotSent("131016"), WindowClosed("131047")])
def test_what_was_said_to_somebody_erased_does_not_leave_again(tx: Transaction, error: SendError) -> None:
    number = taken_over(tx)
    personal.forget_address(tx, "whatsapp", address="ID.1")
    assert fails(tx, number, error)[0] == "failed"
    assert tx.execute("SELECT count(*) FROM windows WHERE address = ''").fetchone()[0] == 0


def test_what_the_platform_never_takes_stays_failed(tx: Transaction) -> None:
    assert fails(tx, taken_over(tx), Refused("131051"))[0] == "failed"


def test_an_answer_is_not_said_again_behind_a_newer_one_but_a_reminder_is(tx: Transaction) -> None:
    answer, reminder = taken_over(tx), taken_over(tx, priority=outbox.REMINDER)
    taken_over(tx)
    assert fails(tx, answer, NotSent("x"))[0] == "failed"
    assert fails(tx, reminder, NotSent("x"))[0] == "waiting"


def test_nothing_is_tried_for_ever(tx: Transaction) -> None:
    late = taken_over(tx)
    assert fails(tx, late, NotSent("x"), now=MORNING + timedelta(hours=2))[0] == "failed"
    number, now = taken_over(tx), MORNING
    for _ in range(TRIES - 1):
        assert fails(tx, number, NotSent("x"), now=now)[0] == "waiting"
        now += timedelta(minutes=3)
        leaves(tx, now=now)
    assert fails(tx, number, NotSent("x"), now=now)[0] == "failed"


def test_a_template_that_is_refused_later_is_used_no_more(tx: Transaction) -> None:
    news = TemplateNews("announcement", "id", APPROVED, UTILITY)
    templates.note(tx, "whatsapp", news=news, now=MORNING)
    number = taken_over(tx, priority=outbox.BROADCAST)
    assert fails(tx, number, TemplateRefused("132015", "PAUSED"))[:2] == ("waiting", None)
    assert not templates.is_usable(tx, "whatsapp", name="announcement", language="id")
    told = tx.execute("SELECT count(*) FROM outbox WHERE id > ?", (number,)).fetchone()
    assert told[0] >= 1, "the desk hears of it"


def test_a_channel_that_carries_nothing_is_down_though_it_takes_what_is_sent() -> None:
    meters = Meters()
    meters.refused("whatsapp")
    meters.reached("whatsapp")
    meters.probed("whatsapp")
    first, last = meters.refused_later["whatsapp"]
    assert meters.seconds_down("whatsapp", now=last + 300) == last + 300 - first
    assert meters.seconds_down("whatsapp", now=last + 1_000) == 0
