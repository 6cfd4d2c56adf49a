"""Writes the reminder one person gets, from the tables and the texts of the domain."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import get_args

from domain import buttons
from domain.conversation.cursor import Cursor
from domain.desk_data import DeskData
from domain.message import Message
from domain.reminding.desk_texts import Note, desk_note, leader_news, rung_news
from domain.reminding.escalation import announced
from domain.reminding.facts import Occurrence
from domain.reminding.texts import Line, reminder
from domain.rules.reminder_rules import Readers
from domain.templates import with_template
from domain.texts import Say, join
from scheduler.judge import Judged
from storage import contacts, dialogues, reminder_texts
from storage.engine.transaction import Transaction

_WITH_TASKS: tuple[Readers, ...] = ("office", "desk", "second", "head")  # a leader has none
Due = dict[Readers, list[Occurrence]]  # what one person is to hear, by why they hear it
ASKING = frozenset({"stalled", "almost_done"})  # triggers whose message carries the next question itself


@dataclass(frozen=True, slots=True)
class Written:
    """A message with its channel and address."""

    channel: str
    address: str
    message: Message
    asks: int | None = None  # the innovation whose next question stands in it


def write(tx: Transaction, desk_data: DeskData, *, judged: Judged, contact: int) -> Written | None:
    """Write everything that is due for one person into one message; None when there is nowhere to send it."""
    where = contacts.reach(tx, contact)
    if where is None:
        return None
    channel, address, language = where
    say = desk_data.words.in_(language)
    due = _sort_due(desk_data, judged.due[contact])
    parts: list[Message] = []
    asks = None
    if due["office"]:
        lines = _write_lines(tx, desk_data, judged=judged, own=due["office"], say=say)
        if len(lines) == 1 and lines[0].trigger in ASKING:
            lines, asks = _add_question(tx, desk_data, judged=judged, contact=contact, lines=lines)
        parts.append(reminder(lines, say, calendar=desk_data.calendar))
    parts += _write_of_others(tx, desk_data, judged=judged, due=due, say=say)
    text = join([part.text for part in parts])
    message = with_template(
        Message(text, tuple(row for part in parts for row in part.rows)),
        desk_data.templates["reminder"],
        language=language,
        parameters={"nama": contacts.name_of(tx, contact), "tahun": str(judged.period.year)},
        opens=buttons.Open("tugas" if any(due[readers] for readers in _WITH_TASKS) else "status"),
    )
    return Written(channel, address, message, asks)


def _sort_due(desk_data: DeskData, occurrences: Iterable[Occurrence]) -> Due:
    due: Due = {readers: [] for readers in get_args(Readers)}
    for occurrence in occurrences:
        due[desk_data.reminders.by_id[occurrence.key.rule].readers].append(occurrence)
    return due


def _write_of_others(
    tx: Transaction, desk_data: DeskData, *, judged: Judged, due: Due, say: Say
) -> list[Message]:
    """Write what one hears of the work of others: at the desk, above an office, above all."""
    parts = []
    if due["desk"]:
        note = _make_note(tx, desk_data, judged=judged, occurrences=due["desk"])
        parts.append(desk_note(note, say, calendar=desk_data.calendar))
    if of_own_office := [*due["second"], *due["head"]]:
        parts.append(rung_news(_make_note(tx, desk_data, judged=judged, occurrences=of_own_office), say))
    if due["leader"]:
        note = _make_note(tx, desk_data, judged=judged, occurrences=due["leader"])
        parts.append(leader_news(note, say))
    return parts


def _write_lines(
    tx: Transaction, desk_data: DeskData, *, judged: Judged, own: list[Occurrence], say: Say
) -> list[Line]:
    names = reminder_texts.names(tx, [occurrence.key.office for occurrence in own])
    lines = []
    for occurrence in own:
        subject = judged.subjects[occurrence.key.office]
        name, short = names[occurrence.key.office]
        today = judged.moment.today
        lack = (
            reminder_texts.lack(tx, desk_data, innovation_id=subject.innovation, say=say, today=today)
            if subject.innovation
            else None
        )
        notices = (
            announced(judged.moment, subject, leaders=judged.leaders) if _is_step(occurrence.trigger) else ()
        )
        lines.append(Line(occurrence.trigger, name, short, subject, judged.period.year, today, lack, notices))
    return lines


def _is_step(trigger: str) -> bool:
    return trigger in ("deadline", "target")


def _add_question(
    tx: Transaction, desk_data: DeskData, *, judged: Judged, contact: int, lines: list[Line]
) -> tuple[list[Line], int | None]:
    """Add the next question to the message when the person has nothing else open."""
    line, innovation = lines[0], lines[0].subject.innovation
    if not is_free(tx, contact, innovation_id=innovation):
        return lines, None
    asked = question_of(tx, desk_data, innovation_id=innovation, contact=contact, now=judged.moment.until)
    if asked is None:
        return lines, None
    return [replace(line, question=asked[0])], innovation


def is_free(tx: Transaction, contact: int, *, innovation_id: int) -> bool:
    """Whether a person has nothing open, or this very innovation."""
    dialogue = dialogues.load(tx, contact)
    if dialogue is None or dialogue.name != dialogues.FORM:
        return dialogue is None
    return dialogue.state_as(dialogues.FormOpen).innovation == innovation_id


def question_of(
    tx: Transaction, desk_data: DeskData, *, innovation_id: int, contact: int, now: datetime
) -> tuple[Message, Cursor] | None:
    """Return the message of the next question of a draft for one person, and its place."""
    where = contacts.reach(tx, contact)
    say = desk_data.words.in_(where[2] if where else desk_data.language)
    today = now.astimezone(desk_data.timezone).date()
    return reminder_texts.open_question(
        tx, desk_data, innovation_id=innovation_id, contact_id=contact, say=say, today=today
    )


def _make_note(
    tx: Transaction, desk_data: DeskData, *, judged: Judged, occurrences: list[Occurrence]
) -> Note:
    offices = [judged.offices[occurrence.key.office] for occurrence in occurrences if occurrence.key.office]
    steps = max(
        (desk_data.reminders.by_id[occurrence.key.rule].unanswered for occurrence in occurrences), default=0
    )
    cards = reminder_texts.cards(tx, offices)
    return Note(occurrences, cards, judged.work, steps, judged.period.year, judged.moment.today)
