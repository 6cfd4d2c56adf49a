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
from handlers.reminders import commands as reminders
from handlers.review import commands as review

MENU = (  # the door's own come last, behind the help that explains them all
    "ajukan", "draf", "inovasi", "tugas", "status", "simulasi", "profil", "antrean", "ekspor", "undang", "opd",
    "periode", "siaran", "pengingat", "rekap",
)  # fmt: skip
ROOMS = (innovation, estimate, reminders, review, export, offices, period, broadcast)
TAPS: Sequence[Taps[Any]] = (
    *innovation.TAPS, *estimate.TAPS, *reminders.TAPS, *review.TAPS, *export.TAPS, *offices.TAPS, *period.TAPS,
    *broadcast.TAPS, *operations.TAPS, *door.TAPS, *change_kinds.TAPS,
)  # fmt: skip
DIALOGUES: Sequence[Says] = (
    *innovation.DIALOGUES, *estimate.DIALOGUES, *reminders.DIALOGUES, *review.DIALOGUES, *offices.DIALOGUES,
    *broadcast.DIALOGUES, *door.DIALOGUES, *change_kinds.DIALOGUES,
)  # fmt: skip
Entry = TypeVar("Entry")


class Registry:
    """The table by name; a second entry of a name is refused."""

    def __init__(
        self, commands: Sequence[Command], taps: Sequence[Taps[Any]] = (), *, dialogues: Sequence[Says] = ()
    ) -> None:
        """Register; raises ValueError naming what stands twice."""
        self.commands = tuple(commands)
        names = [(name, one) for one in commands for name in (one.name, one.also, *one.more) if name]
        self.by_name = _once("command", names)
        self.dialogues = _once("dialogue", [(one.name, one) for one in dialogues])
        families = _once("button", [(one.family.__name__, one) for one in taps]).values()
        self.by_prefix: dict[str, list[Taps[Any]]] = {}
        for one in families:
            self.by_prefix.setdefault(one.family.prefix(), []).append(one)

    def taps(self, data: str) -> Sequence[Taps[Any]]:
        """List the families that data may be of, by its first word; the data is untrusted."""
        return self.by_prefix.get(data.partition(":")[0], ())


def _once(what: str, entries: Iterable[tuple[str, Entry]]) -> Mapping[str, Entry]:
    found: dict[str, Entry] = {}
    for name, entry in entries:
        if name in found:
            raise ValueError(f'{what} "{name}" stands twice')
        found[name] = entry
    return found


def registry() -> Registry:
    """Put the table together."""
    commands = in_menu([one for room in ROOMS for one in room.COMMANDS])
    # the help reads the same list, so it explains itself too
    commands += [help.helper(commands), *door.COMMANDS]
    return Registry(commands, (*TAPS, help.pages(commands)), dialogues=DIALOGUES)


def in_menu(commands: Sequence[Command]) -> list[Command]:
    """Put commands in the order of the menu; raises ValueError naming one that has no place there."""
    for one in commands:
        if one.name not in MENU:
            raise ValueError(f'command "{one.name}" has no place in the menu')
    return sorted(commands, key=lambda one: MENU.index(one.name))
