"""Logging: an event and pairs, for people or machines; secrets never reach it."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

_SECRETS = re.compile(
    r"(bot)?\d{6,}:[\w-]{30,}"
    r"|((?:access_token|client_secret|verify_token|secret_token)=)[^&\s\"'\\]+"
    r"|(start[= ])[\w-]{16,}"
)
QUIET = ("httpx", "httpcore", "aiohttp", "telegram", "apscheduler", "uvicorn", "aiosqlite", "asyncio")
NAME = "desk"
SHORTEST_SECRET = 6  # characters; a shorter one would be found in ordinary words


def redacted(text: str, secrets: Collection[str] = ()) -> str:
    """Take out of a text what reads as a token, a secret or an invitation code, and these secrets."""
    for secret in secrets:
        text = text.replace(secret, "…")
    return _SECRETS.sub(lambda match: f"{match[1] or match[2] or match[3] or ''}…", text)


class DeskLog:
    """Logs an event's name and its pairs: `log.info("turn_done", inbox=17)`."""

    def __init__(self, **bound: Any) -> None:
        self._bound, self._logger = bound, logging.getLogger(NAME)

    def bind(self, **more: Any) -> DeskLog:
        """The same log with more pairs bound."""
        return DeskLog(**self._bound, **more)

    def _log(self, level: int, event: str, *, pairs: dict[str, Any]) -> None:
        if self._logger.isEnabledFor(level):
            self._logger.log(level, event, extra={"pairs": {**self._bound, **pairs}})

    def debug(self, event: str, /, **pairs: Any) -> None:
        """Log what only a developer wants; the one level that may carry what people wrote."""
        self._log(logging.DEBUG, event, pairs=pairs)

    def info(self, event: str, /, **pairs: Any) -> None:
        """Log the ordinary course."""
        self._log(logging.INFO, event, pairs=pairs)

    def warning(self, event: str, /, **pairs: Any) -> None:
        """Log what mends itself."""
        self._log(logging.WARNING, event, pairs=pairs)

    def error(self, event: str, /, **pairs: Any) -> None:
        """Log what somebody should look at."""
        self._log(logging.ERROR, event, pairs=pairs)


class _Lines(logging.Formatter):
    """One line a record, secrets taken out, tracebacks included; as text or as JSON."""

    def __init__(self, form: str, *, secrets: Collection[str]) -> None:
        super().__init__()
        self._json = form == "json"
        long_enough = [secret for secret in secrets if len(secret) >= SHORTEST_SECRET]
        # as they stand, and as JSON and the representation of a text write them
        written = {
            text for secret in long_enough for text in (secret, json.dumps(secret)[1:-1], repr(secret)[1:-1])
        }
        self._secrets = sorted(written, key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        pairs: dict[str, Any] = dict(getattr(record, "pairs", {}))
        if record.name != NAME:
            pairs["logger"] = record.name
        if record.exc_info:
            pairs["traceback"] = self.formatException(record.exc_info)
        level, event = record.levelname.lower(), record.getMessage()
        if self._json:
            line = {"at": at, "level": level, "event": event, **pairs}
            return redacted(json.dumps(line, ensure_ascii=False, default=str), self._secrets)
        text = " ".join([at, level.ljust(7), event, *(f"{key}={value!r}" for key, value in pairs.items())])
        return redacted(text, self._secrets)


def setup(*, level: str, form: str, secrets: Collection[str] = ()) -> None:
    """Set logging up once, at start; `secrets` stand in no line, whoever writes it."""
    # what cannot be written is dropped: the library would print it, secrets and all
    logging.raiseExceptions = False
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Lines(form, secrets=secrets))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger(NAME).setLevel(level.upper())
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def logger(**bound: Any) -> DeskLog:
    """Get a log with pairs bound."""
    return DeskLog(**bound)
