"""HTTP for Telegram: what every turn asks goes over connections that stay open, the rest over aiohttp.

The default client of python-telegram-bot costs 80 % of a turn and collapses when many calls are open.
These also tell apart what never left from what may have arrived.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from time import monotonic
from typing import Any

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.channels import kept_connections
from bot.channels.answer_time import AnswerTime
from bot.channels.kept_connections import KeptConnections
from domain.kept_json import read_json, write_json

POOL = 256  # connections
KEEP_ALIVE = 300.0  # seconds; a quiet bot would otherwise open a new TLS connection for most turns
CONNECT = 10.0  # seconds
READ = 20.0  # seconds, of an ordinary call
READ_MEDIA = 120.0  # seconds, of an upload
# of an answer; a poll brings at most 100 updates, of which the longest texts make 10 MB
BODY_BYTES = 16_000_000
_PIECE = 65_536  # bytes
_LONGEST_NUMBER = 20  # digits of 64 bits with a sign; longer ones cost time and are no id
_AS_JSON = {"Content-Type": "application/json"}
_Body = dict[str, Any]  # what aiohttp is told of a body


class NeverLeft(NetworkError):
    """the request did not leave this machine"""


class NoAnswer(TimedOut):
    """the request left and no answer came; only the cause's name is kept: its text may carry the token"""


class AnswerTooBig(NoAnswer):
    """an answer came, and is larger than we read"""


def decoded(payload: bytes) -> Any:
    """Read the result of an answer; numbers that no id can be stay as they were written. Raises NoAnswer."""
    try:
        try:
            answer = read_json(payload.decode())
        except ValueError:  # also a number of thousands of digits
            answer = json.loads(
                payload, parse_int=lambda text: int(text) if len(text) <= _LONGEST_NUMBER else text
            )
        return answer["result"]
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise NoAnswer(type(error).__name__) from None


class Calls:
    """Posts calls without files below one address, and returns their raw results.

    The library's typed methods build objects of parameters and answer that nobody here looks at, and a
    general client the request anew each time: without both a send costs a quarter of the CPU
    (`bench/turns.py`).
    """

    def __init__(self, root: str, *, seconds: float = READ) -> None:
        """Prepare; the first call opens a connection. The server may be silent for `seconds`."""
        self._connections = KeptConnections(root, headers=_AS_JSON, seconds=seconds, answer_bytes=BODY_BYTES)
        self._root = root

    async def ask(self, method: str, parameters: Mapping[str, Any]) -> Any:
        """Post a call and return its raw result; raises the library's errors."""
        body = write_json(parameters).encode("utf-8", "replace")
        try:
            status, payload = await self._connections.post(f"/{method}", body)
        except kept_connections.NeverLeft as error:
            raise NeverLeft(str(error)) from None
        except kept_connections.AnswerTooBig as error:
            raise AnswerTooBig(str(error)) from None
        except kept_connections.NoAnswer as error:
            raise NoAnswer(str(error)) from None
        if status == HTTPStatus.OK:
            return decoded(payload)
        return await _Answered(status, payload).post(f"{self._root}/{method}")

    async def close(self) -> None:
        """Close every connection."""
        await self._connections.close()


class AiohttpRequest(BaseRequest):
    """The library's own calls, which are few, and files."""

    def __init__(self) -> None:
        """The session is opened by `initialize`, inside the loop."""
        self._time = AnswerTime(READ)
        self._session: aiohttp.ClientSession | None = None

    async def initialize(self) -> None:
        """Open the pool of connections."""
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=POOL, keepalive_timeout=KEEP_ALIVE)
            self._session = aiohttp.ClientSession(connector=connector, auto_decompress=True)

    async def shutdown(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    @property
    def read_timeout(self) -> float:
        """Seconds an answer may take."""
        return self._time.seconds

    async def do_request(  # noqa: PLR0917  the library's own signature
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Send one request; raises NeverLeft or NoAnswer."""
        if self._session is None:
            raise RuntimeError("initialize was not called")
        uploads = request_data is not None and request_data.contains_files
        seconds = READ_MEDIA if uploads else self._time.seconds
        waits, began = aiohttp.ClientTimeout(sock_connect=CONNECT, sock_read=seconds), monotonic()
        try:
            async with self._session.request(
                method, url, timeout=waits, **_make_body(request_data)
            ) as response:
                if not uploads:
                    self._time.answered(monotonic() - began)
                return response.status, await _read_bounded(response)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NeverLeft(type(error).__name__) from None
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            if isinstance(error, TimeoutError) and not uploads:
                self._time.missed()
            raise NoAnswer(type(error).__name__) from None

    async def download(self, url: str) -> aiohttp.ClientResponse:
        """Open a file for reading in pieces; the caller releases it. Raises NeverLeft."""
        if self._session is None:
            raise RuntimeError("initialize was not called")
        timeout = aiohttp.ClientTimeout(sock_connect=CONNECT, sock_read=READ)
        try:
            return await self._session.get(url, timeout=timeout)
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise NeverLeft(type(error).__name__) from None


async def _read_bounded(response: aiohttp.ClientResponse) -> bytes:
    """Read an answer up to its limit; raises AnswerTooBig before more is held."""
    if (response.content_length or 0) <= BODY_BYTES:
        chunks = bytearray()
        async for piece in response.content.iter_chunked(_PIECE):
            chunks += piece
            if len(chunks) > BODY_BYTES:
                break
        else:
            return bytes(chunks)
    response.close()  # what is left of it is not worth reading
    raise NoAnswer("too big")


class _Answered(BaseRequest):
    """An answer that came, for the library to say what it means."""

    def __init__(self, status: int, payload: bytes) -> None:
        self._answer = status, payload

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    @property
    def read_timeout(self) -> float:
        """Seconds an answer may take; this one is here."""
        return 0.0

    async def do_request(self, url: str, method: str, *_: Any, **__: Any) -> tuple[int, bytes]:
        return self._answer


def _make_body(data: RequestData | None) -> _Body:
    if data is None:
        return {}
    if not data.contains_files:
        return {"data": data.json_payload, "headers": _AS_JSON}
    form = aiohttp.FormData(quote_fields=False)  # quoted, a name would arrive with its %20s
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return {"data": form}
