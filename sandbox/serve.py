"""Serve an ASGI application on loopback inside the running loop."""

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


@asynccontextmanager
async def serve(app: Any, host: str = "127.0.0.1", *, port: int = 0) -> AsyncIterator[str]:
    """Serve until the block ends; gives the address. Raises PortTaken with one sentence."""
    # named, or Nagle stays on
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise PortTaken(
            f"{host}:{port} cannot be used: {error.strerror}; choose another with --port"
        ) from error
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
    await server.startup(sockets=[listener])
    try:
        yield f"http://{host}:{listener.getsockname()[1]}"
    finally:
        for listening in server.servers:
            listening.close()
        for connection in list(server.server_state.connections):
            connection.shutdown()
        await asyncio.sleep(0)  # the connections close in the loop's next round
        listener.close()
