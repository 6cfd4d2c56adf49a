"""Reads the printed log of a replayed period by itself: nothing here knows the bot, its tables or its rules.

What is held against it are the platform's published limits: a day's window after a person's last words, and
to one person a message each six seconds, of which 45 may come at once.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

MONTHS = {
    "Januari": 1,
    "Februari": 2,
    "Maret": 3,
    "April": 4,
    "Mei": 5,
    "Juni": 6,
    "Juli": 7,
    "Agustus": 8,
    "September": 9,
    "Oktober": 10,
    "November": 11,
    "Desember": 12,
}
_HEAD = re.compile(
    r"^\w+, (?P<day>\d+) (?P<month>\w+) (?P<year>\d+) pukul (?P<hour>\d\d)\.(?P<minute>\d\d) WIB"
    r" (?P<way>[→←]) (?P<name>[^·:]+?)(?P<whatsapp> · WhatsApp)?( · templat (?P<template>\w+))?(: .*)?$"
)
WINDOW = timedelta(hours=24)
PAIR_AT_ONCE, PAIR_SECONDS = 45, 6


@dataclass(frozen=True, slots=True)
class Entry:
    """One message of the log, to a minute."""

    at: datetime  # local
    way: Literal["→", "←"]  # to the person, from the person
    name: str
    on_whatsapp: bool
    template: str  # "" for a free message


def entries(log: str) -> Iterator[Entry]:
    """Read every message, in order."""
    for line in log.splitlines():
        if head := _HEAD.match(line):
            month = MONTHS[head["month"]]
            at = datetime(int(head["year"]), month, int(head["day"]), int(head["hour"]), int(head["minute"]))
            way: Literal["→", "←"] = "→" if head["way"] == "→" else "←"
            yield Entry(at, way, head["name"], bool(head["whatsapp"]), head["template"] or "")


def outside_window(log: str) -> list[Entry]:
    """List the free messages on WhatsApp to people whose last words are a day old, or who never spoke."""
    spoke: dict[str, datetime] = {}
    late = []
    for entry in entries(log):
        if entry.way == "←":
            spoke[entry.name] = entry.at
        elif entry.on_whatsapp and not entry.template and not _is_open(spoke.get(entry.name), entry.at):
            late.append(entry)
    return late


def _is_open(spoke: datetime | None, at: datetime) -> bool:
    return spoke is not None and at - spoke < WINDOW


def over_pair_limit(log: str) -> list[Entry]:
    """List the messages on WhatsApp for which a person's allowance was used up."""
    allowed: dict[str, float] = defaultdict(lambda: float(PAIR_AT_ONCE))
    last: dict[str, datetime] = {}
    over = []
    for entry in entries(log):
        if entry.way == "→" and entry.on_whatsapp:
            rested = (entry.at - last.get(entry.name, entry.at)).total_seconds() / PAIR_SECONDS
            allowed[entry.name] = min(PAIR_AT_ONCE, allowed[entry.name] + rested) - 1
            last[entry.name] = entry.at
            if allowed[entry.name] < 0:
                over.append(entry)
    return over
