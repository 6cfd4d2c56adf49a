"""What a turn asked for and was brought, as the inbox keeps it until the turn is taken again."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from bot.inbound import albums
from domain.message import CheckedLink, Fetched, FetchedAlbum, FileRefusal, LetterRead, ReadList, StoredFile
from domain.wants import WantsFile, WantsLink

_FETCHED = {kind.__name__: kind for kind in (StoredFile, FileRefusal, CheckedLink, ReadList)}


def fetched_json(fetched: Fetched) -> str:
    """Write what a fetch brought, as the inbox keeps it."""
    return json.dumps(_to_plain(fetched))


def _to_plain(fetched: Fetched) -> dict[str, Any]:
    kind = type(fetched).__name__
    if isinstance(fetched, FetchedAlbum):
        return {"is": kind, "files": [_to_plain(file) for file in fetched.files]}
    return {"is": kind, **asdict(fetched)}


def read_fetched(raw: str | None) -> Fetched | None:
    """Read what a fetch brought; None where nothing was fetched yet."""
    return None if raw is None or raw == albums.GATHERED else _from_plain(json.loads(raw))


def is_unfetched(raw: str | None, wants: WantsFile | WantsLink) -> bool:
    """Tell whether what a turn wants was not brought yet; an album may have grown since."""
    fetched = read_fetched(raw)
    if isinstance(wants, WantsFile) and wants.album and isinstance(fetched, FetchedAlbum):
        return len(fetched.files) < len(wants.album)
    return fetched is None


def _from_plain(fields: dict[str, Any]) -> Fetched:
    kind = fields.pop("is")
    if kind == FetchedAlbum.__name__:
        return FetchedAlbum(tuple(_from_plain(file) for file in fields["files"]))  # type: ignore[misc]
    if letter := fields.get("letter"):
        fields["letter"] = LetterRead(**letter)
    return _FETCHED[kind](**fields)
