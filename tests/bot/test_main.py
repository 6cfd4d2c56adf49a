"""The command line, as a person uses it: exit codes, one sentence, never a traceback."""

from __future__ import annotations

import asyncio
import csv
import json
import os
import re
import signal
import subprocess
import sys
import zipfile
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path

import pytest

from bot import __version__
from bot.__main__ import main
from bot.listening import bind
from sandbox.serve import serve
from sandbox.telegram import TelegramEmulator
from tests.kit.command_line import SECONDS, desk, desk_process, environment, refused, rows
from tests.kit.databases import writing
from tests.kit.world import TOKEN

Carry = Callable[..., subprocess.CompletedProcess[str]]  # a command line, to its end


@pytest.mark.parametrize(
    ("carry_out", "typed"),
    [(desk_process, "--version"), (desk, "--help"), (desk, "run --help"), (desk_process, "sandbox --help")],
)
def test_help_and_version_are_everywhere(tmp_path: Path, carry_out: Carry, typed: str) -> None:
    done = carry_out(tmp_path, *typed.split())
    assert done.returncode == 0
    assert (__version__ if typed == "--version" else "usage: desk-inovasi") in done.stdout


@pytest.mark.parametrize(
    ("typed", "way_out"),
    [
        ("terbang", "see desk-inovasi --help"),
        ("run --port 1", "set DESK_WEB_PORT"),
        ("--port 1", "desk-inovasi sandbox --port 1"),
        ("invite", "for example: desk-inovasi invite --role admin"),
        ("invite --role raja", "expected one of focal_point, leader, admin"),
        ("invite --role admin --days 0", "expected 1 to 365 days"),
        ("invite --role admin --days dua", "expected a whole number"),
    ],
)
def test_wrong_usage_is_two_and_one_sentence_with_the_way_out(
    typed: str, way_out: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("UV_RUN_RECURSION_DEPTH", raising=False)  # its examples begin with `uv run`
    with pytest.raises(SystemExit, match="2"):
        main(typed.split())
    said = capsys.readouterr().err
    assert said.startswith("desk-inovasi: ")
    assert way_out in said
    assert said.count("\n") == 1


def test_the_sandbox_names_its_own_usage(tmp_path: Path) -> None:
    done = desk_process(tmp_path, "sandbox", "--terbang")
    assert done.returncode == 2
    assert done.stderr == "desk-inovasi: sandbox takes no --terbang; see desk-inovasi sandbox --help\n"


@pytest.mark.parametrize("command", ["run", "check", "migrate", ""])
def test_a_wrong_setting_stops_every_command_with_one_sentence(
    tmp_path: Path, command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DESK_LANGUAGE", "de")
    assert main(command.split()) == 1
    assert capsys.readouterr().err == "desk-inovasi: DESK_LANGUAGE: found 'de', expected 'id' or 'en'\n"
    assert list(tmp_path.iterdir()) == []


def test_run_without_a_channel_is_refused(tmp_path: Path) -> None:
    assert "DESK_TELEGRAM_TOKEN" in refused(desk_process(tmp_path, "run"))


@pytest.mark.sqlite
def test_migrate_makes_the_database_for_our_eyes_only_and_again_changes_nothing(tmp_path: Path) -> None:
    for _ in range(2):
        assert desk(tmp_path, "migrate").returncode == 0
        assert rows(tmp_path, "SELECT count(*) FROM offices") == [(47,)]
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "data" / "desk.db").stat().st_mode & 0o777 == 0o600


@pytest.mark.sqlite
def test_migrate_refuses_what_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "desk.db").write_text("this is a letter, not a database\n" * 100)
    assert "not a database" in refused(desk(tmp_path, "migrate"))


def test_migrate_refuses_a_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file stands where the folder should be")
    assert str(tmp_path / "data") in refused(desk(tmp_path, "migrate"))


def test_the_first_admin_gets_a_code_even_without_telegram(tmp_path: Path) -> None:
    done = desk(tmp_path, "invite", "--role", "admin")
    assert done.returncode == 0
    code = done.stdout.splitlines()[0].removeprefix("Code: ")
    assert re.fullmatch(r"\w{5}-\w{5}", code)
    assert rows(tmp_path, "SELECT role, office_id FROM invitations") == [("admin", None)]
    assert code not in str(rows(tmp_path, "SELECT * FROM invitations"))


def test_an_invitation_of_a_focal_point_needs_an_office_that_there_is(tmp_path: Path) -> None:
    assert "--office" in refused(desk(tmp_path, "invite", "--role", "focal_point"))
    near = refused(desk(tmp_path, "invite", "--role", "focal_point", "--office", "dinkess"))
    assert near.startswith('office "dinkess" is not known; near: dinkes')
    assert "--office" in refused(desk(tmp_path, "invite", "--role", "leader", "--office", "dinkes"))
    assert rows(tmp_path, "SELECT * FROM invitations") == []
    assert desk(tmp_path, "invite", "--role", "focal_point", "--office", "dinkes").returncode == 0


@pytest.fixture
async def emulator() -> AsyncIterator[tuple[TelegramEmulator, str]]:
    telegram = TelegramEmulator(token=TOKEN)
    telegram.add_person(1001, "Rina")
    async with serve(telegram.app) as url:
        yield telegram, url


async def ended(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command beside the emulator, which lives in this loop."""
    command = desk_process if arguments[0] == "run" else desk
    return await asyncio.to_thread(command, folder, *arguments, **settings)


async def test_an_invitation_carries_the_link_when_telegram_is_reached(
    tmp_path: Path, emulator: tuple[TelegramEmulator, str]
) -> None:
    done = await ended(
        tmp_path, "invite", "--role", "leader", telegram_token=TOKEN, telegram_api_url=emulator[1]
    )
    code, link = done.stdout.splitlines()
    assert link.startswith("Link: https://t.me/")
    assert link.endswith(f"?start={code.removeprefix('Code: ')}")


async def test_check_says_a_line_for_each_thing(
    tmp_path: Path, emulator: tuple[TelegramEmulator, str]
) -> None:
    done = await ended(tmp_path, "check", telegram_token=TOKEN, telegram_api_url=emulator[1])
    assert done.returncode == 0, done
    told = [line.split()[0] for line in done.stdout.splitlines()]
    assert told == [
        "settings", "token", "webhook", "database", "rules", "files", "disk", "backups", "scans", "clock",
    ]  # fmt: skip
    assert not (tmp_path / "data").exists()  # looking changes nothing


@pytest.mark.parametrize(
    ("token", "url", "told"),
    [
        ("", "", "neither DESK_TELEGRAM_TOKEN nor"),
        ("99:wrong-token", "", "refused by http://127.0.0.1"),
        (TOKEN, "http://127.0.0.1:9", "not reached"),
    ],
)
async def test_check_fails_where_the_token_does_not_work(
    tmp_path: Path, emulator: tuple[TelegramEmulator, str], token: str, url: str, told: str
) -> None:
    done = await ended(tmp_path, "check", telegram_token=token, telegram_api_url=url or emulator[1])
    assert done.returncode == 1
    (line,) = [line for line in done.stdout.splitlines() if "FAILED" in line]
    assert line.startswith("token")
    assert told in line
    assert "wrong-token" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("spoil", "what", "told"),
    [
        ("INSERT INTO schema_migrations VALUES (9999, 'later', 'x')", "database", "version 9999"),
        (
            "INSERT INTO inbox (channel, external_id, address, raw, received_at, state)"
            " VALUES ('telegram', '1', '1', '{}', '2999-01-01T00:00:00.000000Z', 'handled')",
            "clock",
            "2999-01-01",
        ),
        (
            "INSERT INTO moved (address, at) VALUES ('postgresql://x/y', '2026-03-02T00:00:00.000000Z')",
            "database",
            "the desk has moved: set DESK_DATABASE_URL=postgresql://x/y",
        ),
        (
            "INSERT INTO rules_in_use (rule_year, digest, content, indicators, taken_at)"
            """ VALUES (2026, 'x', '{"indicator 17 weight": 9}', '{}', '2026-03-02T00:00:00.000000Z')""",
            "rules",
            "the data files of 2026 have changed while the year is in use",
        ),
    ],
)
async def test_check_sees_a_database_and_a_clock_that_do_not_fit(
    tmp_path: Path, emulator: tuple[TelegramEmulator, str], spoil: str, what: str, told: str
) -> None:
    desk(tmp_path, "migrate")
    with writing(tmp_path / "data" / "desk.db") as tx:
        tx.execute(spoil)
    done = await ended(tmp_path, "check", telegram_token=TOKEN, telegram_api_url=emulator[1])
    assert done.returncode == 1
    (line,) = [line for line in done.stdout.splitlines() if "FAILED" in line]
    assert line.startswith(what)
    assert told in line


async def started(folder: Path, **settings: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "run",
        cwd=folder,
        env=environment(folder, **settings),
        stderr=asyncio.subprocess.PIPE,
    )


async def told_until(process: asyncio.subprocess.Process, event: str) -> str:
    assert process.stderr is not None
    async with asyncio.timeout(SECONDS):
        while event not in (line := (await process.stderr.readline()).decode()):
            assert line, f"it ended before it said {event}"
    return line


@pytest.mark.serial
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_run_answers_and_ends_in_order_on_a_signal(
    tmp_path: Path, emulator: tuple[TelegramEmulator, str], number: signal.Signals
) -> None:
    telegram, url = emulator
    process = await started(tmp_path, telegram_token=TOKEN, telegram_api_url=url)
    line = await told_until(process, "started")
    for fact in (
        f"version='{__version__}'",
        "telegram='",
        "web='http://127.0.0.1:",
        "figures='",
        "desk.db",
        "next_tick='",
    ):
        assert fact in line, fact
    async with asyncio.timeout(SECONDS):
        await telegram.confirmed(telegram.says(1001, "halo"), timeout=SECONDS)
        second = await ended(tmp_path, "run", telegram_token=TOKEN, telegram_api_url=url)
        ending = asyncio.ensure_future(process.communicate())
        while not ending.done():  # more of them do not cut the end short, to the very last
            with suppress(ProcessLookupError):
                os.kill(
                    process.pid, number
                )  # its own way would ask how the process ended, and take the answer
            await asyncio.sleep(0.005)
        _, told = ending.result()
    assert process.returncode == 0, told
    assert "another desk-inovasi is running" in refused(second)
    assert b"Traceback" not in told
    assert rows(tmp_path, "SELECT DISTINCT state FROM inbox") == [("handled",)]
    assert not (tmp_path / "data" / "desk.db-wal").exists()


@pytest.mark.serial
async def test_a_signal_ends_a_start_that_waits_for_the_platform(tmp_path: Path) -> None:
    process = await started(tmp_path, telegram_token=TOKEN, telegram_api_url="http://127.0.0.1:9")
    await told_until(process, "platform_unreachable")
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(SECONDS):
        _, told = await process.communicate()
    assert process.returncode == 0, told
    assert TOKEN.encode() not in told


@pytest.mark.serial
async def test_run_with_a_taken_port_is_refused(
    tmp_path: Path, emulator: tuple[TelegramEmulator, str]
) -> None:
    with bind("127.0.0.1", 0) as taken:
        port = str(taken.getsockname()[1])
        done = await ended(tmp_path, "run", telegram_token=TOKEN, telegram_api_url=emulator[1], web_port=port)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(f"desk-inovasi: 127.0.0.1:{port} cannot be used: ")
    assert "Traceback" not in done.stderr


def test_the_audit_is_exported_whole_and_carries_no_formula(tmp_path: Path) -> None:
    desk(tmp_path, "invite", "--role", "admin")
    with writing(tmp_path / "data" / "desk.db") as tx:
        tx.execute(
            "INSERT INTO contacts (id, name, language, consent_version, consent_at, created_at)"
            " VALUES (1, '=1+1', 'id', '1', '', '')"
        )
        tx.execute(
            "INSERT INTO audit (at, actor, action, detail) VALUES ('2026', 1, 'moved', '{\"after\": 2}')"
        )
    assert desk(tmp_path, "export", "audit", "-o", "audit.csv").returncode == 0
    with (tmp_path / "audit.csv").open(newline="", encoding="utf-8") as file:
        header, *packaged, invited, line = csv.reader(file)
    assert header[:5] == ["number", "at", "actor", "name", "action"]
    assert {row[4] for row in packaged} == {"result_packaged"}
    assert (invited[4], line[3:7]) == ("invited", ["'=1+1", "moved", "", "2"])
    told = desk(tmp_path, "export", "audit", "--format", "jsonl")
    assert [json.loads(line)["name"] for line in told.stdout.splitlines()][-2:] == ["", "=1+1"]
    assert desk(tmp_path, "export").returncode == 2
    (tmp_path / "a-file").touch()
    assert "a-file" in refused(desk(tmp_path, "export", "audit", "-o", "a-file/audit.csv"))


def test_innovations_and_evidence_are_exported_without_a_token(tmp_path: Path) -> None:
    desk(tmp_path, "migrate")
    told = desk(tmp_path, "export", "innovations", "--format", "csv")
    assert told.stdout.startswith("Nomor,Perangkat Daerah,Nama Inovasi")
    assert (told.returncode, len(told.stdout.splitlines())) == (0, 1)
    assert desk(tmp_path, "export", "evidence", "-o", "evidence.zip").returncode == 0
    with zipfile.ZipFile(tmp_path / "evidence.zip") as archive:
        assert archive.namelist() == ["SHA256SUMS", "DAFTAR.csv"]
    assert "evidence.zip" in refused(
        desk(tmp_path, "export", "innovations", "-o", "evidence.zip/x.xlsx", "--format", "xlsx")
    )


def test_a_workbook_is_not_written_to_the_screen(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "innovations", "--format", "xlsx"]) == 1
    assert "needs a file" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="2"):
        main(["export", "evidence"])
