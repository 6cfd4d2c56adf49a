"""Texts of reminders: one message to one person, however much is due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from domain import buttons
from domain.conversation.missing import Lack
from domain.message import Choice, Message, Rows
from domain.reading.dates import PartialDate, say_date
from domain.reminding.escalation import Notice
from domain.reminding.facts import Subject
from domain.review import Standing
from domain.rules.calendar import Calendar
from domain.texts import Marked, Say, join, shortened

GAPS_TOLD = 4  # of what is missing; the count says how many there are
LABEL_CHARS = 28  # of a button
OFFICES_TOLD = 8  # of one person, each with its line and its button; the others are named
FINAL = frozenset({"passed", "done"})  # triggers after which there is nothing to put off


@dataclass(frozen=True, slots=True)
class Line:
    """Input about one office: the reason, its standing, who is told next."""

    trigger: str  # of the rule; "asked" when the person asked for it
    office: str  # name
    short: str
    subject: Subject
    year: int
    today: date
    lack: Lack | None = None  # of the draft or the returned innovation
    notices: tuple[Notice, ...] = ()
    question: Message | None = None  # the next question itself, answerable at once


def reminder(lines: Sequence[Line], say: Say, *, calendar: Calendar) -> Message:
    """Tell one person about one office or several."""
    if len(lines) == 1:
        return _write_single(lines[0], say, calendar=calendar)
    lacking = [line for line in lines if line.trigger not in FINAL]
    parts = [_write_head_of_many(lacking, say), _write_lines(lines, say)]
    rows: list[tuple[Choice, ...]] = [(_make_door_to(line, say),) for line in lacking[:OFFICES_TOLD]]
    if len(lacking) > OFFICES_TOLD:
        rows.append((Choice(say("opens.tasks"), buttons.Open("tugas")),))
    if lacking:
        parts.append(_write_notices(lacking, say))
        parts.append(say("reminder_texts.postpone"))
        rows += snooze_rows(
            0,
            say,
            calendar=calendar,
            today=lines[0].today,
            until=min(lacking_line.subject.deadline for lacking_line in lacking),
        )
    return Message(join(parts), tuple(rows) or ((Choice(say("opens.status"), buttons.Open("status")),),))


def _write_head_of_many(lacking: Sequence[Line], say: Say) -> Marked:
    """Return who writes, and how many offices have not sent anything."""
    if not lacking:
        return say("reminder_texts.head_thanks_many")
    return say("reminder_texts.head_many", count=len(lacking), year=lacking[0].year)


def _write_lines(lines: Sequence[Line], say: Say) -> Marked:
    """Return a line for each office; of more than fit on a screen the last ones by their names alone."""
    written = [_write_line(line, say) for line in lines[:OFFICES_TOLD]]
    others = [line.short for line in lines[OFFICES_TOLD:]]
    if others:
        written.append(say("reminder_texts.line_others", count=len(others), offices=", ".join(others)))
    return join(written, by="\n")


def _write_single(line: Line, say: Say, *, calendar: Calendar) -> Message:
    parts = [_write_head(line, say), say(f"reminder_texts.why_{line.trigger}", **_gather_facts(line, say))]
    if line.trigger in FINAL:
        return Message(join(parts), ((Choice(say("opens.status"), buttons.Open("status")),),))
    parts += [standing(line, say), _write_notices([line], say)]
    later = snooze_rows(
        line.subject.office, say, calendar=calendar, today=line.today, until=line.subject.deadline
    )
    if later:
        parts.append(say("reminder_texts.postpone"))
    if line.question is None:
        return Message(join(parts), ((_make_door(line, say),), *later))
    parts += [say("reminder_texts.next_question"), Marked(line.question.text)]
    return replace(line.question, text=join(parts), rows=(*line.question.rows, *later))


def _write_head(line: Line, say: Say) -> Marked:
    """Return who writes, and that the person asked for it where they did."""
    if line.trigger == "asked":
        return say("reminder_texts.head_asked", office=line.office)
    return say(
        "reminder_texts.head_thanks" if line.trigger in FINAL else "reminder_texts.head", office=line.office
    )


def _gather_facts(line: Line, say: Say) -> Mapping[str, Any]:
    """Return every parameter a reason may name; a text takes what it needs."""
    subject, language = line.subject, say.language
    days = {
        "deadline": subject.deadline,
        "target": subject.target,
        "touched": subject.touched,
        "returned": subject.returned_on,
        "done": subject.done_on,
    }
    said_days = {name: say_date(PartialDate(day), language) if day else "" for name, day in days.items()}
    left_target = left(subject.target, line.today, say=say) if subject.target else ""
    return {
        **said_days,
        "year": line.year,
        "left": left(subject.deadline, line.today, say=say),
        "left_target": left_target,
    }


def left(day: date, today: date, *, say: Say) -> Marked:
    """Say how many days are left until a day."""
    days = (day - today).days
    if days < 0:
        return say("reminder_texts.left_passed")
    if days < 2:
        return say("reminder_texts.left_tomorrow" if days else "reminder_texts.left_today")
    return say("reminder_texts.left_days", days=days)


def standing(line: Line, say: Say) -> Marked:
    """Return how far an office is and what is missing, never what is there already."""
    lack = line.lack
    if lack is None:
        return say("reminder_texts.stand_none")
    if line.subject.standing == Standing.RETURNED:
        return say("reminder_texts.stand_returned", title=lack.title, gaps=_write_gaps(lack, say))
    if not lack.missing:
        return say("reminder_texts.stand_full", title=lack.title)
    return say(
        "reminder_texts.stand_draft",
        title=lack.title,
        count=len(lack.missing),
        gaps=_write_gaps(lack, say),
    )


def _write_gaps(lack: Lack, say: Say) -> Marked:
    shown = join(lack.missing[:GAPS_TOLD], by=", ")
    more = len(lack.missing) - GAPS_TOLD
    return say("reminder_texts.more", gaps=shown, count=more) if more > 0 else shown


def _write_line(line: Line, say: Say) -> Marked:
    facts = {"office": line.office, "deadline": _gather_facts(line, say)["deadline"]}
    if line.trigger == "done":
        return say("reminder_texts.line_done", office=line.office)
    if line.trigger == "passed":
        return say("reminder_texts.line_passed", **facts)
    facts["left"] = left(line.subject.deadline, line.today, say=say)
    if line.lack is None:
        return say("reminder_texts.line_none", **facts)
    if line.subject.standing == Standing.RETURNED:
        return say("reminder_texts.line_returned", title=line.lack.title, **facts)
    return say("reminder_texts.line_draft", title=line.lack.title, count=len(line.lack.missing), **facts)


def _write_notices(lines: Sequence[Line], say: Say) -> Marked:
    """Say who hears next of which office, and on which day, the nearest first."""
    offices: dict[Notice, list[str]] = {}
    for line in lines:
        for notice in line.notices:
            offices.setdefault(notice, []).append(line.short)
    if not offices:
        return Marked("")
    said = [
        say(
            f"reminder_texts.notice_{notice.readers}",
            day=say_date(PartialDate(notice.on), say.language, weekday=True),
            office=", ".join(names),
        )
        for notice, names in sorted(offices.items(), key=lambda entry: entry[0].on)
    ]
    return join((say("reminder_texts.notice_next"), *said), by="\n")


def _choose_place(line: Line) -> buttons.Button:
    """The place where to go on."""
    if line.lack is None:
        return buttons.NewDraft("o", line.subject.office)
    if line.subject.standing == Standing.RETURNED:
        return buttons.Returned("go", line.lack.innovation)
    return line.lack.button


def _make_door(line: Line, say: Say) -> Choice:
    """Return the one button of the message, to exactly the place that is next."""
    lack, place = line.lack, _choose_place(line)
    if lack is None:
        return Choice(say("reminder_texts.start"), place)
    if line.subject.standing == Standing.RETURNED:
        return Choice(say("reminder_texts.open"), place)
    if not lack.missing:
        return Choice(say("reminder_texts.send"), place)
    return Choice(say("reminder_texts.go_on", label=shortened(lack.missing[0], LABEL_CHARS)), place)


def _make_door_to(line: Line, say: Say) -> Choice:
    return Choice(say("reminder_texts.of_office", office=line.short), _choose_place(line))


def snooze_rows(office: int, say: Say, *, calendar: Calendar, today: date, until: date) -> Rows:
    """Offer to put it off, inside the deadline only; 0 is every office of the person."""
    tomorrow, monday = offered(calendar, today)
    row = []
    if tomorrow <= until:
        row.append(Choice(_say_morning(tomorrow, say=say), buttons.Snooze(office, tomorrow.isoformat())))
    if tomorrow < monday <= until:
        row.append(Choice(_say_morning(monday, say=say), buttons.Snooze(office, monday.isoformat())))
    rows = [tuple(row)] if row else []
    if calendar.plus(today, 2) <= until:
        rows.append((Choice(say("reminder_texts.other_day"), buttons.Snooze(office, "tanggal")),))
    return tuple(rows)


def _say_morning(day: date, *, say: Say) -> str:
    """Name a morning by its date without the year: on the day it is read "besok" may be another day."""
    return say_date(PartialDate(day), say.language, weekday=True).rpartition(" ")[0]


def offered(calendar: Calendar, today: date) -> tuple[date, date]:
    """The next working morning, and the one on which the next week begins."""
    monday = date.fromordinal(today.toordinal() + 7 - today.weekday())
    return calendar.plus(today, 1), calendar.on_or_after(monday)
