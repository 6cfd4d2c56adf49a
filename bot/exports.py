"""`export`: what the desk keeps, written to a file or to standard output."""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.database import Transaction

EXPORT_SECONDS = 600.0  # of reading; nobody waits for it, it reads beside the writer
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")  # owasp.org/www-community/attacks/CSV_Injection


@dataclass(frozen=True, slots=True)
class Export:
    """One thing that can be exported: how its options are declared, and what writes it."""

    help: str
    declare: Callable[[argparse.ArgumentParser], None]
    write: Callable[[argparse.Namespace], None]


def add_parser(commands: Any) -> None:
    """Declare `export` and everything below it."""
    parser = commands.add_parser("export", help="write what the desk keeps to a file")
    wanted = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    for name, export in EXPORTS.items():
        export.declare(wanted.add_parser(name, help=export.help))


def run(options: argparse.Namespace) -> int:
    """Write what was asked for."""
    EXPORTS[options.what].write(options)
    return 0


@contextmanager
def written(out: str) -> Iterator[TextIO]:
    """Open where an export goes: a file that appears when it is whole, or with "" the standard output."""
    if not out:
        yield sys.stdout
        return
    path = Path(out)
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            yield file
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def cell(value: object) -> object:
    """Keep a spreadsheet from taking anybody's text for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def as_csv(file: TextIO, names: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    """Write rows under their names."""
    writer = csv.writer(file)
    writer.writerow(names)
    writer.writerows([cell(value) for value in row] for row in rows)


def as_jsonl(file: TextIO, records: Iterable[Mapping[str, object]]) -> None:
    """Write one object a line."""
    for record in records:
        file.write(json.dumps(record, ensure_ascii=False) + "\n")


def _declare_audit(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=["csv", "jsonl"], default="csv", help="csv (default) or jsonl")
    parser.add_argument("-o", dest="out", metavar="FILE", default="", help="where to; standard output when left out")


def _write_audit(options: argparse.Namespace) -> None:
    from storage import audit

    def unit(tx: Transaction) -> None:
        found = map(asdict, audit.lines(tx))
        if options.format == "jsonl":
            as_jsonl(file, found)
        else:
            as_csv(file, [field.name for field in fields(audit.Line)], (line.values() for line in found))

    with written(options.out) as file:
        read(unit)


def read(unit: Callable[[Transaction], None]) -> None:
    """Run a unit that only reads, beside whatever the bot is doing."""
    from bot import config
    from storage.database import Database

    async def reading() -> None:
        database = await Database.open(config.load().database_path)
        try:
            await database.read(unit, seconds=EXPORT_SECONDS)
        finally:
            await database.close()

    asyncio.run(reading())


EXPORTS: Mapping[str, Export] = {
    "audit": Export("who did what and when, before and after", _declare_audit, _write_audit),
}
