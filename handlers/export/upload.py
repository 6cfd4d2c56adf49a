"""The upload sheet in the chat: the portal's screens in their order, each field to copy and to tick off
(B9).
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Literal

from domain import buttons
from domain.message import Choice, Message
from domain.pager import page_count
from domain.portal import Entry, entries, say_misfit, titles
from domain.texts import Marked, bold, join, shortened
from handlers import ui
from handlers.context import Context
from storage import portal_ticks
from storage.export_records import Record

PAGE = 8  # fields on a screen of the phone
TEXT_CHARS = 160
A_ROW = 4


def overview(ctx: Context, record: Record) -> list[Message]:
    """Show the screens of the portal and how much of each is carried over."""
    every, done = _list_entries(ctx, record), _list_done(ctx, record)
    lines: list[Marked] = []
    rows: list[tuple[Choice, ...]] = []
    for number, title in enumerate(_list_titles(ctx, record), 1):
        inside = [entry for entry in every if entry.screen == number]
        lines.append(_write_screen(ctx, inside, number=number, title=title, done=done))
        rows.append((Choice(f"{number} · {title}", buttons.ExportScreen(record.id, number, 0)),))
    rows.append((Choice(ctx.say("export.sheet_pdf"), buttons.ExportOne("pu", record.id)),
                 Choice(ctx.say("export.files_zip"), buttons.ExportOne("ze", record.id))))  # fmt: skip
    rows.append((Choice(ctx.say("export.back"), buttons.ExportList("upload", record.year, 0)),))
    head = ctx.say("export.upload_head", done=len(done), all=sum(not e.is_empty for e in every))
    text = join(
        (
            join((bold(record.title), record.office, head), by="\n"),
            join(lines, by="\n"),
            ctx.say("export.upload_how"),
        )
    )
    return ui.in_place(ctx, [Message(text, tuple(rows))])


def _write_screen(
    ctx: Context, inside: Sequence[Entry], *, number: int, title: str, done: Container[str]
) -> Marked:
    """Say of a screen how much of it is filled, how much is ticked off, and how much does not fit."""
    filled, warned = sum(not entry.is_empty for entry in inside), sum(bool(e.misfits) for e in inside)
    counts = {"done": sum(entry.id in done for entry in inside), "all": filled}
    if warned:
        return ctx.say("export.screen_warned", n=number, title=title, count=warned, **counts)
    return ctx.say("export.screen_line", n=number, title=title, **counts)


def screen(ctx: Context, record: Record, *, number: int, page: int, toast: str = "") -> list[Message]:
    """Show the fields of one screen: what goes in, the files to upload, what does not fit, and the ticks."""
    names = _list_titles(ctx, record)
    number = min(max(number, 1), len(names))
    inside = [entry for entry in _list_entries(ctx, record) if entry.screen == number]
    pages = page_count(len(inside), PAGE)
    page = min(page, pages - 1)
    shown = list(enumerate(inside[page * PAGE : (page + 1) * PAGE], 1))
    ticks, done = portal_ticks.ticks(ctx.tx, record.id), _list_done(ctx, record)
    blocks = [_write_block(ctx, n, entry=entry, ticked=entry.id in done,
                           changed=entry.id in ticks and entry.id not in done)
              for n, entry in shown]  # fmt: skip
    ticking = [
        _make_tick(record, n, entry=e, page=page, ticked=e.id in done) for n, e in shown if not e.is_empty
    ]
    copying = [
        Choice(ctx.say("export.copy", n=n), buttons.ExportCopy(record.id, entry.id))
        for n, entry in shown
        if entry.text
    ]
    rows = [tuple(row[n : n + A_ROW]) for row in (ticking, copying) for n in range(0, len(row), A_ROW)]
    rows.append(_make_around(ctx, record, number=number, page=page, pages=pages, screens=len(names)))
    title = bold(f"{number}/{len(names)} · {names[number - 1]}")
    return ui.in_place(ctx, [Message(join((title, *blocks)), tuple(rows), toast=toast)])


def _make_around(
    ctx: Context, record: Record, *, number: int, page: int, pages: int, screens: int
) -> tuple[Choice, ...]:
    """The way to the fields before and after, across screens."""
    back = buttons.ExportScreen(record.id, number, page - 1)
    if not page:
        back = buttons.ExportScreen(record.id, max(1, number - 1), 0)
    last = page == pages - 1
    onward: buttons.Button = buttons.ExportScreen(record.id, number + last, 0 if last else page + 1)
    if last and number == screens:
        onward = buttons.ExportOne("u", record.id)
    all_screens = Choice(ctx.say("export.screens"), buttons.ExportOne("u", record.id))
    return Choice(ctx.say("pager.earlier"), back), all_screens, Choice(ctx.say("pager.later"), onward)


def _write_block(ctx: Context, number: int, *, entry: Entry, ticked: bool, changed: bool) -> Marked:
    box = "–" if entry.is_empty else "☐"
    box = "☑" if ticked else box
    lines = [ctx.say("export.entry", box=box, n=number, label=entry.label,
                     text=shortened(entry.text, TEXT_CHARS) or ctx.say("exported.leave_empty"))]  # fmt: skip
    lines += [ctx.say("exported.file_line", n=n, name=piece.name) for n, piece in enumerate(entry.files, 1)]
    lines += [Marked(f"⚠ {say_misfit(ctx.say, misfit)}") for misfit in entry.misfits]
    if changed:
        lines.append(ctx.say("export.changed_since"))
    return join(lines, by="\n")


def _make_tick(record: Record, number: int, *, entry: Entry, page: int, ticked: bool) -> Choice:
    set_to: Literal["0", "1"] = "0" if ticked else "1"
    label = f"☑ {number}" if ticked else f"☐ {number}"
    return Choice(label, buttons.ExportTick(record.id, entry.id, set_to, page))


def switched(ctx: Context, record: Record, *, button: buttons.ExportTick) -> list[Message]:
    """Tick a field off, or take the tick back; the button says what it sets, so a double tap is one."""
    entry = next((e for e in _list_entries(ctx, record) if e.id == button.entry), None)
    if entry is None or entry.is_empty:
        return overview(ctx, record)
    if button.set_to == "1":
        portal_ticks.tick(ctx.tx, record.id, item=entry.id, value=entry.value, by=ctx.person.id, now=ctx.now)
    else:
        portal_ticks.untick(ctx.tx, record.id, item=entry.id, by=ctx.person.id, now=ctx.now)
    return screen(ctx, record, number=entry.screen, page=button.page)


def copied(ctx: Context, record: Record, *, name: str) -> list[Message]:
    """Send one text by itself, so that it can be copied whole."""
    entry = next((e for e in _list_entries(ctx, record) if e.id == name and e.text), None)
    if entry is None:
        return overview(ctx, record)
    back = (Choice(ctx.say("export.to_screen"), buttons.ExportScreen(record.id, entry.screen, 0)),)
    return [Message(join((entry.text,)), (back,), toast=ctx.say("export.copy_this"))]


def _list_entries(ctx: Context, record: Record) -> list[Entry]:
    desk_data = ctx.desk_data
    indicators = desk_data.indicators_of(record)
    return list(
        entries(
            desk_data.portals[record.rule_year],
            desk_data.form,
            indicators=indicators,
            answers=record.answers,
            language=ctx.say.language,
        )
    )


def _list_titles(ctx: Context, record: Record) -> tuple[str, ...]:
    return titles(ctx.desk_data.portals[record.rule_year], ctx.say.language)


def _list_done(ctx: Context, record: Record) -> frozenset[str]:
    """The fields that are carried over as they stand now."""
    ticks = portal_ticks.ticks(ctx.tx, record.id)
    return frozenset(
        e.id
        for e in _list_entries(ctx, record)
        if not e.is_empty and ticks.get(e.id) == portal_ticks.mark_of(e.value)
    )
