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
from domain.importing.sheet import ListRefused, sheets_from, sheets_json
from domain.message import Attachment, Choice, FileRefusal, Kind, Message, ReadList, Rows, WantsList
from domain.people import Role
from domain.reading.numbers import say_number
from domain.texts import Marked, join
from handlers import ui
from handlers.context import Context, message
from storage import contacts, lists

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
    contacts.open_dialogue(ctx.tx, ctx.person.id, name=DIALOGUE, state=ListOpen())
    return ui.in_place(ctx, message(_asked(ctx), _cancel(ctx)))


def _asked(ctx: Context) -> Marked:
    rows = say_number(Decimal(MOST_ROWS), ctx.say.language)
    return ctx.say("list_import.ask", rows=rows, megabytes=MOST_BYTES // 1_000_000)


def said(ctx: Context) -> list[Message]:
    """Take the file; "ya" and "tidak" do what the buttons below a list that was shown do."""
    if ctx.inbound.kind is Kind.FILE:
        return received(ctx)
    state, text = ctx.state(DIALOGUE, ListOpen) or ListOpen(), ctx.inbound.text.strip().casefold()
    if text in ctx.say("ui.typed_decline").split("|"):
        return _left(ctx)
    if not state.sheets:
        return message(_asked(ctx), _cancel(ctx))
    if state.shown and text in ctx.say("ui.typed_agree").split("|"):
        return _confirmed(ctx, state, digest=state.shown)
    return _preview(ctx, state)


def tapped(ctx: Context, button: buttons.ImportList) -> list[Message]:
    """Begin, choose about hidden rows, write what was shown, or leave it."""
    state = ctx.state(DIALOGUE, ListOpen) or ListOpen()
    if button.act == "ask":
        return begin(ctx)
    if button.act == "no":
        return _left(ctx)
    if not state.sheets:
        return message(ctx.say("list_import.not_open"), _again(ctx), _offices(ctx))
    if button.act == "yes":
        return _confirmed(ctx, state, digest=button.digest)
    return _preview(ctx, replace(state, hidden=button.act))


def received(ctx: Context) -> list[Message]:
    """Read the file that was sent; what cannot be read is said, and another one is waited for."""
    if ctx.inbound.album or ctx.inbound.file is None:
        return _refused(ctx, ctx.say("list_import.one_file"))
    match ctx.fetched:
        case FileRefusal(reason="too_big"):
            return _refused(ctx, ctx.say("importing.refused_too_big", most=MOST_BYTES // 1_000_000))
        case FileRefusal(reason="empty"):
            return _refused(ctx, ctx.say("importing.refused_no_rows"))
        case FileRefusal():
            return _refused(ctx, ctx.say("importing.refused_gone"))
        case ReadList(refused=reason, params=params) if reason:
            return _refused(ctx, ctx.say(f"importing.refused_{reason}", **params))
        case ReadList(sheets=sheets):
            return _opened(ctx, sheets)
    raise WantsList(ctx.inbound.file, max_bytes=MOST_BYTES)


def _opened(ctx: Context, written: str) -> list[Message]:
    """Keep the list that was found, without the other sheets' lines, and show what it would bring."""
    sheets = sheets_from(written)
    try:
        listing = find_list(sheets)
    except ListRefused as refused:
        return _refused(ctx, ctx.say(f"importing.refused_{refused.reason}", **refused.params))
    kept = [
        one if n == listing.sheet_number else replace(one, lines=()) for n, one in enumerate(sheets, start=1)
    ]
    return _preview(ctx, ListOpen(sheets_json(kept)))


def _refused(ctx: Context, told: Marked) -> list[Message]:
    contacts.open_dialogue(ctx.tx, ctx.person.id, name=DIALOGUE, state=ListOpen())
    return message(told, _cancel(ctx))


def _checked(ctx: Context, state: ListOpen) -> Checked:
    listing = find_list(sheets_from(state.sheets))
    return check(listing, lists.known(ctx.tx), hidden=state.hidden == "with")


def _preview(ctx: Context, state: ListOpen, *, notice: str = "") -> list[Message]:
    """Show what a list brings and ask for the yes; ask about hidden rows first."""
    checked = _checked(ctx, state)
    if checked.listing.hidden and not state.hidden:
        return _ask_hidden(ctx, state, hidden=checked.listing.hidden)
    contacts.open_dialogue(ctx.tx, ctx.person.id, name=DIALOGUE, state=replace(state, shown=checked.digest))
    outcome = message(join((notice, _outcome(ctx, checked))), *_choices(ctx, checked))
    return [*_faulty(ctx, checked), *outcome]


def _ask_hidden(ctx: Context, state: ListOpen, *, hidden: tuple[int, ...]) -> list[Message]:
    contacts.open_dialogue(ctx.tx, ctx.person.id, name=DIALOGUE, state=replace(state, shown=""))
    numbers = ", ".join(map(str, hidden[:ROWS_NAMED])) + (" …" if len(hidden) > ROWS_NAMED else "")
    return message(
        ctx.say("list_import.hidden", count=len(hidden), rows=numbers),
        (Choice(ctx.say("list_import.with_hidden"), buttons.ImportList("with")),),
        (Choice(ctx.say("list_import.without_hidden"), buttons.ImportList("without")),),
        _cancel(ctx),
    )


def _outcome(ctx: Context, checked: Checked) -> Marked:
    say, listing = ctx.say, checked.listing
    title = say("list_import.title_offices" if listing.kind == "offices" else "list_import.title_contacts")
    skipped = say("importing.hidden_left", count=checked.skipped) if checked.skipped else ""
    faults = [
        say("importing.row", number=one.line.number, told=one.said(say))
        for one in checked.faults[:FAULTS_SHOWN]
    ]
    more = len(checked.faults) - len(faults)
    last = say("list_import.nothing_yet" if checked.changes else "list_import.nothing_new")
    return join(
        (
            join(
                (title, placed(say, listing), skipped, counted(say, checked), _roles(ctx, checked)), by="\n"
            ),
            join((*faults, say("list_import.more_faults", count=more) if more else ""), by="\n"),
            last,
        )
    )


def _roles(ctx: Context, checked: Checked) -> Marked:
    """Say how many leaders and desk officers are among them: they see and decide more than focal points."""
    count = Counter(one.role for one in checked.people)
    if not count[Role.LEADER] and not count[Role.ADMIN]:
        return Marked("")
    return ctx.say("list_import.roles", leaders=count[Role.LEADER], desk=count[Role.ADMIN])


def _choices(ctx: Context, checked: Checked) -> Rows:
    yes = Choice(ctx.say("list_import.yes", count=checked.changes), buttons.ImportList("yes", checked.digest))
    return ((yes,), _cancel(ctx)) if checked.changes else (_again(ctx), _offices(ctx))


def _faulty(ctx: Context, checked: Checked) -> list[Message]:
    """Give the faulty rows back as a sheet to correct and send again."""
    if not checked.faults:
        return []
    say, heading = ctx.say, checked.listing.heading
    head = [say("list_import.column_row"), say("list_import.column_reason"), *heading.cells]
    rows = [[str(one.line.number), str(one.said(say)), *one.line.cells] for one in checked.faults]
    sheet = Attachment("document", "faulty_rows", {"head": head, "rows": rows}, say("list_import.file_name"))
    return message(say("list_import.correct", count=len(rows)), attachment=sheet)


def _confirmed(ctx: Context, state: ListOpen, *, digest: str) -> list[Message]:
    """Write what was shown; a list whose outcome is another by now is shown anew."""
    checked = _checked(ctx, state)
    if digest != checked.digest or (checked.listing.hidden and not state.hidden):
        return _preview(ctx, state, notice=ctx.say("list_import.changed"))
    lists.take_in(ctx.tx, checked, by=ctx.person.id, now=ctx.now)
    done = ctx.say(
        "list_import.done", new=checked.counts.get("new", 0), changed=checked.counts.get("changed", 0)
    )
    if not checked.faults:
        contacts.close_dialogue(ctx.tx, ctx.person.id)
        return message(done, _again(ctx), _offices(ctx))
    contacts.open_dialogue(ctx.tx, ctx.person.id, name=DIALOGUE, state=ListOpen())
    return message(join((done, ctx.say("list_import.rest", count=len(checked.faults)))), _offices(ctx))


def _left(ctx: Context) -> list[Message]:
    contacts.close_dialogue(ctx.tx, ctx.person.id)
    return message(ctx.say("list_import.left"), _again(ctx), _offices(ctx))


def _cancel(ctx: Context) -> tuple[Choice, ...]:
    return (Choice(ctx.say("change.cancel"), buttons.ImportList("no")),)


def _again(ctx: Context) -> tuple[Choice, ...]:
    return (Choice(ctx.say("list_import.button"), buttons.ImportList("ask")),)


def _offices(ctx: Context) -> tuple[Choice, ...]:
    return (Choice(ctx.say("opens.offices"), buttons.OfficeList(0)),)
