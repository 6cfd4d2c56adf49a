"""What the rest of the bot asks of a store of files, whatever lies under it.

A key is a path with forward slashes, such as `evidence/ab/abcdef…`; the errors are:

StoreAway   the store cannot be reached, refuses us or is full
Damaged     the bytes under a key are not those that were put there
FileNotFoundError  nothing lies under the key
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

CHUNK = 1 << 20  # bytes read at once: no file is ever held whole
EVIDENCE, EXPORTS = "evidence", "exports"  # the areas of a desk's store
UNKNOWN = "unknown"  # what was set aside of evidence


class StoreAway(RuntimeError):
    """the store of files cannot be used"""


class Damaged(RuntimeError):
    """a file in the store has other bytes than its hash says"""


class FileStore(Protocol):
    """Holds files under keys; every call waits for disk or network, so it is made in a thread."""

    @property
    def address(self) -> str:
        """What `open_store` opens it by in another process."""
        ...

    @property
    def site(self) -> str:
        """Where it is, for a sentence; without a secret."""
        ...

    async def probe(self) -> None:
        """Ask whether the store can be used; unlike all else it takes no thread. Raises StoreAway."""
        ...

    def put(self, key: str, source: Path, *, replace: bool = False) -> None:
        """Keep the bytes of a file under a key, for good once this returns; the file stays where it is.

        What lies there in the same size is left as it is unless `replace`: keys are made of hashes.
        """
        ...

    def give(self, key: str, source: Path) -> None:
        """Put a file that its owner has no further use for: a folder on its disk need not copy the bytes."""
        ...

    def put_bytes(self, key: str, content: bytes) -> None:
        """Keep a small text under a key, in the place of what lay there."""
        ...

    def chunks(self, key: str) -> Iterator[bytes]:
        """Stream what lies under a key; raises FileNotFoundError at once."""
        ...

    def as_file(self, key: str, scratch: Path) -> AbstractContextManager[Path]:
        """Lend what lies under a key as a file: itself, or a copy in `scratch` that is gone afterwards."""
        ...

    def size(self, key: str) -> int | None:
        """Return how many bytes lie under a key; None where nothing does."""
        ...

    def sizes(self, area: str) -> Mapping[str, int]:
        """List every key below a folder of keys with its size (bytes)."""
        ...

    def folders(self, area: str) -> list[str]:
        """List the names of the folders of keys right below one."""
        ...

    def move(self, key: str, target: str) -> None:
        """Give what lies under a key another one."""
        ...

    def delete(self, key: str) -> None:
        """Remove what lies under a key, if anything does."""
        ...
