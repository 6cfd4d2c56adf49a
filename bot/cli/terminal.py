"""How commands speak: tables, colours and a bar of progress on a terminal, plain lines elsewhere."""

from __future__ import annotations

import codecs
import io
import sys
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.progress import Progress, TaskID

    from bot.channels.contract import Finding

SAY_SECONDS = 0.5  # between two lines about the progress
NEAREST = "desk_nearest"  # the name of our handler of characters an encoding lacks
_LOOKALIKES = str.maketrans(
    {"–": "-", "—": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "→": "->", "•": "*", "⚠": "!", "✓": "+"}
)
Tell = Callable[[str, int, int], None]  # what is under way, how many are done, how many there are


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under their headings, and what is said where there are none."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    empty: str

    def lines(self) -> list[str]:
        """Write a line for each row, without the headings."""
        return ["  ".join(row) for row in self.rows] or [self.empty]


def accept_any_encoding() -> None:
    """Let what the terminal's encoding lacks come out as the nearest it has, rather than end the command."""
    codecs.register_error(NEAREST, _take_nearest)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=NEAREST)


def _take_nearest(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end].translate(_LOOKALIKES)
    parts = unicodedata.normalize("NFKD", lacking)
    return "".join(
        part if part.isascii() else "?" for part in parts if not unicodedata.combining(part)
    ), error.end


def print_table(table: Table) -> None:
    """Print a table to standard output; where that is no terminal, a line for each row."""
    if not (sys.stdout.isatty() and table.rows):
        print(*table.lines(), sep="\n")
        return
    from rich.console import Console
    from rich.table import Table as RichTable
    from rich.text import Text

    drawn = RichTable(*table.headings)
    for row in table.rows:
        drawn.add_row(*map(Text, row))
    Console().print(drawn)


def print_findings(findings: Sequence[Finding]) -> None:
    """Print what was looked at, a line each; on a terminal what is amiss is red."""
    if not sys.stdout.isatty():
        print(*findings, sep="\n")
        return
    from rich.console import Console
    from rich.table import Table as RichTable
    from rich.text import Text

    drawn = RichTable(box=None, show_header=False)
    for finding in findings:
        mark = Text("ok", style="green") if finding.fine else Text("FAILED", style="bold red")
        drawn.add_row(Text(finding.what), mark, Text(finding.summary))
    Console().print(drawn)


def print_refusal(sentence: str) -> None:
    """Print why a command was refused, to standard error."""
    if not sys.stderr.isatty():
        print(f"desk-inovasi: {sentence}", file=sys.stderr)
        return
    from rich.console import Console
    from rich.text import Text

    Console(stderr=True, soft_wrap=True).print(Text("desk-inovasi: ", style="bold red") + Text(sentence))


def print_banner(title: str, facts: Mapping[str, str]) -> None:
    """Print what has started under a title, to standard error; nothing where that is no terminal."""
    if not sys.stderr.isatty():
        return
    from rich.console import Console
    from rich.panel import Panel
    from rich.table import Table as RichTable
    from rich.text import Text

    drawn = RichTable.grid(padding=(0, 2))
    for name, fact in facts.items():
        drawn.add_row(Text(name, style="dim"), Text(fact))
    Console(stderr=True).print(Panel(drawn, title=Text(title), expand=False))


@contextmanager
def progress() -> Iterator[Tell]:
    """Show on standard error how far a command is; a count of 0 is one that nobody knows."""
    if not sys.stderr.isatty():
        yield _Lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        yield _Bars(bars)


class _Lines:
    """Says how far it is a line at a time, now and then."""

    def __init__(self) -> None:
        self._said = monotonic()

    def __call__(self, what: str, done: int, count: int) -> None:
        if count and (done == count or monotonic() - self._said >= SAY_SECONDS):
            self._said = monotonic()
            print(f"{what}: {done} of {count}", file=sys.stderr)


class _Bars:
    """Draws a bar for each thing that is under way."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._drawn: dict[str, TaskID] = {}

    def __call__(self, what: str, done: int, count: int) -> None:
        if what not in self._drawn:
            self._drawn[what] = self._bars.add_task(what, total=None)
        self._bars.update(self._drawn[what], completed=done, total=count or None)
