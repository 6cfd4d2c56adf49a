"""The reminder tick: finds who is due, records and queues it, and decides again before it leaves.

Everybody is judged three times, each time for another reason:
1. `look` reads beside the writer, so that judging a whole regency keeps nobody's turn waiting.
2. `tell` judges the few who are due inside the transaction that queues them: an answer committed since
   counts.
3. `may_leave` judges just before sending: between queue and platform an office may hand in, or the desk
   may pause.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import chain

from domain.desk_data import DeskData
from scheduler.compose import Written, is_free, question_of, write
from scheduler.judge import Judged, judge, judge_passing_over
from scheduler.queued import NOBODY, Queued, of_people
from storage import cursors, dialogues, occurrences, outbox
from storage.engine.each_apart import for_each
from storage.engine.transaction import Transaction
from storage.occurrences import COVERED, MISSED, TOLD, Candidate

NAME = "reminders"
LOOKED_AT = 500  # people in one look
TOLD_AT_ONCE = 50  # people in one transaction: the turns wait meanwhile


@dataclass(frozen=True, slots=True)
class Found:
    """The people to be written to, and where the next page begins; 0 after the last."""

    people: tuple[Candidate, ...] = ()
    next: int = 0


def look(tx: Transaction, desk_data: DeskData, *, since: datetime, now: datetime, after: int) -> Found:
    """Find for whom something is to be written down; reads alone."""
    rules = desk_data.reminders
    if occurrences.paused_since(tx) is not None:
        return Found()
    local, before = now.astimezone(desk_data.timezone), since.astimezone(desk_data.timezone)
    minutes = (
        _count_minutes(desk_data, before) + 1 if before.date() == local.date() else 0,
        _count_minutes(desk_data, local),
    )
    people = occurrences.candidates(
        tx, after=after, spread=rules.hours.spread, minutes=minutes, day=local.date(), limit=LOOKED_AT
    )
    judged, unjudged = judge_passing_over(tx, desk_data, people=people, since=since, now=now)
    if judged is None:
        return Found()
    wanted = {
        *dict(unjudged),
        *judged.due,
        *judged.on_hold,
        *(key.person for key in judged.missed),
        *occurrences.on_hold(tx, local.date()),
    }
    more = people[-1].contact_id if len(people) == LOOKED_AT else 0
    return Found(tuple(candidate for candidate in people if candidate.contact_id in wanted), more)


def _count_minutes(desk_data: DeskData, local: datetime) -> int:
    """The minute since opening, -1 before it."""
    opens = desk_data.reminders.hours.opens
    minute = (local.hour - opens.hour) * 60 + local.minute - opens.minute
    return max(-1, minute)


def tell(
    tx: Transaction,
    desk_data: DeskData,
    *,
    people: Sequence[Candidate],
    since: datetime,
    now: datetime,
    costly: Mapping[object, Exception] = NOBODY,
) -> Queued:
    """Judge these people once more and queue what is due, in one transaction; one for whom that raises is
    passed over, and looked at again this morning.

    `costly` are the numbers of people who cost the transaction before (`run_without`).
    """
    people = [person for person in people if person.contact_id not in costly]
    judged, unjudged = judge_passing_over(tx, desk_data, people=people, since=since, now=now)
    if judged is None or occurrences.paused_since(tx) is not None:
        return Queued()
    occurrences.keep(tx, judged.missed, state=MISSED, now=now)
    occurrences.let_go(
        tx, [candidate.contact_id for candidate in people if candidate.contact_id not in judged.on_hold]
    )
    occurrences.hold(tx, sorted(judged.on_hold), day=judged.moment.today)
    reached: list[int] = []
    queue = partial(_queue_message, desk_data=desk_data, judged=judged, reached=reached, now=now)
    passed_over = (*unjudged, *for_each(tx, sorted(judged.due), work=queue), *of_people(costly))
    occurrences.hold(tx, dict(passed_over), day=judged.moment.today)
    return Queued(len(reached), passed_over)


def _queue_message(
    tx: Transaction,
    contact: int,
    *,
    desk_data: DeskData,
    judged: Judged,
    reached: list[int],
    now: datetime,
) -> None:
    """Queue what is due for one person, and note whom it reaches."""
    due = judged.due[contact]
    written: Written | None = write(tx, desk_data, judged=judged, contact=contact)
    if written is None:
        return
    row = outbox.insert(
        tx,
        channel=written.channel,
        address=written.address,
        message=written.message,
        now=now,
        terms=outbox.Terms(priority=outbox.REMINDER, repeatable=False),
    )
    keys = [occurrence.key for occurrence in due]
    covered = chain.from_iterable(occurrence.covers for occurrence in due)
    occurrences.keep(tx, keys, state=TOLD, now=now, outbox_id=row, asks=written.asks)
    occurrences.keep(tx, covered, state=COVERED, now=now, outbox_id=row)
    reached.append(contact)


def may_leave(tx: Transaction, desk_data: DeskData, *, outbox_id: int, now: datetime) -> bool:
    """Judge a queued message the moment before it leaves; what holds no more is withdrawn and looked at
    again.

    What is no reminder may always leave. A message that asks the next question opens it for its answer.
    """
    keys, asks = occurrences.of_message(tx, outbox_id)
    if not keys:
        return True
    person = occurrences.candidate(tx, keys[0].person)
    judged = (
        judge(tx, desk_data, people=[person], since=now, now=now, but_outbox=outbox_id) if person else None
    )
    still = {occurrence.key for occurrence in judged.due.get(keys[0].person, ())} if judged else set()
    if occurrences.paused_since(tx) is None and set(keys) <= still:
        if asks is not None:
            _open_question(tx, desk_data, innovation_id=asks, contact=keys[0].person, now=now)
        return True
    occurrences.withdraw(tx, outbox_id, why="no longer due")
    if person is not None:
        occurrences.hold(tx, [person.contact_id], day=now.astimezone(desk_data.timezone).date())
    return False


def _open_question(
    tx: Transaction, desk_data: DeskData, *, innovation_id: int, contact: int, now: datetime
) -> None:
    """Let the person answer the question that leaves now, unless something else was opened meanwhile."""
    if not is_free(tx, contact, innovation_id=innovation_id):
        return
    asked = question_of(tx, desk_data, innovation_id=innovation_id, contact=contact, now=now)
    if asked is not None:
        cursors.keep(tx, contact, innovation_id=innovation_id, state=asked[1].to_json(), now=now)
        dialogues.begin(tx, contact, name=dialogues.FORM, state=dialogues.FormOpen(innovation_id))
