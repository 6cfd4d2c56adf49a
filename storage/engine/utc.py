"""Times as the tables keep them: UTC, ISO 8601, fixed width, so that text order is time order."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache


@lru_cache(maxsize=64)
def utc_text(time: datetime) -> str:
    """Write an aware time as text; one turn writes the same time many times."""
    return f"{time.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def utc_time(text: str) -> datetime:
    """Read back what `utc_text` wrote."""
    return datetime.fromisoformat(text)
