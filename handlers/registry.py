"""Every command, button family and dialogue in one table, in the order of the menu."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from handlers import change_kinds
from handlers.broadcast import commands as broadcast
from handlers.context import Command, Says, Taps
from handlers.door import commands as door
from handlers.door import help
from handlers.estimate import commands as estimate
from handlers.export import commands as export
from handlers.innovation import commands as innovation
from handlers.offices import commands as offices
from handlers.operations import commands as operations
from handlers.period import commands as period
from handlers.questions import commands as questions
from handlers.reminders import commands as reminders
from handlers.review import commands as review

MENU = (  # the door's own come last, behind the help that explains them all
    "ajukan", "draf", "inovasi", "tugas", "status", "simulasi", "profil", "antrean", "ekspor", "undang",
    "opd", "periode", "siaran", "pengingat", "rekap", "tanya",
)  # fmt: skip
ROOMS = (innovation, estimate, reminders, review, export, offices, period, broadcast, questions)
TAPS: Sequence[Taps[Any]] = (
    *innovation.TAPS, *estimate.TAPS, *reminders.TAPS, *review.TAPS, *export.TAPS, *offices.TAPS,
    *period.TAPS, *broadcast.TAPS, *questions.TAPS, *operations.TAPS, *door.TAPS, *change_kinds.TAPS,
)  # fmt: skip
DIALOGUES: Sequence[Says] = (
    *innovation.DIALOGUES, *estimate.DIALOGUES, *reminders.DIALOGUES, *review.DIALOGUES, *export.DIALOGUES,
    *offices.DIALOGUES,
    *broadcast.DIALOGUES, *questions.DIALOGUES, *door.DIALOGUES, *change_kinds.DIALOGUES,
)  # fmt: skip
Entry = TypeVar("Entry")


class Registry:
    """The table by name; a second entry of a name is refused."""

    def __init__(
        self, commands: Sequence[Command], taps: Sequence[Taps[Any]] = (), *, dialogues: Sequence[Says] = ()
    ) -> None:
        """Register; raises ValueError naming what stands twice."""
        self.commands = tuple(commands)
        names = [
            (name, entry) for entry in commands for name in (entry.name, entry.also, *entry.more) if name
        ]
        self.by_name = _index_once("command", names)
        self.dialogues = _index_once("dialogue", [(entry.name, entry) for entry in dialogues])
        families = _index_once("button", [(entry.family.__name__, entry) for entry in taps]).values()
        self.by_prefix: dict[str, list[Taps[Any]]] = {}
        for entry in families:
            self.by_prefix.setdefault(entry.family.prefix(), []).append(entry)

    def taps(self, data: str) -> Sequence[Taps[Any]]:
        """List the families that data may be of, by its first word; the data is untrusted."""
        return self.by_prefix.get(data.partition(":")[0], ())


def _index_once(what: str, entries: Iterable[tuple[str, Entry]]) -> Mapping[str, Entry]:
    entries_by_name: dict[str, Entry] = {}
    for name, entry in entries:
        if name in entries_by_name:
            raise ValueError(f'{what} "{name}" stands twice')
        entries_by_name[name] = entry
    return entries_by_name


def registry() -> Registry:
    """Put the table together."""
    commands = in_menu([command for room in ROOMS for command in room.COMMANDS])
    # the help reads the same list, so it explains itself too
    commands += [help.helper(commands), *door.COMMANDS]
    return Registry(commands, (*TAPS, help.pages(commands)), dialogues=DIALOGUES)


def in_menu(commands: Sequence[Command]) -> list[Command]:
    """Put commands in the order of the menu; raises ValueError naming one that has no place there."""
    for command in commands:
        if command.name not in MENU:
            raise ValueError(f'command "{command.name}" has no place in the menu')
    return sorted(commands, key=lambda command: MENU.index(command.name))
