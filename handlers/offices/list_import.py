"""A list of offices or people sent in the chat: checked whole, shown, and written by one tap on what was
shown.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal

from domain import buttons
from domain.importing.check import Checked, check, counted, placed
from domain.importing.headings import MOST_ROWS, find_list
from domain.importing.list_sheets import ListRefused, sheets_from, sheets_json
from domain.message import Attachment, Choice, FileRefusal, Kind, Message, ReadList, Rows
from domain.people import Role
from domain.reading.numbers import say_number
from domain.texts import Marked, join
from domain.wants import WantsList
from handlers import ui, yes_or_no
from handlers.context import Context, message
from storage import dialogues, lists

DIALOGUE = "list"
MOST_BYTES = 5_000_000  # of a file
FAULTS_SHOWN = 5  # in the message; the sheet has them all
ROWS_NAMED = 10  # hidden rows that are named


@dataclass(frozen=True, slots=True)
class ListOpen:
    """The list that was sent, as it was read, and what was said about its hidden rows."""

    sheets: str = ""  # as `sheets_json` writes them; "" while none is there
    hidden: str = ""  # "with" or "without", "" while nobody has said
    shown: str = ""  # the digest of the outcome that was shown


def begin(ctx: Context) -> list[Message]:
    """Ask for the file."""
    dialogues.begin(ctx.tx, ctx.person.id, name=DIALOGUE, state=ListOpen())
    return ui.in_place(ctx, message(_ask(ctx), _make_cancel(ctx)))


def _ask(ctx: Context) -> Marked:
    rows = say_number(Decimal(MOST_ROWS), ctx.say.language)
    return ctx.say("list_import.ask", rows=rows, megabytes=MOST_BYTES // 1_000_000)


def said(ctx: Context) -> list[Message]:
    """Take the file; "ya" and "tidak" do what the buttons below a list that was shown do."""
    if ctx.inbound.kind is Kind.FILE:
        return received(ctx)
    state = ctx.state(DIALOGUE, ListOpen) or ListOpen()
    if yes_or_no.declines(ctx):
        return _leave(ctx)
    if not state.sheets:
        return message(_ask(ctx), _make_cancel(ctx))
    if state.shown and yes_or_no.agrees(ctx):
        return _confirm(ctx, state, digest=state.shown)
    return _show_preview(ctx, state)


def tapped(ctx: Context, button: buttons.ImportList) -> list[Message]:
    """Begin, choose about hidden rows, write what was shown, or leave it."""
    state = ctx.state(DIALOGUE, ListOpen) or ListOpen()
    if button.act == "ask":
        return begin(ctx)
    if button.act == "no":
        return _leave(ctx)
    if not state.sheets:
        return message(ctx.say("list_import.not_open"), _make_again(ctx), _make_offices(ctx))
    if button.act == "yes":
        return _confirm(ctx, state, digest=button.digest)
    return _show_preview(ctx, replace(state, hidden=button.act))


def received(ctx: Context) -> list[Message]:
    """Read the file that was sent; what cannot be read is said, and another one is waited for."""
    if ctx.inbound.album or ctx.inbound.file is None:
        return _refuse(ctx, ctx.say("list_import.one_file"))
    match ctx.fetched:
        case FileRefusal(reason="too_big"):
            return _refuse(ctx, ctx.say("importing.refused_too_big", most=MOST_BYTES // 1_000_000))
        case FileRefusal(reason="empty"):
            return _refuse(ctx, ctx.say("importing.refused_no_rows"))
        case FileRefusal():
            return _refuse(ctx, ctx.say("importing.refused_gone"))
        case ReadList(refused=reason, params=params) if reason:
            return _refuse(ctx, ctx.say(f"importing.refused_{reason}", **params))
        case ReadList(sheets=sheets):
            return _open_list(ctx, sheets)
    raise WantsList(ctx.inbound.file, max_bytes=MOST_BYTES)


def _open_list(ctx: Context, written: str) -> list[Message]:
    """Keep the list that was found, without the other sheets' lines, and show what it would bring."""
    sheets = sheets_from(written)
    try:
        listing = find_list(sheets)
    except ListRefused as refused:
        return _refuse(ctx, ctx.say(f"importing.refused_{refused.reason}", **refused.params))
    kept = [
        sheet if n == listing.sheet_number else replace(sheet, lines=())
        for n, sheet in enumerate(sheets, start=1)
    ]
    return _show_preview(ctx, ListOpen(sheets_json(kept)))


def _refuse(ctx: Context, reason: Marked) -> list[Message]:
    dialogues.begin(ctx.tx, ctx.person.id, name=DIALOGUE, state=ListOpen())
    return message(reason, _make_cancel(ctx))


def _check(ctx: Context, state: ListOpen) -> Checked:
    listing = find_list(sheets_from(state.sheets))
    return check(listing, lists.known(ctx.tx), hidden=state.hidden == "with")


def _show_preview(ctx: Context, state: ListOpen, *, notice: str = "") -> list[Message]:
    """Show what a list brings and ask for the yes; ask about hidden rows first."""
    checked = _check(ctx, state)
    if checked.listing.hidden and not state.hidden:
        return _ask_hidden(ctx, state, hidden=checked.listing.hidden)
    dialogues.begin(ctx.tx, ctx.person.id, name=DIALOGUE, state=replace(state, shown=checked.digest))
    outcome = message(join((notice, _write_outcome(ctx, checked))), *_make_choices(ctx, checked))
    return [*_send_faulty(ctx, checked), *outcome]


def _ask_hidden(ctx: Context, state: ListOpen, *, hidden: tuple[int, ...]) -> list[Message]:
    dialogues.begin(ctx.tx, ctx.person.id, name=DIALOGUE, state=replace(state, shown=""))
    numbers = ", ".join(map(str, hidden[:ROWS_NAMED])) + (" …" if len(hidden) > ROWS_NAMED else "")
    return message(
        ctx.say("list_import.hidden", count=len(hidden), rows=numbers),
        (Choice(ctx.say("list_import.with_hidden"), buttons.ImportList("with")),),
        (Choice(ctx.say("list_import.without_hidden"), buttons.ImportList("without")),),
        _make_cancel(ctx),
    )


def _write_outcome(ctx: Context, checked: Checked) -> Marked:
    say, listing = ctx.say, checked.listing
    title = say("list_import.title_offices" if listing.kind == "offices" else "list_import.title_contacts")
    skipped = say("importing.hidden_left", count=checked.skipped) if checked.skipped else ""
    faults = [
        say("importing.row", number=fault.line.number, told=fault.said(say))
        for fault in checked.faults[:FAULTS_SHOWN]
    ]
    more = len(checked.faults) - len(faults)
    last = say("list_import.nothing_yet" if checked.changes else "list_import.nothing_new")
    return join(
        (
            join(
                (title, placed(say, listing), skipped, counted(say, checked), _write_roles(ctx, checked)),
                by="\n",
            ),
            join((*faults, say("list_import.more_faults", count=more) if more else ""), by="\n"),
            last,
        )
    )


def _write_roles(ctx: Context, checked: Checked) -> Marked:
    """Say how many leaders and desk officers are among them: they see and decide more than focal points."""
    count = Counter(person.role for person in checked.people)
    if not count[Role.LEADER] and not count[Role.ADMIN]:
        return Marked("")
    return ctx.say("list_import.roles", leaders=count[Role.LEADER], desk=count[Role.ADMIN])


def _make_choices(ctx: Context, checked: Checked) -> Rows:
    yes = Choice(ctx.say("list_import.yes", count=checked.changes), buttons.ImportList("yes", checked.digest))
    return ((yes,), _make_cancel(ctx)) if checked.changes else (_make_again(ctx), _make_offices(ctx))


def _send_faulty(ctx: Context, checked: Checked) -> list[Message]:
    """Give the faulty rows back as a sheet to correct and send again."""
    if not checked.faults:
        return []
    say, heading = ctx.say, checked.listing.heading
    head = [say("list_import.column_row"), say("list_import.column_reason"), *heading.cells]
    rows = [[str(fault.line.number), str(fault.said(say)), *fault.line.cells] for fault in checked.faults]
    sheet = Attachment("document", "text_sheet", {"head": head, "rows": rows}, say("list_import.file_name"))
    return message(say("list_import.correct", count=len(rows)), attachment=sheet)


def _confirm(ctx: Context, state: ListOpen, *, digest: str) -> list[Message]:
    """Write what was shown; a list whose outcome is another by now is shown anew."""
    checked = _check(ctx, state)
    if digest != checked.digest or (checked.listing.hidden and not state.hidden):
        return _show_preview(ctx, state, notice=ctx.say("list_import.changed"))
    lists.take_in(ctx.tx, checked, by=ctx.person.id, now=ctx.now)
    done = ctx.say(
        "list_import.done", new=checked.counts.get("new", 0), changed=checked.counts.get("changed", 0)
    )
    if not checked.faults:
        dialogues.close(ctx.tx, ctx.person.id)
        return message(done, _make_again(ctx), _make_offices(ctx))
    dialogues.begin(ctx.tx, ctx.person.id, name=DIALOGUE, state=ListOpen())
    return message(join((done, ctx.say("list_import.rest", count=len(checked.faults)))), _make_offices(ctx))


def _leave(ctx: Context) -> list[Message]:
    dialogues.close(ctx.tx, ctx.person.id)
    return message(ctx.say("list_import.left"), _make_again(ctx), _make_offices(ctx))


def _make_cancel(ctx: Context) -> tuple[Choice, ...]:
    return (Choice(ctx.say("change.cancel"), buttons.ImportList("no")),)


def _make_again(ctx: Context) -> tuple[Choice, ...]:
    return (Choice(ctx.say("list_import.button"), buttons.ImportList("ask")),)


def _make_offices(ctx: Context) -> tuple[Choice, ...]:
    return (Choice(ctx.say("opens.offices"), buttons.OfficeList(0)),)
