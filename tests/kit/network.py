"""An internet without a network, for links that people send."""

from __future__ import annotations

import asyncio

from bot.inbound.links import HEAD_BYTES, Links, Streams


class _Deaf(asyncio.Transport):
    """Takes everything and sends nothing."""

    def __init__(self, protocol: asyncio.Protocol) -> None:
        super().__init__()
        self._protocol, self._closed = protocol, False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Take it."""

    def is_closing(self) -> bool:
        """Tell whether it was closed."""
        return self._closed

    def close(self) -> None:
        """End the connection."""
        self._closed = True
        self._protocol.connection_lost(None)


def answering(answer: bytes, *, ends: bool = True) -> Streams:
    """A connection whose other side says this, and ends or falls silent."""
    reader = asyncio.StreamReader(limit=HEAD_BYTES)
    reader.feed_data(answer)
    if ends:
        reader.feed_eof()
    protocol = asyncio.StreamReaderProtocol(reader)
    return reader, asyncio.StreamWriter(_Deaf(protocol), protocol, reader, asyncio.get_running_loop())


def internet() -> Links:
    """A small internet without a network: `mati.…` has no address, `dalam.…` a private one, the rest
    answers.
    """

    async def resolve(host: str, port: int) -> list[str]:
        if host.startswith("mati."):
            raise OSError("no such name")
        return ["10.0.0.5"] if host.startswith("dalam.") else ["93.184.215.14"]

    async def connect(address: str, port: int, server_name: str) -> Streams:
        return answering(b"HTTP/1.1 200 OK\r\n\r\n")

    return Links(resolve=resolve, connect=connect)
