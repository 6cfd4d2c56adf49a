"""/opd: the offices, how each stands in the period, and how each can be reached."""

from __future__ import annotations

from domain import buttons
from domain.message import Choice, Kind, Message, Rows
from domain.pager import page_count, pager
from domain.people import Office, Right
from domain.texts import Marked, join, quoted
from handlers import ui
from handlers.change import acts, typed_day_or_office
from handlers.context import Context, message
from handlers.offices import changes, handover, list_import, office_page, rungs, standing
from handlers.period import offices as period_offices
from storage import dialogues, offices, periods, posts

DIALOGUE = "offices"  # a typed name looks for an office
PAGE = 6  # offices on a screen: with the ways on there are twelve buttons
REACH_SHOWN = 50  # names under one heading: every office of a regency, as a rule


def listing(ctx: Context) -> list[Message]:
    """Show the offices; a name behind the command goes straight to its office."""
    if ctx.args.strip():
        return _show_found(ctx, ctx.args.strip())
    return _show_page(ctx, 0)


def said(ctx: Context) -> list[Message]:
    """Take a typed name while the offices are open; a file is a list to take in."""
    if ctx.inbound.kind is Kind.FILE and takes_files(ctx):
        return list_import.received(ctx)
    if ctx.inbound.kind is not Kind.TEXT:
        return _show_page(ctx, 0)
    return _show_found(ctx, ctx.inbound.text.strip())


def knows(ctx: Context) -> bool:
    """Whether what was typed may be the name of an office, closed ones included."""
    text = ctx.inbound.text.strip()
    is_state = standing.state_named(ctx, text) is not None
    return is_state or bool(typed_day_or_office.like(ctx.tx, text) or _list_gone(ctx, text))


def is_name(ctx: Context) -> bool:
    """Whether what was typed is the name of an office, or a word of one, closed ones included; or a word of
    the figures.
    """
    text = ctx.inbound.text.strip()
    return standing.state_named(ctx, text) is not None or reads_office(ctx, text)


def reads_office(ctx: Context, text: str) -> bool:
    """Whether a text is the name of an office, or a word of one, closed ones included."""
    return typed_day_or_office.holds_name(ctx.tx, text) or bool(_list_gone(ctx, text))


def takes_files(ctx: Context) -> bool:
    """Whether a file is taken as a list of people or offices: from who may manage them."""
    return ctx.may(Right.MANAGE_OFFICES)


def _list_gone(ctx: Context, text: str) -> list[Office]:
    """List the closed offices that carry what was typed in one of their names."""
    wanted = text.casefold()
    every = offices.closed(ctx.tx)
    return [office for office in every if wanted in f"{office.code} {office.short} {office.name}".casefold()]


def _show_found(ctx: Context, text: str) -> list[Message]:
    """Show the office that is meant, or offer those that come near, closed ones of that name too; or those
    that stand as a word of the figures says.
    """
    if (state := standing.state_named(ctx, text)) is not None:
        return _show_reach(ctx) if state == standing.UNREACHED else standing.show(ctx, state)
    near = typed_day_or_office.like(ctx.tx, text)
    gone = _list_gone(ctx, text)
    # the one that stays answers to it
    gone = [office for office in gone if offices.merged_into(ctx.tx, office.id) is None]
    if len(near) == 1 and not gone:
        return office_page.show(ctx, near[0])
    every = [*near, *gone[:2]]
    if not every:
        return [*message(ctx.say("offices.none_found", said=quoted(text))), *_show_page(ctx, 0)]
    dialogues.begin(ctx.tx, ctx.person.id, name=DIALOGUE)
    rows = [(Choice(typed_day_or_office.label(office), buttons.Office("i", office.id)),) for office in every]
    return message(ctx.say("offices.found", said=quoted(text)), *rows, office_page.back(ctx))


def _show_page(ctx: Context, page: int) -> list[Message]:
    """Show a page of the list, each office with a mark of how it stands."""
    dialogues.begin(ctx.tx, ctx.person.id, name=DIALOGUE)
    every = offices.active(ctx.tx)
    now = periods.current(ctx.tx)
    marks = standing.marks(ctx, every, now=now)
    pages = page_count(len(every), PAGE)
    page = page % pages
    rows = [standing.row(office, marks[office.id]) for office in every[page * PAGE : (page + 1) * PAGE]]
    title = ctx.say("offices.title", count=len(every))
    figures = standing.figures(ctx, now, marks=list(marks.values())) if now else ctx.say("offices.no_period")
    return message(
        join((title, figures, ctx.say("offices.how"))),
        *rows,
        *pager(ctx.say, buttons.OfficeList, page=page, pages=pages),
        *_make_doors(ctx),
    )


def _make_doors(ctx: Context) -> Rows:
    reach = (Choice(ctx.say("offices.reach"), buttons.Offices("r")),)
    if not ctx.may(Right.MANAGE_OFFICES):
        return (reach,)
    doors = [
        Choice(ctx.say("offices.add"), buttons.Offices("add")),
        Choice(ctx.say("list_import.button"), buttons.ImportList("ask")),
    ]
    if gone := len(offices.closed(ctx.tx)):
        doors.append(Choice(ctx.say("offices.closed", count=gone), buttons.Offices("gone")))
    return ((*reach, Choice(ctx.say("staff.button"), buttons.Staff(0))), tuple(doors))


Page = buttons.Offices | buttons.OfficeList | buttons.Office | buttons.Post


def tapped(ctx: Context, button: Page) -> list[Message]:
    """Turn a page, open an office or a person, or begin a change; whoever may not change is refused by the
    act.
    """
    match button:
        case buttons.Offices(page="add"):
            return acts.begin(ctx, changes.ADD)
        case buttons.Offices(page="out"):
            return _show_reach(ctx)
        case buttons.Post(act="hand" | "end") if button.contact and button.office:
            return acts.begin(ctx, _OF_POSTS[button.act], contact=button.contact, office=button.office)
        case buttons.Office(office=number):
            return _act_on_office(ctx, button.act, office=offices.load(ctx.tx, number))
    return ui.in_place(ctx, _show_list(ctx, button))


def _act_on_office(ctx: Context, act: str, *, office: Office | None) -> list[Message]:
    """Change an office or what holds for it in the period, or show it; the list where there is none."""
    now = periods.current(ctx.tx)
    if office is None:
        return ui.in_place(ctx, _show_page(ctx, 0))
    if act in _CHANGES:
        return acts.begin(ctx, _CHANGES[act], office=office.id)
    if act == "rungs" and ctx.may(Right.MANAGE_OFFICES):
        return ui.in_place(ctx, rungs.show(ctx, office))
    if act in _PERIOD and now:
        return acts.begin(ctx, _PERIOD[act], period=now.id, office=office.id)
    return ui.in_place(ctx, office_page.show(ctx, office) if act == "i" else _show_page(ctx, 0))


def _show_list(ctx: Context, button: Page) -> list[Message]:
    match button:
        case buttons.Post(act="p", contact=contact, office=number) if office := offices.load(ctx.tx, number):
            return office_page.person(ctx, office, contact_id=contact)
        case buttons.Offices(page="r"):
            return _show_reach(ctx)
        case buttons.Offices(page="gone"):
            rows = [
                (Choice(typed_day_or_office.label(closed), buttons.Office("i", closed.id)),)
                for closed in offices.closed(ctx.tx)
            ]
            return message(ctx.say("offices.closed_title"), *rows, office_page.back(ctx))
    return _show_page(ctx, button.page if isinstance(button, buttons.OfficeList) else 0)


_CHANGES = {
    "name": changes.RENAME,
    "merge": changes.MERGE,
    "close": changes.CLOSE,
    "reopen": changes.REOPEN,
}
_OF_POSTS = {"hand": handover.HANDOVER, "end": handover.END}
_PERIOD = {"more": period_offices.EXTEND, "free": period_offices.EXEMPT, "lift": period_offices.LIFT}


def _show_reach(ctx: Context) -> list[Message]:
    """Say who can be reached; who never started the bot and who blocked it are never one list (B23)."""
    by_id = {office.id: office for office in offices.active(ctx.tx)}
    reached = posts.reach(ctx.tx, list(by_id), now=ctx.now)
    parts = [
        ctx.say("offices.reachable", count=len(reached.reachable), of=len(by_id)),
        ctx.say("offices.unreached", count=len(reached.unreached)),
    ]
    for key, ids in (
        ("offices.reach_blocked", reached.blocked),
        *((("offices.reach_off", reached.off),) if reached.off else ()),
        ("offices.reach_awaited", reached.awaited),
        ("offices.reach_invited", reached.invited),
        ("offices.reach_nobody", reached.nobody),
    ):
        parts.append(
            join((ctx.say(key, count=len(ids)), _list_names([by_id[office] for office in ids])), by="\n")
        )
    return message(join(parts), office_page.back(ctx))


def _list_names(some: list[Office]) -> Marked:
    shown = ", ".join(office.short for office in some[:REACH_SHOWN])
    return Marked("") if not some else join((shown, "…" if len(some) > REACH_SHOWN else ""), by=", ")
