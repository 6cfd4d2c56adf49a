"""The command, buttons and dialogue of exports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from domain import buttons
from domain.people import Right
from domain.typed_choice import Reads
from handlers.context import Command, Says, Taps, reads
from handlers.export import chosen_innovation, export

COMMANDS: Sequence[Command] = (
    Command("ekspor", "export", "export", Right.EXPORT, export.export, leaves_form=True),
)
TAPS: Sequence[Taps[Any]] = (
    Taps(buttons.ExportYear, Right.EXPORT, export.of_year),
    Taps(buttons.ExportMake, Right.EXPORT, export.make),
    Taps(buttons.ExportList, Right.EXPORT, export.choose),
    Taps(buttons.ExportOne, Right.EXPORT, export.tapped),
    Taps(buttons.ExportParts, Right.EXPORT, export.in_parts),
    Taps(buttons.PrintSheet, Right.SUBMIT, export.own_sheet),
    Taps(buttons.ExportScreen, Right.EXPORT, export.tapped),
    Taps(buttons.ExportTick, Right.EXPORT, export.tapped),
    Taps(buttons.ExportCopy, Right.EXPORT, export.tapped),
)
DIALOGUES: Sequence[Says] = (
    Says(
        chosen_innovation.DIALOGUE,
        Right.EXPORT,
        export.named,
        reads(Reads.NAMES),
        knows=chosen_innovation.is_named,
        is_name=chosen_innovation.is_named,
        asks_for_innovation=True,
    ),
)
