"""Tells systemd that the bot is ready, alive and stopping (sd_notify(3)); says nothing where none listens."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable, Mapping

LONGEST_SECONDS = 15.0  # between two signs of life


class ServiceManager:
    """The socket systemd has named, if any."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        """Read where to report, and how often a sign of life is expected."""
        self._address = environment.get("NOTIFY_SOCKET", "")
        self._within = int(environment.get("WATCHDOG_USEC") or 0) / 1_000_000

    def tell(self, word: str) -> None:
        """Send one word such as READY=1; a service manager that is away is no reason to stop."""
        if not self._address:
            return
        address = f"\0{self._address[1:]}" if self._address.startswith("@") else self._address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender:
                sender.setblocking(False)
                sender.sendto(word.encode(), address)
        except OSError:
            return

    async def keep_alive(self, is_well: Callable[[], bool]) -> None:
        """Give a sign of life, twice as often as is asked for, while all parts come round."""
        while True:
            if self._within and is_well():
                self.tell("WATCHDOG=1")
            await asyncio.sleep(min(self._within / 2 or LONGEST_SECONDS, LONGEST_SECONDS))
