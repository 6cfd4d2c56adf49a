"""A post goes from one person to the next in one command; the work stays with the office (B18, F3)."""

from __future__ import annotations

from dataclasses import replace

from domain import buttons
from domain.conversation.missing import lack_of
from domain.message import Choice, Message, Rows
from domain.people import Office, Right, Role
from domain.review import State
from domain.texts import Marked, Say, join, quoted
from handlers import notices, ui
from handlers.change import typed_day_or_office
from handlers.change.acts import Act, Ask, Unfit, Values, option
from handlers.context import Context, message
from handlers.offices import invite
from storage import contacts, draft_facts, handovers, innovations, offices, periods, posts
from storage.audit import Actor
from storage.contacts import Reachable
from storage.innovations import Innovation

BY_INVITATION = "new"  # the successor is whoever comes in by the invitation
LINES_SHOWN = 8
GAPS_SHOWN = 3
OTHERS_OFFERED = 6


def _load_office(ctx: Context, values: Values) -> Office:
    office_known = offices.load(ctx.tx, values["office"])
    if office_known is None:
        raise LookupError(f"office {values['office']} is not there")
    return office_known


def _name_person(ctx: Context, contact_id: int) -> str:
    return contacts.name_of(ctx.tx, contact_id)


def _must_hold(ctx: Context, values: Values) -> Marked | None:
    """Say that the person does not hold the post (any more)."""
    holders = [
        holder for holder in posts.of_office(ctx.tx, values["office"]) if holder.role is Role.FOCAL_POINT
    ]
    if any(holder.contact_id == values["contact"] for holder in holders):
        return None
    office = offices.load(ctx.tx, values["office"])
    return ctx.say("handover.not_held", office=office.name if office else "–")


def _list_others(ctx: Context, values: Values) -> list[tuple[int, str]]:
    holders = posts.of_office(ctx.tx, values["office"])
    return [(holder.contact_id, holder.name) for holder in holders if holder.contact_id != values["contact"]]


def _ask_to(ctx: Context, values: Values) -> Marked:
    return ctx.say(
        "handover.ask_to", name=_name_person(ctx, values["contact"]), office=_load_office(ctx, values).name
    )


def _offer_to(ctx: Context, values: Values) -> Rows:
    rows = [
        option("to", f"={number}", label=name) for number, name in _list_others(ctx, values)[:OTHERS_OFFERED]
    ]
    return (*rows, option("to", BY_INVITATION, label=ctx.say("handover.by_invitation")))


def _read_to(ctx: Context, values: Values, said: str) -> int:
    """Read the successor: somebody of the office by tap or name, or 0 for whoever will be invited."""
    wanted = " ".join(said.split()).casefold()
    if wanted in (BY_INVITATION, ctx.say("handover.by_invitation").casefold()):
        return 0
    for number, name in _list_others(ctx, values):
        if wanted in (f"={number}", name.casefold()):
            return number
    raise Unfit(ctx.say("handover.to_wanted", said=quoted(said)))


def _find_hindrance(ctx: Context, values: Values) -> Marked | None:
    if values.get("to") and values["to"] not in [number for number, _ in _list_others(ctx, values)]:
        return ctx.say("handover.not_held", office=_load_office(ctx, values).name)
    return _must_hold(ctx, values)


def _look_handing_over(ctx: Context, values: Values) -> Marked:
    successor = _name_person(ctx, values["to"]) if values["to"] else ctx.say("handover.whoever")
    return ctx.say(
        "handover.look",
        name=_name_person(ctx, values["contact"]),
        office=_load_office(ctx, values).name,
        successor=successor,
        work=_say_counts(ctx, values["office"]),
    )


def _say_counts(ctx: Context, office_id: int) -> Marked:
    now = periods.current(ctx.tx)
    counts = offices.innovation_counts(ctx.tx, now.id).get(office_id) if now else None
    if counts is None:
        return ctx.say("handover.no_work")
    return ctx.say("handover.work", sent=counts.sent, drafts=counts.drafts, returned=counts.returned)


def _hand_over(ctx: Context, values: Values) -> list[Message]:
    """End A's post at once; give B the summary now, or when B registers by the invitation."""
    office, successor = _load_office(ctx, values), values["to"] or None
    code = "" if successor else ctx.desk_data.new_code()
    invitation = invite.create(ctx, code, role=Role.FOCAL_POINT, office=office) if code else None
    handover = handovers.NewHandover(
        office_id=office.id,
        from_contact=values["contact"],
        to_contact=successor,
        invitation_id=invitation,
        reason=values["reason"],
    )
    number = handovers.create(ctx.tx, handover, by=ctx.person.id, now=ctx.now)
    name = _name_person(ctx, values["contact"])
    _take(ctx, values)
    back = (Choice(typed_day_or_office.label(office), buttons.Office("i", office.id)),)
    if successor is None:
        forwarded = invite.text_to_forward(ctx, Role.FOCAL_POINT, office=office, code=code)
        return [
            *message(ctx.say("handover.done_invited", name=name, office=office.name)),
            *message(forwarded, back),
        ]
    result = notices.result(ctx, _tell_successor(ctx, office, successor=successor, name=name, number=number))
    done = ctx.say("handover.done", name=name, successor=_name_person(ctx, successor), office=office.name)
    return message(join((done, result)), back)


def _take(ctx: Context, values: Values) -> None:
    """End the post and tell its holder."""
    office = _load_office(ctx, values)
    own = [
        reader
        for reader in contacts.posts(ctx.tx, Role.FOCAL_POINT)
        if reader.contact_id == values["contact"]
    ]
    change = posts.end(
        ctx.tx,
        values["contact"],
        role=Role.FOCAL_POINT,
        office_id=office.id,
        now=ctx.now,
        actor=Actor(ctx.person.id, values["reason"]),
    )

    def words(say: Say, reader: Reachable) -> tuple[Marked, Rows]:
        text = say("handover.told_former", office=office.name, reason=values["reason"])
        return text, ((Choice(say("opens.help"), buttons.Open("bantuan")),),)

    notices.tell(ctx, f"post:{change}", people=own, words=words)


def _tell_successor(ctx: Context, office: Office, *, successor: int, name: str, number: int) -> int:
    people = [reader for reader in contacts.posts(ctx.tx, Role.FOCAL_POINT) if reader.contact_id == successor]

    def words(say: Say, reader: Reachable) -> tuple[Marked, Rows]:
        in_their_words = replace(ctx, say=say)
        return summary(in_their_words, office, name=name), (
            (Choice(say("opens.drafts"), buttons.Open("draf")),),
        )

    return notices.tell(ctx, f"handover:{number}", people=people, words=words)


def taken_up(ctx: Context, invitation_id: int) -> list[Message]:
    """Give whoever came in by a handover's invitation the summary; nothing for any other invitation."""
    handover = handovers.taken_up(ctx.tx, invitation_id, by=ctx.person.id, now=ctx.now)
    office = offices.load(ctx.tx, handover.office_id) if handover else None
    if handover is None or office is None:
        return []
    return message(
        summary(ctx, office, name=handover.from_name),
        (Choice(ctx.say("opens.drafts"), buttons.Open("draf")),),
    )


def summary(ctx: Context, office: Office, *, name: str) -> Marked:
    """Say what lies at the office now: each innovation, what its draft lacks, and until when."""
    now = periods.current(ctx.tx)
    if now is None:
        return join((ctx.say("handover.summary", office=office.name, name=name), ui.no_period(ctx)))
    lying = [
        innovation
        for innovation in innovations.of_office(ctx.tx, office.id, period_id=now.id)
        if not innovation.discarded_at
    ]
    lines = [_write_line(ctx, innovation) for innovation in lying[:LINES_SHOWN]]
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


def _write_line(ctx: Context, innovation: Innovation) -> Marked:
    title = ui.title(ctx.say, innovation.title)
    if innovation.state != State.DRAFT:
        return ctx.say("handover.line", title=title, state=ctx.say(f"state.{innovation.state}"))
    period = periods.load(ctx.tx, innovation.period_id)
    facts = draft_facts.facts(
        ctx.tx, innovation, desk_data=ctx.desk_data, period=period, say=ctx.say, today=ctx.today
    )
    missing = lack_of(innovations.answers(ctx.tx, innovation.id), facts).gaps
    if not missing:
        return ctx.say("handover.line_ready", title=title)
    return ctx.say(
        "handover.line_draft", title=title, count=len(missing), first=", ".join(missing[:GAPS_SHOWN])
    )


def _look_ending(ctx: Context, values: Values) -> Marked:
    office = _load_office(ctx, values)
    look = ctx.say("handover.look_end", name=_name_person(ctx, values["contact"]), office=office.name)
    return join(
        (look, ctx.say("handover.last_one", office=office.name) if not _list_others(ctx, values) else "")
    )


def _end(ctx: Context, values: Values) -> list[Message]:
    office, name = _load_office(ctx, values), _name_person(ctx, values["contact"])
    _take(ctx, values)
    back = (Choice(typed_day_or_office.label(office), buttons.Office("i", office.id)),)
    return message(ctx.say("handover.done_end", name=name, office=office.name), back)


_TO = Ask("to", _ask_to, _read_to, _offer_to)
HANDOVER = Act("post_handover", Right.MANAGE_OFFICES, (_TO,), _look_handing_over, _hand_over, _find_hindrance)
END = Act("post_end", Right.MANAGE_OFFICES, (), _look_ending, _end, _must_hold)
ACTS = (HANDOVER, END)
