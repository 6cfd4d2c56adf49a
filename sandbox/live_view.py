"""What the page looks at: one request tells of every phone it shows, as soon as one of them changes.

A browser opens six connections to a server; a request for each phone would use them up.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.phone_page import PhonePage, PhoneShown

POLL_SECONDS = 25.0


class LiveView:
    """The phones of all channels, and a bell that rings when one shows something new."""

    def __init__(self, pages: Sequence[PhonePage]) -> None:
        self._pages = pages
        self._run = secrets.token_hex(4)  # numbers of an earlier sandbox mean nothing in this one
        self._rings = 0
        self._rang = asyncio.Event()
        for page in pages:
            for address in page.crowd:
                page.phone(address).on_change = self.ring

    def ring(self) -> None:
        """Say that a phone shows something new."""
        self._rings += 1
        self._rang.set()

    async def people(self, request: Request) -> Response:
        """List everybody who can be talked as."""
        return JSONResponse({"people": [person for page in self._pages for person in page.people()]})

    async def look(self, request: Request) -> Response:
        """Answer with the phones that changed: `phone=ID:SEQ` for each that is shown, `after` the last
        answer's `rings`.
        """
        query = request.query_params
        same_run = query.get("run") == self._run
        shown = dict(_read_pair(pair, same_run=same_run) for pair in query.getlist("phone"))
        if same_run and not self._changed(shown):
            await self._wait(int(query.get("after", "-1")))
        return JSONResponse(
            {
                "run": self._run,
                "rings": self._rings,
                "phones": self._changed(shown),
                "unread": {
                    address: page.phone(address).unread for page in self._pages for address in page.crowd
                },
            }
        )

    def _changed(self, shown: dict[str, int]) -> dict[str, PhoneShown]:
        """What is new on the phones that are shown, by person; `shown` has the numbers the page knows."""
        return {
            address: page.show(address)
            for page in self._pages
            for address, seq in shown.items()
            if address in page.crowd and page.phone(address).seq > seq
        }

    async def _wait(self, rings: int) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(POLL_SECONDS):
                while self._rings <= rings:
                    self._rang.clear()
                    await self._rang.wait()


def _read_pair(pair: str, *, same_run: bool) -> tuple[str, int]:
    address, _, seq = pair.rpartition(":")
    return address, int(seq) if same_run else -1
