"""Every command, button family and dialogue in one table, in the order of the menu.

What answers them is imported at its first use: a start that imported all of it would answer a tenth later.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any

from domain.message import Message
from domain.people import Right
from handlers import help
from handlers.context import Button, Command, Context, Handle


class Later:
    """A handler that is imported when it is first asked."""

    __slots__ = ("_found", "module", "name")

    def __init__(self, module: str, name: str) -> None:
        """Name a function of a module of this package."""
        self.module, self.name = module, name
        self._found: Callable[[Context], Any] | None = None

    def load(self) -> Callable[[Context], Any]:
        """Import it; raises ImportError or AttributeError."""
        if self._found is None:
            self._found = getattr(import_module(f"handlers.{self.module}"), self.name)
        return self._found

    def __call__(self, ctx: Context) -> list[Message]:
        """Answer."""
        answered: list[Message] = (self._found or self.load())(ctx)
        return answered


at = Later

COMMANDS: Sequence[Command] = (
    Command("ajukan", "submit", "submit", Right.SUBMIT, at("submit", "submit"), leaves_form=True),
    Command("draf", "drafts", "drafts", Right.SUBMIT, at("drafts", "drafts"), leaves_form=True),
    Command("inovasi", "innovations", "innovations", Right.SEE_INNOVATIONS, at("innovations", "listing")),
    Command("tugas", "tasks", "tasks", Right.SEE_TASKS, at("tasks", "tasks")),
    Command("status", "", "status", Right.SEE_STATUS, at("status", "status")),
    Command("simulasi", "whatif", "whatif", Right.SIMULATE, at("whatif", "whatif")),
    Command("profil", "profile", "profile", Right.EDIT_PROFILE, at("profile", "overview"), leaves_form=True),
    Command("antrean", "queue", "review", Right.VERIFY, at("review", "queue"), leaves_form=True),
    Command("ekspor", "export", "export", Right.EXPORT, at("export", "export"), leaves_form=True),
    Command("undang", "invite", "invite", Right.INVITE, at("invite", "invite"), leaves_form=True),
    Command("opd", "offices", "offices", Right.SEE_OFFICES, at("offices", "listing"), leaves_form=True),
    Command("periode", "period", "period", Right.MANAGE_PERIODS, at("period", "period"), leaves_form=True),
    Command("siaran", "broadcast", "broadcast", Right.BROADCAST, at("broadcast", "command"), leaves_form=True),
    Command("pengingat", "reminders", "reminders", Right.MANAGE_REMINDERS, at("reminders", "overview")),
    Command("rekap", "summary", "summary", Right.SEE_SUMMARY, at("summary", "summary")),
)
ALWAYS: Sequence[Command] = (  # at the end of the menu, behind the help that explains them all
    Command("batal", "cancel", "cancel", Right.TALK, at("cancel", "cancel"), leaves_form=True),
    Command("bahasa", "language", "language", Right.TALK, at("language", "language")),
    Command("privasi", "privacy", "privacy", Right.TALK, at("privacy", "privacy")),
    Command("start", "", "start", Right.TALK, at("start", "start"), leaves_form=True, more=("mulai",)),
)
BUTTONS: Sequence[Button] = (
    Button("f", Right.SUBMIT, at("filling", "tapped")),
    Button("a", Right.SUBMIT, at("submit", "tapped")),
    Button("c", Right.SUBMIT, at("coach", "tapped")),
    Button("y", Right.SUBMIT, at("copying", "tapped")),
    Button("v", Right.SUBMIT, at("versions", "tapped")),
    Button("d", Right.SUBMIT, at("drafts", "tapped")),
    Button("st", Right.SEE_STATUS, at("status", "tapped")),
    Button("wi", Right.SIMULATE, at("whatif", "tapped")),
    Button("pf", Right.EDIT_PROFILE, at("profile", "tapped")),
    Button("u", Right.INVITE, at("invite", "tapped")),
    Button("o", Right.SEE_OFFICES, at("offices", "tapped")),
    Button("p", Right.MANAGE_PERIODS, at("period", "tapped")),
    Button("rp", Right.MANAGE_REMINDERS, at("reminders", "tapped")),
    Button("rs", Right.SEE_SUMMARY, at("summary", "tapped")),
    Button("rm", Right.SUBMIT, at("snooze", "tapped")),
    Button("w", Right.TALK, at("acting", "tapped")),
    Button("q", Right.VERIFY, at("review", "tapped")),
    Button("x", Right.EXPORT, at("export", "tapped")),
    Button("rk", Right.SUBMIT, at("returned", "tapped")),
    Button("sr", Right.BROADCAST, at("broadcast", "tapped")),
    Button("sb", Right.TALK, at("broadcast_talk", "acknowledged")),
    Button("l", Right.TALK, at("language", "chosen")),
    Button("s", Right.TALK, at("start", "consented")),
    Button("me", Right.TALK, at("privacy", "tapped")),
)
DIALOGUES: Mapping[str, tuple[Right, Handle]] = {  # by the name under which a handler opens it
    "form": (Right.SUBMIT, at("filling", "said")),
    "coach": (Right.SUBMIT, at("coach", "said")),
    "profile": (Right.EDIT_PROFILE, at("profile", "said")),
    "offices": (Right.SEE_OFFICES, at("offices", "said")),
    "invite": (Right.INVITE, at("invite", "said")),
    "act": (Right.TALK, at("acting", "said")),
    "review": (Right.VERIFY, at("review", "said")),
    "broadcast": (Right.BROADCAST, at("broadcast", "said")),
    "broadcast_answer": (Right.BROADCAST, at("broadcast_talk", "answer_said")),
    "snooze": (Right.SUBMIT, at("snooze", "said")),
    "privacy": (Right.TALK, at("privacy", "said")),
    "phone": (Right.TALK, at("start", "phone_said")),
}
replied = at("broadcast_talk", "replied")  # to an announcement, whatever else is open


class Registry:
    """The table by name; a second entry of a name is refused."""

    def __init__(
        self,
        commands: Sequence[Command],
        buttons: Sequence[Button],
        dialogues: Mapping[str, tuple[Right, Handle]] | None = None,
    ) -> None:
        """Register; raises ValueError naming what stands twice."""
        self.commands, self.dialogues = tuple(commands), dialogues or {}
        self.by_name: dict[str, Command] = {}
        self.by_prefix: dict[str, Button] = {}
        for command in commands:
            for name in {command.name, command.also, *command.more} - {""}:
                if name in self.by_name:
                    raise ValueError(f'command "{name}" stands twice')
                self.by_name[name] = command
        for button in buttons:
            if button.prefix in self.by_prefix:
                raise ValueError(f'button "{button.prefix}" stands twice')
            self.by_prefix[button.prefix] = button

    def load(self) -> None:
        """Import whatever was not needed yet."""
        handles = [command.handle for command in self.commands]
        handles += [button.handle for button in self.by_prefix.values()]
        handles += [handle for _, handle in self.dialogues.values()]
        for handle in (*handles, replied):
            if isinstance(handle, Later):
                handle.load()


def registry() -> Registry:
    """Put the table together."""
    commands = [*COMMANDS]
    commands += [help.helper(commands), *ALWAYS]
    return Registry(commands, BUTTONS, DIALOGUES)
