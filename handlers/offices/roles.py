"""A role is given to somebody we know, or taken: at once, with a reason, audited, and told to the person."""

from __future__ import annotations

from domain import buttons
from domain.message import Choice, Message, Rows
from domain.people import Right, Role, may_add
from domain.texts import Marked, Say, join
from handlers import notices
from handlers.change import typed_day_or_office
from handlers.change.engine import Act, Ask, Given
from handlers.context import Context, message
from storage import audit, contacts, offices, posts
from storage.contacts import Reachable
from storage.posts import Holder


def post_name(ctx: Context, one: Holder) -> str:
    """Name a post, with its office."""
    return _name(ctx, one.role, office_id=one.office_id)


def _name(ctx: Context, role: Role, *, office_id: int | None) -> str:
    office = offices.load(ctx.tx, office_id) if office_id else None
    return ctx.say(f"role.{role.value}", office=office.name if office else "")


def _named(ctx: Context, given: Given) -> dict[str, str]:
    post = _name(ctx, Role(given["role"]), office_id=given["office"])
    return {"name": contacts.name_of(ctx.tx, given["contact"]), "post": post}


def _held(ctx: Context, given: Given) -> list[Holder]:
    return posts.of_contact(ctx.tx, given["contact"])


def _has(ctx: Context, given: Given) -> bool:
    wanted = (given["role"], given["office"] or None)
    return any((one.role.value, one.office_id) == wanted for one in _held(ctx, given))


def _ask_office(ctx: Context, given: Given) -> Marked:
    return ctx.say("invite.which_office")


def _read_office(ctx: Context, given: Given, said: str) -> int:
    return typed_day_or_office.office(ctx, "office", said=said).id


def _giving_hindered(ctx: Context, given: Given) -> Marked | None:
    """Say why the role cannot be given: the person has left, has it already, or may not hold both."""
    held = _held(ctx, given)
    if not held:
        return ctx.say("roles.gone")
    if not may_add(frozenset(one.role for one in held), Role(given["role"])):
        return ctx.say("roles.not_both", name=held[0].name)
    if "office" in given and _has(ctx, given):
        return ctx.say("roles.has_it", **_named(ctx, given))
    return None


def _look_giving(ctx: Context, given: Given) -> Marked:
    return ctx.say("roles.look_give", **_named(ctx, given))


def _give(ctx: Context, given: Given) -> list[Message]:
    contacts.grant(
        ctx.tx,
        given["contact"],
        role=Role(given["role"]),
        office_id=given["office"] or None,
        now=ctx.now,
        by=ctx.person.id,
        reason=given["reason"],
    )
    _tell(ctx, given, key="roles.told_give")
    return message(ctx.say("roles.done_give", **_named(ctx, given)), _back(ctx, given))


def _ending_hindered(ctx: Context, given: Given) -> Marked | None:
    """Say why the role cannot be taken: it is not held, or nobody would be left at the desk."""
    if not _has(ctx, given):
        return ctx.say("roles.gone")
    if given["role"] == Role.ADMIN and posts.is_last_of_desk(ctx.tx, given["contact"]):
        audit.record(
            ctx.tx, "refused_last_of_desk", now=ctx.now, actor=ctx.person.id, contact=given["contact"]
        )
        return ctx.say("roles.last_of_desk", name=contacts.name_of(ctx.tx, given["contact"]))
    return None


def _look_ending(ctx: Context, given: Given) -> Marked:
    codes_end = ctx.say("roles.codes_end") if given["role"] == Role.ADMIN else ""
    return join((ctx.say("roles.look_end", **_named(ctx, given)), codes_end))


def _end(ctx: Context, given: Given) -> list[Message]:
    _tell(ctx, given, key="roles.told_end")
    posts.end(
        ctx.tx,
        given["contact"],
        role=Role(given["role"]),
        office_id=given["office"] or None,
        reason=given["reason"],
        by=ctx.person.id,
        now=ctx.now,
    )
    if given["contact"] == ctx.person.id:
        return message(ctx.say("roles.done_own"), (Choice(ctx.say("opens.help"), buttons.Open("bantuan")),))
    return message(ctx.say("roles.done_end", **_named(ctx, given)), _back(ctx, given))


def _back(ctx: Context, given: Given) -> tuple[Choice, ...]:
    return (Choice(ctx.say("staff.button"), buttons.Staff(0)),)


def _tell(ctx: Context, given: Given, *, key: str) -> None:
    """Tell the person once, with the reason, while the post is held."""
    mine = [one for one in contacts.posts(ctx.tx, Role(given["role"])) if one.contact_id == given["contact"]]

    def words(say: Say, one: Reachable) -> tuple[Marked, Rows]:
        office = offices.load(ctx.tx, given["office"]) if given["office"] else None
        post = say(f"role.{given['role']}", office=office.name if office else "")
        return say(key, post=post, reason=given["reason"]), (
            (Choice(say("opens.help"), buttons.Open("bantuan")),),
        )

    notices.tell(
        ctx, f"{key}:{given['contact']}:{given['role']}:{ctx.now.isoformat()}", people=mine, words=words
    )


_OFFICE = Ask("office", _ask_office, _read_office)
GIVE = Act("role_give", Right.MANAGE_OFFICES, (_OFFICE,), _look_giving, _give, _giving_hindered)
END = Act("role_end", Right.MANAGE_OFFICES, (), _look_ending, _end, _ending_hindered)
ACTS = (GIVE, END)
