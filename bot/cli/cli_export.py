"""`export`: what the desk keeps, written to a file or to standard output."""

from __future__ import annotations

import argparse
import asyncio
import csv
import io
import json
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from bot.attachments.csv_guard import guarded
from bot.cli import terminal
from bot.cli.usage import whole_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.exporting.facts import Counted
    from storage.engine.transaction import Transaction

EXPORT_SECONDS = 600.0  # of reading; nobody waits for it, it reads beside the writer


@dataclass(frozen=True, slots=True)
class Export:
    """One thing that can be exported: how its options are declared, and what writes it."""

    help: str
    declare: Callable[[argparse.ArgumentParser], None]
    write: Callable[[argparse.Namespace], None]


def add_parser(commands: Any) -> None:
    parser = commands.add_parser("export", help="write what the desk keeps to a file")
    wanted = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    for name, export in EXPORTS.items():
        export.declare(wanted.add_parser(name, help=export.help))


def run(options: argparse.Namespace) -> int:
    EXPORTS[options.what].write(options)
    return 0


@contextmanager
def written(out: str) -> Iterator[TextIO]:
    """Open where an export goes: a file that appears when it is whole, or with "" the standard output."""
    if not out:
        sys.stdout.flush()
        stream = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="")  # whatever the terminal's
        try:
            yield stream
        finally:
            stream.detach()  # else it takes the standard output with it
        return
    path = Path(out)
    part = path.with_name(f"{path.name}.part")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            yield file
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def as_csv(file: TextIO, names: Iterable[str], *, rows: Iterable[Iterable[object]]) -> None:
    """Write rows under their names."""
    writer = csv.writer(file)
    writer.writerow(names)
    writer.writerows([guarded(value) for value in row] for row in rows)


def as_jsonl(file: TextIO, records: Iterable[Mapping[str, object]]) -> None:
    """Write one object a line."""
    for record in records:
        file.write(json.dumps(record, ensure_ascii=False) + "\n")


def _declare_audit(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=["csv", "jsonl"], default="csv", help="csv (default) or jsonl")
    parser.add_argument(
        "-o", dest="out", metavar="FILE", default="", help="where to; standard output when left out"
    )


def _write_audit(options: argparse.Namespace) -> None:
    from storage import audit

    counts = Counter[str]()

    def unit(tx: Transaction) -> None:
        lines = map(asdict, _count(audit.lines(tx), counts))
        if options.format == "jsonl":
            as_jsonl(file, lines)
        else:
            as_csv(file, [field.name for field in fields(audit.Line)], rows=(line.values() for line in lines))

    with terminal.progress() as tell, written(options.out) as file:
        tell("audit", 0, 0)
        read(unit)
    _say_what_is_written(options.out, f"{counts.total()} rows of the audit")


def _count(lines: Iterable[Any], counts: Counter[str]) -> Iterator[Any]:
    for line in lines:
        counts["rows"] += 1
        yield line


def _say_what_is_written(out: str, counts: str) -> None:
    print(f"written to {out or 'standard output'}: {counts}", file=sys.stderr)


def read(unit: Callable[[Transaction], None]) -> None:
    """Run a unit that only reads, beside whatever the bot is doing."""
    from bot import config
    from bot.cli.opened_database import open_at_this_version
    from storage.engine.presence import refuse_nothing

    async def reading() -> None:
        settings = config.load()
        refuse_nothing(settings.database)
        database = await open_at_this_version(settings)
        try:
            await database.read(unit, seconds=EXPORT_SECONDS)
        finally:
            await database.close()

    asyncio.run(reading())


def _declare_innovations(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--format", choices=["jsonl", "csv", "xlsx"], default="jsonl", help="jsonl (default), csv or xlsx"
    )
    parser.add_argument("--year", type=whole_number, metavar="YEAR", help="of one period; all when left out")
    parser.add_argument(
        "-o", dest="out", metavar="FILE", default="", help="where to; standard output when left out"
    )


_KINDS = {"jsonl": "jsonl", "csv": "csv", "xlsx": "workbook"}


def _write_innovations(options: argparse.Namespace) -> None:
    if options.format == "xlsx" and not options.out:
        raise ExportRefused("a workbook needs a file; add -o innovations.xlsx")
    args = {"year": options.year, "contacts": True, "drafts": True, "dialect": "machine"}
    with _open_output(options.out) as out:
        counts = _make(_KINDS[options.format], args, out=out)
    _say_what_is_written(options.out, counts)


def _declare_evidence(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--year", type=whole_number, metavar="YEAR", help="of one period; all when left out")
    parser.add_argument("-o", dest="out", metavar="FILE.zip", required=True, help="where to")


def _write_evidence(options: argparse.Namespace) -> None:
    counts = _make("evidence", {"year": options.year, "drafts": True}, out=Path(options.out))
    _say_what_is_written(options.out, counts)


class ExportRefused(RuntimeError):
    """the export cannot be made as asked"""


@contextmanager
def _open_output(out: str) -> Iterator[Path]:
    """Give a file to write to; without a name what was written goes to the standard output."""
    if out:
        yield Path(out)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export"
        yield path
        with path.open("rb") as made:
            shutil.copyfileobj(made, sys.stdout.buffer)
        sys.stdout.flush()


def _make(kind: str, args: Mapping[str, Any], *, out: Path) -> str:
    """Make an export beside whatever the bot is doing; returns what is in it, in words.

    Raises ExportRefused when some of it is missing.
    """
    from bot import config
    from bot.exporting.process import make
    from bot.startup import utc_now
    from storage.engine.database import read_beside

    settings = config.load()
    task = {
        "kind": kind, "args": args, "out": str(out), "store": settings.store_site, "language": "id",
        "timezone": settings.timezone, "now": utc_now().isoformat(),
    }  # fmt: skip
    read(lambda tx: None)  # brings the database to this version
    with terminal.progress() as tell, read_beside(settings.database) as tx:
        counted = make(task, tx, progress=lambda done, count: tell("innovations", done, count))
    counts = describe(counted)
    if not counted.whole():
        raise ExportRefused(f"some of it is missing ({counts}); the list inside says what")
    return counts


def describe(counted: Counted) -> str:
    """Say in words what an export holds, such as "47 of 47 offices, 28 of 28 innovations"."""
    kinds = {"offices": counted.offices, "innovations": counted.innovations, "files": counted.files}
    counts = [f"{written} of {expected} {name}" for name, (written, expected) in kinds.items() if expected]
    return ", ".join(counts) or "nothing has been entered yet"


EXPORTS: Mapping[str, Export] = {
    "innovations": Export(
        "one record per innovation, with state, answers and scores", _declare_innovations, _write_innovations
    ),
    "evidence": Export(
        "files in readable folders, with a manifest of hashes", _declare_evidence, _write_evidence
    ),
    "audit": Export("who did what and when, before and after", _declare_audit, _write_audit),
}
