"""A code opened by somebody we know: of another office it is asked about, of another role refused (F1)."""

from __future__ import annotations

from domain import buttons
from domain.message import Choice, Message
from domain.people import may_add
from handlers import yes_or_no
from handlers.context import Context, message
from handlers.door.welcome import post, posts, welcome
from handlers.offices import handover
from handlers.speaking import as_known_now
from storage import addresses, contacts, invitations
from storage.invitations import Invitation


def ask(ctx: Context, invitation: Invitation) -> list[Message]:
    """Say which office the code adds, and ask; another role is given by the desk alone, to whom it means."""
    person, inbound = ctx.person, ctx.inbound
    _end(ctx)  # the question counts for the code that was opened last, on whichever channel
    same_office = invitation.office_id is None or invitation.office_id in person.offices
    if invitation.role in person.roles and same_office:
        ctx.refuse("refused_code", invitation=invitation.id, why="already")
        return _say(ctx, "second_role.already")
    if not may_add(person.roles, invitation.role):
        return _refuse(ctx, invitation, why="combination", key="second_role.not_both")
    if _is_other_role(ctx, invitation):
        return _refuse(ctx, invitation, why="other_role", key="second_role.other_role")
    invitations.begin_enrolment(
        ctx.tx,
        inbound.channel,
        address=inbound.address,
        now=ctx.now,
        enrolment=invitations.Enrolment(language=ctx.say.language, invitation_id=invitation.id),
    )
    yes = Choice(ctx.say("second_role.yes"), buttons.AddRole("yes", invitation.id))
    no = Choice(ctx.say("second_role.no"), buttons.AddRole("no", invitation.id))
    return message(ctx.say("second_role.ask", **_gather_names(ctx, invitation)), (yes, no))


def _is_other_role(ctx: Context, invitation: Invitation) -> bool:
    return bool(ctx.person.roles) and invitation.role not in ctx.person.roles


def _refuse(ctx: Context, invitation: Invitation, *, why: str, key: str) -> list[Message]:
    ctx.refuse("refused_code", invitation=invitation.id, why=why)
    return _say(ctx, key, **_gather_names(ctx, invitation))


def _gather_names(ctx: Context, invitation: Invitation) -> dict[str, str]:
    return {
        "held": posts(ctx, ctx.person),
        "post": post(ctx, invitation.role, office_id=invitation.office_id),
    }


def _say(ctx: Context, key: str, **named: str) -> list[Message]:
    return message(ctx.say(key, **named), (Choice(ctx.say("opens.help"), buttons.Open("bantuan")),))


def answered(ctx: Context, button: buttons.AddRole) -> list[Message]:
    """Take the yes or no; it counts for the code that was opened last, and only while that is open."""
    invitation = asked(ctx)
    if ctx.contact is None or invitation is None or invitation.id != button.invitation:
        ctx.refuse("refused_button", invitation=button.invitation)
        return _say(ctx, "second_role.gone")
    _end(ctx)
    if button.answer == "no":
        return _say(ctx, "second_role.kept")
    if _is_other_role(ctx, invitation) or not invitation.is_open(ctx.now):
        ctx.refuse("refused_code", invitation=invitation.id, why="late")
        return _say(ctx, "second_role.gone")
    return _give(ctx, invitation)


def _give(ctx: Context, invitation: Invitation) -> list[Message]:
    person = ctx.person
    invitations.use(ctx.tx, invitation, by=person.id, now=ctx.now)
    contacts.grant(ctx.tx, person.id, role=invitation.role, office_id=invitation.office_id, now=ctx.now)
    now = as_known_now(ctx)
    return [*handover.taken_up(now, invitation.id), *welcome(now)]


def asked(ctx: Context) -> Invitation | None:
    """Load the invitation this person was asked about, here or on another channel."""
    for channel, address in _list_addresses(ctx):
        waiting = invitations.enrolment(ctx.tx, channel, address=address)
        if waiting and waiting.invitation_id:
            return invitations.by_id(ctx.tx, waiting.invitation_id)
    return None


def _end(ctx: Context) -> None:
    for channel, address in _list_addresses(ctx):
        invitations.end_enrolment(ctx.tx, channel, address=address)


def _list_addresses(ctx: Context) -> list[tuple[str, str]]:
    if ctx.contact is None or not ctx.has_others:
        return [(ctx.inbound.channel, ctx.inbound.address)]
    return [(known.channel, known.address) for known in addresses.of_contact(ctx.tx, ctx.contact.id)]


def typed(ctx: Context) -> list[Message]:
    """Take a typed yes or no to the question of a code; nothing for any other text."""
    invitation = asked(ctx) if ctx.contact is not None else None
    if invitation is None:
        return []
    if yes_or_no.agrees(ctx):
        return answered(ctx, buttons.AddRole("yes", invitation.id))
    if yes_or_no.declines(ctx):
        return answered(ctx, buttons.AddRole("no", invitation.id))
    return []
