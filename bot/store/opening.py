"""Opens a store of files by its site, and brings files out of it with their hash checked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from bot.store.contract import CHUNK, Damaged, FileStore
from bot.store.folder import FolderStore


def open_store(site: str | Path, *, links: bool = False) -> FileStore:
    """Open a folder (also file:///…), or storage such as s3://bucket/prefix; raises StoreAway.

    With `links` a folder may share bytes with the files that are put there (`FolderStore`).
    """
    if str(site).startswith("file://"):
        site = url2pathname(urlsplit(str(site)).path)
    if "://" not in str(site):
        return FolderStore(Path(site), links=links)
    from bot.store.bucket import BucketStore  # here: its library takes a tenth of a second to import

    return BucketStore(str(site))


def hash_of(chunks: Iterable[bytes]) -> str:
    """Return the sha256 of what is streamed."""
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()


def hash_of_file(path: Path) -> str:
    """Return the sha256 of a file as it lies."""
    with path.open("rb") as source:
        return hash_of(iter(lambda: source.read(CHUNK), b""))


def fetch(store: FileStore, key: str, *, target: Path, sha256: str) -> None:
    """Write what lies under a key to a new file; raises FileNotFoundError, Damaged when its hash is another.

    Where it raises, nothing is left at the target.
    """
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    chunks, digest = store.chunks(key), hashlib.sha256()
    try:
        with target.open("xb") as out:
            for chunk in chunks:
                digest.update(chunk)
                out.write(chunk)
        if digest.hexdigest() != sha256:
            raise Damaged(f"{key} in {store.site} has other bytes than its hash says")
    except BaseException:
        target.unlink(missing_ok=True)
        raise
