"""A post goes from one person to the next in one command; the work stays with the office (B18, F3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from domain import buttons
from domain.conversation.missing import lack_of
from domain.message import Choice, Message, Rows
from domain.people import Office, Right, Role
from domain.review import State
from domain.texts import Marked, Say, join
from handlers import notices, ui
from handlers.change import typed_day_or_office
from handlers.change.engine import Act, Ask, Given, Unfit, option
from handlers.context import Context, message
from handlers.offices import invite
from storage import contacts, draft_facts, handovers, innovations, invitations, offices, periods, posts
from storage.contacts import Reachable
from storage.innovations import Innovation

BY_INVITATION = "new"  # the successor is whoever comes in by the invitation
LINES_SHOWN, GAPS_SHOWN, OTHERS_OFFERED = 8, 3, 6


def _office(ctx: Context, given: Given) -> Office:
    found = offices.load(ctx.tx, given["office"])
    if found is None:
        raise LookupError(f"office {given['office']} is not there")
    return found


def _name(ctx: Context, contact_id: int) -> str:
    return contacts.name_of(ctx.tx, contact_id)


def _must_hold(ctx: Context, given: Given) -> Marked | None:
    """Say that the person does not hold the post (any more)."""
    held = [one for one in posts.of_office(ctx.tx, given["office"]) if one.role is Role.FOCAL_POINT]
    if any(one.contact_id == given["contact"] for one in held):
        return None
    office = offices.load(ctx.tx, given["office"])
    return ctx.say("handover.not_held", office=office.name if office else "–")


def _others(ctx: Context, given: Given) -> list[tuple[int, str]]:
    held = posts.of_office(ctx.tx, given["office"])
    return [(one.contact_id, one.name) for one in held if one.contact_id != given["contact"]]


def _ask_to(ctx: Context, given: Given) -> Marked:
    return ctx.say("handover.ask_to", name=_name(ctx, given["contact"]), office=_office(ctx, given).name)


def _offer_to(ctx: Context, given: Given) -> Rows:
    rows = [option("to", f"={number}", label=name) for number, name in _others(ctx, given)[:OTHERS_OFFERED]]
    return (*rows, option("to", BY_INVITATION, label=ctx.say("handover.by_invitation")))


def _read_to(ctx: Context, given: Given, said: str) -> int:
    """Read the successor: somebody of the office by tap or name, or 0 for whoever will be invited."""
    wanted = " ".join(said.split()).casefold()
    if wanted in (BY_INVITATION, ctx.say("handover.by_invitation").casefold()):
        return 0
    for number, name in _others(ctx, given):
        if wanted in (f"={number}", name.casefold()):
            return number
    raise Unfit(ctx.say("handover.to_wanted", said=said[:60]))


def _hindered(ctx: Context, given: Given) -> Marked | None:
    if given.get("to") and given["to"] not in [number for number, _ in _others(ctx, given)]:
        return ctx.say("handover.not_held", office=_office(ctx, given).name)
    return _must_hold(ctx, given)


def _look(ctx: Context, given: Given) -> Marked:
    successor = _name(ctx, given["to"]) if given["to"] else ctx.say("handover.whoever")
    return ctx.say(
        "handover.look",
        name=_name(ctx, given["contact"]),
        office=_office(ctx, given).name,
        successor=successor,
        work=_counted(ctx, given["office"]),
    )


def _counted(ctx: Context, office_id: int) -> Marked:
    now = periods.current(ctx.tx)
    found = offices.innovation_counts(ctx.tx, now.id).get(office_id) if now else None
    if found is None:
        return ctx.say("handover.no_work")
    return ctx.say("handover.work", sent=found.sent, drafts=found.drafts, returned=found.returned)


def _hand_over(ctx: Context, given: Given) -> list[Message]:
    """End A's post at once; give B the summary now, or when B registers by the invitation."""
    office, successor = _office(ctx, given), given["to"] or None
    code = "" if successor else ctx.desk_data.new_code()
    invitation = _invitation(ctx, office, code=code) if code else None
    number = handovers.create(
        ctx.tx,
        office_id=office.id,
        from_contact=given["contact"],
        to_contact=successor,
        invitation_id=invitation,
        reason=given["reason"],
        by=ctx.person.id,
        now=ctx.now,
    )
    name = _name(ctx, given["contact"])
    _take(ctx, given)
    back = (Choice(typed_day_or_office.label(office), buttons.Office("i", office.id)),)
    if successor is None:
        letter = invite.letter(ctx, Role.FOCAL_POINT, office=office, code=code)
        return [
            *message(ctx.say("handover.done_invited", name=name, office=office.name)),
            *message(letter, back),
        ]
    told = notices.result(ctx, _tell_successor(ctx, office, successor=successor, name=name, number=number))
    done = ctx.say("handover.done", name=name, successor=_name(ctx, successor), office=office.name)
    return message(join((done, told)), back)


def _invitation(ctx: Context, office: Office, *, code: str) -> int:
    return invitations.create(
        ctx.tx,
        code,
        role=Role.FOCAL_POINT,
        office_id=office.id,
        by=ctx.person.id,
        now=ctx.now,
        valid_for=timedelta(days=invite.DAYS),
    )


def _take(ctx: Context, given: Given) -> None:
    """End the post and tell its holder."""
    office = _office(ctx, given)
    mine = [one for one in contacts.posts(ctx.tx, Role.FOCAL_POINT) if one.contact_id == given["contact"]]
    change = posts.end(
        ctx.tx,
        given["contact"],
        role=Role.FOCAL_POINT,
        office_id=office.id,
        reason=given["reason"],
        by=ctx.person.id,
        now=ctx.now,
    )

    def words(say: Say, one: Reachable) -> tuple[Marked, Rows]:
        told = say("handover.told_former", office=office.name, reason=given["reason"])
        return told, ((Choice(say("opens.help"), buttons.Open("bantuan")),),)

    notices.tell(ctx, f"post:{change}", people=mine, words=words)


def _tell_successor(ctx: Context, office: Office, *, successor: int, name: str, number: int) -> int:
    people = [one for one in contacts.posts(ctx.tx, Role.FOCAL_POINT) if one.contact_id == successor]

    def words(say: Say, one: Reachable) -> tuple[Marked, Rows]:
        there = replace(ctx, say=say)
        return summary(there, office, name=name), ((Choice(say("opens.drafts"), buttons.Open("draf")),),)

    return notices.tell(ctx, f"handover:{number}", people=people, words=words)


def taken_up(ctx: Context, invitation_id: int) -> list[Message]:
    """Give whoever came in by a handover's invitation the summary; nothing for any other invitation."""
    found = handovers.taken_up(ctx.tx, invitation_id, by=ctx.person.id, now=ctx.now)
    office = offices.load(ctx.tx, found.office_id) if found else None
    if found is None or office is None:
        return []
    return message(
        summary(ctx, office, name=found.from_name), (Choice(ctx.say("opens.drafts"), buttons.Open("draf")),)
    )


def summary(ctx: Context, office: Office, *, name: str) -> Marked:
    """Say what lies at the office now: each innovation, what its draft lacks, and until when."""
    now = periods.current(ctx.tx)
    if now is None:
        return join((ctx.say("handover.summary", office=office.name, name=name), ctx.say("ui.no_period")))
    lying = [
        one for one in innovations.of_office(ctx.tx, office.id, period_id=now.id) if not one.discarded_at
    ]
    lines = [_line(ctx, one) for one in lying[:LINES_SHOWN]]
    if len(lying) > LINES_SHOWN:
        lines.append(ctx.say("handover.more", count=len(lying) - LINES_SHOWN))
    until = periods.deadline_for(ctx.tx, now, office_id=office.id)
    return join(
        (
            ctx.say("handover.summary", office=office.name, name=name),
            join(lines, by="\n") if lines else ctx.say("handover.no_work"),
            ctx.say("handover.until", until=ctx.day(until)) if until else ctx.say("handover.exempt"),
        )
    )


def _line(ctx: Context, one: Innovation) -> Marked:
    title = ui.title(ctx.say, one.title)
    if one.state != State.DRAFT:
        return ctx.say("handover.line", title=title, state=ctx.say(f"state.{one.state}"))
    period = periods.load(ctx.tx, one.period_id)
    facts = draft_facts.facts(
        ctx.tx, one, desk_data=ctx.desk_data, period=period, say=ctx.say, today=ctx.today
    )
    missing = lack_of(innovations.answers(ctx.tx, one.id), facts).gaps
    if not missing:
        return ctx.say("handover.line_ready", title=title)
    return ctx.say(
        "handover.line_draft", title=title, count=len(missing), first=", ".join(missing[:GAPS_SHOWN])
    )


def _look_ending(ctx: Context, given: Given) -> Marked:
    office = _office(ctx, given)
    look = ctx.say("handover.look_end", name=_name(ctx, given["contact"]), office=office.name)
    return join((look, ctx.say("handover.last_one", office=office.name) if not _others(ctx, given) else ""))


def _end(ctx: Context, given: Given) -> list[Message]:
    office, name = _office(ctx, given), _name(ctx, given["contact"])
    _take(ctx, given)
    back = (Choice(typed_day_or_office.label(office), buttons.Office("i", office.id)),)
    return message(ctx.say("handover.done_end", name=name, office=office.name), back)


_TO = Ask("to", _ask_to, _read_to, _offer_to)
HANDOVER = Act("post_handover", Right.MANAGE_OFFICES, (_TO,), _look, _hand_over, _hindered)
END = Act("post_end", Right.MANAGE_OFFICES, (), _look_ending, _end, _must_hold)
ACTS = (HANDOVER, END)
