"""Asks a person who serves several offices which of them is meant."""

from __future__ import annotations

from domain.message import Choice, Message
from handlers.context import Context, message
from storage import offices

NAME_CHARS = 40  # of an office on a button; a longer name is said by its short form


def asked(ctx: Context, data: str) -> list[Message]:
    """Ask with one button for each office of the person; the button's data is `data` and the office's id."""
    served = [office for number in ctx.person.offices if (office := offices.load(ctx.tx, number))]
    rows = [
        (Choice(office.name if len(office.name) <= NAME_CHARS else office.short, f"{data}:{office.id}"),)
        for office in served
    ]
    return message(ctx.say("submit.which_office"), *rows)
