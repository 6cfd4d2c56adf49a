"""A moment still to come, as people write it: "besok 08.30", "3 Agustus 2026 pukul 9 pagi", "16.00"."""

from __future__ import annotations

import re
from datetime import date, datetime, time

from domain.reading.dates import PartialDate, read_date
from domain.reading.result import Ambiguous, NotUnderstood, Understood, tidy

EARLY = time(8)  # of a day that is named without an hour: when offices open
_ZONE = r"(?: ?(?:wib|wita|wit))?"
_PART = r"(?: ?(?P<part>pagi|siang|sore|malam|am|pm)(?: hari)?)?"
_CLOCK = re.compile(
    rf"(?:\b(?:jam|pukul|pkl|pk|at) ?(?P<whole>[0-9]{{1,2}})(?![0-9.:])"
    rf"|(?:\b(?:jam|pukul|pkl|pk|at) ?)?(?<![0-9.:/-])"
    rf"(?P<hour>[0-9]{{1,2}})[.:](?P<minute>[0-9]{{2}})(?![.:]?[0-9]))"
    rf"{_PART}{_ZONE}"
)
_FILLING = re.compile(r"^(?:pada|on)\b|[,;]|\b(?:pada|on)$")
MomentResult = Understood[datetime] | Ambiguous[datetime] | NotUnderstood


def read_moment(text: str, *, now: datetime) -> MomentResult:
    """Read a local moment after `now` (local, naive or aware; the answer is naive).

    A day without an hour begins at eight, an hour without a day is today's.
    Reasons of a refusal: unreadable, past, and those of `read_date`.
    """
    clean = tidy(text)
    clock = _CLOCK.search(clean)
    at = _read_time(clock) if clock else EARLY
    if at is None:
        return NotUnderstood("unreadable", text)
    day = f"{clean[: clock.start()]} {clean[clock.end() :]}" if clock else clean
    day = _FILLING.sub(" ", " ".join(day.split())).strip()
    if not day and clock is None:
        return NotUnderstood("unreadable", text)
    days = _read_days(day, now.date()) if day else (now.date(),)
    if isinstance(days, NotUnderstood):
        return days
    coming = tuple(moment for on in days if (moment := datetime.combine(on, at)) > now.replace(tzinfo=None))
    if not coming:
        return NotUnderstood("past", text)
    return Understood(coming[0], sure=True, said=text) if len(coming) == 1 else Ambiguous(coming, text)


def _read_days(text: str, today: date) -> tuple[date, ...] | NotUnderstood:
    result = read_date(text, today=today)
    if isinstance(result, NotUnderstood):
        return result
    read: tuple[PartialDate, ...] = result.candidates if isinstance(result, Ambiguous) else (result.value,)
    return tuple(day.value for day in read)


def _read_time(clock: re.Match[str]) -> time | None:
    hour = int(clock["hour"] or clock["whole"])
    minute = int(clock["minute"] or 0)
    part = clock["part"]
    if hour < 12 and (part in ("sore", "malam", "pm") or (part == "siang" and hour < 5)):
        hour += 12
    return time(hour, minute) if hour < 24 and minute < 60 else None
