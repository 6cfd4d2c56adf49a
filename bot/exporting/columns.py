"""The columns of an innovation in a table: what each is called, and what stands in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any, Literal

from bot.exporting.facts import ExportFacts
from domain.conversation.read_answer import say_answer
from domain.draft import eligibility
from domain.draft.eligibility import Reason
from domain.message import plain
from domain.reading.dates import PartialDate
from domain.review import MEETS_DUTY
from domain.rules.form import Question
from domain.rules.indicators import Indicator, IndicatorSet
from domain.texts import Say
from storage.export_records import Record

Cell = str | int | Decimal | date | datetime | None
Style = Literal["text", "number", "plain", "date", "month", "time"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, its width in characters, and the cell of a record."""

    heading: str
    width: int
    style: Style
    of: Callable[[Record], Cell]


def innovation_columns(facts: ExportFacts, year: int | None, *, contacts: bool) -> tuple[Column, ...]:
    """The columns of the innovations of a rule year: who, how it stands, every answer, every level twice.

    Without a year: the questions of every year, and the indicators as the newest year calls them.
    """
    head = [*_make_head(facts), *(_make_contact_columns(facts.say) if contacts else ())]
    questions = tuple(facts.form) if year is None else facts.form.in_year(year)
    asked = [_make_answer_column(facts, question) for question in questions if question.id != "nama"]
    return (*head, *asked, *_make_level_columns(facts, facts.indicators[year or max(facts.indicators)]))


def _make_head(facts: ExportFacts) -> Sequence[Column]:
    """Make the columns of what an innovation is and how it stands."""
    say = facts.say
    return (
        Column(say("exported.col_receipt"), 15, "text", lambda r: r.receipt),
        Column(say("exported.col_office"), 34, "text", lambda r: r.office),
        Column(say("exported.col_title"), 40, "text", lambda r: r.title),
        Column(say("exported.col_state"), 16, "text", lambda r: say(f"state.{r.state}")),
        Column(say("exported.col_sent"), 18, "time", lambda r: facts.local(r.sent_at)),
        Column(say("exported.col_updated"), 18, "time", lambda r: facts.local(r.updated_at)),
        Column(say("exported.col_rules"), 8, "plain", lambda r: r.rule_year),
        Column(say("exported.col_claimed"), 10, "number", lambda r: r.claimed),
        Column(say("exported.col_verified"), 13, "number", lambda r: r.verified),
        Column(say("exported.col_counts"), 30, "text", lambda r: counting(facts, r)),
    )


def _make_contact_columns(say: Say) -> Sequence[Column]:
    return (
        Column(say("exported.col_people"), 24, "text", lambda r: ", ".join(name for name, _ in r.contacts)),
        Column(say("exported.col_phones"), 18, "text", lambda r: ", ".join(p for _, p in r.contacts if p)),
    )


def counting(facts: ExportFacts, record: Record) -> str:
    """Say whether an innovation is in the estimate, and what keeps it out."""
    if record.counts:
        return facts.say("exported.counts")
    if not record.reason or record.state not in MEETS_DUTY:
        return facts.say("exported.not_counted")
    rule = facts.rules[record.rule_year].window
    opens, closes = map(date.fromisoformat, record.window) if all(record.window) else (rule.from_, rule.until)
    reason = eligibility.say_reason(Reason(record.reason), facts.say, opens=opens, closes=closes)
    return plain(facts.say("exported.not_counted_because", reason=reason))


_STYLES: dict[str, tuple[Style, int]] = {"number": ("number", 16), "date": ("date", 18), "long": ("text", 40)}


def _make_answer_column(facts: ExportFacts, question: Question) -> Column:
    style, width = _STYLES.get(question.kind, ("text", 24))
    return Column(
        question.label.in_(facts.say.language),
        width,
        style,
        lambda r: answer_cell(facts, question, answers=r.answers),
    )


def answer_cell(facts: ExportFacts, question: Question, *, answers: Any) -> Cell:
    """One answer as a cell: numbers and dates as what they are, everything else in words."""
    value = answers.get(question.id)
    if value is None:
        return None
    if question.kind == "number":
        return Decimal(value)
    if question.kind == "date":
        return PartialDate.from_text(value).value
    return say_answer(question, value, language=facts.say.language)


def _make_level_columns(facts: ExportFacts, indicators: IndicatorSet) -> Sequence[Column]:
    columns = []
    for indicator in indicators.indicators:
        name = f"{indicator.no} {indicator.name.in_(facts.say.language)}"

        claim_title = f"{name} ({facts.say('exported.claimed')})"
        verdict_title = f"{name} ({facts.say('exported.verified')})"
        columns.append(Column(claim_title, 12, "number", partial(_read_claimed, indicator=indicator)))
        columns.append(Column(verdict_title, 12, "number", partial(_read_verified, number=indicator.no)))
    return columns


def _read_claimed(record: Record, indicator: Indicator) -> int | None:
    return indicator.level(record.answers) or None


def _read_verified(record: Record, number: int) -> int | None:
    verdict = record.verdicts.get(number)
    return verdict.level if verdict else None
