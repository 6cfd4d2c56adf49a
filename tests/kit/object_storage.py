"""S3-compatible storage on loopback: moto's emulator as a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from time import monotonic, sleep
from urllib.error import URLError
from urllib.request import Request, urlopen

from tests.kit.ports import free_port

START_SECONDS = 150.0  # it takes two
MISSING = "moto, which plays the object storage, is not installed; `uv sync --group dev` brings it"


class ObjectStorage:
    """A running emulator."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint

    @property
    def variables(self) -> Mapping[str, str]:
        """What a process has in its environment to reach it."""
        return {
            "AWS_ACCESS_KEY_ID": "nobody",
            "AWS_SECRET_ACCESS_KEY": "nothing",
            "AWS_REGION": "us-east-1",
            "AWS_ENDPOINT": self.endpoint,
            "AWS_ALLOW_HTTP": "true",
        }

    def make_bucket(self, name: str) -> None:
        """Make a bucket as its owner would."""
        self._ask("PUT", name)

    def remove_bucket(self, name: str) -> None:
        """Remove an empty bucket."""
        self._ask("DELETE", name)

    def _ask(self, method: str, name: str) -> None:
        urlopen(Request(f"{self.endpoint}/{name}", method=method), timeout=START_SECONDS).close()


def is_installed() -> bool:
    """Tell whether the emulator can be started here."""
    return all(find_spec(name) is not None for name in ("moto", "flask", "flask_cors"))


@contextmanager
def running() -> Iterator[ObjectStorage]:
    """Run the emulator until the block ends."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(process, f"http://127.0.0.1:{port}")
        yield ObjectStorage(f"http://127.0.0.1:{port}")
    finally:
        process.kill()
        process.wait()


def _wait(process: subprocess.Popen[bytes], endpoint: str) -> None:
    until = monotonic() + START_SECONDS
    while process.poll() is None and monotonic() < until:
        try:
            urlopen(endpoint, timeout=START_SECONDS).close()
        except (URLError, ConnectionError):
            sleep(0.1)
        else:
            return
    raise RuntimeError("the S3 emulator did not start")
