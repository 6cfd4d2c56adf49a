"""A process of its own that opens one list: a hostile file costs this process and nothing else.

    python -m bot.lists.reading_process FILE NAME

It writes one JSON line: the sheets, or why there are none.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path

from bot.child_process import end_with_parent
from bot.lists.limits import CPU_SECONDS, MEMORY_BYTES
from bot.lists.list_file import sheets
from domain.importing.list_sheets import ListRefused, sheets_json


def confine() -> None:
    """Take memory, time, files to write and core dumps from this process."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(path: str, name: str) -> None:
    """Read a file and write what was found."""
    end_with_parent()
    confine()
    try:
        answer: dict[str, object] = {"sheets": sheets_json(sheets(Path(path), name=name))}
    except ListRefused as refused:
        answer = {"refused": refused.reason, "params": refused.params}
    except MemoryError:
        answer = {"refused": "too_much_inside", "params": {}}
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
