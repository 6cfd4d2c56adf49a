"""The act that holds every reminder: asked for a reason, confirmed on what was shown, told to colleagues."""

from __future__ import annotations

from domain import buttons
from domain.message import Choice, Message
from domain.people import Right, Role
from domain.texts import Marked, Say
from handlers import notices
from handlers.change.acts import Act, Values
from handlers.context import Context, message
from handlers.reminders import reminders
from storage import contacts, occurrences, periods


def _look(ctx: Context, values: Values) -> Marked:
    """Say what holding means for the next morning."""
    period = periods.current(ctx.tx)
    if period is None:
        return ctx.say("holding.look", count=0)
    return ctx.say("holding.look", count=len(reminders.rehearse(ctx, period).triggers))


def _find_hindrance(ctx: Context, values: Values) -> Marked | None:
    return None if occurrences.paused_since(ctx.tx) is None else ctx.say("reminders.was_paused")


def _hold(ctx: Context, values: Values) -> list[Message]:
    reason = str(values["reason"])
    occurrences.pause(ctx.tx, by=ctx.person.id, now=ctx.now, reason=reason)

    def write(say: Say, reader: contacts.Reachable) -> tuple[Marked, tuple[tuple[Choice, ...], ...]]:
        text = say("holding.told", who=ctx.person.name, reason=reason)
        return text, ((Choice(say("opens.reminders"), buttons.Open("pengingat")),),)

    notices.tell(ctx, f"held:{ctx.now.isoformat()}", people=contacts.posts(ctx.tx, Role.ADMIN), words=write)
    return [*message(ctx.say("reminders.is_paused")), *reminders.overview(ctx)]


HOLD = Act("reminders_hold", Right.MANAGE_REMINDERS, (), _look, _hold, _find_hindrance)
ACTS = (HOLD,)
