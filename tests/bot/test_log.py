"""The log: an event and its pairs, and never a secret."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest

from bot import log
from bot.config import load, secrets_of

TOKEN = "123456789:AAsecret-of-nobody_0000000000000000"


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    root, desk = logging.getLogger(), logging.getLogger(log.NAME)
    before = (root.handlers[:], root.level, desk.level, logging.raiseExceptions)
    yield
    root.handlers, root.level, logging.raiseExceptions = before[0], before[1], before[3]
    desk.setLevel(before[2])


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        (f"POST https://api.telegram.org/bot{TOKEN}/getMe", "POST https://api.telegram.org/bot…/getMe"),
        (f"token {TOKEN} refused", "token … refused"),
        ("GET /oauth?client_secret=hush&grant=x", "GET /oauth?client_secret=…&grant=x"),
        ("access_token=hush verify_token=hush", "access_token=… verify_token=…"),
        ("https://t.me/desk_bot?start=RuangLatihan-001", "https://t.me/desk_bot?start=…"),
        ("said /start RuangLatihan-001", "said /start …"),
        ("inbox 17 handled at 12:30", "inbox 17 handled at 12:30"),
    ],
)
def test_secrets_are_taken_out(told: str, kept: str) -> None:
    assert log.redacted(told) == kept


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_way_into_the_log_shows_a_token(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    log.setup(level="info", form=form)
    ours = log.logger(bot=TOKEN)
    ours.info("sent", url=f"/bot{TOKEN}/x", error=ValueError(TOKEN), nested={"deep": [TOKEN]})
    logging.getLogger("httpx").error("GET %s", f"/bot{TOKEN}/getMe")
    try:
        raise RuntimeError(TOKEN)
    except RuntimeError:
        logging.getLogger("asyncio").exception("task failed")
    told = capsys.readouterr().err
    assert "secret-of-nobody" not in told
    assert "RuntimeError" in told


@pytest.mark.parametrize("form", ["text", "json"])
def test_secrets_of_the_settings_stand_in_no_line(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    """They have no shape of their own: a token of WhatsApp, its secret, a password."""
    settings = load(
        {
            "DESK_WHATSAPP_TOKEN": "EAAGhush",
            "DESK_WHATSAPP_PHONE_ID": "100",
            "DESK_WHATSAPP_APP_SECRET": "hush'sign",
            "DESK_WHATSAPP_VERIFY_TOKEN": "hushword",
            "DESK_DATABASE_URL": "postgresql://desk:hush%20pass@host/desk",
        }
    )
    log.setup(level="info", form=form, secrets=secrets_of(settings))
    log.logger().info("refused", header={"Authorization": "Bearer EAAGhush"}, error=ValueError("hush'sign"))
    try:
        raise RuntimeError('spaces in "hush pass" of desk:hush%20pass@host')
    except RuntimeError:
        logging.getLogger("uvicorn").exception("GET /whatsapp?word=hushword")
    told = capsys.readouterr().err
    assert "hush" not in told
    assert "Bearer …" in told


def test_a_line_that_cannot_be_written_is_not_told_another_way(capsys: pytest.CaptureFixture[str]) -> None:
    log.setup(level="info", form="text")
    logging.getLogger("telegram").error("%d", TOKEN)
    assert capsys.readouterr().err == ""


def test_json_is_one_object_a_line_even_where_something_was_taken_out(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log.setup(level="info", form="json")
    log.logger(inbox=17).warning("turn_failed", told='{"access_token=hush"}\nnext line')
    (line,) = capsys.readouterr().err.splitlines()
    told = json.loads(line)
    assert (told["event"], told["level"], told["inbox"]) == ("turn_failed", "warning", 17)
    assert told["told"] == '{"access_token=…"}\nnext line'


def test_the_level_is_kept_and_the_http_library_is_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    log.setup(level="warning", form="text")
    log.logger().info("not_told")
    logging.getLogger("httpx").info("not told")
    log.logger().warning("told")
    assert [line.split()[2] for line in capsys.readouterr().err.splitlines()] == ["told"]


def test_a_log_that_cannot_be_written_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        def write(self, _: str) -> int:
            raise OSError(28, "No space left on device")

        def flush(self) -> None:
            raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("sys.stderr", Full())
        log.setup(level="info", form="text")
        log.logger().error("disk_full")
