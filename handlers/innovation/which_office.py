"""Asks a person who serves several offices which of them is meant."""

from __future__ import annotations

from collections.abc import Callable

from domain.buttons import Button
from domain.message import Choice, Message
from handlers import ui
from handlers.context import Context, message
from storage import offices


def asked(ctx: Context, to: Callable[[int], Button]) -> list[Message]:
    """Ask with one button for each office of the person; `to` makes the button of an office's id."""
    served = [office for number in ctx.person.offices if (office := offices.load(ctx.tx, number))]
    rows = [(Choice(ui.office_name(office), to(office.id)),) for office in served]
    return message(ctx.say("submit.which_office"), *rows)
