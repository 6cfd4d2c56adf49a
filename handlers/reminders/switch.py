"""The buttons of /pengingat: the switch begins the act of holding or lets reminders go on, the others open
pages.
"""

from __future__ import annotations

from dataclasses import replace

from domain import buttons
from domain.message import Message
from domain.texts import Marked, join
from handlers import ui
from handlers.change.acts import begin, leave
from handlers.context import Context
from handlers.reminders import holding, reminders
from storage import occurrences


def tapped(ctx: Context, button: buttons.Reminders) -> list[Message]:
    """Take the switch, else a door of the page."""
    if button.page == "off":
        return begin(ctx, holding.HOLD)
    return _resume(ctx) if button.page == "on" else reminders.tapped(ctx, button)


def _resume(ctx: Context) -> list[Message]:
    """Let reminders go on, and leave holding them where it is being prepared; what is stale by then is
    dropped by its rule.
    """
    leave(ctx, holding.HOLD)
    changed = occurrences.resume(ctx.tx, by=ctx.person.id, now=ctx.now)
    notice = ctx.say("reminders.is_resumed" if changed else "reminders.was_resumed")
    page = reminders.overview(ctx)[0]
    return ui.in_place(ctx, [replace(page, text=join((notice, Marked(page.text))))])
