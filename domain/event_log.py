"""How a part tells of its work, wherever it is written to."""

from __future__ import annotations

from typing import Any, Protocol


class EventLog(Protocol):
    """Takes an event's name and its pairs: `log.info("turn_done", inbox=17)`; never what people wrote."""

    def info(self, event: str, /, **pairs: Any) -> None:
        """Tell the ordinary course."""

    def warning(self, event: str, /, **pairs: Any) -> None:
        """Tell what mends itself."""

    def error(self, event: str, /, **pairs: Any) -> None:
        """Tell what somebody should look at."""
