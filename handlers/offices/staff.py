"""Leaders, the desk itself and one person with every role; and the codes that are still open."""

from __future__ import annotations

from collections.abc import Sequence

from domain import buttons
from domain.message import Choice, Message
from domain.pager import page_count, pager
from domain.people import Role, may_add
from domain.texts import Marked, join
from handlers import ui
from handlers.change import engine
from handlers.context import Context, message
from handlers.offices import roles
from storage import invitations, offices, posts
from storage.invitations import Issued
from storage.posts import Holder

PAGE = 6  # people or codes on a screen
WITHOUT_OFFICE = (Role.LEADER, Role.ADMIN)


def listing(ctx: Context, button: buttons.Staff) -> list[Message]:
    """List leaders and the desk, a page at a time, and lead to the open codes."""
    people = _staff(ctx)
    pages = page_count(len(people), PAGE)
    page = min(button.page, pages - 1)
    shown = people[page * PAGE : (page + 1) * PAGE]
    lines = [_line(ctx, one) for one in shown]
    rows = [(Choice(f"👤 {one.name}", buttons.Person(one.contact_id)),) for one in shown]
    codes = Choice(
        ctx.say("staff.codes", count=len(invitations.every_open(ctx.tx, now=ctx.now))), buttons.OpenCodes(0)
    )
    text = join((ctx.say("staff.title"), join(lines, by="\n") if lines else ctx.say("staff.nobody")))
    return ui.in_place(
        ctx,
        message(text, *rows, *pager(ctx.say, buttons.Staff, page=page, pages=pages), (codes,), _back(ctx)),
    )


def _staff(ctx: Context) -> list[Holder]:
    """List each leader and desk officer once, the desk first."""
    held = [one for role in reversed(WITHOUT_OFFICE) for one in posts.of_role(ctx.tx, role)]
    return list({one.contact_id: one for one in held}.values())


def _line(ctx: Context, one: Holder) -> Marked:
    named = ", ".join(roles.post_name(ctx, held) for held in posts.of_contact(ctx.tx, one.contact_id))
    return ctx.say("staff.line" if one.channels else "staff.line_blocked", name=one.name, posts=named)


def _back(ctx: Context) -> tuple[Choice, ...]:
    return (Choice(ctx.say("opens.offices"), buttons.OfficeList(0)),)


def person(ctx: Context, button: buttons.Person) -> list[Message]:
    """Show one person with every role, and what can be taken and given."""
    held = posts.of_contact(ctx.tx, button.contact)
    if not held:
        return listing(ctx, buttons.Staff(0))
    named = join([ctx.say("offices.post", post=roles.post_name(ctx, one)) for one in held], by="\n")
    text = join((ctx.say("offices.person_title", name=held[0].name), held[0].phone, named))
    return ui.in_place(ctx, message(text, *_taking(ctx, held), *_giving(ctx, held), _staff_row(ctx)))


def _staff_row(ctx: Context) -> tuple[Choice, ...]:
    return (Choice(ctx.say("staff.button"), buttons.Staff(0)),)


def _taking(ctx: Context, held: Sequence[Holder]) -> list[tuple[Choice, ...]]:
    rows: list[tuple[Choice, ...]] = []
    for one in held:
        ending = buttons.EndRole(one.contact_id, one.role.value, one.office_id or 0)
        rows.append((Choice(ctx.say("staff.end", post=roles.post_name(ctx, one)), ending),))
    return rows


def _giving(ctx: Context, held: Sequence[Holder]) -> list[tuple[Choice, ...]]:
    has = frozenset(one.role for one in held)
    new = [role for role in Role if may_add(has, role) and (role not in has or role is Role.FOCAL_POINT)]
    number = held[0].contact_id
    rows: list[tuple[Choice, ...]] = []
    for role in new:
        rows.append((Choice(ctx.say(f"staff.give_{role.value}"), buttons.GiveRole(number, role.value)),))
    return rows


def ends(ctx: Context, button: buttons.EndRole) -> list[Message]:
    """Begin to take a role."""
    return engine.begin(ctx, roles.END, contact=button.contact, role=button.role, office=button.office)


def gives(ctx: Context, button: buttons.GiveRole) -> list[Message]:
    """Begin to give a role; a focal point's office is asked for."""
    no_office = {} if Role(button.role) is Role.FOCAL_POINT else {"office": 0}
    return engine.begin(ctx, roles.GIVE, contact=button.contact, role=button.role, **no_office)


# open codes


def codes(ctx: Context, button: buttons.OpenCodes) -> list[Message]:
    """List the codes that still open something, of every role, each with a way to take it back."""
    return _codes(ctx, button.page)


def _codes(ctx: Context, page: int, *, notice: str = "") -> list[Message]:
    found = invitations.every_open(ctx.tx, now=ctx.now)
    pages = page_count(len(found), PAGE)
    page = min(page, pages - 1)
    shown = list(enumerate(found[page * PAGE : (page + 1) * PAGE], page * PAGE + 1))
    lines = [_code_line(ctx, number, one=one) for number, one in shown]
    rows = [(Choice(ctx.say("staff.revoke", n=number), buttons.RevokeCode(one.id)),) for number, one in shown]
    text = join((notice, ctx.say("staff.codes_title", count=len(found)), join(lines, by="\n")))
    ways = (*_staff_row(ctx), Choice(ctx.say("opens.invite"), buttons.Open("undang")))
    return ui.in_place(
        ctx, message(text, *rows, *pager(ctx.say, buttons.OpenCodes, page=page, pages=pages), ways)
    )


def _code_line(ctx: Context, number: int, *, one: Issued) -> Marked:
    office = offices.load(ctx.tx, one.office_id) if one.office_id else None
    named = ctx.say(f"role.{one.role.value}", office=office.name if office else "")
    by = one.made_by or ctx.say("staff.command_line")
    return ctx.say("staff.code", n=number, post=named, by=by, until=ctx.time(one.expires_at))


def revokes(ctx: Context, button: buttons.RevokeCode) -> list[Message]:
    """Take a code back at once; one that was used meanwhile is said so."""
    done = invitations.revoke(ctx.tx, button.invitation, by=ctx.person.id, now=ctx.now)
    return _codes(ctx, 0, notice=ctx.say("staff.revoked" if done else "invite.used_meanwhile"))
