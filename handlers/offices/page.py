"""One office and one person of it, as the desk and the leaders see them; leaders see no phone number."""

from __future__ import annotations

from domain import buttons
from domain.channel_facts import title_of
from domain.message import Choice, Message, Rows
from domain.people import Office, Right
from domain.texts import Marked, join
from handlers.change import typed_day_or_office
from handlers.context import Context, message
from storage import contacts, invitations, offices, opt_ins, periods, posts, roster
from storage.invitations import Issued
from storage.posts import Holder

DIALOGUE = "offices"  # a typed name still looks for another office
INVITATIONS_SHOWN = 5
PEOPLE_SHOWN = 6  # buttons


def back(ctx: Context) -> tuple[Choice, ...]:
    """Make the way back to the list."""
    return (Choice(ctx.say("opens.offices"), buttons.OfficeList(0)),)


def show(ctx: Context, office: Office) -> list[Message]:
    """Show an office: its names, how it stands, who serves it, who is out of reach, who is invited."""
    contacts.open_dialogue(ctx.tx, ctx.person.id, name=DIALOGUE)
    if not office.active:
        return _closed(ctx, office)
    people, issued = posts.of_office(ctx.tx, office.id), invitations.of_office(ctx.tx, office.id)
    parts = [_head(ctx, office), _standing(ctx, office), _unreached(ctx, office)]
    parts += [*_people(ctx, people), _expected(ctx, office)]
    parts.append(_invited(ctx, issued))
    return message(join(parts), *_doors(ctx, office, people=people, issued=issued))


def _head(ctx: Context, office: Office) -> Marked:
    head = ctx.say("offices.head", name=office.name, short=office.short, code=office.code)
    former = offices.former_names(ctx.tx, office.id)
    also = [name for name in office.aliases if name not in former]
    return join(
        (
            head,
            ctx.say("offices.also", names=", ".join(also)) if also else "",
            ctx.say("offices.former", names="; ".join(former)) if former else "",
        ),
        by="\n",
    )


def _standing(ctx: Context, office: Office) -> Marked:
    now = periods.current(ctx.tx)
    if now is None:
        return ctx.say("offices.no_period")
    found = offices.innovation_counts(ctx.tx, now.id).get(office.id, offices.InnovationCounts(0, 0, 0))
    until = periods.deadline_for(ctx.tx, now, office_id=office.id)
    told = ctx.say(
        "offices.standing", year=now.year, sent=found.sent, drafts=found.drafts, returned=found.returned
    )
    key = "offices.until" if until == now.deadline else "offices.extended"
    if until is None:
        key = "offices.exempt"
    return join((told, ctx.say(key, until=ctx.day(until or now.deadline))), by="\n")


def _unreached(ctx: Context, office: Office) -> Marked | str:
    """Say why an office is out of the bot's reach, and what to do; nothing where it is within."""
    found = posts.reach(ctx.tx, [office.id], now=ctx.now)
    whys = {
        "blocked": found.blocked,
        "awaited": found.awaited,
        "invited": found.invited,
        "nobody": found.nobody,
    }
    return next((ctx.say(f"offices.unreached_{why}") for why, listed in whys.items() if listed), "")


def _people(ctx: Context, people: list[Holder]) -> list[Marked]:
    """List who can be reached and, under headings of their own, who has blocked the bot and who is awaited."""
    groups = {
        "offices.people": [one for one in people if one.channels],
        "offices.people_blocked": [one for one in people if not one.channels and not one.is_awaited],
        "offices.people_awaited": [one for one in people if one.is_awaited],
    }
    parts = [
        join((ctx.say(heading), *(_line(ctx, one) for one in group)), by="\n")
        for heading, group in groups.items()
        if group
    ]
    return parts or [ctx.say("offices.no_people")]


def _line(ctx: Context, one: Holder) -> Marked:
    phone = f" · {one.phone}" if one.phone and ctx.may(Right.MANAGE_OFFICES) else ""
    if one.blocked_at is not None:
        return ctx.say("offices.person_blocked", name=one.name, since=ctx.time(one.blocked_at), phone=phone)
    if (silent := opt_ins.silent_since(ctx.tx, one.contact_id)) is not None:
        return ctx.say("offices.person_silent", name=one.name, since=ctx.time(silent), phone=phone)
    channels = ", ".join(title_of(ctx.desk_data.channels, channel) for channel in one.channels) or "–"
    since = ctx.day(one.since.astimezone(ctx.desk_data.timezone).date())
    return ctx.say("offices.person", name=one.name, since=since, channels=channels, phone=phone)


def _expected(ctx: Context, office: Office) -> Marked:
    """List who is on the desk's list and has never started the bot."""
    shown = roster.of_office(ctx.tx, office.id)
    lines = [
        ctx.say(
            "offices.expected_one",
            name=one.name,
            phone=f" · {one.phone}" if ctx.may(Right.MANAGE_OFFICES) else "",
        )
        for one in shown[:PEOPLE_SHOWN]
    ]
    return join((ctx.say("offices.expected"), *lines), by="\n") if lines else Marked("")


def _invited(ctx: Context, issued: list[Issued]) -> Marked:
    lines = [_invitation(ctx, one) for one in issued[:INVITATIONS_SHOWN]]
    return join((ctx.say("offices.invitations"), *lines), by="\n") if lines else Marked("")


def _invitation(ctx: Context, one: Issued) -> Marked:
    if one.used_at is not None:
        return ctx.say("offices.invitation_used", name=one.used_by, at=ctx.time(one.used_at))
    key = "offices.invitation_open" if one.is_open(ctx.now) else "offices.invitation_over"
    if one.ended:
        key = "offices.invitation_ended"
    return ctx.say(key, until=ctx.time(one.expires_at), made=ctx.time(one.created_at))


def _doors(ctx: Context, office: Office, *, people: list[Holder], issued: list[Issued]) -> Rows:
    if not ctx.may(Right.MANAGE_OFFICES):
        return (back(ctx),)
    rows = [_person_door(office, one) for one in people[:PEOPLE_SHOWN]]
    waiting = [one for one in issued if one.is_open(ctx.now)]
    rows += [(Choice(ctx.say("offices.new_link"), buttons.Invite("v", one.id)),) for one in waiting[:1]]
    rows.append((Choice(ctx.say("offices.invite"), buttons.Invite("o", office.id)),))
    if now := periods.current(ctx.tx):
        special = periods.extension(ctx.tx, now.id, office_id=office.id) is not None
        more = Choice(ctx.say("offices.more_time"), buttons.Office("more", office.id))
        lift = Choice(ctx.say("offices.lift"), buttons.Office("lift", office.id))
        free = Choice(ctx.say("offices.free"), buttons.Office("free", office.id))
        rows.append((more, lift if special else free))
    rows.append((Choice(ctx.say("offices.rename"), buttons.Office("name", office.id)),))
    merge = Choice(ctx.say("offices.merge"), buttons.Office("merge", office.id))
    close = Choice(ctx.say("offices.close"), buttons.Office("close", office.id))
    return (*rows, (merge, close), back(ctx))


def _person_door(office: Office, one: Holder) -> tuple[Choice, ...]:
    return (Choice(f"👤 {one.name}", buttons.Post("p", one.contact_id, office.id)),)


def _closed(ctx: Context, office: Office) -> list[Message]:
    into = offices.merged_into(ctx.tx, office.id)
    if into is not None:
        text = ctx.say("offices.is_merged", name=office.name, into=into.name)
        return message(
            text, (Choice(typed_day_or_office.label(into), buttons.Office("i", into.id)),), back(ctx)
        )
    text = ctx.say("offices.is_closed", name=office.name)
    if not ctx.may(Right.MANAGE_OFFICES):
        return message(text, back(ctx))
    return message(text, (Choice(ctx.say("offices.reopen"), buttons.Office("reopen", office.id)),), back(ctx))


def person(ctx: Context, office: Office, *, contact_id: int) -> list[Message]:
    """Show one person of an office with every post that person holds; the desk alone sees this page."""
    held = posts.of_contact(ctx.tx, contact_id)
    here = next((one for one in held if one.office_id == office.id), None)
    if here is None or not ctx.may(Right.MANAGE_OFFICES):
        return show(ctx, office)
    named = [_post(ctx, one) for one in held]
    text = join((ctx.say("offices.person_title", name=here.name), _line(ctx, here), join(named, by="\n")))
    hand = Choice(ctx.say("opens.handover"), buttons.Post("hand", contact_id, office.id))
    end = Choice(ctx.say("handover.end"), buttons.Post("end", contact_id, office.id))
    roles = Choice(ctx.say("offices.roles"), buttons.Person(contact_id))
    return message(
        text,
        (hand,),
        (end,),
        (roles,),
        (Choice(typed_day_or_office.label(office), buttons.Office("i", office.id)),),
    )


def _post(ctx: Context, one: Holder) -> Marked:
    office = offices.load(ctx.tx, one.office_id) if one.office_id else None
    post = ctx.say(f"role.{one.role.value}", office=office.name if office else "")
    return ctx.say("offices.post", post=post)
