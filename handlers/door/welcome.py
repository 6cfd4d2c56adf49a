"""The greeting of somebody we know, and what their posts are called."""

from __future__ import annotations

from dataclasses import replace

from domain import buttons
from domain.message import Choice, Message
from domain.people import Contact, Right, Role
from domain.review import QUEUES
from domain.texts import Marked, join
from handlers.context import Context, message
from handlers.innovation import returned, submit
from handlers.questions import desk_contact
from storage import offices, questions, reviews

RETURNED_SHOWN = 2  # all are in /draf


def welcome(ctx: Context) -> list[Message]:
    """Greet somebody we know: what was sent back first, then a draft, else what can be done."""
    person = ctx.person
    greeting = ctx.say("start.welcome", name=person.name, posts=posts(ctx, person))
    fixes = returned.ways(ctx) if ctx.may(Right.SUBMIT) else []
    if not fixes:
        return _show_ways(ctx, greeting)
    greeting = join((greeting, ctx.say("start.returned", count=len(fixes))))
    first, *others = _show_ways(ctx, greeting)
    return [replace(first, rows=(*fixes[:RETURNED_SHOWN], *first.rows)), *others]


def _show_ways(ctx: Context, greeting: Marked) -> list[Message]:
    if ctx.may(Right.SUBMIT) and (lying := submit.drafts_of(ctx)):
        return submit.offer(ctx, lying[-1], greeting=f"{greeting}\n\n")
    first = [Choice(ctx.say("opens.submit"), buttons.Open("ajukan"))] if ctx.may(Right.SUBMIT) else []
    if ctx.may(Right.INVITE):
        first.append(Choice(ctx.say("opens.invite"), buttons.Open("undang")))
    rows = [*_make_desk_work(ctx), *([tuple(first)] if first else [])]
    second = [Choice(ctx.say("opens.help"), buttons.Open("bantuan"))]
    if ctx.may(Right.SEE_STATUS):
        second.insert(0, Choice(ctx.say("opens.status"), buttons.Open("status")))
    return message(greeting, *rows, tuple(second))


def greeted(ctx: Context) -> list[Message]:
    """Greet at the start, and ask the desk for what it has not told yet."""
    return [*welcome(ctx), *desk_contact.first_asked(ctx)]


def _make_desk_work(ctx: Context) -> list[tuple[Choice, ...]]:
    """Offer what waits for the desk first, with its counts; nothing for anybody else."""
    if not ctx.may(Right.VERIFY):
        return []
    counts = reviews.counts(ctx.tx)
    waiting = sum(counts.get(state.value, 0) for state in QUEUES["wait"])
    asked = questions.open_count(ctx.tx)
    queue = Choice(ctx.say("start.desk_queue", count=waiting), buttons.Open("antrean"))
    tasks = Choice(ctx.say("start.desk_tasks", count=asked), buttons.Open("tugas"))
    return [(queue, tasks)]


def posts(ctx: Context, person: Contact) -> str:
    """Name every post a person holds."""
    named = [post(ctx, Role.FOCAL_POINT, office_id=office) for office in person.offices]
    named += [
        post(ctx, role, office_id=None)
        for role in Role
        if role in person.roles and role is not Role.FOCAL_POINT
    ]
    return ", ".join(named) or ctx.say("start.no_role")


def post(ctx: Context, role: Role, *, office_id: int | None) -> str:
    """Name a role, with its office."""
    office = offices.load(ctx.tx, office_id) if office_id else None
    return ctx.say(f"role.{role.value}", office=office.name if office else "")
