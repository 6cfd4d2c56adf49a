"""After the desk's decision: correct flagged items, send again, withdraw."""

from __future__ import annotations

from domain import buttons
from domain.message import Choice, Message
from domain.pager import page_count, pager
from domain.people import Right
from domain.review import Move, State, after
from domain.texts import Marked, shortened
from handlers import ui
from handlers.context import Context, message
from handlers.innovation import form
from storage import audit, innovations, periods, reviews
from storage.innovations import Innovation

SENT_A_PAGE = 4  # each has two buttons
TITLE_CHARS = 48  # of an innovation on its button


def ways(ctx: Context) -> list[tuple[Choice, ...]]:
    """A way to each innovation the desk has sent back to one of the person's offices."""
    lying = reviews.returned_to(ctx.tx, ctx.person.offices)
    return [
        (Choice(ctx.say("returned.fix_one", title=ui.title(ctx.say, title)), buttons.Returned("go", i)),)
        for i, title in lying
    ]


def tapped(ctx: Context, button: buttons.Returned) -> list[Message]:
    """Take a button of a returned or sent innovation; its data is untrusted."""
    if button.act == "mine":
        return own_innovations(ctx)
    innovation = innovations.load(ctx.tx, button.innovation)
    if innovation is None or not ctx.may(Right.SUBMIT, office=innovation.office_id):
        audit.record(ctx.tx, "refused_button", now=ctx.now, actor=ctx.person.id)
        return message(ctx.say("form.nothing_open"), _make_ways(ctx))
    if button.act in ("go", "at"):
        return _open_correction(ctx, innovation, place=button.place)
    if button.act in ("ask", "yes"):
        return _withdraw(ctx, innovation, sure_of=button.place if button.act == "yes" else "")
    return _bring_back(ctx, innovation)


def _open_correction(ctx: Context, innovation: Innovation, *, place: str) -> list[Message]:
    if innovation.state != State.RETURNED:
        ctx.refuse("refused_move", innovation=innovation.id, move="correct", state=innovation.state)
        return message(_write_standing(ctx, innovation), _make_ways(ctx))
    return form.correct(ctx, innovation, at=place)


def _write_standing(ctx: Context, innovation: Innovation) -> Marked:
    state = ctx.say(f"state.{innovation.state}")
    return ctx.say(
        "returned.standing",
        title=ui.title(ctx.say, innovation.title),
        receipt=innovation.receipt,
        state=state,
    )


def _make_ways(ctx: Context) -> tuple[Choice, ...]:
    return (
        Choice(ctx.say("opens.drafts"), buttons.Open("draf")),
        Choice(ctx.say("opens.innovations"), buttons.Open("inovasi")),
    )


# withdrawing is the office's own act


def turned(ctx: Context, button: buttons.SentList) -> list[Message]:
    """Turn the page of what was sent."""
    return ui.in_place(ctx, own_innovations(ctx, button.page))


def own_innovations(ctx: Context, page: int = 0) -> list[Message]:
    """List what the person's offices have sent, a page of it, to change one, withdraw it or bring it back."""
    rows = _list_rows(ctx)
    if not rows:
        return message(ctx.say("returned.none"), _make_ways(ctx))
    pages = page_count(len(rows), SENT_A_PAGE)
    page = min(page, pages - 1)
    shown = rows[page * SENT_A_PAGE : (page + 1) * SENT_A_PAGE]
    return message(
        ctx.say("returned.which"),
        *shown,
        *pager(ctx.say, buttons.SentList, page=page, pages=pages),
        _make_ways(ctx),
    )


def _list_rows(ctx: Context) -> list[tuple[Choice, ...]]:
    period = periods.current(ctx.tx)
    own = innovations.of_offices(ctx.tx, ctx.person.offices, period_id=period.id) if period else []
    return [
        _make_choices(ctx, innovation)
        for innovation in own
        if innovation.receipt and _find_move(innovation) is not None
    ]


def every_choice(ctx: Context) -> list[Choice]:
    """List the choices of all pages of what was sent."""
    return [choice for row in _list_rows(ctx) for choice in row]


def _find_move(innovation: Innovation) -> Move | None:
    if innovation.state == State.WITHDRAWN:
        return Move.RESEND
    return Move.WITHDRAW if after(innovation.state, Move.WITHDRAW) else None


def _make_choices(ctx: Context, innovation: Innovation) -> tuple[Choice, ...]:
    title = shortened(ui.title(ctx.say, innovation.title), TITLE_CHARS)
    if _find_move(innovation) is Move.RESEND:
        return (Choice(ctx.say("returned.bring_back", title=title), buttons.Returned("back", innovation.id)),)
    change = Choice(ctx.say("returned.change", title=title), buttons.Form(innovation.id, "#list", 0, "list"))
    return change, Choice(ctx.say("returned.withdraw"), buttons.Returned("ask", innovation.id))


def _withdraw(ctx: Context, innovation: Innovation, *, sure_of: str) -> list[Message]:
    """Withdraw after asking twice; it can be brought back while the period is open.

    `sure_of` is the state in which it was asked about: where the desk has decided since, it is asked again.
    """
    title = ui.title(ctx.say, innovation.title)
    if not periods.load(ctx.tx, innovation.period_id).open:
        ctx.refuse("refused_move", innovation=innovation.id, move=Move.WITHDRAW.value, state="closed")
        return message(ctx.say("returned.closed", title=title, desk=ctx.desk), _make_ways(ctx))
    if sure_of != innovation.state and after(innovation.state, Move.WITHDRAW):
        yes = buttons.Returned("yes", innovation.id, innovation.state)
        sure = ctx.say("returned.sure", title=title, state=ctx.say(f"state.{innovation.state}"))
        return message(sure, (Choice(ctx.say("returned.yes_withdraw"), yes), *_make_ways(ctx)[1:]))
    if reviews.move(ctx.tx, innovation, to=Move.WITHDRAW, by=ctx.person.id, now=ctx.now) is None:
        return message(_write_standing(ctx, innovation), _make_ways(ctx))
    back = Choice(ctx.say("returned.bring_back", title=title), buttons.Returned("back", innovation.id))
    return message(ctx.say("returned.withdrawn", title=title), (back,), _make_ways(ctx))


def _bring_back(ctx: Context, innovation: Innovation) -> list[Message]:
    if innovation.state != State.WITHDRAWN or not periods.load(ctx.tx, innovation.period_id).open:
        ctx.refuse("refused_move", innovation=innovation.id, move=Move.RESEND.value, state=innovation.state)
        return message(_write_standing(ctx, innovation), _make_ways(ctx))
    reviews.move(ctx.tx, innovation, to=Move.RESEND, by=ctx.person.id, now=ctx.now)
    text = ctx.say(
        "returned.brought_back", title=ui.title(ctx.say, innovation.title), receipt=innovation.receipt
    )
    return message(text, _make_ways(ctx))
