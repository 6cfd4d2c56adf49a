"""Office and desk hear when something that was sent does not count any more, or counts again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from domain import buttons
from domain.desk_data import DeskData
from domain.draft.eligibility import DATES
from domain.message import Choice, Message, Rows
from domain.people import Role
from domain.review import MEETS_DUTY, State
from domain.texts import Marked, Say
from handlers import ui
from handlers.context import Context
from handlers.estimate import counting_words
from storage import contacts, office_sums, offices, outbox, reviews
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text
from storage.innovations import Innovation
from storage.office_sums import Entry


@dataclass(frozen=True, slots=True)
class _Person:
    contact_id: int
    channel: str
    address: str
    language: str


def reason_now(tx: Transaction, innovation: Innovation) -> str:
    """Why something that was sent does not count; "" where it counts, or was not sent."""
    if innovation.state not in MEETS_DUTY:
        return ""
    entry = office_sums.entry(tx, innovation.id)
    return entry.reason if entry is not None else ""


def after_edit(ctx: Context, innovation: Innovation, *, before: str) -> Marked:
    """Say what an edit of something sent did to its counting, and tell the others; nothing where it did
    nothing.

    `before` is what `reason_now` said before the edit.
    """
    if innovation.state == State.DRAFT:  # which no edit hands in
        return Marked("")
    entry = office_sums.entry(ctx.tx, innovation.id)
    if entry is None or entry.state not in MEETS_DUTY or entry.reason == before:
        return Marked("")
    if not entry.reason:
        return ctx.say("counting_news.again")
    tell(ctx.tx, ctx.desk_data, entry=entry, now=ctx.now, but=ctx.person.id)
    return counting_words.line(ctx.tx, ctx.desk_data, entry=entry, say=ctx.say)


def tell(tx: Transaction, desk_data: DeskData, *, entry: Entry, now: datetime, but: int | None = None) -> int:
    """Queue a notice for the people of the office and of the desk, `but` left out; returns how many are
    told.
    """
    due = desk_data.calendar.next_decent(now, desk_data.timezone)
    count = 0
    for person, door in _list_readers(tx, entry):
        if person.contact_id == but:
            continue
        say = desk_data.words.in_(person.language)
        key = f"uncounted:{entry.id}:{utc_text(now)}:{person.contact_id}"
        terms = outbox.Terms(outbox.REMINDER, key, not_before=due if due > now else None)
        news = Message(_say_lost(tx, desk_data, entry=entry, say=say), door(say))
        row = outbox.insert(
            tx, channel=person.channel, address=person.address, message=news, now=now, terms=terms
        )
        count += row is not None
    return count


def _say_lost(tx: Transaction, desk_data: DeskData, *, entry: Entry, say: Say) -> Marked:
    office = offices.load(tx, entry.office_id)
    return say(
        "counting_news.lost",
        title=ui.title(say, entry.title),
        office=office.short if office else "",
        receipt=entry.receipt,
        reason=counting_words.reason(tx, desk_data, entry=entry, say=say),
    )


def _list_readers(tx: Transaction, entry: Entry) -> list[tuple[_Person, Callable[[Say], Rows]]]:
    """List whom it concerns, each once, with their way to it: the office to its dates, the desk to the
    page.
    """

    def to_dates(say: Say) -> Rows:
        return ((Choice(say("counting_news.fix"), buttons.Form(entry.id, "#list", 0, "j", DATES[0])),),)

    def to_page(say: Say) -> Rows:
        return ((Choice(say("counting_news.see"), buttons.StatusInnovation(entry.id)),),)

    readers: dict[int, tuple[_Person, Callable[[Say], Rows]]] = {}
    for row in reviews.people_of(tx, entry.office_id):
        readers.setdefault(row[0], (_Person(*row), to_dates))
    for reader in contacts.posts(tx, Role.ADMIN):
        readers.setdefault(
            reader.contact_id,
            (_Person(reader.contact_id, reader.channel, reader.address, reader.language), to_page),
        )
    return list(readers.values())
