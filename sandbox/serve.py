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
        timeout_keep_alive=300,
    )
    server = uvicorn.Server(config)
    # the public entry takes the signals over
    serving = asyncio.ensure_future(server._serve(sockets=[listener]))
    while not server.started:
        if serving.done():
            await serving
        await asyncio.sleep(0.002)
    try:
        yield f"http://{host}:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        server.force_exit = True
        await asyncio.wait({serving}, timeout=5.0)
        listener.close()
