"""The commands, buttons and dialogues of the estimate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from domain import buttons
from domain.people import Right
from handlers.context import Command, Says, Taps
from handlers.estimate import innovations, profile, profile_asks, status, summary, whatif

COMMANDS: Sequence[Command] = (
    Command(
        "inovasi",
        "innovations",
        "innovations",
        Right.SEE_INNOVATIONS,
        innovations.listing,
        reads=innovations.reads_receipt_or_name,
    ),
    Command("status", "", "status", Right.SEE_STATUS, status.status, reads=status.reads_day_or_name),
    Command("simulasi", "whatif", "whatif", Right.SIMULATE, whatif.whatif, reads=whatif.reads_name_or_target),
    Command("profil", "profile", "profile", Right.EDIT_PROFILE, profile.overview, leaves_form=True),
    Command("rekap", "summary", "summary", Right.SEE_SUMMARY, summary.summary),
)
TAPS: Sequence[Taps[Any]] = (
    Taps(buttons.Status, Right.SEE_STATUS, status.tapped),
    Taps(buttons.StatusDay, Right.SEE_STATUS, status.tapped),
    Taps(buttons.StatusOffices, Right.SEE_STATUS, status.tapped),
    Taps(buttons.StatusRanking, Right.SEE_STATUS, status.tapped),
    Taps(buttons.StatusOffice, Right.SEE_STATUS, status.tapped),
    Taps(buttons.StatusInnovation, Right.SEE_STATUS, status.tapped),
    Taps(buttons.StatusIndicator, Right.SEE_STATUS, status.tapped),
    Taps(buttons.Whatif, Right.SIMULATE, whatif.tapped),
    Taps(buttons.Profile, Right.EDIT_PROFILE, profile.tapped),
    Taps(buttons.ProfileRow, Right.EDIT_PROFILE, profile.tapped),
    Taps(buttons.ProfileLevel, Right.EDIT_PROFILE, profile.tapped),
    Taps(buttons.ProfileEffort, Right.EDIT_PROFILE, profile.tapped),
    Taps(buttons.ProfileStart, Right.EDIT_PROFILE, profile.tapped),
    Taps(buttons.ProfileResult, Right.EDIT_PROFILE, profile.tapped),
    Taps(buttons.Summary, Right.SEE_SUMMARY, summary.tapped),
)
DIALOGUES: Sequence[Says] = (Says("profile", Right.EDIT_PROFILE, profile.said, profile_asks.reads),)
