"""A server of bytes: it answers each request with what it was told to, whole or not, and then as usual."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress

from tests.kit.patience import PATIENCE

CLOSE = b"close"  # what it does in place of an answer
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Server:
    """Answers each request with what it was told to, and then as usual."""

    def __init__(self, answers: Iterator[tuple[bytes, ...]], *, silent: int) -> None:
        """Say nothing on the first `silent` connections."""
        self._answers = answers
        self._silent = silent
        self.requests: list[bytes] = []
        self.connections = 0
        self.serving: set[asyncio.Task[None]] = set()

    def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        speaks = self.connections > self._silent
        self.serving.add(asyncio.create_task(self._serve(reader, writer, speaks=speaks)))

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, speaks: bool
    ) -> None:
        with suppress(asyncio.IncompleteReadError, OSError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
                self.requests.append(head + await reader.readexactly(length))
                for piece in next(self._answers, (OK,)) if speaks else ():
                    if piece == CLOSE:
                        writer.close()
                        return
                    writer.write(piece)
                    await writer.drain()
        writer.close()


@asynccontextmanager
async def scripted(
    *answers: tuple[bytes, ...], tls: ssl.SSLContext | None = None, silent: int = 0
) -> AsyncIterator[tuple[Server, str]]:
    """Serve at an address, the second of what is yielded; each answer is written piece by piece."""
    server = Server(iter(answers), silent=silent)
    listening = await asyncio.start_server(server.take, "127.0.0.1", 0, ssl=tls)
    port = listening.sockets[0].getsockname()[1]
    try:
        yield server, f"{'https' if tls else 'http'}://localhost:{port}"
    finally:
        listening.close()
        if server.serving:  # they end as whoever asks closes
            await asyncio.wait(server.serving, timeout=PATIENCE)
