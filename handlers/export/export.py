"""/ekspor: workbook, table, evidence and printed sheets; they are made aside and arrive as a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from domain import buttons
from domain.export_parts import Part, divide, number_parts
from domain.message import Choice, Kind, Message
from domain.pager import page_count, pager
from domain.people import Right
from domain.texts import Marked, join, quoted
from handlers import ui
from handlers.context import Context, message
from handlers.export import chosen_innovation
from handlers.export.upload import copied, overview, screen, switched
from storage import audit, export_records, exports, innovations, periods, scores
from storage.export_records import Record, Selection

PAGE = 8  # innovations on a screen
FOR_THE_DESK = frozenset({"evidence", "upload"})  # carries names, letters and papers of people


SENDABLE_BYTES = 50_000_000  # a bot may send no more: core.telegram.org/bots/faq
PART_BYTES = SENDABLE_BYTES - 500_000  # of evidence in one archive; its lists come on top
PARTS_AT_MOST = 30  # one and a half gigabytes, which lie on the disk for a day


def export(ctx: Context) -> list[Message]:
    """Say what can be had, and how much it is."""
    chosen_innovation.leave(ctx)
    return [replace(shown, edit="") for shown in _show_menu(ctx, None)]


def _show_menu(ctx: Context, year: int | None) -> list[Message]:
    years = export_records.years(ctx.tx)
    if not years:
        return message(ui.no_period(ctx), (Choice(ctx.say("opens.help"), buttons.Open("bantuan")),))
    year = year if year in years else years[0]
    rows = [
        (Choice(ctx.say("export.workbook"), buttons.ExportMake("workbook", year)),),
        (Choice(ctx.say("export.csv"), buttons.ExportMake("csv", year)),),
        (Choice(ctx.say("export.record"), buttons.ExportList("record", year, 0)),),
    ]
    if ctx.may(Right.EXPORT_ALL):
        rows += [
            (Choice(ctx.say("export.upload"), buttons.ExportList("upload", year, 0)),),
            (Choice(ctx.say("export.evidence"), buttons.ExportMake("evidence", year)),),
        ]
    others = [
        Choice(str(year_shown), buttons.ExportYear(year_shown)) for year_shown in years if year_shown != year
    ]
    period = next(year_shown for year_shown in periods.every(ctx.tx) if year_shown.year == year)
    figures = scores.figures(ctx.tx, period.id)
    text = ctx.say("export.menu_text", year=year, holds=_say_what_they_hold(ctx, year, figures=figures))
    return ui.in_place(ctx, [Message(text, (*rows, *([tuple(others[:5])] if others else [])))])


def _say_what_they_hold(ctx: Context, year: int, *, figures: scores.Figures) -> Marked:
    """Say how many were sent and by how many offices; what has gone back since is in the files as well."""
    back = export_records.count(ctx.tx, Selection(year)) - figures.sent
    sentences = (
        ctx.say("export.sent", count=figures.sent),
        ctx.say("export.gone_back", count=back) if back else "",
        ctx.say("export.duty", done=figures.done, offices=figures.offices),
        ctx.say("weekly_summary.exempt", count=figures.exempt) if figures.exempt else "",
    )
    return join(sentences, by=" ")


OfOne = buttons.ExportOne | buttons.ExportScreen | buttons.ExportTick | buttons.ExportCopy


def of_year(ctx: Context, button: buttons.ExportYear) -> list[Message]:
    """Say what can be had of a year."""
    chosen_innovation.leave(ctx)
    return _show_menu(ctx, button.year)


def tapped(ctx: Context, button: OfOne) -> list[Message]:
    """Open or make something of one innovation that was handed in; all but the record are the desk's."""
    if button != buttons.ExportOne("r", button.innovation) and not ctx.may(Right.EXPORT_ALL):
        return _refuse(ctx)
    chosen_innovation.leave(ctx)
    record = export_records.record(ctx.tx, button.innovation)
    return (
        _open_one(ctx, record, button=button)
        if record is not None and record.receipt
        else _show_menu(ctx, None)
    )


def _open_one(ctx: Context, record: Record, *, button: OfOne) -> list[Message]:
    match button:
        case buttons.ExportOne(act="u"):
            return overview(ctx, record)
        case buttons.ExportOne(act=act):
            if act == "ze" and (refusal := _refuse_too_big(ctx, record.year, innovation=record.id)):
                return refusal
            return _ask(
                ctx, {"r": "record", "pu": "upload", "ze": "evidence"}[act], args={"innovation": record.id}
            )
        case buttons.ExportScreen(screen=number, page=page):
            return screen(ctx, record, number=number, page=page)
        case buttons.ExportTick():
            return switched(ctx, record, button=button)
        case buttons.ExportCopy(entry=entry):
            return copied(ctx, record, name=entry)


def own_sheet(ctx: Context, button: buttons.PrintSheet) -> list[Message]:
    """Ask for the printed sheet of an innovation of the own office, with the whole text of every answer."""
    innovation = innovations.load(ctx.tx, button.innovation)
    if innovation is None or not ctx.may(Right.SUBMIT, office=innovation.office_id):
        ctx.refuse("refused_button", innovation=button.innovation)
        return [Message("", toast=ctx.say("ui.toast_old"))]
    number = _queue(ctx, "record", args={"innovation": innovation.id, "own": True})
    key = "export.begun" if number is not None else "export.under_way"
    return message(
        ctx.say(key, what=ctx.say("exported.what_record")),
        (Choice(ctx.say("opens.drafts"), buttons.Open("draf")),),
    )


def _refuse(ctx: Context) -> list[Message]:
    audit.record(ctx.tx, "refused_button", now=ctx.now, actor=ctx.person.id)
    return _show_menu(ctx, None)


def _find_hindrance(ctx: Context, kind: str, *, year: int) -> list[Message]:
    """Show what can be had where there is no such year, or where the kind is the desk's alone; nothing where
    it may be asked for.
    """
    if year not in export_records.years(ctx.tx):
        return _show_menu(ctx, None)
    return _refuse(ctx) if kind in FOR_THE_DESK and not ctx.may(Right.EXPORT_ALL) else []


def make(ctx: Context, button: buttons.ExportMake) -> list[Message]:
    """Ask for an export of a whole year."""
    kind, year = button.kind, button.year
    if said := _find_hindrance(ctx, kind, year=year):
        return said
    if kind == "evidence" and (refusal := _refuse_too_big(ctx, year)):
        return refusal
    args: dict[str, Any] = {"year": year}
    if kind != "evidence":
        # F108: leaders get figures and work, not people's numbers
        args["contacts"] = ctx.may(Right.EXPORT_ALL)
    return _ask(ctx, kind, args=args)


def _refuse_too_big(ctx: Context, year: int, *, innovation: int | None = None) -> list[Message]:
    """Say before it is made that an archive cannot be sent, and offer it in parts; nothing where it can."""
    parts = _divide(ctx, year, innovation=innovation)
    if len(parts) == 1:
        return []
    may_be_sent = len(parts) <= PARTS_AT_MOST
    text = ctx.say(
        "export.too_big" if may_be_sent else "export.too_many_parts",
        megabytes=sum(part.size for part in parts) // 1_000_000,
        limit=SENDABLE_BYTES // 1_000_000,
        parts=len(parts),
        year=year,
    )
    rows = []
    if may_be_sent:
        send = ctx.say("export.in_parts", count=len(parts))
        rows.append((Choice(send, buttons.ExportParts(year, innovation or 0)),))
    if innovation is None:
        rows.append((Choice(ctx.say("export.one_by_one"), buttons.ExportList("upload", year, 0)),))
    rows.append((Choice(ctx.say("export.back"), buttons.ExportYear(year)),))
    return ui.in_place(ctx, [Message(text, tuple(rows))])


def _divide(ctx: Context, year: int, *, innovation: int | None) -> list[Part]:
    return divide(export_records.held_files(ctx.tx, year, innovation_id=innovation), limit=PART_BYTES)


def in_parts(ctx: Context, button: buttons.ExportParts) -> list[Message]:
    """Ask for every part, each an export of its own: what is in which is decided now, for all of them."""
    year, innovation = button.year, button.innovation or None
    if not ctx.may(Right.EXPORT_ALL):
        return _refuse(ctx)
    parts = number_parts(_divide(ctx, year, innovation=innovation))
    if year not in export_records.years(ctx.tx) or not parts[0].own or len(parts) > PARTS_AT_MOST:
        return _show_menu(ctx, None)
    which = {"innovation": innovation} if innovation else {"year": year}
    queued = [_queue(ctx, "evidence", args={**which, "part": part.to_args()}) for part in parts]
    key = "export.parts_begun" if any(queued) else "export.under_way"
    other = (Choice(ctx.say("exported.again"), buttons.Open("ekspor")),)
    said = ctx.say(key, what=ctx.say("exported.what_evidence"), count=len(parts))
    return ui.in_place(ctx, [Message(said, (other,))])


def _ask(ctx: Context, kind: str, *, args: Mapping[str, Any]) -> list[Message]:
    number = _queue(ctx, kind, args=args, progress=ctx.inbound.message_ref)
    what = ctx.say(f"exported.what_{kind}")
    key = "export.begun" if number is not None else "export.under_way"
    # a new message for what comes next: this one is going to show the progress
    other = (Choice(ctx.say("exported.again"), buttons.Open("ekspor")),)
    return ui.in_place(ctx, [Message(ctx.say(key, what=what), (other,))])


def _queue(ctx: Context, kind: str, *, args: Mapping[str, Any], progress: str = "") -> int | None:
    """Queue an export; `progress` is the message that shows how far it is. None while one is under way."""
    order = exports.Order(
        by=ctx.person.id,
        channel=ctx.inbound.channel,
        address=ctx.inbound.address,
        language=ctx.say.language,
        kind=kind,
        args=args,
        progress=progress,
    )
    return exports.ask(ctx.tx, order, now=ctx.now)


# one innovation


def choose(ctx: Context, button: buttons.ExportList) -> list[Message]:
    """Let the person choose an innovation, in the order of the receipts."""
    kind, year = button.kind, button.year
    if said := _find_hindrance(ctx, kind, year=year):
        return said
    total = export_records.count(ctx.tx, Selection(year))
    pages = page_count(total, PAGE)
    page = min(button.page, pages - 1)
    records = export_records.handed_in(ctx.tx, year, limit=PAGE, offset=page * PAGE)
    rows: list[tuple[Choice, ...]] = [
        _make_choice(kind, record.id, receipt=record.receipt, title=record.title) for record in records
    ]
    rows += pager(ctx.say, lambda to: buttons.ExportList(kind, year, to), page=page, pages=pages)
    rows.append((Choice(ctx.say("export.back"), buttons.ExportYear(year)),))
    if total:
        chosen_innovation.ask(ctx, kind, year=year)
    key = "export.which" if total else "export.none_yet"
    return ui.in_place(ctx, [Message(ctx.say(key, what=ctx.say(f"exported.what_{kind}")), tuple(rows))])


def _make_choice(kind: str, innovation: int, *, receipt: str, title: str) -> tuple[Choice, ...]:
    return (Choice(f"{receipt} · {title}", _make_way(kind, innovation)),)


def _make_way(kind: str, innovation: int) -> buttons.ExportOne:
    return buttons.ExportOne("r" if kind == "record" else "u", innovation)


def named(ctx: Context) -> list[Message]:
    """Take the innovation that was typed in answer to which it is for; several are offered, none is said."""
    asked, entries = chosen_innovation.asked(ctx), chosen_innovation.likely(ctx)
    # what is made shows its progress in a message of ours, never in theirs
    typed = replace(ctx, inbound=replace(ctx.inbound, message_ref=""))
    if len(entries) == 1:
        return tapped(typed, _make_way(asked.kind, entries[0].id))
    if entries:
        rows = [
            _make_choice(asked.kind, entry.id, receipt=entry.receipt, title=entry.title) for entry in entries
        ]
        back = (Choice(ctx.say("export.back"), buttons.ExportYear(asked.year)),)
        return message(ctx.say("export.which_of_these"), *rows, back)
    shown = choose(typed, buttons.ExportList("record" if asked.kind == "record" else "upload", asked.year, 0))
    if ctx.inbound.kind is not Kind.TEXT:
        return shown
    nothing = ctx.say("export.none_named", said=quoted(ctx.inbound.text))
    return [replace(shown[0], text=join((nothing, Marked(shown[0].text)))), *shown[1:]]
