"""The commands, buttons and dialogues of the door; the help that explains every command is made by the
registry.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from domain import buttons
from domain.people import Right
from domain.typed_choice import Reads
from handlers.context import Command, Says, Taps, reads, reads_files_itself
from handlers.door import bell, cancel, code_found, language, linking, own_number, privacy, second_role, start

COMMANDS: Sequence[Command] = (
    Command("batal", "cancel", "cancel", Right.TALK, cancel.cancel, leaves_form=True),
    Command("bahasa", "language", "language", Right.TALK, language.language, reads=language.names_language),
    Command(
        "tautkan", "link", "linking", Right.TALK, linking.link, leaves_form=True, reads=linking.reads_code
    ),
    Command("privasi", "privacy", "privacy", Right.TALK, privacy.privacy),
    Command(
        "start",
        "",
        "start",
        Right.TALK,
        start.start,
        leaves_form=True,
        more=("mulai",),
        reads=code_found.reads_code,
    ),
)
TAPS: Sequence[Taps[Any]] = (
    Taps(buttons.Bell, Right.TALK, bell.tapped),
    Taps(buttons.Language, Right.TALK, language.chosen),
    Taps(buttons.LiveClause, Right.SUBMIT, language.clause_chosen),
    Taps(buttons.Consent, Right.TALK, start.consented),
    Taps(buttons.AddRole, Right.TALK, second_role.answered),
    Taps(buttons.Link, Right.TALK, linking.tapped),
    Taps(buttons.Privacy, Right.TALK, privacy.tapped),
)
DIALOGUES: Sequence[Says] = (
    Says(privacy.DIALOGUE, Right.TALK, privacy.said, reads(Reads.NOTHING)),
    Says(
        own_number.PHONE,
        Right.TALK,
        own_number.phone_said,
        reads(Reads.NOTHING),
        takes_files=reads_files_itself,
        again=own_number.phone_asked,
    ),
)
