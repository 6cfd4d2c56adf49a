"""One office and one person of it, as the desk and the leaders see them; leaders see no phone number."""

from __future__ import annotations

from domain import buttons
from domain.channel_facts import title_of
from domain.message import Choice, Message, Rows
from domain.people import Office, Right
from domain.texts import Marked, join
from handlers.change import typed_day_or_office
from handlers.context import Context, message
from storage import dialogues, invitations, offices, opt_ins, periods, posts, roster
from storage.invitations import Issued
from storage.posts import Holder

DIALOGUE = "offices"  # a typed name still looks for another office
INVITATIONS_SHOWN = 5
PEOPLE_SHOWN = 6  # buttons


def back(ctx: Context) -> tuple[Choice, ...]:
    return (Choice(ctx.say("opens.offices"), buttons.OfficeList(0)),)


def show(ctx: Context, office: Office) -> list[Message]:
    """Show an office: its names, how it stands, who serves it, who is out of reach, who is invited."""
    dialogues.begin(ctx.tx, ctx.person.id, name=DIALOGUE)
    if not office.active:
        return _show_closed(ctx, office)
    people, issued = posts.of_office(ctx.tx, office.id), invitations.of_office(ctx.tx, office.id)
    parts = [_write_head(ctx, office), _write_standing(ctx, office), _say_unreached(ctx, office)]
    parts += [*_list_people(ctx, people), _list_expected(ctx, office)]
    parts.append(_list_invited(ctx, issued))
    return message(join(parts), *_make_doors(ctx, office, people=people, issued=issued))


def _write_head(ctx: Context, office: Office) -> Marked:
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


def _write_standing(ctx: Context, office: Office) -> Marked:
    now = periods.current(ctx.tx)
    if now is None:
        return ctx.say("offices.no_period")
    counts = offices.innovation_counts(ctx.tx, now.id).get(office.id, offices.InnovationCounts(0, 0, 0))
    until = periods.deadline_for(ctx.tx, now, office_id=office.id)
    text = ctx.say(
        "offices.standing", year=now.year, sent=counts.sent, drafts=counts.drafts, returned=counts.returned
    )
    key = "offices.until" if until == now.deadline else "offices.extended"
    if until is None:
        key = "offices.exempt"
    return join((text, ctx.say(key, until=ctx.day(until or now.deadline))), by="\n")


def _say_unreached(ctx: Context, office: Office) -> Marked | str:
    """Say why an office is out of the bot's reach, and what to do; nothing where it is within."""
    reached = posts.reach(ctx.tx, [office.id], now=ctx.now)
    whys = {
        "blocked": reached.blocked,
        "off": reached.off,
        "awaited": reached.awaited,
        "invited": reached.invited,
        "nobody": reached.nobody,
    }
    return next((ctx.say(f"offices.unreached_{why}") for why, listed in whys.items() if listed), "")


def _list_people(ctx: Context, people: list[Holder]) -> list[Marked]:
    """List who can be reached and, under headings of their own, who has blocked the bot and who
    is awaited.
    """
    groups = {
        "offices.people": [holder for holder in people if holder.channels],
        "offices.people_blocked": [
            holder for holder in people if not (holder.channels or holder.is_awaited or holder.is_off)
        ],
        "offices.people_off": [holder for holder in people if holder.is_off],
        "offices.people_awaited": [holder for holder in people if holder.is_awaited],
    }
    parts = [
        join((ctx.say(heading), *(_write_holder(ctx, holder) for holder in group)), by="\n")
        for heading, group in groups.items()
        if group
    ]
    return parts or [ctx.say("offices.no_people")]


def _write_holder(ctx: Context, holder: Holder) -> Marked:
    phone = f" · {holder.phone}" if holder.phone and ctx.may(Right.MANAGE_OFFICES) else ""
    if holder.blocked_at is not None:
        return ctx.say(
            "offices.person_blocked", name=holder.name, since=ctx.time(holder.blocked_at), phone=phone
        )
    if (silent := opt_ins.silent_since(ctx.tx, holder.contact_id)) is not None:
        return ctx.say("offices.person_silent", name=holder.name, since=ctx.time(silent), phone=phone)
    channels = ", ".join(title_of(ctx.desk_data.channels, channel) for channel in holder.channels) or "–"
    since = ctx.day(holder.since.astimezone(ctx.desk_data.timezone).date())
    return ctx.say("offices.person", name=holder.name, since=since, channels=channels, phone=phone)


def _list_expected(ctx: Context, office: Office) -> Marked:
    """List who is on the desk's list and has never started the bot."""
    shown = roster.of_office(ctx.tx, office.id)
    lines = [
        ctx.say(
            "offices.expected_one",
            name=entry.name,
            phone=f" · {entry.phone}" if ctx.may(Right.MANAGE_OFFICES) else "",
        )
        for entry in shown[:PEOPLE_SHOWN]
    ]
    return join((ctx.say("offices.expected"), *lines), by="\n") if lines else Marked("")


def _list_invited(ctx: Context, issued: list[Issued]) -> Marked:
    lines = [_write_invitation(ctx, issued_code) for issued_code in issued[:INVITATIONS_SHOWN]]
    return join((ctx.say("offices.invitations"), *lines), by="\n") if lines else Marked("")


def _write_invitation(ctx: Context, code: Issued) -> Marked:
    if code.used_at is not None:
        return ctx.say("offices.invitation_used", name=code.used_by, at=ctx.time(code.used_at))
    key = "offices.invitation_open" if code.is_open(ctx.now) else "offices.invitation_over"
    if code.ended:
        key = "offices.invitation_ended"
    return ctx.say(key, until=ctx.time(code.expires_at), made=ctx.time(code.created_at))


def _make_doors(ctx: Context, office: Office, *, people: list[Holder], issued: list[Issued]) -> Rows:
    if not ctx.may(Right.MANAGE_OFFICES):
        return (back(ctx),)
    rows = [_make_person_door(office, entry) for entry in people[:PEOPLE_SHOWN]]
    waiting = [entry for entry in issued if entry.is_open(ctx.now)]
    rows += [(Choice(ctx.say("offices.new_link"), buttons.Invite("v", entry.id)),) for entry in waiting[:1]]
    rows.append((Choice(ctx.say("offices.invite"), buttons.Invite("o", office.id)),))
    if now := periods.current(ctx.tx):
        special = periods.extension(ctx.tx, now.id, office_id=office.id) is not None
        more = Choice(ctx.say("offices.more_time"), buttons.Office("more", office.id))
        lift = Choice(ctx.say("offices.lift"), buttons.Office("lift", office.id))
        free = Choice(ctx.say("offices.free"), buttons.Office("free", office.id))
        rows.append((more, lift if special else free))
    rename = Choice(ctx.say("offices.rename"), buttons.Office("name", office.id))
    rows.append((Choice(ctx.say("rungs.button"), buttons.Office("rungs", office.id)), rename))
    merge = Choice(ctx.say("offices.merge"), buttons.Office("merge", office.id))
    close = Choice(ctx.say("offices.close"), buttons.Office("close", office.id))
    return (*rows, (merge, close), back(ctx))


def _make_person_door(office: Office, holder: Holder) -> tuple[Choice, ...]:
    return (Choice(f"👤 {holder.name}", buttons.Post("p", holder.contact_id, office.id)),)


def _show_closed(ctx: Context, office: Office) -> list[Message]:
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
    holders = posts.of_contact(ctx.tx, contact_id)
    post = next((holder for holder in holders if holder.office_id == office.id), None)
    if post is None or not ctx.may(Right.MANAGE_OFFICES):
        return show(ctx, office)
    named = [_write_post(ctx, holder) for holder in holders]
    text = join(
        (ctx.say("offices.person_title", name=post.name), _write_holder(ctx, post), join(named, by="\n"))
    )
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


def _write_post(ctx: Context, holder: Holder) -> Marked:
    office = offices.load(ctx.tx, holder.office_id) if holder.office_id else None
    post = ctx.say(f"role.{holder.role.value}", office=office.name if office else "")
    return ctx.say("offices.post", post=post)
