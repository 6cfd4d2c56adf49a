"""What a letter is made from, read from the tables: how far an innovation is, and the next question itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from domain.conversation.conversation import next_question
from domain.conversation.cursor import Cursor
from domain.conversation.missing import Lack, lack_of
from domain.desk_data import House
from domain.draft.facts import Ground
from domain.message import Message
from domain.reminding.desk_texts import OfficeCard
from domain.reminding.facts import Subject
from domain.texts import Say
from storage import innovations, periods, reviews
from storage.engine.transaction import Transaction
from storage.innovations import Innovation
from storage.periods import Period


def ground_of(tx: Transaction, house: House, innovation: Innovation, *, say: Say, today: date) -> Ground:
    """Give a conversation about an innovation its ground."""
    period = periods.load(tx, innovation.period_id)
    return Ground(
        form=house.form,
        say=say,
        today=today,
        window=house.window(innovation.rule_year, period.window),
        indicators=house.indicators[innovation.rule_year],
        innovation=innovation.id,
        sent=innovation.state != "draf",
        titles=innovations.other_titles(tx, innovation),
    )


def counter(house: House, period: Period, *, today: date) -> Callable[[Mapping[str, Any]], int]:
    """Make what counts the things a draft of this period still lacks, from its answers alone."""
    ground = Ground(
        form=house.form,
        say=house.words.in_(house.language),
        today=today,
        window=house.window(period.rule_year, period.window),
        indicators=house.indicators[period.rule_year],
    )

    def lacks(answers: Mapping[str, Any]) -> int:
        return len(lack_of(answers, ground).gaps)

    return lacks


def lack(tx: Transaction, house: House, innovation_id: int, *, say: Say, today: date) -> Lack | None:
    """Say how far an innovation is; None when it is gone."""
    innovation = innovations.load(tx, innovation_id)
    if innovation is None:
        return None
    ground = ground_of(tx, house, innovation, say=say, today=today)
    found = lack_of(innovations.answers(tx, innovation_id), ground)
    if innovation.state != "dikembalikan":
        return found
    return replace(found, gaps=tuple(_flagged(ground, flag.place) for flag in reviews.flags(tx, innovation_id)))


def _flagged(ground: Ground, place: str) -> str:
    """Name a flagged place: a question, or an indicator by its number and name."""
    if (question := ground.form.by_id.get(place)) is not None:
        return question.label.in_(ground.say.language)
    indicator = next((one for one in ground.indicators.indicators if one.level_question == place), None)
    return f"{indicator.no} {indicator.name.in_(ground.say.language)}" if indicator else str(ground.say("review.whole"))


def open_question(
    tx: Transaction, house: House, innovation_id: int, contact_id: int, *, say: Say, today: date
) -> tuple[Message, Cursor] | None:
    """Make the message of the next question of a draft for one person, and where that is; nothing is kept.

    None when nothing is missing, or when it is no draft.
    """
    innovation = innovations.load(tx, innovation_id)
    if innovation is None or not innovation.is_draft:
        return None
    ground, answers = ground_of(tx, house, innovation, say=say, today=today), innovations.answers(tx, innovation_id)
    missing = lack_of(answers, ground)
    if not missing.place:
        return None
    raw = innovations.cursor(tx, contact_id, innovation_id)
    return next_question(ground, Cursor.from_json(raw) if raw else Cursor(), answers, gap=missing.place)


_CARDS = """
SELECT o.id, o.name, o.short, c.name, coalesce(c.phone, '') FROM offices o
LEFT JOIN memberships m ON m.office_id = o.id AND m.role = 'focal_point' AND m.until IS NULL
LEFT JOIN contacts c ON c.id = m.contact_id
WHERE o.id IN (SELECT value FROM json_each(?)) ORDER BY o.id, c.id
"""


def cards(tx: Transaction, subjects: Collection[Subject]) -> dict[int, OfficeCard]:
    """Load names and numbers of the people of these offices."""
    by_office = {subject.office: subject for subject in subjects}
    found: dict[int, OfficeCard] = {}
    for office, name, short, person, phone in tx.execute(_CARDS, (json.dumps(list(by_office)),)):
        known = found.get(office, OfficeCard(name, short, by_office[office])).people
        people = (*known, (person, phone)) if person else known
        found[office] = OfficeCard(name, short, by_office[office], people)
    return found


_NAMES = "SELECT id, name, short FROM offices WHERE id IN (SELECT value FROM json_each(?))"


def names(tx: Transaction, offices: Collection[int]) -> dict[int, tuple[str, str]]:
    """Load name and short name of offices."""
    return {row[0]: (row[1], row[2]) for row in tx.execute(_NAMES, (json.dumps(list(offices)),))}
