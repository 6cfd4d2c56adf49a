"""A store of files in S3-compatible storage, by obstore: streamed both ways in parts.

Its keys come from the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION, AWS_ENDPOINT),
https://developmentseed.org/obstore/latest/api/store/aws/.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import obstore
from obstore.exceptions import BaseError
from obstore.store import ObjectStore, from_url

from bot.store.contract import CHUNK, StoreAway

if TYPE_CHECKING:
    from obstore import BytesStream
    from obstore.store import ClientConfig, RetryConfig

T = TypeVar("T")
PARTS_AT_ONCE = 2  # of 5 MB each, while a file is put
_RETRY: RetryConfig = {"max_retries": 4, "retry_timeout": timedelta(seconds=60)}
PROBED = "probed"  # a folder of keys that is never used
NO_BUCKET = "NoSuchBucket"  # an error of the storage that obstore gives as if there were no object


class BucketStore:
    """Keeps each key as an object below the prefix of its address."""

    def __init__(self, address: str) -> None:
        """Name it, such as s3://bucket/prefix; raises StoreAway for an address of an unknown kind."""
        self.address, self.site = address, without_secret(address)
        self._store: ObjectStore = self._ask(
            lambda: from_url(address, client_options=_read_client(), retry_config=_RETRY)
        )

    async def probe(self) -> None:
        """List where nothing lies: unlike a question for one object this tells of a bucket that is gone."""
        with self._in_one_sentence():
            await obstore.list_with_delimiter_async(self._store, PROBED)

    def put(self, key: str, source: Path, *, replace: bool = False) -> None:
        if replace or self.size(key) != source.stat().st_size:
            self._write(key, source)

    def give(self, key: str, source: Path) -> None:
        self._write(key, source)

    def put_bytes(self, key: str, content: bytes) -> None:
        self._write(key, content)

    def _write(self, key: str, content: bytes | Path) -> None:
        try:
            self._ask(lambda: obstore.put(self._store, key, content, max_concurrency=PARTS_AT_ONCE))
        except FileNotFoundError:
            raise StoreAway(f"{self.site} is not there; make it first") from None

    def chunks(self, key: str) -> Iterator[bytes]:
        stream = self._ask(lambda: obstore.get(self._store, key)).stream(min_chunk_size=CHUNK)
        return self._read(stream)

    def _read(self, stream: BytesStream) -> Iterator[bytes]:
        while True:
            chunk = self._ask(lambda: next(stream, None))
            if chunk is None:
                return
            yield bytes(chunk)

    @contextmanager
    def as_file(self, key: str, scratch: Path) -> Iterator[Path]:
        """Lend a copy."""
        scratch.mkdir(parents=True, exist_ok=True, mode=0o700)
        copy = scratch / f".lent-{secrets.token_hex(8)}"
        try:
            with copy.open("xb") as out:
                for chunk in self.chunks(key):
                    out.write(chunk)
            yield copy
        finally:
            copy.unlink(missing_ok=True)

    def size(self, key: str) -> int | None:
        with suppress(FileNotFoundError):
            return int(self._ask(lambda: obstore.head(self._store, key))["size"])
        return None

    def sizes(self, area: str) -> Mapping[str, int]:
        """List the objects, a thousand at a time."""

        def work() -> Mapping[str, int]:
            return {
                entry["path"]: entry["size"] for part in obstore.list(self._store, area) for entry in part
            }

        return self._ask(work)

    def folders(self, area: str) -> list[str]:
        listed = self._ask(lambda: obstore.list_with_delimiter(self._store, area))
        return sorted(prefix.rpartition("/")[2] for prefix in listed["common_prefixes"])

    def move(self, key: str, target: str) -> None:
        self._ask(lambda: obstore.rename(self._store, key, target))

    def delete(self, key: str) -> None:
        with suppress(FileNotFoundError):  # removed by an earlier try that was cut off
            self._ask(lambda: obstore.delete(self._store, key))

    def _ask(self, work: Callable[[], T]) -> T:
        """Ask the storage; raises StoreAway with one sentence, FileNotFoundError where there is no object."""
        with self._in_one_sentence():
            return work()

    @contextmanager
    def _in_one_sentence(self) -> Iterator[None]:
        try:
            yield
        except (BaseError, ValueError, OSError) as error:
            if NO_BUCKET in str(error):
                raise StoreAway(f"{self.site}: there is no such bucket; make it first") from None
            if isinstance(error, FileNotFoundError):
                raise
            said = str(error).strip().splitlines()
            raise StoreAway(f"{self.site}: {said[0] if said else type(error).__name__}") from None


def _read_client() -> ClientConfig:
    """Say how long a request may take, its body included.

    Where options are given obstore reads none of them from the environment.
    """
    allows = os.environ.get("AWS_ALLOW_HTTP", "").lower() == "true"
    return {"connect_timeout": "10s", "timeout": "10m", "allow_http": allows}


def without_secret(address: str) -> str:
    """Leave out of an address who signs in with it."""
    return re.sub(r"//[^/@]*@", "//…@", address)
