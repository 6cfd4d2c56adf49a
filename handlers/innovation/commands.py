"""The commands, buttons and dialogues of innovations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from domain import buttons
from domain.people import Right
from handlers.context import Command, Says, Taps, reads_files_itself
from handlers.innovation import (
    closed_draft,
    coach,
    copying,
    drafts,
    form,
    form_sheet,
    open_question,
    returned,
    rule_change,
    submit,
)

COMMANDS: Sequence[Command] = (
    Command("ajukan", "submit", "submit", Right.SUBMIT, submit.submit, leaves_form=True),
    Command("draf", "drafts", "drafts", Right.SUBMIT, drafts.drafts, leaves_form=True),
)
TAPS: Sequence[Taps[Any]] = (
    Taps(buttons.Form, Right.SUBMIT, form.tapped),
    Taps(buttons.NewDraft, Right.SUBMIT, submit.tapped),
    Taps(buttons.Coach, Right.SUBMIT, coach.tapped),
    Taps(buttons.CoachOffice, Right.SUBMIT, coach.tapped),
    Taps(buttons.CoachDate, Right.SUBMIT, coach.tapped),
    Taps(buttons.CoachPaper, Right.SUBMIT, coach.tapped),
    Taps(buttons.ClosedDraft, Right.SUBMIT, closed_draft.tapped),
    Taps(buttons.CopyList, Right.SUBMIT, copying.listed),
    Taps(buttons.Copy, Right.SUBMIT, copying.tapped),
    Taps(buttons.FollowRules, Right.SUBMIT, rule_change.tapped),
    Taps(buttons.TakeBackDraft, Right.SUBMIT, drafts.tapped),
    Taps(buttons.Returned, Right.SUBMIT, returned.tapped),
    Taps(buttons.SentList, Right.SUBMIT, returned.turned),
)
DIALOGUES: Sequence[Says] = (
    Says(
        form_sheet.DIALOGUE,
        Right.SUBMIT,
        form.said,
        open_question.reads,
        buttons.Form,
        takes_remarks=True,
        takes_files=reads_files_itself,
        knows=open_question.knows,
    ),
    Says(
        coach.DIALOGUE,
        Right.SUBMIT,
        coach.said,
        coach.reads,
        buttons.CoachPaper,
        words="coach.typed_stop",
        takes_files=reads_files_itself,
    ),
)
