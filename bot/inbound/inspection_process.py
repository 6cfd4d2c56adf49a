"""A process of its own that opens what people send: a hostile file costs this process and nothing else.

    python -m bot.inbound.inspection_process CPU_SECONDS MEMORY_BYTES

It says "ready", then reads one JSON line for each file and answers with one line; it ends with its input.
A line with `name` and `accepts` asks what the file at `path` is, one with `path` alone what its text says of
it as a letter, one with `scan`, the kind of the file, what its pixels say of it, and one with `most_bytes`
for a copy of a picture that is no larger, in base64.
"""

from __future__ import annotations

import base64
import json
import logging
import os
import resource
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot.child_process import end_with_parent
from bot.inbound.inspection import Inspection, inspect
from bot.inbound.pdf_text import read_letter
from bot.inbound.picture_copy import shrink
from bot.inbound.scan_text import read_scan

OPEN_FILES = 64
READY = "ready"


def confine(memory_bytes: int) -> None:
    """Take memory, files to write and core dumps from this process."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))


def _allow_cpu(seconds: int) -> None:
    """Give the next file its time; past it the process is killed."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + 1 + seconds, hard))


def _answer(order: Mapping[str, Any]) -> dict[str, Any] | None:
    path = Path(order["path"])
    if "accepts" in order:
        return asdict(inspect(path, name=order["name"], accepts=frozenset(order["accepts"])))
    if "most_bytes" in order:
        copy = shrink(path, most_bytes=order["most_bytes"])
        return {"copy": base64.b64encode(copy).decode()} if copy else None
    letter = read_scan(path, kind=order["scan"]) if "scan" in order else read_letter(path)
    return asdict(letter) if letter else None


def main(cpu_seconds: int, memory_bytes: int) -> None:
    """Inspect what is asked for until the input ends; after a file that took all memory, end."""
    end_with_parent()
    logging.disable(logging.CRITICAL)  # the libraries complain of every oddity, in the words of the file
    import filetype  # noqa: F401 - what every file needs is there before the first is asked for
    import pypdf  # noqa: F401

    confine(memory_bytes)
    print(READY, flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        _allow_cpu(cpu_seconds)
        try:
            answer = _answer(order)
        except MemoryError:
            print(json.dumps(asdict(Inspection("", "bomb"))), flush=True)
            os._exit(1)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
