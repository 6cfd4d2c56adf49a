"""Posts to one server again and again: connections stay open, and the head of a request is written once.

A general client builds request, cookies and answer anew each time, which costs seven times as much CPU.
"""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from collections.abc import Mapping
from http import HTTPStatus
from socket import SOCK_STREAM
from time import monotonic
from typing import cast
from urllib.parse import urlsplit

from aiohappyeyeballs import start_connection
from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

CONNECT_SECONDS = 10.0
IDLE_SECONDS = 300.0  # a quiet bot would otherwise open a new TLS connection for most turns
CONNECTIONS = 256  # at most, open and under way
ANSWER_BYTES = 1_000_000  # of head and body; what a platform says to one message is a thousandth of that
OTHER_FAMILY_SECONDS = 0.25  # before an address of the other family is tried as well, RFC 8305

Answer = tuple[int, bytes]  # status and body


class NeverLeft(Exception):
    """no connection could be opened"""


class NoAnswer(Exception):
    """the request left and no whole answer came"""


class KeptConnections:
    """Connections to one server; each carries one request at a time."""

    def __init__(self, root: str, *, headers: Mapping[str, str]) -> None:
        """Prepare; the first post opens a connection. Every path stands below `root`."""
        server = urlsplit(root)
        self._prefix = server.path
        self._host = server.hostname or ""
        self._tls = server.scheme == "https"
        self._port = server.port or (443 if self._tls else 80)
        fields = {"Host": server.netloc, "User-Agent": "desk-inovasi", "Accept": "*/*", **headers}
        self._fields = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        self._context: ssl.SSLContext | None = None
        self._idle: deque[_Connection] = deque()  # the one that was used last at the end
        self._at_once = asyncio.Semaphore(CONNECTIONS)

    async def post(self, path: str, body: bytes, *, seconds: float) -> Answer:
        """Return status and body of the answer, waited for at most so many seconds.

        Raises NeverLeft, NoAnswer, and TimeoutError when the answer did not come in time. Nothing is sent
        twice: nobody can say what became of it.
        """
        head = f"POST {self._prefix}{path} HTTP/1.1\r\n{self._fields}Content-Length: {len(body)}\r\n\r\n"
        async with self._at_once:
            connection = self._take_idle() or await self._open()
            try:
                async with asyncio.timeout(seconds):
                    answer = await connection.ask(head.encode("latin-1") + body)
            except BaseException:
                connection.abort()  # what it still brings is nobody's answer
                raise
            self._keep(connection)
        return answer

    def count_open(self) -> int:
        """Count the connections that could carry the next request."""
        return sum(connection.is_open for connection in self._idle)

    async def close(self) -> None:
        """Close every connection that carries no request."""
        while self._idle:
            self._idle.pop().abort()

    def _take_idle(self) -> _Connection | None:
        """Take the connection that was used last, as the server is the least likely to have left it."""
        while self._idle:
            connection = self._idle.pop()
            if connection.is_open and monotonic() - connection.used_at < IDLE_SECONDS:
                return connection
            connection.abort()
        return None

    def _keep(self, connection: _Connection) -> None:
        """Keep a connection for the next request, and let go of the one that was idle for longest."""
        connection.used_at = monotonic()
        self._idle.append(connection)
        if connection.used_at - self._idle[0].used_at > IDLE_SECONDS:
            self._idle.popleft().abort()

    async def _open(self) -> _Connection:
        loop = asyncio.get_running_loop()
        if self._tls and self._context is None:
            self._context = ssl.create_default_context()
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                addresses = await loop.getaddrinfo(self._host, self._port, type=SOCK_STREAM)
                plain = await start_connection(addresses, happy_eyeballs_delay=OTHER_FAMILY_SECONDS)
                _, connection = await loop.create_connection(
                    _Connection,
                    sock=plain,
                    ssl=self._context,
                    server_hostname=self._host if self._tls else None,
                )
        except (OSError, TimeoutError) as error:
            raise NeverLeft(type(error).__name__) from None
        return connection


class _Connection(asyncio.Protocol):
    """One connection to the server, and the answer that comes over it."""

    used_at = 0.0  # when its last answer came (monotonic)

    def __init__(self) -> None:
        self._parser = HttpResponseParser(self)
        self._body = bytearray()
        self._received = 0  # bytes of this answer
        self._status = 0  # once its head is read
        self._answer: asyncio.Future[Answer] | None = None
        self._transport: asyncio.Transport | None = None

    @property
    def is_open(self) -> bool:
        """Whether it can carry another request."""
        return self._transport is not None and not self._transport.is_closing()

    def ask(self, request: bytes) -> asyncio.Future[Answer]:
        """Send a request and return what will be its answer, or NoAnswer; raises NeverLeft."""
        if self._transport is None:
            raise NeverLeft("closed")
        self._answer = asyncio.get_running_loop().create_future()
        self._received = 0
        self._transport.write(request)
        return self._answer

    def abort(self) -> None:
        """Close at once."""
        if self._transport is not None:
            self._transport.abort()

    # what asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's own is of no class of asyncio

    def data_received(self, data: bytes) -> None:
        self._received += len(data)
        try:
            if self._answer is None or self._received > ANSWER_BYTES:
                raise HttpParserError("more than was asked for")
            self._parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade) as error:
            self._fail(type(error).__name__)
            self.abort()

    def connection_lost(self, error: Exception | None) -> None:
        """End an answer with its connection, as a server does that told no length: who reads it sees whether
        it is whole.
        """
        self._transport = None
        if self._status and self._answer is not None:
            self._finish()
        self._fail(type(error).__name__ if error else "closed")

    # what the parser calls

    def on_message_begin(self) -> None:
        if self._answer is None:
            raise HttpParserError("a second answer")

    def on_headers_complete(self) -> None:
        self._status = self._parser.get_status_code()

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        if self._status >= HTTPStatus.OK:  # what is below only announces the answer
            self._finish()

    def _finish(self) -> None:
        answer, self._answer = self._answer, None
        if answer is not None and not answer.done():
            answer.set_result((self._status, bytes(self._body)))
        self._status = 0
        self._body.clear()
        if not self._parser.should_keep_alive():
            self.abort()

    def _fail(self, why: str) -> None:
        answer, self._answer = self._answer, None
        if answer is not None and not answer.done():
            answer.set_exception(NoAnswer(why))
