"""What a draft's office is told, once, when form or rules have changed since it was begun (F33)."""

from __future__ import annotations

from dataclasses import dataclass

from domain import buttons
from domain.draft import carry_over
from domain.draft.carry_over import Entry, label_of, place_of
from domain.draft.facts import DraftFacts
from domain.message import Choice, Message
from domain.review import State
from domain.rules.form import Answers
from domain.texts import join
from handlers.context import Context, message
from storage import copies, rechecks
from storage.innovations import Innovation

NAMED = 6  # questions named in the notice; the count says how many there are in all


@dataclass(frozen=True, slots=True)
class Stand:
    """A draft as it lies there."""

    innovation: Innovation
    answers: Answers
    facts: DraftFacts


def news(ctx: Context, stand: Stand, *, rule_year: int) -> list[Message]:
    """Say what is new since the draft was begun, once; `rule_year` is the one of its period."""
    if stand.innovation.state != State.DRAFT:
        return []
    messages = []
    if stand.innovation.form_version < ctx.desk_data.form.version:
        messages += _follow_form(ctx, stand)
    if stand.innovation.rule_year != rule_year and copies.tell_rules(
        ctx.tx, stand.innovation.id, rule_year=rule_year
    ):
        messages += _follow_rules(ctx, stand, rule_year=rule_year)
    return messages


def _follow_form(ctx: Context, stand: Stand) -> list[Message]:
    """Let the draft follow the newer form, and say what it asks that it did not ask before."""
    old, new = stand.innovation.form_version, ctx.desk_data.form.version
    if not copies.move_form(ctx.tx, stand.innovation.id, old=old, new=new, by=ctx.person.id, now=ctx.now):
        return []
    facts = stand.facts
    edition = carry_over.since(
        old, form=facts.form, indicators=facts.indicators, answers=stand.answers, window=facts.window
    )
    answered = [place_of(entry) for entry in edition.reworded if place_of(entry) in stand.answers]
    rechecks.add(ctx.tx, stand.innovation.id, places=dict.fromkeys(answered, "reworded"))
    if not (edition.added or edition.reworded):
        return []
    lines = [
        _name_questions(ctx, "rule_change.added", entries=edition.added),
        _name_questions(ctx, "rule_change.reworded", entries=edition.reworded),
    ]
    return message(join((ctx.say("rule_change.form"), join(lines, by="\n"), ctx.say("rule_change.kept"))))


def _name_questions(ctx: Context, key: str, *, entries: tuple[Entry, ...]) -> str:
    names = [label_of(entry).in_(ctx.say.language) for entry in entries]
    more = f" … (+{len(names) - NAMED})" if len(names) > NAMED else ""
    return ctx.say(key, names="; ".join(names[:NAMED]) + more) if names else ""


def _follow_rules(ctx: Context, stand: Stand, *, rule_year: int) -> list[Message]:
    text = ctx.say("rule_change.rules", old=stand.innovation.rule_year, new=rule_year)
    return message(
        text,
        (
            Choice(
                ctx.say("rule_change.move", new=rule_year),
                buttons.FollowRules(stand.innovation.id, rule_year),
            ),
        ),
    )
