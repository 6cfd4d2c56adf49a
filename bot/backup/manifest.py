"""What a backup holds, by name, size and hash; written last, so that a backup without it is not whole."""

from __future__ import annotations

import re
from datetime import datetime

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

FORMAT = 1
NAME = "manifest.json"
DATABASE = "desk.db"
SETTINGS = "settings.env"
# as it lies under the evidence folder
_EVIDENCE = re.compile(r"(?:[0-9A-Za-z_.-]{1,64}/)?[0-9A-Za-z_.-]{1,128}", re.ASCII)


class BackupRefused(RuntimeError):
    """the backup cannot be used"""


class Held(BaseModel):
    """One file of a backup; `path` is where it lies in the evidence of the store."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    size: int  # bytes
    sha256: str

    @field_validator("path")
    @classmethod
    def _stays_inside(cls, value: str) -> str:
        if not _EVIDENCE.fullmatch(value) or ".." in value:
            raise ValueError("expected a path under the evidence folder")
        return value

    @field_validator("sha256")
    @classmethod
    def _is_hash(cls, value: str) -> str:
        if not re.fullmatch(r"[0-9a-f]{64}", value):
            raise ValueError("expected 64 hexadecimal digits")
        return value


class Manifest(BaseModel):
    """Everything a backup holds; `missing` names files the database names and that did not lie
    on the disk.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int = FORMAT
    program: str
    version: int  # of the tables
    made_at: datetime
    database_size: int  # bytes
    database_sha256: str
    files: tuple[Held, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """Bytes of the database and all files together."""
        return self.database_size + sum(file.size for file in self.files)

    def to_json(self) -> bytes:
        """Write it as it stands in a backup."""
        return self.model_dump_json(indent=1).encode()


def read(text: bytes) -> Manifest:
    """Read a manifest; raises BackupRefused when it is none, or one of a newer program."""
    try:
        manifest = Manifest.model_validate_json(text)
    except ValidationError as error:
        fault = error.errors()[0]
        raise BackupRefused(f"its {NAME} cannot be read: {fault['loc']}: {fault['msg']}") from None
    if manifest.format > FORMAT:
        raise BackupRefused(
            f"its format is {manifest.format}, this program reads {FORMAT}; install the newer one"
        )
    return manifest
