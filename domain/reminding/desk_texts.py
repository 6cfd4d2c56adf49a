"""Texts about offices for others: the desk's morning note and call list, the leaders' news."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain import buttons
from domain.index import index_words
from domain.message import Choice, Message, Rows
from domain.reading.dates import PartialDate, say_date
from domain.reminding.escalation import DeskWork, ProfileLack, skipped
from domain.reminding.facts import Occurrence, Subject
from domain.reminding.texts import left
from domain.rules.calendar import Calendar
from domain.texts import Marked, Say, bounded, join, shortened

LISTS_CHARS = 520  # of all lists of one message: the count says how many offices there are
OFFICE_CHARS = 48  # of an office in a list of people to call
NAMES_LISTED = 15  # short names in one line; a button leads to all of them
_ORDER = ("unanswered", "unreachable", "handover")


@dataclass(frozen=True, slots=True)
class OfficeCard:
    """An office with its facts and the numbers of its people, for whoever calls it."""

    name: str
    short: str
    subject: Subject
    people: tuple[tuple[str, str], ...] = ()  # name and number, "" when none is known
    ladder: tuple[tuple[str, str, str], ...] = ()  # post, name and number of who may be called next


@dataclass(frozen=True, slots=True)
class Note:
    """Input of a message about offices."""

    occurrences: Sequence[Occurrence]
    offices: Mapping[int, OfficeCard]
    work: DeskWork
    steps: int  # how many were not answered, by the rule
    year: int
    today: date


def desk_note(note: Note, say: Say, *, calendar: Calendar) -> Message:
    """Tell the desk whom to call, whom the bot does not reach, what is handed over, and what waits."""
    day = say_date(PartialDate(note.today), say.language, weekday=True)
    parts = [say("reminder_texts.desk_head", day=day)]
    room = LISTS_CHARS // max(1, sum(bool(_choose_offices(note, trigger)) for trigger in _ORDER))
    for trigger in _ORDER:
        offices = _choose_offices(note, trigger)
        if offices:
            lines = _write_lines(offices, say, room=room)
            deadline = say_date(PartialDate(offices[0].subject.deadline), say.language)
            parts.append(_write_section(trigger, lines, deadline=deadline, steps=note.steps, say=say))
            if trigger == "unanswered":
                parts.append(_say_skipped([card.subject for card in offices], say))
    rows: list[tuple[Choice, ...]] = [(Choice(say("opens.reminders"), buttons.Open("pengingat")),)]
    empty = [len(_name_empty(_choose_offices(note, trigger))) for trigger in _ORDER]
    if max(*empty, len(_choose_offices(note, "unreachable"))) > NAMES_LISTED:
        rows.insert(0, (Choice(say("opens.reach"), buttons.Offices("out")),))
    for text, ways in _write_own_work(note, say, calendar=calendar):
        parts.append(text)
        rows[:0] = ways
    if (year := calendar.year_without_holidays(note.today)) is not None:
        parts.append(say("reminder_texts.desk_holidays", year=year))
    return Message(join(parts), tuple(rows))


def _write_own_work(note: Note, say: Say, *, calendar: Calendar) -> Iterator[tuple[Marked, Rows]]:
    """Say what the desk has to do itself, each with the way there: the profile, the queue, the portal."""
    triggers, work = {occurrence.trigger for occurrence in note.occurrences}, note.work
    if "profile" in triggers and work.profile is not None:
        yield _write_profile(work.profile, say), ((Choice(say("opens.profile"), buttons.Open("profil")),),)
    if "queue" in triggers:
        days = calendar.working_days(work.oldest or note.today, note.today)
        waits = say("reminder_texts.desk_queue", waiting=work.waiting, days=days)
        late = _name_late(work, note.today, say=say, calendar=calendar)
        yield join((waits, late), by="\n"), ((Choice(say("opens.review"), buttons.Open("antrean")),),)
    if triggers & {"queue", "profile"} and work.portal_closes and work.portal_closes >= note.today:
        yield _say_portal(work.portal_closes, note.today, say), ()


def _name_late(work: DeskWork, today: date, *, say: Say, calendar: Calendar) -> Marked:
    """Name the innovations that wait longer than they should; nothing where none does (F46)."""
    if not work.late:
        return Marked("")
    names = [
        say(
            "reminder_texts.desk_late_of_year" if entry.closed_year else "reminder_texts.desk_late_item",
            title=shortened(entry.title, OFFICE_CHARS) or say("conversation.untitled"),
            office=entry.office,
            year=entry.closed_year,
            days=calendar.working_days(entry.since, today),
        )
        for entry in work.late
    ]
    more = work.late_count - len(names)
    names += [say("reminder_texts.desk_late_more", count=more)] if more > 0 else []
    return say("reminder_texts.desk_late", days=work.late_after, names=join(names, by="; "))


def _write_profile(lack: ProfileLack, say: Say) -> Marked:
    """Say that filling in the regency's own profile is a task of the desk, and what it may be worth."""
    key = "reminder_texts.desk_profile_started" if lack.unchecked else "reminder_texts.desk_profile"
    counted = {"filled": lack.filled, "rows": lack.rows, "unchecked": lack.unchecked}
    return say(key, **counted, points=index_words.number(say, lack.worth))


def _say_portal(closes: date, today: date, say: Say) -> Marked:
    """Say until when what is verified can be carried over to the ministry's portal."""
    day = say_date(PartialDate(closes), say.language)
    return say("reminder_texts.desk_portal", day=day, left=left(closes, today, say=say))


def leader_news(note: Note, say: Say) -> Message:
    """Tell a leader which offices gave no sign: names in their own order, no ranking, no blame."""
    text = _write_unanswered("reminder_texts.leader_unanswered", note, say=say)
    return Message(text, ((Choice(say("opens.status"), buttons.Open("status")),),))


def rung_news(note: Note, say: Say) -> Message:
    """Tell a second PIC, a secretary or a head that their own office gave no sign, and how to begin."""
    text = _write_unanswered("reminder_texts.rung_unanswered", note, say=say)
    doors = (
        Choice(say("opens.tasks"), buttons.Open("tugas")),
        Choice(say("opens.status"), buttons.Open("status")),
    )
    return Message(text, tuple((door,) for door in doors))


def _write_unanswered(key: str, note: Note, *, say: Say) -> Marked:
    offices = _choose_offices(note, "unanswered")
    deadline = min(card.subject.deadline for card in offices)
    lines = _bound([say("reminder_texts.leader_line", office=card.name) for card in offices], say)
    return say(
        key,
        year=note.year,
        deadline=say_date(PartialDate(deadline), say.language),
        left=left(deadline, note.today, say=say),
        steps=note.steps,
        lines=lines,
    )


def _write_section(trigger: str, lines: Marked, *, deadline: str, steps: int, say: Say) -> Marked:
    if trigger == "unanswered":
        return say("reminder_texts.desk_unanswered", steps=steps, deadline=deadline, lines=lines)
    if trigger == "handover":
        return say("reminder_texts.desk_handover", deadline=deadline, lines=lines)
    return say("reminder_texts.desk_unreachable", lines=lines)


def _choose_offices(note: Note, trigger: str) -> list[OfficeCard]:
    return [
        note.offices[occurrence.key.office]
        for occurrence in note.occurrences
        if occurrence.trigger == trigger
    ]


def _bound(lines: Sequence[Marked], say: Say, *, room: int = LISTS_CHARS) -> Marked:
    """Join the first lines that fit, and say how many offices more there are."""
    return bounded(lines, room, more=lambda left: say("reminder_texts.desk_more", count=left))


def _list_offices(offices: Sequence[OfficeCard], say: Say, *, room: int) -> Marked:
    """Return one office a line with whom to call, or why the bot does not reach it."""
    lines = [
        say(
            "reminder_texts.desk_line",
            office=shortened(card.name, OFFICE_CHARS),
            people=_list_people(card, say),
        )
        for card in offices
    ]
    return _bound(lines, say, room=room)


def _list_people(card: OfficeCard, say: Say) -> Marked:
    """List whom to call: the focal points, blocked or not, then who is on the ladder; each once."""
    if not card.subject.is_reachable:
        people = _list_named(card.people)
        is_off = any(person.reach == "off" for person in card.subject.people)
        people = say("reminder_texts.desk_off" if is_off else "reminder_texts.desk_blocked", people=people)
    else:
        on_ladder = {(name, phone) for _, name, phone in card.ladder}
        people = _list_named(person for person in card.people if person not in on_ladder)
    ladder = [_write_post(post, name=name, phone=phone, say=say) for post, name, phone in card.ladder]
    return join((people, *ladder), by=", ")


def _list_named(people: Iterable[tuple[str, str]]) -> Marked:
    return join([f"{name} {phone}".strip() for name, phone in people], by=", ")


def _write_post(post: str, *, name: str, phone: str, say: Say) -> str:
    return say(f"reminder_texts.post_{post}", name=name, phone=phone).rstrip()


def _say_skipped(subjects: Sequence[Subject], say: Say) -> Marked:
    """Say which rungs are skipped for how many of these offices, because nobody stands on them."""
    counts = skipped(subjects)
    if not counts:
        return Marked("")
    rungs = [say(f"reminder_texts.skipped_{readers}", count=count) for readers, count in counts.items()]
    return say("reminder_texts.desk_skipped", rungs=join(rungs, by=", "))


def _write_lines(offices: Sequence[OfficeCard], say: Say, *, room: int) -> Marked:
    """Those without anybody in one line, by their short names; the others with whom to call."""
    empty = _name_empty(offices)
    lines = [_list_empty(empty, say)] if empty else []
    others = [card for card in offices if card.people]
    left = room - sum(map(len, lines))
    return join([*lines, *([_list_offices(others, say, room=left)] if others else [])], by="\n")


def _name_empty(offices: Sequence[OfficeCard]) -> list[str]:
    return [card.short for card in offices if not card.people]


def _list_empty(names: Sequence[str], say: Say) -> Marked:
    """Name the first of the offices without anybody, and say how many more there are."""
    listed, more = join(names[:NAMES_LISTED], by=", "), len(names) - NAMES_LISTED
    if more > 0:
        return say("reminder_texts.desk_empty_more", count=len(names), names=listed, more=more)
    return say("reminder_texts.desk_empty", count=len(names), names=listed)
