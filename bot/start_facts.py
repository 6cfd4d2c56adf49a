"""What a bot says of itself when it has started: version, channels, addresses, database, next tick."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot import __version__

if TYPE_CHECKING:
    from bot.channels import Channel
    from bot.config import Settings

NOT_OPEN = "not open yet, tried again"


def start_facts(
    settings: Settings, channels: Mapping[str, Channel], *, ports: tuple[int, int], tick: datetime | None
) -> dict[str, str]:
    """List it by name, secrets left out; the channels under their own names.

    `ports` are those of the public and of the private web server, `tick` when the scheduler looks next.
    """
    public, private = ports
    return {
        "version": __version__,
        **{channel.name: channel.username or NOT_OPEN for channel in channels.values()},
        "web": f"http://{settings.web_host}:{public}",
        "figures": f"http://{settings.metrics_host}:{private}/status",
        "database": str(settings.database),
        "next_tick": f"{tick.astimezone(ZoneInfo(settings.timezone)):%H.%M.%S %Z}" if tick else "none",
    }
