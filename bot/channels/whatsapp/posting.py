"""The one request that every message is, over connections that stay open: what httpx and pywa build of
request, cookies and answer costs more than all else of a send (`bench/turns.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from pywa.errors import WhatsAppError

from bot.channels import FateUnknown, NotSent
from bot.channels.kept_connections import Answer, KeptConnections, NeverLeft, NoAnswer
from bot.channels.whatsapp.failures import of_code
from domain.kept_json import read_json, write_json


class Posting:
    """Posts to one address of the Graph API."""

    def __init__(self, root: str, *, path: str, token: str, seconds: float) -> None:
        """Prepare; the first post opens a connection, inside the loop. An answer may take `seconds`."""
        self._path = path
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._connections = KeptConnections(root, headers=headers, seconds=seconds)

    async def post(self, fields: Mapping[str, Any]) -> Any:
        """Return the answer; raises SendError."""
        status, payload = await self._carry(write_json(fields).encode("utf-8", "replace"))
        if status >= HTTPStatus.BAD_REQUEST:
            code = _read_code(payload, status)
            raise of_code(code, f"{code} {WhatsAppError._get_exception(code).__name__}", status=status)
        try:
            return _read(payload)
        except ValueError as error:  # it was taken, and nobody can say under which id
            raise FateUnknown(type(error).__name__) from None

    async def _carry(self, body: bytes) -> Answer:
        try:
            return await self._connections.post(self._path, body)
        except NeverLeft as error:
            raise NotSent(str(error)) from None
        except NoAnswer as error:
            raise FateUnknown(str(error)) from None

    async def close(self) -> None:
        """Close every connection."""
        await self._connections.close()


def _read(payload: bytes) -> Any:
    return read_json(payload.decode("utf-8", "replace"))


def _read_code(payload: bytes, status: int) -> int:
    """Find the error's code in an answer; its status where it carries none."""
    try:
        return int(_read(payload)["error"]["code"])
    except (ValueError, LookupError, TypeError):
        return status
