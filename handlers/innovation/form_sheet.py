"""One innovation as it lies before one person: answers, place in the form, and the facts about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.conversation.cursor import Cursor
from domain.draft.facts import DraftFacts
from domain.people import Right
from handlers.context import Context
from handlers.innovation import score_effect
from storage import cursors, dialogues, draft_facts, innovations, periods
from storage.innovations import Innovation
from storage.periods import Period

DIALOGUE = dialogues.FORM


@dataclass(frozen=True, slots=True)
class Sheet:
    """One innovation as it lies before one person."""

    innovation: Innovation
    answers: Mapping[str, Any]
    cursor: Cursor
    facts: DraftFacts
    period: Period
    newest: int  # the newest line of its history when it was laid open

    @property
    def is_writable(self) -> bool:
        """Whether its office may write in it now."""
        return draft_facts.may_write(self.innovation, self.period)


def load_innovation(ctx: Context, innovation_id: int) -> Innovation:
    """Load an innovation that is there; raises LookupError when it is not."""
    innovation = innovations.load(ctx.tx, innovation_id)
    if innovation is None:
        raise LookupError(f"innovation {innovation_id} is not there")
    return innovation


def open_innovation(ctx: Context) -> Innovation | None:
    """Load the innovation whose form this person has open and may write for; None when none is."""
    opened = ctx.state(DIALOGUE, dialogues.FormOpen)
    if opened is None:
        return None
    innovation = innovations.load(ctx.tx, opened.innovation)
    if innovation is None or not ctx.may(Right.SUBMIT, office=innovation.office_id):
        return None
    return innovation


def laid_open(ctx: Context, innovation: Innovation) -> Sheet:
    """Gather everything a turn in the form reads."""
    cursor, newest = cursors.load_with_line(ctx.tx, ctx.person.id, innovation_id=innovation.id)
    answers = innovations.answers(ctx.tx, innovation.id)
    period = periods.load(ctx.tx, innovation.period_id)
    facts = _facts(ctx, innovation, period=period)
    return Sheet(innovation, answers, Cursor.from_json(cursor), facts, period, newest)


def _facts(ctx: Context, innovation: Innovation, *, period: Period) -> DraftFacts:
    return draft_facts.facts(
        ctx.tx,
        innovation,
        desk_data=ctx.desk_data,
        period=period,
        say=ctx.say,
        today=ctx.today,
        outlook=score_effect.outlook(ctx, innovation, rule_year=period.rule_year),
        foresee=score_effect.before_sending(ctx, innovation, rule_year=period.rule_year),
    )
