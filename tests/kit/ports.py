"""Ports for servers of a test that are told where to listen."""

from __future__ import annotations

from bot.listening import bind


def free_port() -> int:
    """Find a port nobody listens at."""
    with bind("127.0.0.1", 0) as listener:
        return int(listener.getsockname()[1])
