"""Buttons the desk meets after the machine had trouble."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from domain.buttons.base import Button


@dataclass(frozen=True, slots=True)
class RestoredMessages(Button, head="rb"):
    """Messages a backup brought back: to send, or to drop."""

    choice: Literal["send", "drop"]
    restore: int

    @property
    def final(self) -> bool:
        """It sends or drops what waits."""
        return True
