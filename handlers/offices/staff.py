"""Leaders, the desk itself and one person with every role; and the codes that are still open."""

from __future__ import annotations

from collections.abc import Sequence

from domain import buttons
from domain.message import Choice, Message
from domain.pager import page_count, pager
from domain.people import Role, may_add
from domain.texts import Marked, join
from handlers import ui
from handlers.change import acts
from handlers.context import Context, message
from handlers.offices import roles
from storage import invitations, offices, posts
from storage.invitations import Issued
from storage.posts import Holder

PAGE = 6  # people or codes on a screen
WITHOUT_OFFICE = (Role.LEADER, Role.ADMIN)


def listing(ctx: Context, button: buttons.Staff) -> list[Message]:
    """List leaders and the desk, a page at a time, and lead to the open codes."""
    people = _list_staff(ctx)
    pages = page_count(len(people), PAGE)
    page = min(button.page, pages - 1)
    shown = people[page * PAGE : (page + 1) * PAGE]
    lines = [_write_line(ctx, holder) for holder in shown]
    rows = [(Choice(f"👤 {holder.name}", buttons.Person(holder.contact_id)),) for holder in shown]
    codes = Choice(
        ctx.say("staff.codes", count=len(invitations.every_open(ctx.tx, now=ctx.now))), buttons.OpenCodes(0)
    )
    text = join((ctx.say("staff.title"), join(lines, by="\n") if lines else ctx.say("staff.nobody")))
    return ui.in_place(
        ctx,
        message(
            text, *rows, *pager(ctx.say, buttons.Staff, page=page, pages=pages), (codes,), _make_back(ctx)
        ),
    )


def _list_staff(ctx: Context) -> list[Holder]:
    """List each leader and desk officer once, the desk first."""
    holders = [holder for role in reversed(WITHOUT_OFFICE) for holder in posts.of_role(ctx.tx, role)]
    return list({holder.contact_id: holder for holder in holders}.values())


def _write_line(ctx: Context, holder: Holder) -> Marked:
    named = ", ".join(roles.post_name(ctx, post) for post in posts.of_contact(ctx.tx, holder.contact_id))
    return ctx.say("staff.line" if holder.channels else "staff.line_blocked", name=holder.name, posts=named)


def _make_back(ctx: Context) -> tuple[Choice, ...]:
    return (Choice(ctx.say("opens.offices"), buttons.OfficeList(0)),)


def person(ctx: Context, button: buttons.Person) -> list[Message]:
    """Show one person with every role, and what can be taken and given."""
    holders = posts.of_contact(ctx.tx, button.contact)
    if not holders:
        return listing(ctx, buttons.Staff(0))
    named = join([ctx.say("offices.post", post=roles.post_name(ctx, holder)) for holder in holders], by="\n")
    text = join((ctx.say("offices.person_title", name=holders[0].name), holders[0].phone, named))
    return ui.in_place(
        ctx, message(text, *_make_taking(ctx, holders), *_make_giving(ctx, holders), _make_staff_row(ctx))
    )


def _make_staff_row(ctx: Context) -> tuple[Choice, ...]:
    return (Choice(ctx.say("staff.button"), buttons.Staff(0)),)


def _make_taking(ctx: Context, holders: Sequence[Holder]) -> list[tuple[Choice, ...]]:
    rows: list[tuple[Choice, ...]] = []
    for holder in holders:
        ending = buttons.EndRole(holder.contact_id, holder.role.value, holder.office_id or 0)
        rows.append((Choice(ctx.say("staff.end", post=roles.post_name(ctx, holder)), ending),))
    return rows


def _make_giving(ctx: Context, holders: Sequence[Holder]) -> list[tuple[Choice, ...]]:
    has = frozenset(holder.role for holder in holders)
    new = [role for role in Role if may_add(has, role) and (role not in has or role is Role.FOCAL_POINT)]
    number = holders[0].contact_id
    rows: list[tuple[Choice, ...]] = []
    for role in new:
        rows.append((Choice(ctx.say(f"staff.give_{role.value}"), buttons.GiveRole(number, role.value)),))
    return rows


def ends(ctx: Context, button: buttons.EndRole) -> list[Message]:
    """Begin to take a role."""
    return acts.begin(ctx, roles.END, contact=button.contact, role=button.role, office=button.office)


def gives(ctx: Context, button: buttons.GiveRole) -> list[Message]:
    """Begin to give a role; a focal point's office is asked for."""
    no_office = {} if Role(button.role) is Role.FOCAL_POINT else {"office": 0}
    return acts.begin(ctx, roles.GIVE, contact=button.contact, role=button.role, **no_office)


# open codes


def codes(ctx: Context, button: buttons.OpenCodes) -> list[Message]:
    """List the codes that still open something, of every role, each with a way to take it back."""
    return _show_codes(ctx, button.page)


def _show_codes(ctx: Context, page: int, *, notice: str = "") -> list[Message]:
    issued = invitations.every_open(ctx.tx, now=ctx.now)
    pages = page_count(len(issued), PAGE)
    page = min(page, pages - 1)
    shown = list(enumerate(issued[page * PAGE : (page + 1) * PAGE], 1))
    lines = [_write_code(ctx, number, code=code) for number, code in shown]
    rows = [
        (Choice(ctx.say("staff.revoke", n=number), buttons.RevokeCode(code.id)),) for number, code in shown
    ]
    text = join((notice, ctx.say("staff.codes_title", count=len(issued)), join(lines, by="\n")))
    ways = (*_make_staff_row(ctx), Choice(ctx.say("opens.invite"), buttons.Open("undang")))
    return ui.in_place(
        ctx, message(text, *rows, *pager(ctx.say, buttons.OpenCodes, page=page, pages=pages), ways)
    )


def _write_code(ctx: Context, number: int, *, code: Issued) -> Marked:
    office = offices.load(ctx.tx, code.office_id) if code.office_id else None
    named = ctx.say(f"role.{code.role.value}", office=office.name if office else "")
    by = code.made_by or ctx.say("staff.command_line")
    return ctx.say("staff.code", n=number, post=named, by=by, until=ctx.time(code.expires_at))


def revokes(ctx: Context, button: buttons.RevokeCode) -> list[Message]:
    """Take a code back at once; one that was used meanwhile is said so."""
    done = invitations.revoke(ctx.tx, button.invitation, by=ctx.person.id, now=ctx.now)
    return _show_codes(ctx, 0, notice=ctx.say("staff.revoked" if done else "invite.used_meanwhile"))
