"""The one request that every message is, by aiohttp itself: what httpx and pywa build of request, cookies and
answer costs more than all else of a send (`bench/turns.py`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from time import monotonic
from typing import Any

import aiohttp
from pywa.errors import WhatsAppError

from bot.channels import FateUnknown, NotSent
from bot.channels.answer_time import AnswerTime
from bot.channels.whatsapp.failures import of_code

POOL = 256  # connections
KEEP_ALIVE = 300.0  # seconds; a quiet bot would otherwise open a new TLS connection for most turns

_write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Posting:
    """Posts to one address of the Graph API."""

    def __init__(self, url: str, token: str, *, seconds: float) -> None:
        """Prepare; the first post opens the pool, inside the loop. An answer may take `seconds`."""
        self._url = url
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._time = AnswerTime(seconds)
        self._session: aiohttp.ClientSession | None = None

    async def post(self, fields: Mapping[str, Any]) -> Any:
        """Return the answer; raises SendError."""
        status, payload = await self._carry(_write(fields).encode("utf-8", "replace"))
        if status >= HTTPStatus.BAD_REQUEST:
            code = _read_code(payload, status)
            raise of_code(code, f"{code} {WhatsAppError._get_exception(code).__name__}", status=status)
        try:
            return json.loads(payload)
        except ValueError as error:  # it was taken, and nobody can say under which id
            raise FateUnknown(type(error).__name__) from None

    async def _carry(self, body: bytes) -> tuple[int, bytes]:
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=POOL, keepalive_timeout=KEEP_ALIVE)
            self._session = aiohttp.ClientSession(connector=connector, headers=self._headers)
        began, waits = monotonic(), self._time.timeout
        try:
            async with self._session.post(
                self._url, data=body, timeout=waits, allow_redirects=False
            ) as response:
                self._time.answered(monotonic() - began)
                return response.status, await response.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotSent(type(error).__name__) from None
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            if isinstance(error, TimeoutError):
                self._time.missed()
            raise FateUnknown(type(error).__name__) from None

    async def close(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()
            self._session = None


def _read_code(payload: bytes, status: int) -> int:
    """Find the error's code in an answer; its status where it carries none."""
    try:
        return int(json.loads(payload)["error"]["code"])
    except (ValueError, LookupError, TypeError):
        return status
