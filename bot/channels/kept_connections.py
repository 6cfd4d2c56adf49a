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

from bot.channels.answer_time import AnswerTime

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


class AnswerLate(NoAnswer):
    """nothing more of the answer came in time"""


class AnswerTooBig(NoAnswer):
    """an answer came, and is larger than is read"""


class KeptConnections:
    """Connections to one server; each carries one request at a time."""

    def __init__(
        self, root: str, *, headers: Mapping[str, str], seconds: float, answer_bytes: int = ANSWER_BYTES
    ) -> None:
        """Prepare; the first post opens a connection. Every path stands below `root`.

        A server may be silent for `seconds`, for longer where it was slow of late; of head and body of an
        answer no more than `answer_bytes` are read.
        """
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
        self._time = AnswerTime(seconds)
        self._answer_bytes = answer_bytes

    async def post(self, path: str, body: bytes) -> Answer:
        """Return status and body of the answer.

        Raises NeverLeft, and NoAnswer where it did not come whole or in time. Nothing is sent twice: nobody
        can say what became of it.
        """
        head = f"POST {self._prefix}{path} HTTP/1.1\r\n{self._fields}Content-Length: {len(body)}\r\n\r\n"
        async with self._at_once:
            connection = self._take_idle() or await self._open()
            began = monotonic()
            try:
                answer = await connection.ask(head.encode("latin-1") + body, seconds=self._time.seconds)
            except BaseException as error:
                connection.abort()  # what it still brings is nobody's answer
                if isinstance(error, AnswerLate):
                    self._time.missed()
                raise
            self._keep(connection)
        self._time.answered(connection.used_at - began)
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
                    lambda: _Connection(loop, answer_bytes=self._answer_bytes),
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

    def __init__(self, loop: asyncio.AbstractEventLoop, *, answer_bytes: int) -> None:
        """Read no more than so many bytes of an answer; its clock is the loop's."""
        self._loop = loop
        self._answer_bytes = answer_bytes
        self._parser = HttpResponseParser(self)
        self._body = bytearray()
        self._received = 0  # bytes of this answer
        self._status = 0  # once its head is read
        self._answer: asyncio.Future[Answer] | None = None
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._seconds = 0.0  # the server may be silent
        self._heard_at = 0.0  # by the loop's clock

    @property
    def is_open(self) -> bool:
        """Whether it can carry another request."""
        return self._transport is not None and not self._transport.is_closing()

    def ask(self, request: bytes, *, seconds: float) -> asyncio.Future[Answer]:
        """Send a request and return what will be its answer, or NoAnswer, also where the server is silent
        for so many seconds; raises NeverLeft.
        """
        if self._transport is None:
            raise NeverLeft("closed")
        self._answer = self._loop.create_future()
        self._received, self._seconds = 0, seconds
        self._heard_at = self._loop.time()
        self._timer = self._loop.call_later(seconds, self._look_at_clock)
        self._transport.write(request)
        return self._answer

    def _look_at_clock(self) -> None:
        """Give the answer up where nothing of it came for too long, else look again when that would be."""
        left = self._heard_at + self._seconds - self._loop.time()
        if left > 0:
            self._timer = self._loop.call_later(left, self._look_at_clock)
        else:
            self._fail(AnswerLate("no answer in time"))

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
            if self._received > self._answer_bytes:
                raise AnswerTooBig(f"an answer of more than {self._answer_bytes} bytes")
            if self._answer is None:
                raise HttpParserError("more than was asked for")
            self._parser.feed_data(data)
        except AnswerTooBig as error:
            self._fail(error)
            self.abort()
        except (HttpParserError, HttpParserUpgrade) as error:
            self._fail(NoAnswer(type(error).__name__))
            self.abort()
        if self._answer is not None:
            self._heard_at = self._loop.time()

    def connection_lost(self, error: Exception | None) -> None:
        """End an answer with its connection, as a server does that told no length: who reads it sees whether
        it is whole.
        """
        self._transport = None
        if self._status and self._answer is not None:
            self._finish()
        self._fail(NoAnswer(type(error).__name__ if error else "closed"))

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
        answer = self._take_answer()
        if answer is not None and not answer.done():
            answer.set_result((self._status, bytes(self._body)))
        self._status = 0
        self._body.clear()
        if not self._parser.should_keep_alive():
            self.abort()

    def _fail(self, error: NoAnswer) -> None:
        answer = self._take_answer()
        if answer is not None and not answer.done():
            answer.set_exception(error)

    def _take_answer(self) -> asyncio.Future[Answer] | None:
        """Take what is waited for, if anything is; the clock is not looked at any more."""
        if self._timer is not None:
            self._timer.cancel()
        answer, self._answer = self._answer, None
        return answer
