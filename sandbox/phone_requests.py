"""What the page asks of a phone of either channel: uploads read, files shown, journals listed."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import asdict, dataclass
from typing import Any

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

POLL_SECONDS = 25.0
UPLOAD_BYTES = 50_000_000
TEXT_CHARS = 4096
JOURNAL_SHOWN = 200
# where people are when they share their place: the regency's town
LATITUDE, LONGITUDE = -2.5312, 112.9534
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file somebody sends from the page."""

    person: str
    is_photo: bool
    name: str
    mime: str
    content: bytes


async def upload_in(request: Request) -> Upload:
    """Read the form; raises HTTPException where there is no file."""
    async with request.form(max_part_size=UPLOAD_BYTES) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise HTTPException(400, "no file")
        return Upload(
            str(form.get("person", "")),
            form.get("kind") == "photo",
            file.filename or "berkas",
            file.content_type or "application/octet-stream",
            await file.read(),
        )


async def changed(phone: Any, request: Request) -> None:
    """Wait until a phone shows something new, or for as long as a poll lasts."""
    after = int(request.query_params.get("after", "-1"))
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(phone.until(after), POLL_SECONDS)


def place_in(body: dict[str, Any]) -> tuple[float, float]:
    """Read the place to share; the town where none is said."""
    return float(body.get("latitude", LATITUDE)), float(body.get("longitude", LONGITUDE))


def file_answer(content: bytes, *, show: bool) -> Response:
    """Hand a file out: a picture may be shown in the chat, anything else is only ever saved."""
    picture = _picture(content) if show else ""
    if picture:
        return Response(content, media_type=picture, headers={"X-Content-Type-Options": "nosniff"})
    headers = {"Content-Disposition": "attachment"}
    return Response(content, media_type="application/octet-stream", headers=headers)


def journal_answer(calls: Iterable[Any]) -> Response:
    """List the newest calls of a platform."""
    return JSONResponse([asdict(call) for call in list(calls)[-JOURNAL_SHOWN:]])


def _picture(content: bytes) -> str:
    """Tell the media type of a picture by its first bytes; "" for anything else."""
    if content.startswith(b"\x89PNG\r\n"):
        return "image/png"
    return "image/jpeg" if content.startswith(b"\xff\xd8\xff") else ""
