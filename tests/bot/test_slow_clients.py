"""Connections that send nothing keep nobody else waiting, and are let go."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.listening import bind
from bot.log import logger
from bot.slow_clients import OPEN_AT_MOST, BoundedClient
from bot.web import Application, Receive, Reply, Scope, serve
from tests.kit.patience import PATIENCE

HALF = b"POST /telegram HTTP/1.1\r\nHost: x\r\nContent-Le"
HALF_BODY = b"GET /health HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n1"
WHOLE = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"


class Impatient(BoundedClient):
    """Waits for a fifth of a second."""

    silent_seconds = 0.2


async def answer(scope: Scope, receive: Receive) -> Reply:
    while (await receive()).get("more_body"):
        pass
    return Reply(200, b"fine")


@asynccontextmanager
async def serving(client: type[BoundedClient]) -> AsyncIterator[int]:
    """A server on a free port that knows one address."""
    listener = bind("127.0.0.1", 0)
    task = asyncio.create_task(
        serve(Application(logger(), {("GET", "/health"): answer}), listener, client=client)
    )
    try:
        yield int(listener.getsockname()[1])
    finally:
        task.cancel()
        await asyncio.wait({task})
        listener.close()


async def test_a_heap_of_half_open_connections_leaves_the_others_alone() -> None:
    async with serving(BoundedClient) as port:
        opened = []
        for _ in range(OPEN_AT_MOST + 100):
            opened.append(await asyncio.open_connection("127.0.0.1", port))
            opened[-1][1].write(HALF)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(WHOLE)
        assert (await reader.readline()).startswith(b"HTTP/1.1 200")
        closed = [await read_end(reader) for reader, _ in opened[:100]]
        assert all(closed), "the oldest were not let go"
        for _, each in [*opened, (reader, writer)]:
            each.close()


async def test_half_a_request_is_not_waited_for_for_ever() -> None:
    async with serving(Impatient) as port:
        for begun in (b"", HALF, HALF_BODY):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(begun)
            assert await read_end(reader), begun
            writer.close()


async def test_half_of_a_second_request_is_not_waited_for_either() -> None:
    async with serving(Impatient) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(WHOLE)
        await reader.readuntil(b"fine")
        writer.write(HALF)
        assert await read_end(reader)
        writer.close()


async def test_between_two_requests_a_connection_stays() -> None:
    async with serving(Impatient) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(2):
            writer.write(WHOLE)
            # the whole answer: its head and its body may come one after the other
            assert (await reader.readuntil(b"fine")).startswith(b"HTTP/1.1 200")
            await asyncio.sleep(4 * Impatient.silent_seconds)
        writer.close()


async def read_end(reader: asyncio.StreamReader) -> bool:
    """Read until the server ends the connection; False when it does not."""
    try:
        async with asyncio.timeout(PATIENCE):
            while await reader.read(1000):
                pass
    except ConnectionResetError:
        return True
    except TimeoutError:
        return False
    return True
