"""Who takes the commands and buttons of the estimate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from domain import buttons
from domain.people import Right
from handlers.context import Taps
from handlers.estimate import profile, status, summary, whatif

TAPS: Sequence[Taps[Any]] = (
    Taps(buttons.Status, Right.SEE_STATUS, status.tapped),
    Taps(buttons.StatusDay, Right.SEE_STATUS, status.tapped),
    Taps(buttons.StatusOffices, Right.SEE_STATUS, status.tapped),
    Taps(buttons.StatusOffice, Right.SEE_STATUS, status.tapped),
    Taps(buttons.StatusInnovation, Right.SEE_STATUS, status.tapped),
    Taps(buttons.StatusIndicator, Right.SEE_STATUS, status.tapped),
    Taps(buttons.Whatif, Right.SIMULATE, whatif.tapped),
    Taps(buttons.Profile, Right.EDIT_PROFILE, profile.tapped),
    Taps(buttons.ProfileRow, Right.EDIT_PROFILE, profile.tapped),
    Taps(buttons.ProfileLevel, Right.EDIT_PROFILE, profile.tapped),
    Taps(buttons.ProfileEffort, Right.EDIT_PROFILE, profile.tapped),
    Taps(buttons.Summary, Right.SEE_SUMMARY, summary.tapped),
)
