"""/ekspor: workbook, table, evidence and printed sheets; they are made aside and arrive as a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from domain.message import Choice, Message
from domain.people import Right
from handlers.context import Context, message, whole_at
from handlers.export.upload import copied, overview, screen, switched
from storage import audit, export_records, exports
from storage.export_records import Record

PAGE = 8  # innovations on a screen
FOR_THE_DESK = frozenset({"evidence", "upload"})  # carries names, letters and papers of people


def export(ctx: Context) -> list[Message]:
    """Say what can be had, and how much it is."""
    return [replace(shown, edit="") for shown in _menu(ctx, None)]


def _menu(ctx: Context, year: int | None) -> list[Message]:
    years = export_records.years(ctx.tx)
    if not years:
        return message(ctx.say("form.no_period"), (Choice(ctx.say("help.button"), "k:bantuan"),))
    year = year if year in years else years[0]
    rows = [
        (Choice(ctx.say("export.workbook"), f"x:m:workbook:{year}"),),
        (Choice(ctx.say("export.csv"), f"x:m:csv:{year}"),),
        (Choice(ctx.say("export.record"), f"x:l:record:{year}:0"),),
    ]
    if ctx.may(Right.EXPORT_ALL):
        rows += [
            (Choice(ctx.say("export.upload"), f"x:l:upload:{year}:0"),),
            (Choice(ctx.say("export.evidence"), f"x:m:evidence:{year}"),),
        ]
    others = [Choice(str(one), f"x:y:{one}") for one in years if one != year]
    figures = {"innovations": export_records.count(ctx.tx, year), "senders": export_records.senders(ctx.tx, year)}
    text = ctx.say("export.menu_text", year=year, offices=export_records.office_count(ctx.tx), **figures)
    return [Message(text, (*rows, *([tuple(others[:5])] if others else [])), edit=ctx.inbound.message_ref)]


def tapped(ctx: Context) -> list[Message]:
    """Take a button of the exports; its data is untrusted."""
    action, _, rest = ctx.args.partition(":")
    act = _ACTS.get(action)
    return act(ctx, rest.split(":")) if act else _menu(ctx, None)


def _refused(ctx: Context) -> list[Message]:
    audit.record(ctx.tx, "refused_button", now=ctx.now, actor=ctx.person.id)
    return _menu(ctx, None)


def _make(ctx: Context, parts: Sequence[str]) -> list[Message]:
    """Ask for an export of a whole year."""
    kind, year = parts[0], whole_at(parts, 1)
    if kind not in ("workbook", "csv", "evidence") or year not in export_records.years(ctx.tx):
        return _menu(ctx, None)
    if kind in FOR_THE_DESK and not ctx.may(Right.EXPORT_ALL):
        return _refused(ctx)
    args: dict[str, Any] = {"year": year}
    if kind != "evidence":
        args["contacts"] = ctx.may(Right.EXPORT_ALL)  # F108: leaders get figures and work, not people's numbers
    return _asked(ctx, kind, args)


def _asked(ctx: Context, kind: str, args: Mapping[str, Any]) -> list[Message]:
    number = exports.ask(
        ctx.tx,
        by=ctx.person.id,
        channel=ctx.inbound.channel,
        address=ctx.inbound.address,
        language=ctx.say.language,
        kind=kind,
        args=args,
        progress=ctx.inbound.message_ref,
        now=ctx.now,
    )
    what = ctx.say(f"export.what_{kind}")
    key = "export.begun" if number is not None else "export.under_way"
    # a new message for what comes next: this one is going to show the progress
    other = (Choice(ctx.say("export.again"), "k:ekspor"),)
    return [Message(ctx.say(key, what=what), (other,), edit=ctx.inbound.message_ref)]


# one innovation


def _list(ctx: Context, parts: Sequence[str]) -> list[Message]:
    """Let the person choose an innovation, in the order of the receipts."""
    kind, year = parts[0], whole_at(parts, 1)
    if kind not in ("record", "upload") or year not in export_records.years(ctx.tx):
        return _menu(ctx, None)
    if kind in FOR_THE_DESK and not ctx.may(Right.EXPORT_ALL):
        return _refused(ctx)
    total = export_records.count(ctx.tx, year)
    pages = max(1, -(-total // PAGE))
    page = min(whole_at(parts, 2), pages - 1)
    action = "r" if kind == "record" else "u"
    rows: list[tuple[Choice, ...]] = [(Choice(f"{one.receipt} · {one.title}", f"x:{action}:{one.id}"),)
            for one in export_records.handed_in(ctx.tx, year, limit=PAGE, offset=page * PAGE)]  # fmt: skip
    if pages > 1:
        here = f"x:l:{kind}:{year}"
        rows.append((
            Choice("◀", f"{here}:{(page - 1) % pages}"),
            Choice(ctx.say("conversation.page", page=page + 1, pages=pages), f"{here}:{page}"),
            Choice("▶", f"{here}:{(page + 1) % pages}"),
        ))  # fmt: skip
    rows.append((Choice(ctx.say("export.back"), f"x:y:{year}"),))
    key = "export.which" if total else "export.none_yet"
    return [Message(ctx.say(key, what=ctx.say(f"export.what_{kind}")), tuple(rows), edit=ctx.inbound.message_ref)]


def _one(act: Callable[[Context, Record, Sequence[str]], list[Message]], *, desk: bool) -> Callable[..., list[Message]]:
    """Let an act happen for an innovation that was handed in, and for who may see all of it where that is needed."""

    def checked(ctx: Context, parts: Sequence[str]) -> list[Message]:
        if desk and not ctx.may(Right.EXPORT_ALL):
            return _refused(ctx)
        one = export_records.record(ctx.tx, whole_at(parts))
        return act(ctx, one, parts[1:]) if one is not None and one.receipt else _menu(ctx, None)

    return checked


_ACTS: Mapping[str, Callable[[Context, Sequence[str]], list[Message]]] = {
    "y": lambda ctx, parts: _menu(ctx, whole_at(parts)),
    "m": _make,
    "l": _list,
    "r": _one(lambda ctx, one, rest: _asked(ctx, "record", {"innovation": one.id}), desk=False),
    "u": _one(lambda ctx, one, rest: overview(ctx, one), desk=True),
    "s": _one(lambda ctx, one, rest: screen(ctx, one, whole_at(rest), whole_at(rest, 1)), desk=True),
    "k": _one(lambda ctx, one, rest: switched(ctx, one, rest), desk=True),
    "v": _one(lambda ctx, one, rest: copied(ctx, one, rest), desk=True),
    "pu": _one(lambda ctx, one, rest: _asked(ctx, "upload", {"innovation": one.id}), desk=True),
    "ze": _one(lambda ctx, one, rest: _asked(ctx, "evidence", {"innovation": one.id}), desk=True),
}
