"""Reads the log of a replayed period as somebody who knows the promises alone, and lists the broken ones.

It asks no table: hours, limits, announced steps and summaries are judged by what people read alone.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from domain.rules.calendar import FRIDAY, load_calendar
from domain.rules.load import load_offices
from sandbox.replay_events import CAST
from sandbox.replay_trouble import URGENT

MONTHS = ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober",
          "November", "Desember")  # fmt: skip
WEEK = timedelta(days=7)
_DAY = rf"\w+, (\d+) ({'|'.join(MONTHS)}) (\d{{4}})"
_HEAD = re.compile(rf"^{_DAY} pukul (\d\d)\.(\d\d) \w+ (→|·|←) (.*)$")
_NOTICE = re.compile(rf"^• {_DAY}: (PIC kedua|kepala|pimpinan|Bapak/Ibu sendiri)(.*)$", re.MULTILINE)
_READERS = {"PIC kedua": "office", "kepala": "office", "pimpinan": "leader", "Bapak/Ibu sendiri": "desk"}
_OWN = ("Siaran #", "Hasil siaran #")  # what the desk asked for by announcing
_PROMISED = (
    "Sesuai permintaan Bapak/Ibu",
    "Perlu ditelepon",
    "Kabar dari Desk Inovasi",
    "sudah lewat, belum",
)
_FREE = ("Rekap mingguan", "Batas waktu masa pelaporan")  # subscribed to, or news of a decision: only counted
NAMES = {office.code: (office.name, office.short) for office in load_offices() if office.code in CAST}


@dataclass(frozen=True, slots=True)
class Entry:
    """One message that arrived, or something that happened."""

    at: datetime  # local
    sign: str  # → heard, · happened
    who: str  # who heard it, or what happened
    lines: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def is_unasked(self) -> bool:
        return self.sign == "→" and not self.text.startswith(_OWN)

    @property
    def is_held_by_limits(self) -> bool:
        """Whether nobody was promised it, nobody subscribed to it, and nobody marked it urgent."""
        return self.is_unasked and not (
            self.text.startswith(_FREE) or URGENT in self.text or any(word in self.text for word in _PROMISED)
        )


def read_log(log: str) -> list[Entry]:
    """Read the entries of a log in order."""
    entries: list[Entry] = []
    for line in log.splitlines():
        if head := _HEAD.match(line):
            day, month, year, hour, minute, sign, who = head.groups()
            moment = datetime.combine(_read_day(day, month, year), time(int(hour), int(minute)))
            entries.append(Entry(moment, sign, who))
        elif line.startswith("    "):
            last = entries[-1]
            entries[-1] = Entry(last.at, last.sign, last.who, (*last.lines, line.strip()))
    return entries


def _read_day(day: str, month: str, year: str) -> date:
    return date(int(year), MONTHS.index(month) + 1, int(day))


def broken_promises(log: str) -> list[str]:
    """List every promise the log breaks; none when all were kept."""
    entries = read_log(log)
    return [
        *_outside_hours(entries),
        *_above_limits(entries),
        *_escalations(entries),
        *_summaries(entries),
    ]


def _outside_hours(entries: list[Entry]) -> list[str]:
    calendar = load_calendar()
    return [
        f"outside hours: {entry.at} {entry.who}: {entry.text[:60]}"
        for entry in entries
        if entry.is_unasked
        and (
            not calendar.is_working(entry.at.date())
            or not time(8) <= entry.at.time() < time(16)
            or (entry.at.weekday() == FRIDAY and time(11) <= entry.at.time() < time(13, 30))
        )
    ]


def _above_limits(entries: list[Entry]) -> list[str]:
    """One a day and three in seven days: judged at each message that the limits hold."""
    heard: dict[str, list[date]] = defaultdict(list)
    broken = []
    for entry in entries:
        if not entry.is_unasked:
            continue
        days, today = heard[entry.who], entry.at.date()
        if entry.is_held_by_limits:
            of_week = sum(today - WEEK < day <= today for day in days)
            if today in days or of_week >= 3:
                broken.append(f"above the limits: {entry.at} {entry.who}: {entry.text[:60]}")
        if not any(word in entry.text for word in _PROMISED):
            days.append(today)
    return broken


@dataclass(frozen=True, slots=True)
class Step:
    """A step an office was told of: who hears of it, and on which day."""

    office: str  # name
    reader: str  # leader, desk, or office: of its own people
    on: date
    said: datetime


def _read_steps(entries: list[Entry]) -> list[Step]:
    steps = []
    for entry in entries:
        for notice in _NOTICE.finditer(entry.text) if entry.sign == "→" else ():
            day, month, year, who, rest = notice.groups()
            on = _read_day(day, month, year)
            steps += [Step(office, _READERS[who], on, entry.at) for office in _read_short_names(rest)]
    return steps


def _read_short_names(words: str) -> list[str]:
    """The offices whose short names stand in these words."""
    return [name for name, short in NAMES.values() if re.search(rf"\b{re.escape(short)}(?!\w)", words)]


_MARKS = {
    "leader": "Perangkat daerah berikut belum",
    "office": "Kantor Bapak/Ibu belum",
    "desk": "Perlu ditelepon",
}


def _escalations(entries: list[Entry]) -> list[str]:
    """Every office that was named was told so before that day; every announced step was made."""
    steps = _read_steps(entries)
    named = [
        (entry, office, reader)
        for entry in entries
        for reader, mark in _MARKS.items()
        if entry.sign == "→" and mark in entry.text
        for office in _read_named(entry, mark)
    ]
    broken = [
        f"unannounced: {entry.at} {entry.who} {office}"
        for entry, office, reader in named
        if not any(
            step.office == office
            and step.reader == reader
            and step.said.date() < entry.at.date()
            and step.on <= entry.at.date()
            for step in steps
        )
    ]
    for step in steps:
        if _holds(entries, steps, step=step) and not any(
            office == step.office and reader == step.reader and entry.at.date() >= step.on
            for entry, office, reader in named
        ):
            broken.append(f"announced and not made: {step.said} {step.office} to {step.reader} on {step.on}")
    return broken


def _read_named(entry: Entry, mark: str) -> list[str]:
    section = entry.text.partition(mark)[2].partition("\n*")[0]
    return [name for name, _ in NAMES.values() if f"• {name}" in section]


def _holds(entries: list[Entry], steps: list[Step], *, step: Step) -> bool:
    """Whether nothing has happened since that takes an announced step away: a sign of life, another date."""
    codes = [code for code, (name, _) in NAMES.items() if name == step.office]
    until = datetime.combine(step.on, time(23, 59))
    for entry in entries:
        if entry.sign == "·" and step.said <= entry.at:
            of_office = entry.at <= until and entry.who.split(" ", 1)[0] in codes
            moved = "batas waktu" in entry.who and entry.at <= until
            held = entry.who.startswith(("desk menahan",)) and entry.at <= until + WEEK
            if of_office or moved or held:
                return False
    last = entries[-1].at.date()
    return step.on < last


_SENT = re.compile(r"(\d+) dari (\d+) perangkat daerah sudah mengirim")
_LIST = re.compile(
    r"^(Sudah mengirim|Belum mengirim|Dikecualikan|Belum terjangkau lewat bot) \((\d+)\): (.+)$"
)


_LEFT_OUT = "Rekap lengkap pekan ini tidak kami kirim"  # as nothing has changed


def _summaries(entries: list[Entry]) -> list[str]:
    """Each office stands in exactly one of the four groups of each summary that is not left out."""
    broken = []
    for entry in entries:
        if not entry.text.startswith("Rekap mingguan Desk Inovasi") or _LEFT_OUT in entry.text:
            continue
        groups = {match[1]: (int(match[2]), match[3]) for line in entry.lines if (match := _LIST.match(line))}
        shown = [name.strip(" .") for _, names in groups.values() for name in names.split(". ")[0].split(",")]
        shown = [name for name in shown if not name.startswith("dan ")]
        if sum(count for count, _ in groups.values()) != len(NAMES) or len(set(shown)) != len(shown):
            broken.append(f"summary: {entry.at}: {groups}")
        sent = _SENT.search(entry.text)
        if sent is None or int(sent[1]) != groups.get("Sudah mengirim", (0, ""))[0]:
            broken.append(f"summary: {entry.at}: {sent and sent[0]}")
    return broken
