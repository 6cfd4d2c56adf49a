"""Writes the result of an announcement per recipient as a workbook or as text, for the message that
carries it.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.attachments.csv_guard import guarded
from domain.announcing.recipient_state import say_state
from domain.channel_facts import ChannelFacts, title_of
from domain.texts import Catalogue, Say, join
from storage import recipient_lists
from storage.engine.database import Database
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_time
from storage.recipient_lists import Recipient

SECONDS = 60.0  # of reading and writing; nobody waits for it, it reads beside the writer
KEPT = timedelta(minutes=30)  # a file that was made is sent long before
COLUMNS = ("office", "name", "phone", "result", "reason", "at", "read_at")
WIDTHS = (38, 28, 18, 14, 44, 18, 18)  # of the workbook's columns, in characters


class Results:
    """Makes the files; `folder` is its own, and it takes away there what is old."""

    def __init__(
        self,
        database: Database,
        words: Catalogue,
        *,
        zone: ZoneInfo,
        folder: Path,
        new_name: Callable[[], str],
        channels: Sequence[ChannelFacts] = (),
    ) -> None:
        self._database = database
        self._words = words
        self._zone = zone
        self._folder = folder
        self._new_name = new_name
        self._channels = channels

    async def make(self, args: Mapping[str, Any]) -> Path:
        """Write the file that `args` name by broadcast, format and language; returns its path."""
        say, kind = self._words.in_(str(args["language"])), str(args["format"])
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._sweep()
        path = self._folder / f"{self._new_name()}.{kind}"
        write = _write_workbook if kind == "xlsx" else _write_text

        def unit(tx: Transaction) -> None:
            rows = (
                _make_cells(recipient, say, zone=self._zone, channels=self._channels)
                for recipient in recipient_lists.every(tx, int(args["broadcast"]))
            )
            write(path, [say(f"recipient.column_{name}") for name in COLUMNS], rows)

        await self._database.read(unit, seconds=SECONDS)
        path.chmod(0o600)
        return path

    def _sweep(self) -> None:
        made = [(path, path.stat().st_mtime) for path in self._folder.iterdir()]
        newest = max((at for _, at in made), default=0.0)
        for path, at in made:
            if newest - at > KEPT.total_seconds():
                path.unlink(missing_ok=True)


def _make_cells(
    recipient: Recipient, say: Say, *, zone: ZoneInfo, channels: Sequence[ChannelFacts]
) -> list[str]:
    return [
        recipient.office,
        recipient.name,
        recipient.phone,
        say_state(
            say,
            recipient.state,
            channel=recipient.channel,
            channels=channels,
            is_confirmed=bool(recipient.acked_at),
        ),
        _tell_how(recipient, say, channels=channels),
        _to_local(recipient.settled_at, zone),
        _to_local(recipient.acked_at, zone),
    ]


def _tell_how(recipient: Recipient, say: Say, *, channels: Sequence[ChannelFacts]) -> str:
    """Say why it did not arrive, and that a second channel was tried."""
    why = say(f"recipient.reason_{recipient.reason}") if recipient.reason else ""
    if not recipient.first_channel:
        return why
    first, second = title_of(channels, recipient.first_channel), title_of(channels, recipient.channel)
    return join((why, say("recipient.second", first=first, second=second)), by="; ")


def _to_local(at: str, zone: ZoneInfo) -> str:
    moment: datetime | None = utc_time(at).astimezone(zone) if at else None
    return f"{moment:%d/%m/%Y %H:%M}" if moment else ""


def _write_workbook(path: Path, head: list[str], rows: Iterator[list[str]]) -> None:
    from xlsxwriter import Workbook  # half as long as the rest of the start together

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(str(path), options) as book:
        sheet = book.add_worksheet("Siaran")
        for column, width in enumerate(WIDTHS):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, head, book.add_format({"bold": True}))
        for number, row in enumerate(rows, 1):
            sheet.write_row(number, 0, row)


def _write_text(path: Path, head: list[str], rows: Iterator[list[str]]) -> None:
    """Write what an Indonesian Excel opens by a double click, as the other tables do; phones stay text."""
    with path.open("w", encoding="utf-8-sig", newline="") as out:  # the mark tells Excel the encoding
        writer = csv.writer(out, delimiter=";")
        writer.writerow(head)
        writer.writerows([guarded(cell) for cell in row] for row in rows)
