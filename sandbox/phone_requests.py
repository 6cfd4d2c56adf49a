"""What the page asks of a phone of either channel: uploads read, files shown, journals listed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from typing import Any

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

UPLOAD_BYTES = 50_000_000
TEXT_CHARS = 4096
CAPTION_CHARS = 1024
JOURNAL_SHOWN = 200
# where people are when they share their location: the regency's town
LATITUDE, LONGITUDE = -2.5312, 112.9534
KINDS = frozenset({"document", "photo", "voice", "sticker"})
# what a file begins with, and what it may then be shown or played as; a WebP and a WAV are both RIFF
_SHOWN = (
    (b"\x89PNG\r\n", 0, "image/png"),
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"WEBP", 8, "image/webp"),
    (b"WAVE", 8, "audio/wav"),
    (b"OggS", 0, "audio/ogg"),
    (b"\x1aE\xdf\xa3", 0, "audio/webm"),
)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file somebody sends from the page."""

    kind: str  # one of KINDS
    name: str
    mime: str
    content: bytes
    caption: str = ""


@asynccontextmanager
async def uploads_in(request: Request) -> AsyncIterator[tuple[Mapping[str, Any], Sequence[Upload]]]:
    """Read the form and its files, of which the first carries the caption; raises HTTPException where there
    is none.
    """
    async with request.form(max_part_size=UPLOAD_BYTES) as form:
        files = [file for file in form.getlist("file") if isinstance(file, UploadFile)]
        if not files or form.get("kind") not in KINDS:
            raise HTTPException(400, "no file, or of no kind that is sent")
        captions = [str(form.get("caption", ""))[:CAPTION_CHARS]] + [""] * len(files)
        yield (
            {"person": form.get("person")},
            [
                await _read_upload(file, str(form["kind"]), caption)
                for file, caption in zip(files, captions, strict=False)
            ],
        )


async def _read_upload(file: UploadFile, kind: str, caption: str) -> Upload:
    mime = file.content_type or "application/octet-stream"
    return Upload(kind, file.filename or "berkas", mime, await file.read(), caption)


def location_in(body: Mapping[str, Any]) -> tuple[float, float]:
    """Read the location to share; the town where none is said."""
    return float(body.get("latitude", LATITUDE)), float(body.get("longitude", LONGITUDE))


def text_in(body: Mapping[str, Any]) -> str:
    """Read what was typed, as much as a message holds; raises HTTPException where it is nothing."""
    text = str(body.get("text", ""))[:TEXT_CHARS]
    if not text.strip():
        raise HTTPException(400, "no text")
    return text


def file_answer(content: bytes, *, show: bool) -> Response:
    """Hand a file out: a picture or a sound may be shown in the chat, anything else is only ever saved."""
    shown_as = _tell_media_type(content) if show else ""
    if shown_as:
        return Response(content, media_type=shown_as, headers={"X-Content-Type-Options": "nosniff"})
    headers = {"Content-Disposition": "attachment"}
    return Response(content, media_type="application/octet-stream", headers=headers)


def journal_answer(calls: Iterable[Any]) -> Response:
    """List the newest calls of a platform."""
    return JSONResponse([asdict(call) for call in list(calls)[-JOURNAL_SHOWN:]])


def _tell_media_type(content: bytes) -> str:
    """Tell by its first bytes what may be shown; "" for anything else."""
    return next((kind for mark, at, kind in _SHOWN if content[at : at + len(mark)] == mark), "")
