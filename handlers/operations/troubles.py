"""Tells the desk in chat what the machine has trouble with: once, and once when it is over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.condition import Condition, Level
from domain.desk_data import DeskData
from domain.message import Message, plain
from domain.texts import Marked, Say
from storage import desk_messages, troubles
from storage.engine.transaction import Transaction

TOLD_BY_NAME = frozenset({"template"})  # each by its name, as soon as the platform says so (`notices.py`)
TOLD_WHEN_RED = frozenset({"channel", "store"})  # once out of reach for five minutes; all else from amber on
EVENTS = frozenset({"restart", "clock"})  # what happens in a moment: there is no end to be told


def follow(
    tx: Transaction, desk_data: DeskData, *, conditions: Sequence[Condition], waiting: bool, now: datetime
) -> int:
    """Note what began and what is over, and tell it; returns how many messages were queued.

    It is told at decent hours; at once where `waiting` says that people wait for an answer.
    What is over before it was told is not told at all.
    """
    present = {
        (condition.kind, condition.subject): condition for condition in conditions if _is_trouble(condition)
    }
    begun, over = troubles.changed(tx, present)
    due = now if waiting else desk_data.calendar.next_decent(now, desk_data.timezone)
    queued = 0
    for condition, key in _note(tx, begun=[present[trouble] for trouble in begun], over=over, now=now):
        queued += _tell(tx, desk_data, condition=condition, key=key, due=due, now=now)
    return queued


def _note(
    tx: Transaction, *, begun: Iterable[Condition], over: Iterable[troubles.Trouble], now: datetime
) -> Iterator[tuple[Condition, str]]:
    """Note what began and what is over; yields what is to be told, each with its key."""
    for condition in begun:
        trouble = (condition.kind, condition.subject)
        since = troubles.begin(tx, trouble, now=now)
        if condition.kind not in TOLD_BY_NAME:
            yield condition, _key(trouble, since)
    for trouble in over:
        key = _key(trouble, troubles.end(tx, trouble))
        # an event has happened, whenever that is told; all else is taken back where it was not told yet
        if trouble[0] not in EVENTS and not troubles.take_back(tx, key):
            yield Condition(*trouble, Level.GREEN), f"over:{key}"


def differ(tx: Transaction, conditions: Sequence[Condition]) -> bool:
    """Tell whether there is anything to note, so that an idle look writes nothing."""
    present = {(condition.kind, condition.subject) for condition in conditions if _is_trouble(condition)}
    return troubles.changed(tx, present) != ([], [])


def _is_trouble(condition: Condition) -> bool:
    return condition.level is Level.RED or (
        condition.level is Level.AMBER and condition.kind not in TOLD_WHEN_RED
    )


def _key(trouble: troubles.Trouble, since: str | None) -> str:
    return f"trouble:{':'.join(trouble)}:{since}"


def _tell(
    tx: Transaction, desk_data: DeskData, *, condition: Condition, key: str, due: datetime, now: datetime
) -> int:
    def write(language: str) -> Message:
        return Message(sentence(desk_data.words.in_(language), condition))

    return desk_messages.queue(tx, key, write=write, now=now, not_before=due if due > now else None)


def sentence(say: Say, condition: Condition) -> Marked:
    """Say how a part stands, and what to do where it is not in order."""
    state = "over" if condition.level is Level.GREEN else "begun"
    if condition.never:
        state = "awaited" if condition.level is Level.GREEN else "never"
    return say(
        f"troubles.{condition.kind}_{state}",
        name=say(f"troubles.name_{condition.subject or condition.kind}"),
        minutes=condition.minutes,
        hours=condition.hours,
        megabytes=condition.megabytes,
        count=condition.count,
    )


def last_word(say: Say) -> Message:
    """Say that the database is gone or damaged, and that the bot stops."""
    return Message(say("troubles.database_gone"))


@dataclass(frozen=True, slots=True)
class Page:
    """What the page for whoever runs the server says: red first, then amber, then what is in order."""

    title: str
    head: str
    lines: tuple[tuple[Level, str], ...]
    notes: tuple[str, ...] = ()  # of what is not in use


def page(say: Say, conditions: Sequence[Condition], *, backups_asked: bool) -> Page:
    """Say how every part stands, and where no nightly backups are asked for, that none are made."""
    order = [Level.RED, Level.AMBER, Level.GREEN]
    bad = sum(condition.level is not Level.GREEN for condition in conditions)
    return Page(
        plain(say("troubles.page_title")),
        plain(say("troubles.page_some", count=bad) if bad else say("troubles.page_all_green")),
        tuple(
            (condition.level, plain(sentence(say, condition)))
            for condition in sorted(conditions, key=lambda condition: order.index(condition.level))
        ),
        () if backups_asked else (plain(say("troubles.page_no_backups")),),
    )
