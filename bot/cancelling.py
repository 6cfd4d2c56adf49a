"""Ends a task that runs beside the others."""

from __future__ import annotations

import asyncio


async def cancel_and_wait(task: asyncio.Task[None]) -> None:
    """Cancel a task and wait for its end; how it ended is told by whoever watches it."""
    task.cancel()
    await asyncio.wait({task})
    if not task.cancelled():
        task.exception()  # unread, it would be told again at exit
