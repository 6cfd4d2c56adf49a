"""The dialogue of an act of the desk: its questions one by one, then the reason, a preview, and a yes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

from domain import buttons
from domain.message import Choice, Kind, Message, Rows
from domain.people import Right
from domain.texts import Marked, join
from domain.typed_choice import Reads
from handlers import yes_or_no
from handlers.context import Context, message
from storage import audit, dialogues

DIALOGUE = "act"
LEAST_REASON, LONGEST_REASON = 5, 300  # characters

Values = Mapping[str, Any]  # what is known so far, as JSON keeps it


class Unfit(Exception):
    """what was said does not answer the question"""

    def __init__(self, text: Marked, rows: Rows = ()) -> None:
        """Say what is wanted instead, with what may have been meant as buttons."""
        super().__init__(text)
        self.told, self.rows = text, rows


def _offer_nothing(ctx: Context, values: Values) -> Rows:
    return ()


@dataclass(frozen=True, slots=True)
class ActOpen:
    """State of the dialogue: which act is being prepared, and what is known of it."""

    act: str = ""
    given: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing the desk is asked for; `read` takes what was typed or tapped, and raises Unfit."""

    field: str
    question: Callable[[Context, Values], Marked]
    read: Callable[[Context, Values, str], Any]
    offered: Callable[[Context, Values], Rows] = _offer_nothing


@dataclass(frozen=True, slots=True)
class Act:
    """One change: what it needs, what it will do in figures, and the doing."""

    name: str
    right: Right
    asks: tuple[Ask, ...]
    look: Callable[[Context, Values], Marked]
    do: Callable[[Context, Values], list[Message]]
    # why it cannot be done, asked anew at every question
    hindrance: Callable[[Context, Values], Marked | None]


def option(field: str, value: object, *, label: str) -> tuple[Choice, ...]:
    """Make a row that answers an open question with a value."""
    return (Choice(label, buttons.ChangeChoice(field, str(value))),)


def begin(ctx: Context, act: Act, **known: Any) -> list[Message]:
    """Start an act with what is known already."""
    if not ctx.may(act.right):
        return _refuse(ctx, act.name)
    return _go_on(ctx, act, values=known)


def leave(ctx: Context, act: Act) -> None:
    """Leave an act where the person has it open: what was done otherwise has made it void."""
    open_act = ctx.state(DIALOGUE, ActOpen)
    if open_act is not None and open_act.act == act.name:
        dialogues.close(ctx.tx, ctx.person.id)


def _refuse(ctx: Context, name: str) -> list[Message]:
    audit.record(ctx.tx, "refused_act", now=ctx.now, actor=ctx.contact.id if ctx.contact else None, name=name)
    return message(ctx.say("change.not_yours"), (Choice(ctx.say("opens.help"), buttons.Open("bantuan")),))


def _go_on(ctx: Context, act: Act, *, values: Values, unfit: Unfit | None = None) -> list[Message]:
    """Ask for what is missing, or show what will happen."""
    if hindrance := act.hindrance(ctx, values):
        dialogues.close(ctx.tx, ctx.person.id)
        return message(hindrance, *_make_way_home(ctx, act))
    dialogues.begin(ctx.tx, ctx.person.id, name=DIALOGUE, state=ActOpen(act.name, dict(values)))
    cancel = (Choice(ctx.say("change.cancel"), buttons.ChangeCancel("n")),)
    ask = _find_open(act, values)
    if ask is None:
        look = join((act.look(ctx, values), ctx.say("change.reason_is", reason=values[REASON.field])))
        yes = (Choice(ctx.say("change.yes"), buttons.ChangeYes(_make_digest(act, values))),)
        return message(join((look, ctx.say("change.sure"))), yes, cancel)
    text = unfit.told if unfit else ask.question(ctx, values)
    return message(text, *(unfit.rows if unfit else ()), *ask.offered(ctx, values), cancel)


def _find_open(act: Act, values: Values) -> Ask | None:
    return next((ask for ask in (*act.asks, REASON) if ask.field not in values), None)


def _make_digest(act: Act, values: Values) -> str:
    """Name what was shown, so that a yes means this and nothing that came after it."""
    return f"{crc32(json.dumps([act.name, values], sort_keys=True).encode()):08x}"


def _ask_reason(ctx: Context, values: Values) -> Marked:
    return ctx.say("change.reason")


def _read_reason(ctx: Context, values: Values, said: str) -> str:
    reason = " ".join(said.split())
    if not LEAST_REASON <= len(reason) <= LONGEST_REASON:
        raise Unfit(
            ctx.say("change.reason_length", least=LEAST_REASON, longest=LONGEST_REASON, count=len(reason))
        )
    return reason


REASON = Ask("reason", _ask_reason, _read_reason)


Answer = buttons.ChangeCancel | buttons.ChangeYes | buttons.ChangeChoice


class Acting:
    """Handles the turns of the change a person has open."""

    def __init__(self, acts: Sequence[Act]) -> None:
        """Know the acts by name; raises ValueError naming one that stands twice."""
        self._acts = {act.name: act for act in acts}
        if len(self._acts) != len(acts):
            raise ValueError("an act stands twice")

    @property
    def names(self) -> frozenset[str]:
        """The acts there are."""
        return frozenset(self._acts)

    def said(self, ctx: Context) -> list[Message]:
        """Take a typed answer; at the end "ya" and "tidak" do what the buttons do."""
        act, values = self._find_open_act(ctx)
        if act is None:
            return []
        if ctx.inbound.kind is not Kind.TEXT:
            ask = _find_open(act, values)
            again = ask.question(ctx, values) if ask else ctx.say("change.sure")
            return _go_on(ctx, act, values=values, unfit=Unfit(join((ctx.say("change.type_it"), again))))
        text = ctx.inbound.text.strip()
        if _find_open(act, values) is not None:
            return _take_answer(ctx, act, values=values, said=text)
        if yes_or_no.declines(ctx):
            return _leave(ctx, act)
        return _do(ctx, act, values=values) if yes_or_no.agrees(ctx) else _go_on(ctx, act, values=values)

    def reads(self, ctx: Context) -> Reads:
        """Say what the open question takes: a name where some are offered, else any text; at the end
        nothing.
        """
        act, values = self._find_open_act(ctx)
        ask = _find_open(act, values) if act is not None else None
        if ask is None:
            return Reads.NOTHING
        return Reads.NAMES if ask.offered is not _offer_nothing else Reads.TEXT

    def tapped(self, ctx: Context, button: Answer) -> list[Message]:
        """Take a choice, a yes or a no; one of an older message changes nothing."""
        act, values = self._find_open_act(ctx)
        if act is None:
            if not any(
                ctx.may(act_of_kind.right) for act_of_kind in self._acts.values()
            ):  # else it is a second tap
                ctx.refuse("refused_act", button=button.prefix())
            help_button = Choice(ctx.say("opens.help"), buttons.Open("bantuan"))
            return [Message(ctx.say("change.nothing_open"), ((help_button,),), toast=ctx.say("ui.toast_old"))]
        ask = _find_open(act, values)
        match button:
            case buttons.ChangeCancel():
                return _leave(ctx, act)
            case buttons.ChangeChoice(field=field, value=value) if ask is not None and ask.field == field:
                return _take_answer(ctx, act, values=values, said=value)
            case buttons.ChangeYes(digest=digest) if ask is None and digest == _make_digest(act, values):
                return _do(ctx, act, values=values)
        return _go_on(ctx, act, values=values)

    def _find_open_act(self, ctx: Context) -> tuple[Act | None, Values]:
        open_act = ctx.state(DIALOGUE, ActOpen)
        if open_act is None:
            return None, {}
        act = self._acts.get(open_act.act)
        if act is None or not ctx.may(act.right):
            ctx.refuse("refused_act", name=open_act.act)
            dialogues.close(ctx.tx, ctx.person.id)
            return None, {}
        return act, open_act.given


def _take_answer(ctx: Context, act: Act, *, values: Values, said: str) -> list[Message]:
    ask = _find_open(act, values)
    if ask is None:
        return _go_on(ctx, act, values=values)
    try:
        value = ask.read(ctx, values, said)
    except Unfit as unfit:
        return _go_on(ctx, act, values=values, unfit=unfit)
    return _go_on(ctx, act, values={**values, ask.field: value})


def _do(ctx: Context, act: Act, *, values: Values) -> list[Message]:
    if act.hindrance(ctx, values):
        return _go_on(ctx, act, values=values)
    dialogues.close(ctx.tx, ctx.person.id)
    return act.do(ctx, values)


def _leave(ctx: Context, act: Act) -> list[Message]:
    dialogues.close(ctx.tx, ctx.person.id)
    return message(ctx.say("change.left"), *_make_way_home(ctx, act))


def _make_way_home(ctx: Context, act: Act) -> Rows:
    """Make the way back to where such acts begin."""
    if act.right is Right.MANAGE_PERIODS:
        return ((Choice(ctx.say("opens.period"), buttons.Open("periode")),),)
    if act.right is Right.MANAGE_REMINDERS:
        return ((Choice(ctx.say("opens.reminders"), buttons.Open("pengingat")),),)
    return ((Choice(ctx.say("opens.offices"), buttons.Open("opd")),),)
