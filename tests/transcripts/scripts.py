"""The scripts of this folder."""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).parent
SCRIPTS = sorted(path for path in HERE.glob("*.txt") if "." not in path.stem)


def beside(script: Path) -> Path:
    """The file that says what differs on WhatsApp."""
    return script.with_suffix(".whatsapp.txt")


def on_disk_lines(played: str) -> list[str]:
    """The lines that say what was kept of an innovation."""
    return [line for line in played.splitlines() if re.match(r"  = \d+\.\S+: ", line)]
