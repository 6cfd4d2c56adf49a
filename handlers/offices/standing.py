"""How the offices stand in the period, each under one mark, and the offices under a mark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from domain import buttons
from domain.message import Choice, Message
from domain.people import Office
from domain.texts import Marked, join, listed
from handlers.change import typed_day_or_office
from handlers.context import Context, message
from handlers.offices import office_page
from storage import dialogues, offices, periods, posts
from storage.offices import InnovationCounts
from storage.periods import Period

SENT = "✔"
RETURNED = "↩"
DRAFT = "…"
EXEMPT = "○"
UNREACHED = "☎"
NOT_YET = ""
STATES: Mapping[str, str] = {  # the words that people type of them
    SENT: "offices.typed_sent",
    RETURNED: "offices.typed_returned",
    DRAFT: "offices.typed_draft",
    EXEMPT: "offices.typed_exempt",
    UNREACHED: "offices.typed_unreached",
    NOT_YET: "offices.typed_none",
}
OFFERED = 10  # offices to tap below a list; all are named


def figures(ctx: Context, now: Period, *, marks: Sequence[str]) -> Marked:
    """Say how many offices stand under each mark."""
    return ctx.say(
        "offices.figures",
        year=now.year,
        sent=marks.count(SENT),
        returned=marks.count(RETURNED),
        drafts=marks.count(DRAFT),
        exempt=marks.count(EXEMPT),
        unreached=marks.count(UNREACHED),
        none=marks.count(NOT_YET),
    )


def marks(ctx: Context, every: Sequence[Office], *, now: Period | None) -> Mapping[int, str]:
    """Choose the mark of each office, by its number."""
    standing = offices.innovation_counts(ctx.tx, now.id) if now else {}
    extensions = periods.extensions(ctx.tx, now.id) if now else {}
    exempt = {number for number, extension in extensions.items() if extension.until is None}
    unreached = posts.reach(ctx.tx, [office.id for office in every], now=ctx.now).unreached
    return {
        office.id: _choose_mark(
            standing.get(office.id), exempt=office.id in exempt, unreached=office.id in unreached
        )
        for office in every
    }


def _choose_mark(standing: InnovationCounts | None, *, exempt: bool, unreached: bool) -> str:
    """Put an office into one list: by what it has handed in, then by whether it has to, then by its reach."""
    if standing is not None and standing.sent:
        return SENT
    if standing is not None and standing.returned:
        return RETURNED
    if standing is not None and standing.drafts:
        return DRAFT
    if exempt:
        return EXEMPT
    return UNREACHED if unreached else NOT_YET


def row(office: Office, mark: str) -> tuple[Choice, ...]:
    """Make the button that opens an office, with its mark."""
    return (Choice(f"{mark} {typed_day_or_office.label(office)}".strip(), buttons.Office("i", office.id)),)


def state_named(ctx: Context, text: str) -> str | None:
    """Find the mark whose words were typed; None where it is none of them."""
    said = " ".join(text.casefold().split()).strip(" .!?")
    return next((mark for mark, key in STATES.items() if said in listed(ctx.desk_data.words, key)), None)


def show(ctx: Context, mark: str) -> list[Message]:
    """Name the offices under a mark, the first of them to tap."""
    dialogues.begin(ctx.tx, ctx.person.id, name=office_page.DIALOGUE)
    every = offices.active(ctx.tx)
    by_office = marks(ctx, every, now=periods.current(ctx.tx))
    under = [office for office in every if by_office[office.id] == mark]
    said = ctx.say(STATES[mark]).split("|")[0]
    if not under:
        return message(ctx.say("offices.none_stand", state=said), office_page.back(ctx))
    head = ctx.say("offices.stand", state=said, count=len(under))
    text = join((head, ", ".join(office.short for office in under)), by="\n")
    rows = [row(office, mark) for office in under[:OFFERED]]
    return message(text, *rows, office_page.back(ctx))
