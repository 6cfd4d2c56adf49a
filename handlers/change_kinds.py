"""The acts of the desk, of whatever kind, as one dialogue and one family of buttons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from domain import buttons
from domain.people import Right
from handlers.change.acts import DIALOGUE, Acting
from handlers.context import Says, Taps
from handlers.offices import changes, handover, roles, rungs
from handlers.period import changes as period_changes
from handlers.period import offices
from handlers.reminders import holding

ROOMS = (period_changes, offices, changes, handover, roles, rungs, holding)
ACTING = Acting([act for room in ROOMS for act in room.ACTS])
TAPS: Sequence[Taps[Any]] = (
    Taps(buttons.ChangeCancel, Right.TALK, ACTING.tapped),
    Taps(buttons.ChangeYes, Right.TALK, ACTING.tapped),
    Taps(buttons.ChangeChoice, Right.TALK, ACTING.tapped),
)
DIALOGUES: Sequence[Says] = (Says(DIALOGUE, Right.TALK, ACTING.said, ACTING.reads),)
