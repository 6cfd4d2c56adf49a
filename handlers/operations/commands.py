"""The buttons of operations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from domain import buttons
from domain.people import Right
from handlers.context import Taps
from handlers.operations import restored_messages

TAPS: Sequence[Taps[Any]] = (
    Taps(buttons.RestoredMessages, Right.MANAGE_REMINDERS, restored_messages.decide),
)
