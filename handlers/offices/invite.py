"""/undang: a one-time code and a link for one role, and for one office where the role needs it."""

from __future__ import annotations

from datetime import timedelta

from domain import buttons
from domain.message import Choice, Kind, Message, Rows
from domain.pager import page_count, pager
from domain.people import Office, Role
from domain.reading.names import Name, search
from domain.texts import Marked, join
from handlers import ui
from handlers.change import typed_day_or_office
from handlers.context import Context, message
from storage import dialogues, handovers, invitations, offices, posts
from storage.engine.transaction import Transaction
from storage.invitations import NewInvitation

DIALOGUE = "invite"
DAYS = 14  # a code is good for two weeks unless said otherwise
PAGE = 8  # offices on a screen


class UnknownOffice(LookupError):
    """no office has this code"""


def find_office(tx: Transaction, code: str) -> Office:
    """Find the office of a focal point; raises UnknownOffice."""
    office = offices.by_code(tx, code)
    if office is None:
        raise UnknownOffice(code)
    return office


def new_invitation(role: Role, office: Office | None, *, days: int = DAYS) -> NewInvitation:
    """Say what a new code opens; only a focal point has an office."""
    office_id = office.id if office and role is Role.FOCAL_POINT else None
    return NewInvitation(role, office_id, timedelta(days=days))


def create(ctx: Context, code: str, *, role: Role, office: Office | None) -> int:
    """Keep a new code; returns the invitation's id."""
    new = new_invitation(role, office)
    return invitations.create(ctx.tx, code, new=new, by=ctx.person.id, now=ctx.now)


def invite(ctx: Context) -> list[Message]:
    """Ask whom to invite; a name behind the command goes straight to its office."""
    if ctx.args.strip():
        return _take_name(ctx, ctx.args)
    dialogues.begin(ctx.tx, ctx.person.id, name=DIALOGUE)
    rows = [(Choice(ctx.say(f"invite.role_{role.value}"), buttons.InviteRole(role.value)),) for role in Role]
    count = len(invitations.every_open(ctx.tx, now=ctx.now))
    open_codes = ((Choice(ctx.say("staff.codes", count=count), buttons.OpenCodes(0)),),) if count else ()
    return message(ctx.say("invite.who"), *rows, *_make_door_to_all(ctx), *open_codes)


def list_without(ctx: Context) -> list[Office]:
    """List the active offices that nobody serves yet, invited or not."""
    active = offices.active(ctx.tx)
    reach = posts.reach(ctx.tx, [office.id for office in active], now=ctx.now)
    without = {*reach.invited, *reach.nobody}
    return [office for office in active if office.id in without]


def _make_door_to_all(ctx: Context) -> Rows:
    """Offer to invite them all at once."""
    if not (count := len(list_without(ctx))):
        return ()
    return ((Choice(ctx.say("invite_all.door", count=count), buttons.InviteAll("ask", count)),),)


def said(ctx: Context) -> list[Message]:
    """Take a typed office name while an invitation is being made."""
    if ctx.inbound.kind is not Kind.TEXT:
        return invite(ctx.with_args(""))
    return _take_name(ctx, ctx.inbound.text)


def is_name(ctx: Context) -> bool:
    """Whether what was typed is the name of an office, or a word of one."""
    return reads_office(ctx, ctx.inbound.text.strip())


def reads_office(ctx: Context, said: str) -> bool:
    """Whether a text is the name of an office, or a word of one."""
    return typed_day_or_office.holds_name(ctx.tx, said)


def tapped(ctx: Context, button: buttons.Invite | buttons.InviteRole) -> list[Message]:
    """Take a role, a page of offices, or an office."""
    match button:
        case buttons.InviteRole(role=role) if role in {known.value for known in Role}:
            return _show_page(ctx, 0) if role == Role.FOCAL_POINT else _invite(ctx, Role(role), office=None)
        case buttons.Invite(of="p", number=page):
            return ui.in_place(ctx, _show_page(ctx, page))
        case buttons.Invite(of="o", number=number):
            office = offices.load(ctx.tx, number)
            return (
                _invite(ctx, Role.FOCAL_POINT, office=office)
                if office and office.active
                else _show_page(ctx, 0)
            )
        case buttons.Invite(of="v", number=number):
            return _renew(ctx, number)
    return invite(ctx.with_args(""))


def _show_page(ctx: Context, page: int) -> list[Message]:
    dialogues.begin(ctx.tx, ctx.person.id, name=DIALOGUE)
    every = offices.active(ctx.tx)
    pages = page_count(len(every), PAGE)
    page = min(page, pages - 1)
    rows = [_make_choice(office) for office in every[page * PAGE : (page + 1) * PAGE]]
    pager_rows = pager(ctx.say, lambda to: buttons.Invite("p", to), page=page, pages=pages)
    return message(ctx.say("invite.which_office"), *rows, *pager_rows)


def _make_choice(office: Office) -> tuple[Choice, ...]:
    return (Choice(ui.office_name(office), buttons.Invite("o", office.id)),)


def _take_name(ctx: Context, text: str) -> list[Message]:
    """Invite for the office that was named whole, else offer those that fit what was typed."""
    if (named := typed_day_or_office.named(ctx.tx, text)) is not None:
        return _invite(ctx, Role.FOCAL_POINT, office=named)
    dialogues.begin(ctx.tx, ctx.person.id, name=DIALOGUE)
    near = typed_day_or_office.like(ctx.tx, text)
    if not near:
        return [*message(ctx.say("invite.none_found", said=text)), *_show_page(ctx, 0)]
    return message(ctx.say("invite.found"), *[_make_choice(office) for office in near])


def _invite(ctx: Context, role: Role, *, office: Office | None) -> list[Message]:
    if ctx.dialogue is not None and ctx.dialogue.name == DIALOGUE:
        dialogues.close(ctx.tx, ctx.person.id)
    code = ctx.desk_data.new_code()
    create(ctx, code, role=role, office=office)
    return message(
        text_to_forward(ctx, role, office=office, code=code),
        (Choice(ctx.say("invite.again"), buttons.Open("undang")),),
    )


def text_to_forward(ctx: Context, role: Role, *, office: Office | None, code: str) -> Marked:
    """Write what the desk forwards to whom it invites: one link for each channel there is."""
    post = ctx.say(f"role.{role.value}", office=office.name if office else "")
    links = join(
        [
            ctx.say("invite.link", channel=channel.title, link=channel.link_with(code))
            for channel in ctx.desk_data.channels_to_come_by
        ],
        by="\n",
    )
    return ctx.say(
        "invite.done", post=post, code=code, links=links, until=ctx.time(ctx.now + timedelta(days=DAYS))
    )


def _renew(ctx: Context, invitation_id: int) -> list[Message]:
    """Put a new code in the place of one that was not used: the old one was kept as its hash alone."""
    again = (Choice(ctx.say("invite.again"), buttons.Open("undang")),)
    old = invitations.by_id(ctx.tx, invitation_id)
    code, valid = ctx.desk_data.new_code(), timedelta(days=DAYS)
    new = (
        invitations.renew(ctx.tx, old, code=code, by=ctx.person.id, now=ctx.now, valid_for=valid)
        if old
        else None
    )
    if old is None or new is None:
        return message(ctx.say("invite.used_meanwhile"), again)
    handovers.follow_invitation(ctx.tx, old.id, new=new)
    office = offices.load(ctx.tx, old.office_id) if old.office_id else None
    return message(text_to_forward(ctx, old.role, office=office, code=code), again)


def near_codes(tx: Transaction, text: str) -> list[str]:
    """List the codes of the offices whose names come near to what was written."""
    names = [
        Name(office.code, (office.code, office.name, office.short, *office.aliases))
        for office in offices.active(tx)
    ]
    return list(search(text, names, limit=3))
