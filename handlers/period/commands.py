"""The command and buttons of the period."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from domain import buttons
from domain.people import Right
from handlers.context import Command, Taps
from handlers.period import period

COMMANDS: Sequence[Command] = (
    Command("periode", "period", "period", Right.MANAGE_PERIODS, period.period, leaves_form=True),
)
TAPS: Sequence[Taps[Any]] = (Taps(buttons.Period, Right.MANAGE_PERIODS, period.tapped),)
