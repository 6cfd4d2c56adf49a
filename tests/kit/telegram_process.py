"""The bot on Telegram as a process of its own, to be killed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bot.child_process import environment_without_settings
from tests.kit.warm_process import Process, start_run


def start_bot(
    folder: Path,
    *,
    token: str,
    api: str,
    settings: Mapping[str, str] | None = None,
    is_cold: bool = False,
) -> Process:
    """Start it; `api` is the root of the emulated Bot API, `settings` are more than it needs.

    Cold it starts from nothing.
    """
    environment = environment_without_settings() | {
        "DESK_DATA_DIR": str(folder),
        "DESK_TELEGRAM_TOKEN": token,
        "DESK_TELEGRAM_API_URL": api,
        "DESK_WEB_PORT": "0",
        "DESK_METRICS_PORT": "0",
        "DESK_LOG_LEVEL": "error",
        **(settings or {}),
    }
    return start_run(environment, is_cold=is_cold)
