"""The interface for writing events, whatever log they go to."""

from __future__ import annotations

from typing import Any, Protocol


class EventLog(Protocol):
    """Takes an event's name and its pairs: `log.info("turn_done", inbox=17)`; never what people wrote."""

    def info(self, event: str, /, **pairs: Any) -> None:
        """Write the ordinary course."""

    def warning(self, event: str, /, **pairs: Any) -> None:
        """Write what recovers by itself."""

    def error(self, event: str, /, **pairs: Any) -> None:
        """Write what somebody should look at."""
