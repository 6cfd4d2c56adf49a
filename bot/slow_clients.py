"""Lets go of clients of the web server that open a connection and send nothing, or only half a request."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol

SILENT_SECONDS = 10.0  # after which a connection without a whole request is closed, twice that at most
OPEN_AT_MOST = (
    256  # connections that wait for their client; the one that waits longest makes room for another
)
ACCEPTED_AT_ONCE = 64  # connections taken in one round of the loop, before any of them can be let go


class BoundedClient(AutoHTTPProtocol):  # type: ignore[misc, valid-type]
    """One connection; how many there may be, and for how long, does not depend on who opens them."""

    cycle: Any  # the request under way, None before the first
    connections: set[BoundedClient]  # every open one of the same server
    silent_seconds = SILENT_SECONDS

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Begin to wait for a request; the oldest of too many that wait is closed."""
        super().connection_made(transport)
        self._loop = asyncio.get_running_loop()
        self.opened_at = self._loop.time()
        self._looked_at: object = self  # nothing a request could be
        self._timer = self._loop.call_later(self.silent_seconds, self._look)
        if len(self.connections) > OPEN_AT_MOST:
            waiting = [client for client in self.connections if client.waits]
            if len(waiting) > OPEN_AT_MOST:
                min(waiting, key=_rank).abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the timer."""
        self._timer.cancel()
        super().connection_lost(exc)

    @property
    def waits(self) -> bool:
        """Whether the client has still to send something, and not we."""
        return self.cycle is None or self.cycle.response_complete or self.cycle.more_body

    def abort(self) -> None:
        """Close without a word."""
        self.connections.discard(self)  # the next one counts anew before this one is really gone
        self.transport.abort()

    def _look(self) -> None:
        """Close when nothing has come further since the last look; between two requests the server's own
        time-out holds.
        """
        idle = self.cycle is not None and self.timeout_keep_alive_task is not None
        if self.waits and not idle and self._looked_at is (self.cycle or self):
            self.abort()
            return
        self._looked_at = self.cycle or self
        self._timer = self._loop.call_later(self.silent_seconds, self._look)


def _rank(client: BoundedClient) -> tuple[bool, float]:
    """Who has never sent a request goes before who has, and the oldest first."""
    return client.cycle is not None, client.opened_at
