"""The process a nightly backup is made in; it reads beside the bot and does not slow it.

It is told what to do as one line of JSON on standard input, and says what it kept as one line of JSON.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.child_process import LEAST_NICE, end_with_parent, give_way


def main() -> int:
    """Keep one more backup in every site that is named and has none of this night.

    Returns 1 with a sentence on standard error where it cannot work at all; a site that fails is told
    among the faults, by its name.
    """
    end_with_parent()
    os.umask(0o077)
    give_way(LEAST_NICE)
    print(json.dumps(_keep(json.loads(sys.stdin.readline()))))
    return 0


def _keep(task: Mapping[str, Any]) -> Mapping[str, Any]:
    """Keep the backups of a task; returns their sizes, and a sentence for each site that failed."""
    # here: what these load takes a quarter of a second of the processor, and the process gives way only now
    from bot.backup.manifest import BackupRefused
    from bot.backup.shelf import Shelf
    from bot.backup.snapshot import Source, sweep_scratch
    from bot.store.contract import StoreAway
    from bot.store.opening import open_store
    from storage.engine.site import site_from

    source = Source(site_from(task["database"]), open_store(task["store"]), task["settings"])
    scratch = Path(task["scratch"])
    now, since = datetime.fromisoformat(task["now"]), datetime.fromisoformat(task["since"])
    sweep_scratch(scratch, now=now)
    faults, sizes = {}, []
    for name, site in task["sites"].items():
        try:
            shelf = Shelf(site)
            if shelf.holds_one_since(since, now=now):
                continue  # another site failed: what is older must not go for each time that is tried again
            manifest = shelf.keep(
                source, copies=task["copies"], now=now, scratch=scratch, progress=_tell_nobody
            )
            sizes.append(manifest.size)
        except (BackupRefused, StoreAway) as error:
            faults[name] = str(error)
    return {"bytes": sizes, "faults": faults}


def _tell_nobody(what: str, done: int, count: int) -> None:
    """Show no progress: nobody looks on at night."""


if __name__ == "__main__":
    sys.exit(main())
