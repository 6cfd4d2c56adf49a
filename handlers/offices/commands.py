"""The commands, buttons and dialogues of offices and invitations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from domain import buttons
from domain.people import Right
from domain.typed_choice import Reads
from handlers.context import Command, Says, Taps, reads, reads_files_itself
from handlers.offices import invite, invite_all, list_import, offices, rungs, staff

COMMANDS: Sequence[Command] = (
    Command(
        "undang", "invite", "invite", Right.INVITE, invite.invite, leaves_form=True, reads=invite.reads_office
    ),
    Command(
        "opd",
        "offices",
        "offices",
        Right.SEE_OFFICES,
        offices.listing,
        leaves_form=True,
        reads=offices.reads_office,
    ),
)
TAPS: Sequence[Taps[Any]] = (
    Taps(buttons.Invite, Right.INVITE, invite.tapped),
    Taps(buttons.InviteAll, Right.INVITE, invite_all.tapped),
    Taps(buttons.InviteRole, Right.INVITE, invite.tapped),
    Taps(buttons.Offices, Right.SEE_OFFICES, offices.tapped),
    Taps(buttons.ImportList, Right.MANAGE_OFFICES, list_import.tapped),
    Taps(buttons.OfficeList, Right.SEE_OFFICES, offices.tapped),
    Taps(buttons.Office, Right.SEE_OFFICES, offices.tapped),
    Taps(buttons.Staff, Right.MANAGE_OFFICES, staff.listing),
    Taps(buttons.Person, Right.MANAGE_OFFICES, staff.person),
    Taps(buttons.GiveRole, Right.MANAGE_OFFICES, staff.gives),
    Taps(buttons.EndRole, Right.MANAGE_OFFICES, staff.ends),
    Taps(buttons.OpenCodes, Right.INVITE, staff.codes),
    Taps(buttons.RevokeCode, Right.INVITE, staff.revokes),
    Taps(buttons.Rung, Right.MANAGE_OFFICES, rungs.tapped),
    Taps(buttons.Post, Right.SEE_OFFICES, offices.tapped),
)
DIALOGUES: Sequence[Says] = (
    Says(
        offices.DIALOGUE,
        Right.SEE_OFFICES,
        offices.said,
        reads(Reads.NAMES),
        takes_files=offices.takes_files,
        knows=offices.knows,
        is_name=offices.is_name,
    ),
    Says(
        list_import.DIALOGUE,
        Right.MANAGE_OFFICES,
        list_import.said,
        reads(Reads.NOTHING),
        takes_files=reads_files_itself,
    ),
    Says(invite.DIALOGUE, Right.INVITE, invite.said, reads(Reads.NAMES), is_name=invite.is_name),
)
