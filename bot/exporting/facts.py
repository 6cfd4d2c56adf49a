"""Input and results that every export shares: packaged data, words, counts, and the path to write to."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from domain.portal import Portal, load_portals
from domain.rules.form import Form
from domain.rules.indicators import IndicatorSet, load_indicators
from domain.rules.load import Ladder, RuleYear, load_form, load_ladders, load_rules
from domain.texts import Say
from storage import rules_in_use
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_time
from storage.export_records import Record

Progress = Callable[[int, int], None]  # so many done of so many


@dataclass(frozen=True, slots=True)
class ExportFacts:
    """Input of an export beside the records: packaged data, words, time zone, moment, and whom to tell
    progress.
    """

    form: Form
    rules: Mapping[int, RuleYear]  # by year
    ladders: Mapping[int, Ladder]  # the predikats of every year known
    indicators: Mapping[int, IndicatorSet]  # by rule year, as they are now
    editions: Mapping[int, IndicatorSet]  # that were replaced, by number
    portals: Mapping[int, Portal]  # by rule year
    say: Say
    timezone: ZoneInfo
    now: datetime
    progress: Progress

    def indicators_of(self, record: Record) -> IndicatorSet:
        """Return the indicators an innovation was made with."""
        return self.editions[record.edition] if record.edition else self.indicators[record.rule_year]

    def local(self, utc: str) -> datetime | None:
        """A stored time in the house's zone, without the zone: a spreadsheet knows none."""
        return utc_time(utc).astimezone(self.timezone).replace(tzinfo=None) if utc else None


@dataclass(frozen=True, slots=True)
class Counted:
    """How many rows were written, and how many there are, by kind."""

    innovations: tuple[int, int] = (0, 0)
    offices: tuple[int, int] = (0, 0)
    files: tuple[int, int] = (0, 0)
    duty: tuple[int, int] = (0, 0)  # offices that have to hand in, and those that are exempt

    def whole(self) -> bool:
        """Whether nothing is missing."""
        return all(written == expected for written, expected in (self.innovations, self.offices, self.files))


def facts(say: Say, tx: Transaction, *, timezone: str, now: datetime, progress: Progress) -> ExportFacts:
    """Read the packaged data once, and the editions of it that were replaced."""
    rules = load_rules()
    return ExportFacts(
        form=load_form(),
        rules=rules,
        ladders=load_ladders(rules),
        indicators=load_indicators(),
        editions=rules_in_use.editions(tx),
        portals=load_portals(),
        say=say,
        timezone=ZoneInfo(timezone),
        now=now,
        progress=progress,
    )


def part_of(path: Path) -> Path:
    """Where a file is written until it is complete."""
    return path.with_name(f"{path.name}.part")


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Give a path to write to; the file appears under its name only when it is complete, for our eyes
    alone.
    """
    part = part_of(path)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600))
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
