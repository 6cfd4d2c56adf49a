"""The words in which the running of the machine is judged."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How a part stands."""

    GREEN = "green"  # in order
    AMBER = "amber"  # somebody should look at it
    RED = "red"  # people are not served


@dataclass(frozen=True, slots=True)
class Condition:
    """How one part stands; `subject` is which of its kind: a part, a channel, a queue."""

    kind: str  # part, channel, webhook, template, queue, database, store, disk, backup, restart, clock
    subject: str
    level: Level
    minutes: int = 0  # it has lasted
    hours: int = 0  # since the last backup, or since one is asked for
    never: bool = False  # there was no backup yet
    megabytes: int = 0  # free on the disk
    count: int = 0  # templates that may not be sent
