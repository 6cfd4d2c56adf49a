"""The commands, buttons and dialogues of reminders."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from domain import buttons
from domain.people import Right
from domain.typed_choice import Reads
from handlers.context import Command, Says, Taps, reads
from handlers.reminders import named_page, snooze, switch, tasks, wordings

COMMANDS: Sequence[Command] = (
    Command("tugas", "tasks", "tasks", Right.SEE_TASKS, tasks.tasks),
    Command(
        "pengingat",
        "reminders",
        "reminders",
        Right.MANAGE_REMINDERS,
        named_page.command,
        more=("jeda", "pause"),
        reads=named_page.reads_page,
    ),
)
TAPS: Sequence[Taps[Any]] = (
    Taps(buttons.Reminders, Right.MANAGE_REMINDERS, switch.tapped),
    Taps(buttons.ReminderWording, Right.MANAGE_REMINDERS, wordings.tapped),
    Taps(buttons.Snooze, Right.SUBMIT, snooze.tapped),
    Taps(buttons.Target, Right.SUBMIT, snooze.tapped),
)
DIALOGUES: Sequence[Says] = (Says(snooze.DIALOGUE, Right.SUBMIT, snooze.said, reads(Reads.NAMES)),)
