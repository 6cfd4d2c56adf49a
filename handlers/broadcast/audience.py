"""Choosing the audience of an announcement in one message, edited in place and counted at every tap."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from domain import buttons
from domain.announcing.audience import Audience
from domain.message import Choice, Kind, Message, Rows
from domain.pager import page_count, pager, turns
from domain.people import Office, Role
from domain.reading.names import search
from domain.review import Standing
from domain.texts import Marked, join, quoted
from handlers import ui
from handlers.broadcast.text import open_at
from handlers.change import typed_day_or_office
from handlers.context import Context, message
from storage import audiences, broadcast_drafts, offices, periods
from storage.audiences import Chosen, Reach
from storage.broadcasts import Broadcast

PAGE = 8  # offices on a screen
FOUND = 6  # offices offered for what was typed
LISTED = 12  # people on a screen
NAMED = 6  # groups and offices named before it says how many more
_MARKS = {"with": "✔ ", "without": "✖ ", "": ""}


def period_id(ctx: Context) -> int:
    """The period the states of offices are of; 0 when none is open, then every office is at
    `Standing.NONE`.
    """
    period = periods.current(ctx.tx)
    return period.id if period else 0


def chosen_people(ctx: Context, broadcast: Broadcast) -> Chosen:
    """Return the query of the chosen people; for a reminder, of those who have not confirmed the first."""
    if broadcast.follows:
        return audiences.rest(broadcast.follows)
    return audiences.chosen(broadcast.audience, period_id(ctx))


def screen(ctx: Context, broadcast: Broadcast, *, notice: str = "", in_place: bool = True) -> list[Message]:
    """Show what is chosen, how many that is, and what else can be."""
    open_at(ctx, broadcast.id, at="audience")
    chosen = summary(ctx, broadcast.audience)
    ask = ctx.say("broadcast_audience.ask", chosen=chosen, count=counted(ctx, broadcast))
    text = join((notice, ask, _say_returned_elsewhere(ctx)))
    shown = [Message(text, _make_rows(ctx, broadcast))]
    return ui.in_place(ctx, shown) if in_place else shown


def _say_returned_elsewhere(ctx: Context) -> Marked:
    """Say of returned innovations why the button of their state does not count them; nothing without any."""
    count = audiences.returned_elsewhere(ctx.tx, period_id(ctx))
    return ctx.say("broadcast_audience.returned_elsewhere", count=count) if count else Marked("")


def _make_rows(ctx: Context, broadcast: Broadcast) -> Rows:
    b = broadcast.id
    return (
        tuple(_offer_roles(ctx, broadcast)),
        *_make_by_rows(_offer_states(ctx, broadcast), 2),
        (Choice(ctx.say("broadcast_audience.groups"), buttons.BroadcastPage("kl", b, 0)),),
        (Choice(ctx.say("broadcast_audience.one_by_one"), buttons.BroadcastPage("ol", b, 0)),),
        (Choice(ctx.say("broadcast_audience.list"), buttons.BroadcastPage("who", b, 0)),),
        (
            Choice(ctx.say("broadcast_audience.back"), buttons.Broadcast("text", b)),
            Choice(ctx.say("broadcast_audience.on"), buttons.Broadcast("see", b)),
        ),
    )


def group_list(ctx: Context, broadcast: Broadcast) -> list[Message]:
    """Show the groups of offices to take in or leave out."""
    done = (Choice(ctx.say("broadcast_audience.done"), buttons.Broadcast("to", broadcast.id)),)
    text = ctx.say("broadcast_audience.offices", count=counted(ctx, broadcast))
    rows = _make_by_rows(_offer_kinds(ctx, broadcast), 2)
    return ui.in_place(ctx, [Message(text, (*rows, done))])


def _offer_roles(ctx: Context, broadcast: Broadcast) -> list[Choice]:
    audience, b = broadcast.audience, broadcast.id
    return [
        Choice(
            f"{_choose_mark(role.value in audience.roles)}{ctx.say(f'broadcast_audience.role_{role.value}')}",
            buttons.BroadcastGroup("r", b, role.value),
        )
        for role in Role
    ]


def _offer_kinds(ctx: Context, broadcast: Broadcast) -> list[Choice]:
    audience, b = broadcast.audience, broadcast.id
    return [
        Choice(
            f"{_MARKS[audience.mark_of(kind=kind)]}{kind.capitalize()} ({count})",
            buttons.BroadcastGroup("k", b, kind),
        )
        for kind, count in audiences.kinds(ctx.tx, period_id(ctx))
    ]


def _offer_states(ctx: Context, broadcast: Broadcast) -> list[Choice]:
    audience, b = broadcast.audience, broadcast.id
    counts = audiences.standings(ctx.tx, period_id(ctx))
    labels = {state: ctx.say(f"broadcast_audience.state_{state}") for state in Standing}
    return [
        Choice(
            f"{_choose_mark(state in audience.states)}{labels[state]} ({counts.get(state, 0)})",
            buttons.BroadcastGroup("s", b, state),
        )
        for state in Standing
    ]


def _choose_mark(chosen: bool) -> str:
    return "✔ " if chosen else ""


def _make_by_rows(choices: list[Choice], width: int) -> list[tuple[Choice, ...]]:
    return [tuple(choices[at : at + width]) for at in range(0, len(choices), width)]


def summary(ctx: Context, audience: Audience) -> Marked:
    """Say in words what was chosen."""
    if audience.is_empty:
        return ctx.say("broadcast_audience.none")
    named = {office.id: office.short for office in offices.active(ctx.tx)}
    parts: list[str] = [ctx.say(f"broadcast_audience.role_{role}") for role in sorted(audience.others)]
    if audience.wants_offices:
        chosen = [kind.capitalize() for kind in sorted(audience.kinds)] + _name_choices(
            named, audience.offices
        )
        which = _say_few(ctx, chosen) if chosen else ctx.say("broadcast_audience.every_office")
        parts.insert(0, ctx.say("broadcast_audience.pic_of", which=which))
    if audience.states:
        states = [ctx.say(f"broadcast_audience.state_{s}") for s in Standing if s in audience.states]
        parts.append(ctx.say("broadcast_audience.in_state", states=", ".join(states)))
    left_out = [kind.capitalize() for kind in sorted(audience.without_kinds)] + _name_choices(
        named, audience.without_offices
    )
    if left_out:
        parts.append(ctx.say("broadcast_audience.without", which=_say_few(ctx, left_out)))
    return join(parts, by=" · ")


def _name_choices(names: dict[int, str], ids: Iterable[int]) -> list[str]:
    return sorted(names[office] for office in ids if office in names)


def _say_few(ctx: Context, names: list[str]) -> str:
    if len(names) <= NAMED:
        return ", ".join(names)
    return ctx.say("broadcast_audience.and_more", names=", ".join(names[:NAMED]), more=len(names) - NAMED)


def counted(ctx: Context, broadcast: Broadcast) -> Marked:
    """Say how many people and offices that is, and how many of them cannot be reached."""
    reach = audiences.reach(ctx.tx, chosen_people(ctx, broadcast))
    said = number_said(ctx, reach)
    missing = reach.people - reach.reachable + reach.unmanned
    return join((said, ctx.say("broadcast_audience.missing", count=missing)), by="\n") if missing else said


def number_said(ctx: Context, reach: Reach) -> Marked:
    """Say how many people that is, and of how many offices where there are any."""
    key = (
        "broadcast_audience.count" if reach.offices or not reach.people else "broadcast_audience.count_people"
    )
    return ctx.say(key, people=reach.reachable, offices=reach.offices)


def toggle(ctx: Context, broadcast: Broadcast, *, action: str, value: str) -> list[Message]:
    """Choose a role, a group or a state, or take it back."""
    audience = broadcast.audience
    if action == "r" and value in {role.value for role in Role}:
        audience = audience.toggled(role=value)
    elif action == "s" and value in set(Standing):
        audience = audience.toggled(state=value)
    elif action == "k" and value in dict(audiences.kinds(ctx.tx, period_id(ctx))):
        return group_list(ctx, _keep(ctx, broadcast, audience=audience.turned(kind=value)))
    return screen(ctx, _keep(ctx, broadcast, audience=audience))


def _keep(ctx: Context, broadcast: Broadcast, *, audience: Audience) -> Broadcast:
    if audience != broadcast.audience:
        broadcast_drafts.set_audience(ctx.tx, broadcast.id, audience=audience)
    return replace(broadcast, audience=audience)


def office_list(ctx: Context, broadcast: Broadcast, *, page: int) -> list[Message]:
    """Show a page of offices to take in or leave out."""
    every = offices.active(ctx.tx)
    pages = page_count(len(every), PAGE)
    page = page % pages
    rows = [
        (_make_office_choice(broadcast, office, page=page),)
        for office in every[page * PAGE : (page + 1) * PAGE]
    ]
    b = broadcast.id
    pager_rows = pager(ctx.say, lambda to: buttons.BroadcastPage("ol", b, to), page=page, pages=pages)
    done = (Choice(ctx.say("broadcast_audience.done"), buttons.Broadcast("to", b)),)
    text = ctx.say("broadcast_audience.offices", count=counted(ctx, broadcast))
    return ui.in_place(ctx, [Message(text, (*rows, *pager_rows, done))])


def _make_office_choice(broadcast: Broadcast, office: Office, *, page: int) -> Choice:
    mark = _MARKS[broadcast.audience.mark_of(office=office.id)]
    return Choice(f"{mark}{office.name}", buttons.BroadcastOffice(broadcast.id, office.id, page))


def turn_office(ctx: Context, broadcast: Broadcast, *, office_id: int, page: int) -> list[Message]:
    """Take an office in, leave it out, or neither."""
    if offices.load(ctx.tx, office_id) is None:
        return office_list(ctx, broadcast, page=page)
    return office_list(
        ctx, _keep(ctx, broadcast, audience=broadcast.audience.turned(office=office_id)), page=page
    )


def is_name(ctx: Context) -> bool:
    """Whether what was typed is a group, or the name of an office or a word of one."""
    said = ctx.inbound.text.strip()
    is_group = said.casefold() in dict(audiences.kinds(ctx.tx, period_id(ctx)))
    return is_group or typed_day_or_office.holds_name(ctx.tx, said)


def typed(ctx: Context, broadcast: Broadcast) -> list[Message]:
    """Turn the group that was typed as its button does, and an office that was named whole; else offer the
    offices that fit. Who means none of them is shown the choice again.
    """
    if (kind := ctx.inbound.text.strip().casefold()) in dict(audiences.kinds(ctx.tx, period_id(ctx))):
        return toggle(ctx, broadcast, action="k", value=kind)
    every = offices.active(ctx.tx)
    said = ctx.inbound.text if ctx.inbound.kind is Kind.TEXT else ""
    if (office := typed_day_or_office.named(ctx.tx, said)) is not None:
        return _take_named(ctx, broadcast, office=office, page=every.index(office) // PAGE)
    keys = search(said, typed_day_or_office.names(every), limit=FOUND)
    if not keys:
        return screen(
            ctx,
            broadcast,
            notice=ctx.say("broadcast_audience.none_found", said=quoted(ctx.inbound.text)),
        )
    by_id = {str(office.id): office for office in every}
    rows = [
        (_make_office_choice(broadcast, by_id[key], page=every.index(by_id[key]) // PAGE),) for key in keys
    ]
    done = (Choice(ctx.say("broadcast_audience.done"), buttons.Broadcast("to", broadcast.id)),)
    return message(ctx.say("broadcast_audience.found", count=counted(ctx, broadcast)), *rows, done)


def _take_named(ctx: Context, broadcast: Broadcast, *, office: Office, page: int) -> list[Message]:
    """Take in an office that was named; one that is in stays in."""
    audience = broadcast.audience
    while audience.mark_of(office=office.id) != "with":
        audience = audience.turned(office=office.id)
    kept = _keep(ctx, broadcast, audience=audience)
    done = (Choice(ctx.say("broadcast_audience.done"), buttons.Broadcast("to", kept.id)),)
    text = ctx.say("broadcast_audience.taken_in", office=office.name, count=counted(ctx, kept))
    return message(text, (_make_office_choice(kept, office, page=page),), done)


def people(ctx: Context, broadcast: Broadcast, *, page: int) -> list[Message]:
    """List who is meant, those who cannot be reached after the others, a page at a time."""
    meant = chosen_people(ctx, broadcast)
    listed = audiences.listed(ctx.tx, meant, limit=LISTED + 1, offset=page * LISTED)
    lines = [
        ctx.say(
            _PERSON[why],
            name=name,
            office=office or "–",
        )
        for name, office, why in listed[:LISTED]
    ]
    if len(listed) <= LISTED:
        lines += _write_unmanned(ctx, [short for _, short in audiences.unmanned(ctx.tx, meant)])
    b = broadcast.id
    turning = turns(
        ctx.say, lambda to: buttons.BroadcastPage("who", b, to), page=page, more=len(listed) > LISTED
    )
    rows = (*turning, (Choice(ctx.say("broadcast_audience.done"), buttons.Broadcast("to", b)),))
    text = join(
        (ctx.say("broadcast_audience.people"), join(lines, by="\n") or ctx.say("broadcast_audience.none"))
    )
    return ui.in_place(ctx, [Message(text, rows)])


_PERSON = {  # by why they cannot be written to
    "": "broadcast_audience.person",
    "off": "broadcast_audience.person_off",
    "blocked": "broadcast_audience.person_blocked",
}


def _write_unmanned(ctx: Context, missing: list[str]) -> list[Marked]:
    """Name the offices without anybody in one line."""
    shown = ", ".join(missing[:LISTED])
    if len(missing) > LISTED:
        shown = ctx.say("broadcast_audience.and_more", names=shown, more=len(missing) - LISTED)
    line = ctx.say("broadcast_audience.unmanned", count=len(missing), offices=shown)
    return [line] if missing else []
