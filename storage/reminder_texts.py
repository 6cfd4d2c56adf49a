"""Reads what a reminder's text needs: how complete an innovation is, and its next question."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import replace
from datetime import date

from domain.conversation.conversation import next_question
from domain.conversation.cursor import Cursor
from domain.conversation.missing import Lack, lack_of
from domain.desk_data import DeskData
from domain.draft.facts import DraftFacts
from domain.message import Message
from domain.reminding.desk_texts import OfficeCard
from domain.reminding.facts import Subject
from domain.review import State
from domain.texts import Say
from storage import cursors, draft_facts, innovations, periods, review_marks, rungs
from storage.engine.transaction import Transaction
from storage.innovations import Innovation


def lack(tx: Transaction, desk_data: DeskData, *, innovation_id: int, say: Say, today: date) -> Lack | None:
    """Say how far an innovation is; None when it is gone."""
    innovation = innovations.load(tx, innovation_id)
    if innovation is None:
        return None
    facts = _build_facts(tx, desk_data, innovation=innovation, say=say, today=today)
    missing = lack_of(innovations.answers(tx, innovation_id), facts)
    if innovation.state != State.RETURNED:
        return missing
    return replace(
        missing,
        gaps=tuple(facts.place_name(flag.place) for flag in review_marks.flags(tx, innovation_id)),
        unproven=(),
    )


def _build_facts(
    tx: Transaction, desk_data: DeskData, *, innovation: Innovation, say: Say, today: date
) -> DraftFacts:
    period = periods.load(tx, innovation.period_id)
    return draft_facts.facts(tx, innovation, desk_data=desk_data, period=period, say=say, today=today)


def open_question(
    tx: Transaction, desk_data: DeskData, *, innovation_id: int, contact_id: int, say: Say, today: date
) -> tuple[Message, Cursor] | None:
    """Make the message of the next question of a draft for one person, and where that is; nothing is kept.

    None when nothing is missing, or when it is no draft.
    """
    innovation = innovations.load(tx, innovation_id)
    if innovation is None or not innovation.is_draft:
        return None
    facts, answers = (
        _build_facts(tx, desk_data, innovation=innovation, say=say, today=today),
        innovations.answers(tx, innovation_id),
    )
    missing = lack_of(answers, facts)
    if not missing.gaps:
        return None
    raw = cursors.load(tx, contact_id, innovation_id=innovation_id)
    return next_question(facts, Cursor.from_json(raw), answers=answers, gap=missing.place)


_CARDS = """
SELECT o.id, o.name, o.short, c.name, coalesce(c.phone, '') FROM offices o
LEFT JOIN memberships m ON m.office_id = o.id AND m.role = 'focal_point' AND m.until IS NULL
LEFT JOIN contacts c ON c.id = m.contact_id
WHERE o.id IN (SELECT value FROM json_each(?)) ORDER BY o.id, c.id
"""


def cards(tx: Transaction, subjects: Collection[Subject]) -> dict[int, OfficeCard]:
    """Load names and numbers of the people of these offices."""
    by_office = {subject.office: subject for subject in subjects}
    by_office_id: dict[int, OfficeCard] = {}
    for office, name, short, person, phone in tx.execute(_CARDS, (json.dumps(list(by_office)),)):
        known = by_office_id.get(office, OfficeCard(name, short, by_office[office])).people
        people = (*known, (person, phone)) if person else known
        by_office_id[office] = OfficeCard(name, short, by_office[office], people)
    ladder: dict[int, list[tuple[str, str, str]]] = {}
    for rung in rungs.every(tx):
        ladder.setdefault(rung.office_id, []).append((rung.post.value, rung.name, rung.phone))
    return {
        office: replace(card, ladder=tuple(ladder.get(office, ()))) for office, card in by_office_id.items()
    }


_NAMES = "SELECT id, name, short FROM offices WHERE id IN (SELECT value FROM json_each(?))"


def names(tx: Transaction, offices: Collection[int]) -> dict[int, tuple[str, str]]:
    """Load name and short name of offices."""
    return {row[0]: (row[1], row[2]) for row in tx.execute(_NAMES, (json.dumps(list(offices)),))}
