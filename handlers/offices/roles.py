"""A role is given to somebody we know, or taken: at once, with a reason, audited, and told to the person."""

from __future__ import annotations

from domain import buttons
from domain.message import Choice, Message, Rows
from domain.people import Right, Role, may_add
from domain.texts import Marked, Say, join
from handlers import notices
from handlers.change import typed_day_or_office
from handlers.change.acts import Act, Ask, Values
from handlers.context import Context, message
from storage import audit, contacts, offices, posts
from storage.audit import Actor
from storage.contacts import Reachable
from storage.posts import Holder


def post_name(ctx: Context, holder: Holder) -> str:
    return _name_post(ctx, holder.role, office_id=holder.office_id)


def _name_post(ctx: Context, role: Role, *, office_id: int | None) -> str:
    office = offices.load(ctx.tx, office_id) if office_id else None
    return ctx.say(f"role.{role.value}", office=office.name if office else "")


def _gather_names(ctx: Context, values: Values) -> dict[str, str]:
    post = _name_post(ctx, Role(values["role"]), office_id=values["office"])
    return {"name": contacts.name_of(ctx.tx, values["contact"]), "post": post}


def _list_posts(ctx: Context, values: Values) -> list[Holder]:
    return posts.of_contact(ctx.tx, values["contact"])


def _has_role(ctx: Context, values: Values) -> bool:
    wanted = _read_post(values)
    return any((holder.role, holder.office_id) == wanted for holder in _list_posts(ctx, values))


def _read_post(values: Values) -> tuple[Role, int | None]:
    """Read the post an act is about: a role, and the office of a focal point's."""
    return Role(values["role"]), values["office"] or None


def _ask_office(ctx: Context, values: Values) -> Marked:
    return ctx.say("invite.which_office")


def _read_office(ctx: Context, values: Values, said: str) -> int:
    return typed_day_or_office.office(ctx, "office", said=said).id


def _find_giving_hindrance(ctx: Context, values: Values) -> Marked | None:
    """Say why the role cannot be given: the person has left, has it already, or may not hold both."""
    holders = _list_posts(ctx, values)
    if not holders:
        return ctx.say("roles.gone")
    if not may_add(frozenset(holder.role for holder in holders), Role(values["role"])):
        return ctx.say("roles.not_both", name=holders[0].name)
    if "office" in values and _has_role(ctx, values):
        return ctx.say("roles.has_it", **_gather_names(ctx, values))
    return None


def _look_giving(ctx: Context, values: Values) -> Marked:
    return ctx.say("roles.look_give", **_gather_names(ctx, values))


def _give(ctx: Context, values: Values) -> list[Message]:
    role, office = _read_post(values)
    actor = Actor(ctx.person.id, values["reason"])
    contacts.grant(ctx.tx, values["contact"], role=role, office_id=office, now=ctx.now, actor=actor)
    _tell(ctx, values, key="roles.told_give")
    return message(ctx.say("roles.done_give", **_gather_names(ctx, values)), _make_back(ctx, values))


def _find_ending_hindrance(ctx: Context, values: Values) -> Marked | None:
    """Say why the role cannot be taken: it is not held, or nobody would be left at the desk."""
    if not _has_role(ctx, values):
        return ctx.say("roles.gone")
    if values["role"] == Role.ADMIN and posts.is_last_of_desk(ctx.tx, values["contact"]):
        audit.record(
            ctx.tx, "refused_last_of_desk", now=ctx.now, actor=ctx.person.id, contact=values["contact"]
        )
        return ctx.say("roles.last_of_desk", name=contacts.name_of(ctx.tx, values["contact"]))
    return None


def _look_ending(ctx: Context, values: Values) -> Marked:
    codes_end = ctx.say("roles.codes_end") if values["role"] == Role.ADMIN else ""
    return join((ctx.say("roles.look_end", **_gather_names(ctx, values)), codes_end))


def _end(ctx: Context, values: Values) -> list[Message]:
    _tell(ctx, values, key="roles.told_end")
    role, office = _read_post(values)
    actor = Actor(ctx.person.id, values["reason"])
    posts.end(ctx.tx, values["contact"], role=role, office_id=office, now=ctx.now, actor=actor)
    if values["contact"] == ctx.person.id:
        return message(ctx.say("roles.done_own"), (Choice(ctx.say("opens.help"), buttons.Open("bantuan")),))
    return message(ctx.say("roles.done_end", **_gather_names(ctx, values)), _make_back(ctx, values))


def _make_back(ctx: Context, values: Values) -> tuple[Choice, ...]:
    return (Choice(ctx.say("staff.button"), buttons.Staff(0)),)


def _tell(ctx: Context, values: Values, *, key: str) -> None:
    """Tell the person once, with the reason, while the post is held."""
    own = [
        reader
        for reader in contacts.posts(ctx.tx, Role(values["role"]))
        if reader.contact_id == values["contact"]
    ]

    def words(say: Say, reader: Reachable) -> tuple[Marked, Rows]:
        office = offices.load(ctx.tx, values["office"]) if values["office"] else None
        post = say(f"role.{values['role']}", office=office.name if office else "")
        return say(key, post=post, reason=values["reason"]), (
            (Choice(say("opens.help"), buttons.Open("bantuan")),),
        )

    notices.tell(
        ctx, f"{key}:{values['contact']}:{values['role']}:{ctx.now.isoformat()}", people=own, words=words
    )


_OFFICE = Ask("office", _ask_office, _read_office)
GIVE = Act("role_give", Right.MANAGE_OFFICES, (_OFFICE,), _look_giving, _give, _find_giving_hindrance)
END = Act("role_end", Right.MANAGE_OFFICES, (), _look_ending, _end, _find_ending_hindrance)
ACTS = (GIVE, END)
