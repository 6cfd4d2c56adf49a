"""The command, buttons and dialogues of announcements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from domain import buttons
from domain.people import Right
from domain.typed_choice import Reads
from handlers.broadcast import broadcast, written_back
from handlers.context import Command, Says, Taps, reads

COMMANDS: Sequence[Command] = (
    Command("siaran", "broadcast", "broadcast", Right.BROADCAST, broadcast.command, leaves_form=True),
)
TAPS: Sequence[Taps[Any]] = (
    Taps(buttons.NewBroadcast, Right.BROADCAST, broadcast.begun),
    Taps(buttons.BroadcastAnswer, Right.BROADCAST, broadcast.answering),
    Taps(buttons.Broadcast, Right.BROADCAST, broadcast.tapped),
    Taps(buttons.BroadcastGo, Right.BROADCAST, broadcast.tapped),
    Taps(buttons.BroadcastPage, Right.BROADCAST, broadcast.tapped),
    Taps(buttons.BroadcastGroup, Right.BROADCAST, broadcast.tapped),
    Taps(buttons.BroadcastOffice, Right.BROADCAST, broadcast.tapped),
    Taps(buttons.BroadcastFile, Right.BROADCAST, broadcast.tapped),
    Taps(buttons.BroadcastTime, Right.BROADCAST, broadcast.tapped),
    Taps(buttons.BroadcastRecipients, Right.BROADCAST, broadcast.tapped),
    Taps(buttons.BroadcastExport, Right.BROADCAST, broadcast.tapped),
    Taps(buttons.BroadcastRead, Right.TALK, written_back.acknowledged),
)
DIALOGUES: Sequence[Says] = (
    Says(
        "broadcast",
        Right.BROADCAST,
        broadcast.said,
        broadcast.reads,
        takes_files=broadcast.takes_files,
        is_name=broadcast.is_name,
    ),
    Says(
        written_back.ANSWER, Right.BROADCAST, written_back.answer_said, reads(Reads.TEXT), takes_remarks=True
    ),
)
