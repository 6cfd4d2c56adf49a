"""Decides what leaders who subscribe, and the desk, are told about offices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from domain.index.estimate import in_index
from domain.index.judgement import Profile
from domain.reminding.due import is_capped
from domain.reminding.facts import Item, Key, Moment, Occurrence, Person, Subject
from domain.review import Standing
from domain.rules.calendar import ONE_DAY
from domain.rules.load import RuleYear
from domain.rules.reminder_rules import WEEKDAYS, Readers, ReminderRules, Rule

_OF_WEEK = frozenset({"queue", "profile"})  # triggers that come back on weekdays while there is work
OF_OFFICE: tuple[Readers, ...] = ("second", "head")  # readers that belong to one office each
_STEPS = frozenset({"deadline", "target", "passed"})  # triggers that count as a step an office may answer


@dataclass(frozen=True, slots=True)
class ProfileLack:
    """What the regency's own profile still lacks, and what that may be worth."""

    filled: int  # rows
    rows: int
    unchecked: int  # of the other rows, those with a level of an earlier year
    worth: Decimal  # points of the index that hang on the rows that are not filled in


@dataclass(frozen=True, slots=True)
class LateReview:
    """An innovation that waits to be checked, since a local day."""

    title: str
    office: str  # its short name
    since: date
    closed_year: int = 0  # of its period, where that is closed


@dataclass(frozen=True, slots=True)
class DeskWork:
    """What waits for the desk: innovations to review, the regency's own profile, the ministry's portal."""

    waiting: int = 0  # innovations
    oldest: date | None = None  # local day on which the oldest came
    profile: ProfileLack | None = None  # None: filled in, or its rows are not known
    portal_closes: date | None = None  # None: not recorded
    late: tuple[LateReview, ...] = ()  # the first of those that wait too long, the oldest first
    late_count: int = 0  # of all of these
    late_after: int = 0  # working days


def profile_lack(profile: Profile, rule: RuleYear) -> ProfileLack | None:
    """Say what the profile lacks; None where it is filled in, or the rule year's rows are not known."""
    if profile.complete or not profile.rows:
        return None
    worth = in_index(rule, profile.high - profile.low)
    return ProfileLack(profile.filled, profile.rows, profile.unchecked, worth)


@dataclass(frozen=True, slots=True)
class Notice:
    """Who is told next about an office that does not react, and on which day."""

    readers: Readers
    on: date


def is_lacking(subject: Subject) -> bool:
    """Whether the office still has its duty before it."""
    return not subject.exempt and subject.standing != Standing.DONE


def unanswered(moment: Moment, subject: Subject, *, before: date | None = None) -> int:
    """Count the steps told on earlier days that no sign of life has followed; a moved deadline begins
    anew.

    `before` leaves out those told on that day and later.
    """
    return len(list_unanswered(moment, subject, before=before))


def list_unanswered(
    moment: Moment, subject: Subject, *, before: date | None = None
) -> dict[tuple[str, str, str], datetime]:
    """List what `unanswered` counts: rule, step and deadline, and when each was last told."""
    until = min(before or moment.today, moment.today)
    dates = {day.isoformat() for day in (subject.deadline, subject.target) if day}
    steps = [
        ((key.rule, key.step, key.deadline), decided.at)
        for key, decided in subject.decided.items()
        if decided.sent
        and moment.rules.trigger_of(key.rule) in _STEPS
        and key.deadline in dates
        and _names_steps_of(subject, key, at=decided.at)
        and decided.at.astimezone(moment.zone).date() < until
        and (subject.answered_at is None or decided.at > subject.answered_at)
    ]
    return dict(sorted(steps, key=lambda step: step[1]))


def _names_steps_of(subject: Subject, key: Key, *, at: datetime) -> bool:
    """Whether what was told then named the days of the deadline that holds now: a step towards the office's
    own target names the days of the deadline of its time.
    """
    since = subject.deadline_since
    return key.deadline == subject.deadline.isoformat() or since is None or at >= since


def has_somebody(subject: Subject, readers: Readers, *, leaders: bool) -> bool:
    """Whether anybody stands on a rung of the ladder of an office; a rung with nobody is skipped.

    `leaders` tells whether any leader subscribes.
    """
    if readers in OF_OFFICE:
        return any(rung.readers == readers for rung in subject.rungs)
    return readers != "leader" or leaders


def skipped(subjects: Sequence[Subject]) -> dict[Readers, int]:
    """Count at how many of these offices a rung of their own has nobody on it; rungs that none lacks are
    left out.
    """
    counts = {
        readers: sum(not has_somebody(subject, readers, leaders=False) for subject in subjects)
        for readers in OF_OFFICE
    }
    return {readers: count for readers, count in counts.items() if count}


def announced(moment: Moment, subject: Subject, *, leaders: bool) -> tuple[Notice, ...]:
    """List who hears, and when, if the message of this moment is not answered either; it is said in that
    message, the nearest first. Nobody is announced who does not exist.
    """
    count = unanswered(moment, subject) + 1
    notices = [
        Notice(rule.readers, item.on)
        for rule in ladder(moment.rules)
        if has_somebody(subject, rule.readers, leaders=leaders) and count >= rule.unanswered
        for item in _list_before(moment, rule, subject=subject)
        if moment.today < item.on <= subject.deadline
    ]
    return tuple(sorted(notices, key=lambda notice: notice.on))


def ladder(rules: ReminderRules) -> tuple[Rule, ...]:
    """The rungs above the focal point, in the order of the rules."""
    return tuple(rule for rule in rules.rules if rule.trigger == "unanswered")


def escalations(
    moment: Moment,
    subjects: Sequence[Subject],
    *,
    reader: Person,
    readers: Readers,
    work: DeskWork,
    period: int,
) -> list[Occurrence]:
    """List what one leader or one person of the desk hears now; nothing outside the reader's own limits,
    which do not hold for what an office was promised.
    """
    if reader.reach or reader.busy or not moment.is_morning:
        return []
    capped = bool(is_capped(moment, reader))
    occurrences = []
    for rule in moment.rules.of(readers):
        if capped and not rule.is_promised:
            continue
        if rule.trigger in _OF_WEEK:
            occurrences += _judge_of_week(moment, rule, reader=reader, work=work, period=period)
            continue
        occurrences += _judge_offices(moment, rule, subjects=subjects, readers=readers, reader=reader)
    return occurrences


def _judge_offices(
    moment: Moment, rule: Rule, *, subjects: Sequence[Subject], readers: Readers, reader: Person
) -> list[Occurrence]:
    """List the newest step of a rule for each office that still has its duty before it."""
    occurrences = []
    for subject in subjects:
        if not is_lacking(subject) or not _may_hear(subject, readers, reader=reader):
            continue
        item = _find_newest(moment, rule, subject=subject, reader=reader)
        if item is not None:
            occurrences.append(
                _make_occurrence(moment, item, period=subject.period, office=subject.office, reader=reader)
            )
    return occurrences


def _may_hear(subject: Subject, readers: Readers, *, reader: Person) -> bool:
    """Whether a reader is told of this office: leaders and the desk of every one, others of their own."""
    if readers not in OF_OFFICE:
        return True
    return any(rung.readers == readers and rung.person == reader.id for rung in subject.rungs)


def _make_occurrence(moment: Moment, item: Item, *, period: int, office: int, reader: Person) -> Occurrence:
    key = Key(item.rule.id, period, office, reader.id, item.step, item.deadline)
    return Occurrence(key, item.rule.trigger, moment.slot(item.on, reader.id))


def _judge_of_week(
    moment: Moment, rule: Rule, *, reader: Person, work: DeskWork, period: int
) -> list[Occurrence]:
    """Tell of work on the weekdays of its rule, as long as there is any."""
    is_there = work.waiting > 0 if rule.trigger == "queue" else work.profile is not None
    if not is_there or WEEKDAYS[moment.today.weekday()] not in rule.weekdays:
        return []
    item = Item(rule, moment.today.isoformat(), moment.today)
    if moment.slot(item.on, reader.id) > moment.until:
        return []
    return [_make_occurrence(moment, item, period=period, office=0, reader=reader)]


def _find_newest(moment: Moment, rule: Rule, *, subject: Subject, reader: Person) -> Item | None:
    """Take the newest step that has fallen due, holds, still makes sense and was not told."""
    newest = None
    for item in _list_items(moment, rule, subject=subject):
        due = moment.slot(item.on, reader.id) <= moment.until and moment.is_fresh(item)
        due = due and _is_announced(moment, item, subject=subject)
        key = Key(rule.id, subject.period, subject.office, reader.id, item.step, item.deadline)
        if due and key not in subject.decided and (newest is None or item.on > newest.on):
            newest = item
    return newest


def _list_items(moment: Moment, rule: Rule, *, subject: Subject) -> Iterator[Item]:
    if rule.trigger == "handover":
        for n in rule.after:
            yield Item(
                rule, f"H+{n}", moment.calendar.plus(subject.deadline, n), subject.deadline.isoformat()
            )
    elif moment.today <= subject.deadline and _holds(moment, rule, subject=subject):
        yield from _list_before(moment, rule, subject=subject)


def _holds(moment: Moment, rule: Rule, *, subject: Subject) -> bool:
    if rule.trigger == "unreachable":
        return not subject.is_reachable
    return subject.is_reachable and unanswered(moment, subject) >= rule.unanswered


def _is_announced(moment: Moment, item: Item, *, subject: Subject) -> bool:
    """Whether the step that named this day to the office was told before it: nobody is named unannounced.

    Counted up to the day of the rule, and not to today: a step told on that very day could name it no more.
    Nor could a step name somebody of the office whom the desk named after it.
    """
    if item.rule.trigger != "unanswered":
        return True
    steps = list_unanswered(moment, subject, before=item.on)
    named = [rung.since for rung in subject.rungs if rung.readers == item.rule.readers]
    return len(steps) >= item.rule.unanswered and (not named or max(steps.values()) >= min(named))


def _list_before(moment: Moment, rule: Rule, *, subject: Subject) -> Iterator[Item]:
    days = {moment.calendar.on_or_before(subject.deadline - n * ONE_DAY): n for n in rule.before}
    for on, n in days.items():
        if on > subject.opens:
            yield Item(rule, f"H-{n}", on, subject.deadline.isoformat())
