"""The name or number of an innovation or an office, typed by itself: whoever may see it is led there."""

from __future__ import annotations

from domain import buttons
from domain.message import Choice, Kind, Message, plain
from domain.people import Right
from domain.reading.around import between
from domain.reading.names import exactly, holding, search, slipped
from domain.reading.receipts import bare_receipt
from domain.reading.remarks import remark_in
from domain.reading.result import Understood
from domain.texts import listed, shortened
from handlers import ui
from handlers.context import Context, message
from handlers.estimate import figure_pages, seen_names
from handlers.offices import office_page
from handlers.review.pages import summary
from storage import innovations, offices
from storage.innovations import Titled

OFFERED = 6  # buttons where several may be meant
MOST_WORDS = 10  # of a text that names something: a longer one says something else
LABEL_CHARS = 40


def opened(ctx: Context) -> list[Message]:
    """Open what is named: a receipt's number, an office by any of its names, a title; what is not open to
    this person is refused and noted, where nothing is asked.
    """
    if ctx.dialogue is None and (key := _find_asked_about(ctx)):
        return _open(ctx, key)
    text = _read_text(ctx)
    if not text:
        return []
    if (innovation := of_number(ctx, text)) is not None:
        return _open_innovation(ctx, innovation.id)
    names = seen_names.every(ctx) if seen_names.may_name(text) else []
    whole = exactly(text, names) if names else None
    if isinstance(whole, Understood):
        return _open(ctx, whole.value)
    if ctx.dialogue is None and (refused := seen_names.refused(ctx, text)):
        return refused
    if not names:
        return []
    # with a slip only where nothing is open, and where the word is not one of its own
    known = ctx.dialogue is not None or text.casefold() in ctx.desk_data.knowledge.index.weights
    if known or whole is not None:
        return []
    likely = slipped(text, names) or (holding(text, names) if " " not in text else [])
    return _open(ctx, likely[0]) if len(likely) == 1 else []


def offered(ctx: Context) -> list[Message]:
    """Open the one whose name holds what was typed, else offer the likely ones; nothing for a remark."""
    text = _read_text(ctx)
    if not seen_names.may_name(text) or remark_in(text) is not None:
        return []
    names = seen_names.every(ctx)
    holders = holding(text, names)
    if len(holders) == 1:
        return _open(ctx, holders[0])
    keys = holders or search(text, names, limit=OFFERED)
    rows = [(choice,) for key in keys[:OFFERED] if (choice := _make_choice(ctx, key)) is not None]
    if not rows:
        return []
    key = "typed_name.which" if len(rows) > 1 else "typed_name.is_it"
    return message(ctx.say(key, said=shortened(text, LABEL_CHARS)), *rows)


def of_number(ctx: Context, text: str) -> Titled | None:
    """Find what "0029" names in the present period; None for any other text, and for what others see."""
    number = bare_receipt(text)
    return next((titled for titled in seen_names.titled(ctx) if number and titled.number == number), None)


def choice_of(ctx: Context, titled: Titled) -> Choice:
    """Make the button that opens an innovation."""
    to: buttons.Button = buttons.StatusInnovation(titled.id)
    if ctx.may(Right.VERIFY) and titled.receipt:
        to = buttons.Review("o", titled.id)
    return Choice(shortened(ui.title(ctx.say, titled.title), LABEL_CHARS), to)


def _find_asked_about(ctx: Context) -> str:
    """Find the key of what a text names whole when it asks how that stands: "gimana dinkes"; "" for none."""
    text = plain(ctx.inbound.text).rstrip(" ?") if ctx.inbound.kind is Kind.TEXT else ""
    words = text.split()
    if len(words) > MOST_WORDS or not ctx.may(Right.SEE_INNOVATIONS):
        return ""
    first, last = between(text.casefold().split(), listed(ctx.desk_data.words, "typed_name.how"))
    name = " ".join(words[first:last])
    asks_how = last - first < len(words) and seen_names.may_name(name)
    whole = exactly(name, seen_names.every(ctx)) if asks_how else None
    return whole.value if isinstance(whole, Understood) else ""


def _read_text(ctx: Context) -> str:
    """What was typed, where it may be a name: a short text that asks nothing."""
    text = plain(ctx.inbound.text).strip() if ctx.inbound.kind is Kind.TEXT else ""
    asks = "?" in text or len(text.split()) > MOST_WORDS
    return "" if asks or not ctx.may(Right.SEE_INNOVATIONS) else text


def _open(ctx: Context, key: str) -> list[Message]:
    is_office, number = seen_names.read(key)
    if not is_office:
        return _open_innovation(ctx, number)
    office = offices.load(ctx.tx, number)
    if office is not None and ctx.may(Right.MANAGE_OFFICES):
        return office_page.show(ctx, office)
    return figure_pages.page(ctx, buttons.StatusOffice(number, 0))


def _open_innovation(ctx: Context, number: int) -> list[Message]:
    innovation = innovations.load(ctx.tx, number)
    if innovation is not None and innovation.receipt and ctx.may(Right.VERIFY):
        return summary(ctx, number)
    return figure_pages.page(ctx, buttons.StatusInnovation(number))


def _make_choice(ctx: Context, key: str) -> Choice | None:
    is_office, number = seen_names.read(key)
    if not is_office:
        titled = next((entry for entry in seen_names.titled(ctx) if entry.id == number), None)
        return choice_of(ctx, titled) if titled else None
    office = offices.load(ctx.tx, number)
    if office is None:
        return None
    desk = ctx.may(Right.MANAGE_OFFICES)
    to: buttons.Button = buttons.Office("i", number) if desk else buttons.StatusOffice(number, 0)
    return Choice(shortened(office.name, LABEL_CHARS), to)
