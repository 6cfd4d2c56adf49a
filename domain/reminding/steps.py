"""The steps of each rule for given facts: their names, working days and deadlines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from domain.reminding.facts import Item, Key, Moment, Person, Subject
from domain.review import Standing
from domain.rules.calendar import ONE_DAY
from domain.rules.reminder_rules import Rule

_AFTERWARDS = frozenset({"passed", "done"})  # triggers that still make sense when the deadline is over


def open_items(moment: Moment, subject: Subject, *, person: Person) -> Iterator[Item]:
    """Give every step that has fallen due for a person and was not told."""
    for rule in moment.rules.of("office"):
        if moment.today > subject.deadline and rule.trigger not in _AFTERWARDS:
            continue
        for item in items(moment, rule, subject=subject, person=person):
            if (
                moment.slot(item.on, person.id) <= moment.until
                and key_of(item, subject, person=person) not in subject.decided
            ):
                yield item


def items(moment: Moment, rule: Rule, *, subject: Subject, person: Person) -> Iterator[Item]:
    """Give the steps of a rule as the facts stand, past and coming; working days all."""
    if (subject.standing == Standing.DONE) != (rule.trigger == "done"):
        return
    yield from _ITEMS[rule.trigger](moment, rule, subject, person)


def _yield_before(moment: Moment, rule: Rule, *, deadline: date, since: date) -> Iterator[Item]:
    """Steps before a date: shifted to the working day before, never after; two on one day are the nearer
    one.
    """
    days = {moment.calendar.on_or_before(deadline - n * ONE_DAY): n for n in rule.before}
    for on, n in days.items():
        if on > since:
            yield Item(rule, f"H-{n}", on, deadline.isoformat())


def _yield_deadline(moment: Moment, rule: Rule, subject: Subject, _: Person) -> Iterator[Item]:
    """Yield the steps of the deadline; an office with its own target is told of that first."""
    has_target = subject.target is not None and subject.target < subject.deadline
    since = max(subject.opens, subject.target) if has_target and subject.target else subject.opens
    return _yield_before(moment, rule, deadline=subject.deadline, since=since)


def _yield_target(moment: Moment, rule: Rule, subject: Subject, _: Person) -> Iterator[Item]:
    if subject.target and moment.today <= subject.target < subject.deadline:
        yield from _yield_before(moment, rule, deadline=subject.target, since=subject.opens)


def _yield_after(moment: Moment, rule: Rule, *, day: date, name: str = "") -> Iterator[Item]:
    for n in rule.after:
        yield Item(rule, f"H+{n}{name}", moment.calendar.plus(day, n))


def _yield_passed(moment: Moment, rule: Rule, subject: Subject, _: Person) -> Iterator[Item]:
    for item in _yield_after(moment, rule, day=subject.deadline):
        yield Item(rule, item.step, item.on, subject.deadline.isoformat())


def _yield_nothing_started(moment: Moment, rule: Rule, subject: Subject, _: Person) -> Iterator[Item]:
    if subject.standing == Standing.NONE:
        yield from _yield_after(moment, rule, day=subject.opens)


def _yield_returned(moment: Moment, rule: Rule, subject: Subject, _: Person) -> Iterator[Item]:
    if subject.standing == Standing.RETURNED and subject.returned_on:
        yield from _yield_after(
            moment, rule, day=subject.returned_on, name=f"@{subject.returned_on.isoformat()}"
        )


def _yield_lying(moment: Moment, rule: Rule, *, subject: Subject) -> Iterator[Item]:
    """A draft nobody touches: one nudge for each time it is left lying."""
    if subject.standing == Standing.DRAFT and subject.touched:
        yield Item(rule, subject.touched.isoformat(), moment.calendar.plus(subject.touched, rule.quiet))


def _yield_stalled(moment: Moment, rule: Rule, subject: Subject, _: Person) -> Iterator[Item]:
    """Yield one nudge for a draft far from complete; an almost complete one has its own rule."""
    if not any(_is_almost_done(other, subject) for other in moment.rules.rules):
        yield from _yield_lying(moment, rule, subject=subject)


def _yield_almost_done(moment: Moment, rule: Rule, subject: Subject, _: Person) -> Iterator[Item]:
    if _is_almost_done(rule, subject):
        yield from _yield_lying(moment, rule, subject=subject)


def _is_almost_done(rule: Rule, subject: Subject) -> bool:
    return rule.trigger == "almost_done" and subject.missing is not None and subject.missing <= rule.missing


def _yield_snoozed(_: Moment, rule: Rule, __: Subject, person: Person) -> Iterator[Item]:
    if person.snoozed:
        yield Item(rule, person.snoozed.isoformat(), person.snoozed)


def _yield_done(moment: Moment, rule: Rule, subject: Subject, person: Person) -> Iterator[Item]:
    """Yield one thank-you for an office that was reminded."""
    reminded = any(key.person == person.id and decided.sent for key, decided in subject.decided.items())
    if subject.done_on and reminded:
        yield Item(rule, "terima kasih", moment.calendar.on_or_after(subject.done_on + ONE_DAY))


_ITEMS: Mapping[str, Callable[[Moment, Rule, Subject, Person], Iterator[Item]]] = {
    "snoozed": _yield_snoozed,
    "done": _yield_done,
    "target": _yield_target,
    "deadline": _yield_deadline,
    "passed": _yield_passed,
    "returned": _yield_returned,
    "almost_done": _yield_almost_done,
    "stalled": _yield_stalled,
    "nothing_started": _yield_nothing_started,
}


def coming(moment: Moment, subject: Subject, *, person: Person) -> Item | None:
    """Find the next step that is planned for a person after this moment's day."""
    later = [
        item
        for rule in moment.rules.of("office")
        for item in items(moment, rule, subject=subject, person=person)
        if item.on > moment.today and key_of(item, subject, person=person) not in subject.decided
    ]
    return min(later, key=lambda item: item.on, default=None)


def key_of(item: Item, subject: Subject, *, person: Person) -> Key:
    """Name what is told at most once."""
    return Key(item.rule.id, subject.period, subject.office, person.id, item.step, item.deadline)
