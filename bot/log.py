"""Logging: an event and pairs, for people or machines; secrets never reach it."""

from __future__ import annotations

import logging
import re
import sys
from typing import Any

import structlog

_SECRETS = re.compile(
    r"(bot)?\d{6,}:[\w-]{30,}|((?:access_token|client_secret|verify_token|secret_token)=)[^&\s\"']+|(start[= ])[\w-]{16,}"
)
QUIET = ("httpx", "httpcore", "aiohttp", "telegram", "apscheduler", "uvicorn", "aiosqlite", "asyncio")


def redacted(text: str) -> str:
    """Take tokens, secrets and invitation codes out of a text."""
    return _SECRETS.sub(lambda found: f"{found[1] or found[2] or found[3] or ''}…", text)


def _redact(_: Any, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    return {key: redacted(value) if isinstance(value, str) else value for key, value in event.items()}


def setup(*, level: str, form: str) -> None:
    """Set logging up once, at start."""
    renderer: Any = (
        structlog.processors.JSONRenderer() if form == "json" else structlog.dev.ConsoleRenderer(colors=False)
    )
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _redact,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Redacting("%(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


class _Redacting(logging.Formatter):
    """Takes secrets out of other libraries' lines, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        """Format and redact."""
        return redacted(super().format(record))


def logger(**bound: Any) -> Any:
    """Get a logger with ids bound."""
    return structlog.get_logger(**bound)
