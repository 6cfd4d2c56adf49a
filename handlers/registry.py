"""Every command, button family and dialogue in one table, in the order of the menu."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from domain.people import Right
from handlers import change_kinds
from handlers.broadcast import broadcast, talk
from handlers.context import Button, Command, Handle, Taps
from handlers.door import cancel, help, language, privacy, start
from handlers.estimate import commands as estimate
from handlers.estimate import innovations, profile, status, summary, whatif
from handlers.export import export
from handlers.innovation import coach, copying, drafts, form, returned, rule_change, submit
from handlers.offices import invite, offices
from handlers.period import period
from handlers.reminders import reminders, snooze, tasks
from handlers.review import queue

COMMANDS: Sequence[Command] = (
    Command("ajukan", "submit", "submit", Right.SUBMIT, submit.submit, leaves_form=True),
    Command("draf", "drafts", "drafts", Right.SUBMIT, drafts.drafts, leaves_form=True),
    Command("inovasi", "innovations", "innovations", Right.SEE_INNOVATIONS, innovations.listing),
    Command("tugas", "tasks", "tasks", Right.SEE_TASKS, tasks.tasks),
    Command("status", "", "status", Right.SEE_STATUS, status.status),
    Command("simulasi", "whatif", "whatif", Right.SIMULATE, whatif.whatif),
    Command("profil", "profile", "profile", Right.EDIT_PROFILE, profile.overview, leaves_form=True),
    Command("antrean", "queue", "review", Right.VERIFY, queue.queue, leaves_form=True),
    Command("ekspor", "export", "export", Right.EXPORT, export.export, leaves_form=True),
    Command("undang", "invite", "invite", Right.INVITE, invite.invite, leaves_form=True),
    Command("opd", "offices", "offices", Right.SEE_OFFICES, offices.listing, leaves_form=True),
    Command("periode", "period", "period", Right.MANAGE_PERIODS, period.period, leaves_form=True),
    Command("siaran", "broadcast", "broadcast", Right.BROADCAST, broadcast.command, leaves_form=True),
    Command("pengingat", "reminders", "reminders", Right.MANAGE_REMINDERS, reminders.overview),
    Command("rekap", "summary", "summary", Right.SEE_SUMMARY, summary.summary),
)
ALWAYS: Sequence[Command] = (  # at the end of the menu, behind the help that explains them all
    Command("batal", "cancel", "cancel", Right.TALK, cancel.cancel, leaves_form=True),
    Command("bahasa", "language", "language", Right.TALK, language.language),
    Command("privasi", "privacy", "privacy", Right.TALK, privacy.privacy),
    Command("start", "", "start", Right.TALK, start.start, leaves_form=True, more=("mulai",)),
)
BUTTONS: Sequence[Button] = (
    Button("f", Right.SUBMIT, form.tapped),
    Button("a", Right.SUBMIT, submit.tapped),
    Button("c", Right.SUBMIT, coach.tapped),
    Button("y", Right.SUBMIT, copying.tapped),
    Button("v", Right.SUBMIT, rule_change.tapped),
    Button("d", Right.SUBMIT, drafts.tapped),
    Button("u", Right.INVITE, invite.tapped),
    Button("o", Right.SEE_OFFICES, offices.tapped),
    Button("p", Right.MANAGE_PERIODS, period.tapped),
    Button("rp", Right.MANAGE_REMINDERS, reminders.tapped),
    Button("rm", Right.SUBMIT, snooze.tapped),
    Button("w", Right.TALK, change_kinds.tapped),
    Button("q", Right.VERIFY, queue.tapped),
    Button("x", Right.EXPORT, export.tapped),
    Button("rk", Right.SUBMIT, returned.tapped),
    Button("sr", Right.BROADCAST, broadcast.tapped),
    Button("sb", Right.TALK, talk.acknowledged),
    Button("l", Right.TALK, language.chosen),
    Button("s", Right.TALK, start.consented),
    Button("me", Right.TALK, privacy.tapped),
)
TAPS: Sequence[Taps[Any]] = (*estimate.TAPS,)
DIALOGUES: Mapping[str, tuple[Right, Handle]] = {  # by the name under which a handler opens it
    "form": (Right.SUBMIT, form.said),
    "coach": (Right.SUBMIT, coach.said),
    "profile": (Right.EDIT_PROFILE, profile.said),
    "offices": (Right.SEE_OFFICES, offices.said),
    "invite": (Right.INVITE, invite.said),
    "act": (Right.TALK, change_kinds.said),
    "review": (Right.VERIFY, queue.said),
    "broadcast": (Right.BROADCAST, broadcast.said),
    "broadcast_answer": (Right.BROADCAST, talk.answer_said),
    "snooze": (Right.SUBMIT, snooze.said),
    "privacy": (Right.TALK, privacy.said),
    "phone": (Right.TALK, start.phone_said),
}


class Registry:
    """The table by name; a second entry of a name is refused."""

    def __init__(
        self,
        commands: Sequence[Command],
        buttons: Sequence[Button],
        dialogues: Mapping[str, tuple[Right, Handle]] | None = None,
        taps: Sequence[Taps[Any]] = (),
    ) -> None:
        """Register; raises ValueError naming what stands twice."""
        self.commands, self.dialogues = tuple(commands), dialogues or {}
        self.by_name: dict[str, Command] = {}
        self.by_prefix: dict[str, Button | Taps[Any]] = {}
        self.families: dict[str, list[Taps[Any]]] = {}
        for command in commands:
            for name in {command.name, command.also, *command.more} - {""}:
                if name in self.by_name:
                    raise ValueError(f'command "{name}" stands twice')
                self.by_name[name] = command
        for button in buttons:
            if button.prefix in self.by_prefix:
                raise ValueError(f'button "{button.prefix}" stands twice')
            self.by_prefix[button.prefix] = button
        for one in taps:
            same = self.families.setdefault(one.family.prefix(), [])
            if one.family in (entry.family for entry in same):
                raise ValueError(f'button "{one.family.__name__}" stands twice')
            same.append(one)
            self.by_prefix[one.family.prefix()] = one


def registry() -> Registry:
    """Put the table together."""
    commands = [*COMMANDS]
    commands += [help.helper(commands), *ALWAYS]
    return Registry(commands, BUTTONS, DIALOGUES, TAPS)
