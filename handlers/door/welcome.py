"""The greeting of somebody we know, and what their posts are called."""

from __future__ import annotations

from domain import buttons
from domain.message import Choice, Message
from domain.people import Contact, Right, Role
from handlers.context import Context, message
from handlers.innovation import submit
from storage import offices


def welcome(ctx: Context) -> list[Message]:
    """Greet somebody we know: what lies there first, else what can be done."""
    person = ctx.person
    greeting = ctx.say("start.welcome", name=person.name, posts=posts(ctx, person))
    if ctx.may(Right.SUBMIT) and (lying := submit.drafts_of(ctx)):
        return submit.offer(ctx, lying[-1], greeting=f"{greeting}\n\n")
    first = [Choice(ctx.say("opens.submit"), buttons.Open("ajukan"))] if ctx.may(Right.SUBMIT) else []
    if ctx.may(Right.INVITE):
        first.append(Choice(ctx.say("opens.invite"), buttons.Open("undang")))
    second = [Choice(ctx.say("opens.help"), buttons.Open("bantuan"))]
    if ctx.may(Right.SEE_STATUS):
        second.insert(0, Choice(ctx.say("opens.status"), buttons.Open("status")))
    return message(greeting, *((tuple(first),) if first else ()), tuple(second))


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
