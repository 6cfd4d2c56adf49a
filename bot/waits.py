"""How long the bot waits before it tries again what did not succeed, in seconds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Waits:
    """The waits of one run of the bot."""

    first: float = 0.5  # where a platform or the disk fails; doubled with each try
    longest: float = 30.0
    refused: float = 60.0  # where a platform refuses us: somebody has to mend that first
    locked: float = 1.0  # for the lock of a bot that was just killed


WAITS = Waits()
