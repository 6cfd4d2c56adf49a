"""The process an export is made in; it reads the database beside the bot and does not slow it.

It is told what to make as one line of JSON on standard input, and says how far it is as lines of JSON.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any

from bot.child_process import end_with_parent, give_way
from bot.exporting import archive, tables
from bot.exporting.facts import Counted, ExportFacts, facts
from bot.store.contract import FileStore
from bot.store.opening import open_store
from domain.export_parts import read_numbered
from handlers.words import load_words
from storage import export_records
from storage.engine.database import one_state, read_beside
from storage.engine.engine_contract import Runner
from storage.engine.site import site_from
from storage.export_records import Selection

SAY_SECONDS = 0.5  # between two words about the progress


def main() -> int:
    end_with_parent()
    os.umask(0o077)
    give_way()
    task = json.loads(sys.stdin.readline())
    with read_beside(site_from(task["database"])) as tx:
        counted = make(task, tx, progress=_Saying())
    _say({"done": asdict(counted)})
    return 0


def make(task: Mapping[str, Any], tx: Runner, *, progress: Callable[[int, int], None]) -> Counted:
    """Make what a task asks for; returns how many rows were written and how many there are."""
    say = load_words().in_(task["language"])
    now = datetime.fromisoformat(task["now"])
    stands = facts(say, tx, timezone=task["timezone"], now=now, progress=progress)
    return _MAKERS[task["kind"]](stands, tx, Task(Path(task["out"]), task["args"], open_store(task["store"])))


@dataclass(frozen=True, slots=True)
class Task:
    """Where an export is written, what is asked of it, and where the evidence lies."""

    out: Path
    args: Mapping[str, Any]
    store: FileStore

    @property
    def selection(self) -> Selection:
        """Which innovations are asked for."""
        asked = self.args
        return Selection(asked["year"], asked.get("drafts", False), asked.get("contacts", False))


Made = Callable[[ExportFacts, Runner, Task], Counted]


def _write_workbook(stands: ExportFacts, tx: Runner, task: Task) -> Counted:
    from bot.exporting import workbook

    with one_state(tx):
        return workbook.write(stands, tx, out=task.out, selection=task.selection)


def _write_csv(stands: ExportFacts, tx: Runner, task: Task) -> Counted:
    dialect = task.args.get("dialect", "excel")
    with one_state(tx):
        return tables.write_csv(stands, tx, out=task.out, selection=task.selection, dialect=dialect)


def _write_jsonl(stands: ExportFacts, tx: Runner, task: Task) -> Counted:
    with one_state(tx):
        return tables.write_jsonl(tx, out=task.out, selection=task.selection)


def _write_archive(stands: ExportFacts, tx: Runner, task: Task) -> Counted:
    """Write each innovation in a read of its own; one long read would let the log grow for hours."""
    if task.args.get("part"):
        return archive.write_part(
            stands, tx, out=task.out, store=task.store, part=read_numbered(task.args["part"])
        )
    chosen = task.args.get("innovation")
    wanted = [chosen] if chosen else export_records.ids(tx, task.selection)
    return archive.write(stands, tx, out=task.out, store=task.store, innovations=wanted, expected=len(wanted))


def _write_record(stands: ExportFacts, tx: Runner, task: Task) -> Counted:
    # here, because fonts and pictures take a third of a second to import
    from bot.exporting import printed_sheets

    printed_sheets.write_record(stands, tx, out=task.out, innovation=task.args["innovation"])
    return Counted((1, 1))


def _write_upload(stands: ExportFacts, tx: Runner, task: Task) -> Counted:
    from bot.exporting import printed_sheets

    printed_sheets.write_upload(stands, tx, out=task.out, innovation=task.args["innovation"])
    return Counted((1, 1))


_MAKERS: Mapping[str, Made] = {
    "workbook": _write_workbook,
    "csv": _write_csv,
    "jsonl": _write_jsonl,
    "evidence": _write_archive,
    "record": _write_record,
    "upload": _write_upload,
}


class _Saying:
    """Says how far it is, now and then."""

    def __init__(self) -> None:
        self._last = 0.0

    def __call__(self, done: int, of: int) -> None:
        if monotonic() - self._last >= SAY_SECONDS:
            self._last = monotonic()
            _say({"at": done, "of": of})


def _say(words: Mapping[str, Any]) -> None:
    print(json.dumps(words), flush=True)


if __name__ == "__main__":
    sys.exit(main())
