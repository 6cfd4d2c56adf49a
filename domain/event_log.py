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


class _Unheard:
    """Takes events that nobody reads."""

    def info(self, event: str, /, **pairs: Any) -> None: ...

    def warning(self, event: str, /, **pairs: Any) -> None: ...

    def error(self, event: str, /, **pairs: Any) -> None: ...


UNHEARD: EventLog = _Unheard()


def where(error: BaseException) -> dict[str, str]:
    """Name an error's kind and line, not its words: they may quote what a person wrote."""
    trace, line = error.__traceback__, ""
    while trace is not None:
        code = trace.tb_frame.f_code
        line, trace = f"{code.co_qualname}:{trace.tb_lineno}", trace.tb_next
    return {"error": type(error).__name__, "at": line}
