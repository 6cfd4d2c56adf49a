"""The media store of the emulated Cloud API: ids, addresses that need the token, sizes that are refused."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from sandbox.whatsapp_checks import INVALID_PARAMETER, MEDIA_BYTES, MEDIA_UPLOAD, GraphRefusal
from sandbox.whatsapp_phones import WhatsAppFile
from sandbox.wire import CloudApiObject

_KINDS: Mapping[str, str] = {"image/jpeg": "image", "image/png": "image", "image/webp": "sticker"}


@dataclass(frozen=True, slots=True)
class StoredMedia:
    """One file on the server."""

    name: str
    mime: str
    content: bytes

    @property
    def sha256(self) -> str:
        """Hash of the content, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(slots=True)
class Media:
    """Files by id."""

    stored: dict[str, StoredMedia] = field(default_factory=dict)

    def store(self, name: str, mime: str, content: bytes) -> str:
        """Keep a file of anybody's; returns its id."""
        media_id = str(7_000_000_000 + len(self.stored))
        self.stored[media_id] = StoredMedia(name, mime, content)
        return media_id

    def upload(self, name: str, mime: str, *, content: bytes) -> str:
        """Take an upload of the business; raises GraphRefusal for what the platform would refuse."""
        kind = _KINDS.get(mime) or mime.partition("/")[0]
        limit = MEDIA_BYTES.get(kind, MEDIA_BYTES["document"])
        if not content:
            raise GraphRefusal(MEDIA_UPLOAD, "the file is empty")
        if len(content) > limit:
            raise GraphRefusal(MEDIA_UPLOAD, f"{kind} must be at most {limit} bytes")
        return self.store(name, mime, content)

    def shown(self, media_id: str, kind: str, *, name: str) -> WhatsAppFile:
        """Return the file as a phone shows it; raises GraphRefusal where there is none."""
        if media_id.startswith("http"):
            return WhatsAppFile(media_id, kind, name or media_id.rsplit("/", 1)[-1], "", 0)
        media = self.stored.get(media_id)
        if media is None:
            raise GraphRefusal(INVALID_PARAMETER, f"{media_id} is not a media id of this number")
        return WhatsAppFile(media_id, kind, name or media.name, media.mime, len(media.content))

    def described(self, media_id: str, *, root: str) -> CloudApiObject:
        """Return what the API says of a file, its address included; raises GraphRefusal."""
        media = self.stored.get(media_id)
        if media is None:
            raise GraphRefusal(INVALID_PARAMETER, "Unsupported get request", status=404)
        return {
            "messaging_product": "whatsapp",
            "url": f"{root}/media/{media_id}",
            "mime_type": media.mime,
            "sha256": media.sha256,
            "file_size": len(media.content),
            "id": media_id,
        }
