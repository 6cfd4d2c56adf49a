"""The line from the bot to a platform: cut as a network that is gone, and mended."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from sandbox.serve import open_line
from tests.kit.patience import PATIENCE


async def test_a_line_that_is_cut_is_refused_until_it_is_mended() -> None:
    """What was under way breaks; nothing that is asked meanwhile reaches the server."""
    asked = asyncio.Event()

    async def answer(request: Request) -> Response:
        return PlainTextResponse("ya")

    async def wait(request: Request) -> Response:
        asked.set()
        await asyncio.Event().wait()
        raise AssertionError("nobody waits for this")

    app = Starlette(routes=[Route("/", answer), Route("/wait", wait)])
    async with open_line(app) as line, httpx.AsyncClient(base_url=line.address, timeout=PATIENCE) as client:
        assert (await client.get("/")).text == "ya"
        waiting = asyncio.create_task(client.get("/wait"))
        await asked.wait()
        line.cut()
        with pytest.raises(httpx.TransportError):
            await waiting
        for _ in range(2):
            with pytest.raises(httpx.ConnectError):
                await client.get("/")
        await line.mend()
        await line.mend()
        assert (await client.get("/")).text == "ya"
