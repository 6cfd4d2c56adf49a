"""The bot on Telegram as a process of its own, to be killed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from bot.child_process import environment_without_settings


def start_bot(
    folder: Path, *, token: str, api: str, settings: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start it; `api` is the root of the emulated Bot API, `settings` are more than it needs."""
    environment = environment_without_settings() | {
        "DESK_DATA_DIR": str(folder),
        "DESK_TELEGRAM_TOKEN": token,
        "DESK_TELEGRAM_API_URL": api,
        "DESK_WEB_PORT": "0",
        "DESK_METRICS_PORT": "0",
        "DESK_LOG_LEVEL": "error",
        **(settings or {}),
    }
    return subprocess.Popen([sys.executable, "-m", "bot", "run"], env=environment)
