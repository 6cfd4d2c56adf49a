"""Builds the facts about one innovation for form, reminders and review."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import partial
from typing import Any

from domain.conversation.missing import lack_of
from domain.desk_data import DeskData
from domain.draft.facts import DraftFacts
from domain.reading.regency import regency
from domain.review import State, place_of_answer
from domain.texts import Say
from storage import history, innovations, offices, rechecks, review_marks
from storage.engine.transaction import Transaction
from storage.innovations import Innovation
from storage.periods import Period

DISTRICT = "kecamatan"  # the kind of an office


def facts(
    tx: Transaction,
    innovation: Innovation,
    *,
    desk_data: DeskData,
    period: Period,
    say: Say,
    today: date,
    **more: Any,
) -> DraftFacts:
    """Gather what holds for an innovation: `period` is its own, `today` the local day; `more` as it is given.

    The office's other innovations are read when they are asked for: one question alone needs them.
    """
    again = rechecks.open_places(tx, innovation.id) if innovation.state == State.DRAFT else {}
    if innovation.state == State.RETURNED:
        more |= _gather_return(tx, innovation)
    more |= {"recheck": again}
    more["siblings"] = partial(innovations.siblings, tx, innovation)
    more["people"] = partial(_count_people, tx, innovation.office_id)
    return _build_facts(innovation, desk_data, period=period, say=say, today=today, **more)


def _count_people(tx: Transaction, office_id: int) -> int:
    """How many people an office serves at most: a kecamatan its own, the others the whole regency."""
    office = offices.load(tx, office_id)
    in_district = office is not None and office.kind == DISTRICT
    return regency().people_of_district if in_district else regency().people


def _gather_return(tx: Transaction, innovation: Innovation) -> dict[str, Any]:
    """What the desk sent it back for, and what has changed since; evidence belongs to its indicator."""
    changed = history.changed_since(tx, innovation.id, state=State.RETURNED)
    places = {place_of_answer(name) for name in changed}
    route = review_marks.route(tx, innovation.id)
    flagged = dict(route.reasons) if route else {}
    return {"untouched": not changed, "flagged": flagged, "repaired": frozenset(places & set(flagged))}


def _build_facts(
    innovation: Innovation, desk_data: DeskData, *, period: Period, say: Say, today: date, **more: Any
) -> DraftFacts:
    return DraftFacts(
        form=desk_data.form,
        say=say,
        today=today,
        window=desk_data.window(innovation.rule_year, period.window),
        indicators=desk_data.indicators_of(innovation),
        mandatory=desk_data.mandatory(innovation.rule_year),
        innovation=innovation.id,
        sent=innovation.state != State.DRAFT,
        returned=innovation.state == State.RETURNED,
        **more,
    )


def missing(
    tx: Transaction, drafts: Collection[int], *, desk_data: DeskData, period: Period, today: date
) -> dict[int, int]:
    """Count what each of these drafts of a period still lacks before it can be sent.

    Costs three queries however many drafts there are; other innovations are left out, as no gap depends on
    them.
    """
    if not drafts:
        return {}
    again, answers = rechecks.open_places_of(tx, drafts), innovations.answers_of(tx, drafts)
    say = desk_data.words.in_(desk_data.language)
    counts = {}
    for draft in innovations.load_all(tx, drafts):
        facts = _build_facts(
            draft, desk_data, period=period, say=say, today=today, recheck=again.get(draft.id, {})
        )
        counts[draft.id] = len(lack_of(answers[draft.id], facts).missing)
    return counts


def may_write(innovation: Innovation, period: Period) -> bool:
    """Tell whether its office may write in it now, handed in or not.

    What the desk sent back may be corrected also when the period is over: the desk asked for it.
    """
    return innovation.is_open and (innovation.state == State.RETURNED or period.open)
