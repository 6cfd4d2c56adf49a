"""Serves an ASGI application on loopback inside the running loop."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn


class PortTaken(RuntimeError):
    """the port is in use"""


class Line:
    """The line to a server: it can be cut, so that nobody reaches it, and mended at the same address."""

    def __init__(self, server: uvicorn.Server, listener: socket.socket) -> None:
        """Nothing listens yet."""
        self._server, self._listener = server, listener
        self._host, self._port = listener.getsockname()
        self.address = f"http://{self._host}:{self._port}"
        self._is_cut = True

    async def mend(self) -> None:
        """Listen; nothing happens where it does already."""
        if not self._is_cut:
            return
        if self._listener.fileno() < 0:
            self._listener = _bind(self._host, self._port)
        await self._server.startup(sockets=[self._listener])
        self._is_cut = False

    def cut(self) -> None:
        """Break every connection and refuse new ones, as a network that is gone does."""
        self._stop_listening()
        for connection in list(self._server.server_state.connections):
            connection.transport.abort()

    async def close(self) -> None:
        """End in order."""
        self._stop_listening()
        for connection in list(self._server.server_state.connections):
            connection.shutdown()
        await asyncio.sleep(0)  # the connections close in the loop's next round

    def _stop_listening(self) -> None:
        self._is_cut = True
        for listening in self._server.servers:
            listening.close()
        self._listener.close()


@asynccontextmanager
async def serve(app: Any, host: str = "127.0.0.1", *, port: int = 0) -> AsyncIterator[str]:
    """Serve until the block ends; gives the address. Raises PortTaken with one sentence."""
    async with open_line(app, host, port=port) as line:
        yield line.address


@asynccontextmanager
async def open_line(app: Any, host: str = "127.0.0.1", *, port: int = 0) -> AsyncIterator[Line]:
    """Serve until the block ends, on a line that can be cut. Raises PortTaken with one sentence."""
    listener = _bind(host, port)
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # connections are dropped here on purpose
    config = uvicorn.Config(
        app,
        interface="asgi3",
        log_config=None,
        access_log=False,
        lifespan="off",
        proxy_headers=False,
        date_header=False,  # uvicorn's own loop would keep it right, and take 0.2 s to end
        timeout_keep_alive=300,
    )
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    line = Line(server, listener)
    await line.mend()
    try:
        yield line
    finally:
        await line.close()


def _bind(host: str, port: int) -> socket.socket:
    # the protocol is named: asyncio sends small answers at once (TCP_NODELAY) only where it is
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise PortTaken(
            f"{host}:{port} cannot be used: {error.strerror}; choose another with --port"
        ) from error
    return listener
