"""The database of another desk is refused in one sentence, on both engines, and nothing is written to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.command_line import desk, desk_process, refused, rows
from tests.kit.databases import writing
from tests.kit.desk_on_disk import desk_on_disk, fingerprint

OURS = "4200000000:TEST-token-of-nobody-0000000000"
THEIRS = "4300000000:TEST-token-of-nobody-0000000000"
BELONGINGS = "SELECT name, value FROM belongings ORDER BY name"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A desk with three innovations that belongs to our bot."""
    desk_on_disk(tmp_path / "data")
    done = desk(tmp_path, "migrate", "--new-bot", telegram_token=OURS)
    assert done.returncode == 0, done.stderr
    return tmp_path


def test_a_start_with_another_bot_is_refused_until_that_is_meant(folder: Path) -> None:
    before = fingerprint(folder / "data")
    sentence = refused(desk_process(folder, "run", telegram_token=THEIRS))
    assert "is another desk's: of Telegram bot 4200000000, and ours is 4300000000" in sentence
    assert sentence.endswith("name this desk's own, or run desk-inovasi migrate --new-bot")
    assert fingerprint(folder / "data") == before
    assert desk(folder, "migrate", "--new-bot", telegram_token=THEIRS).returncode == 0
    assert rows(folder, BELONGINGS)[1] == ("telegram", "4300000000")


def test_a_number_that_was_never_there_is_added_and_another_refused(folder: Path) -> None:
    assert desk(folder, "migrate", "--new-bot", whatsapp_phone_id="100", **whatsapp()).returncode == 0
    assert [name for name, _ in rows(folder, BELONGINGS)] == ["regency", "telegram", "whatsapp"]
    sentence = refused(desk_process(folder, "run", whatsapp_phone_id="200", **whatsapp()))
    assert "of WhatsApp number 100, and ours is 200" in sentence


def whatsapp() -> dict[str, str]:
    names = ("whatsapp_token", "whatsapp_app_secret", "whatsapp_verify_token")
    return dict.fromkeys(names, "word-of-nobody")


def test_another_regency_is_refused(folder: Path) -> None:
    with writing(folder / "data" / "desk.db") as tx:
        tx.execute("UPDATE belongings SET value = 'Kabupaten Lain' WHERE name = 'regency'")
        tx.execute("DELETE FROM published_results")  # ours are not theirs
    sentence = refused(desk_process(folder, "run", telegram_token=OURS))
    assert "of regency Kabupaten Lain, and ours is" in sentence
    assert sentence.endswith("; name this desk's own")
    assert "of regency Kabupaten Lain" in refused(desk(folder, "migrate", "--new-bot", telegram_token=OURS))
    assert rows(folder, "SELECT * FROM published_results") == []


def test_a_backup_of_another_desk_is_not_restored_unless_that_is_meant(folder: Path) -> None:
    assert desk(folder, "backup", "desk.tar").returncode == 0
    archive, other = str(folder / "desk.tar"), folder / "other"
    other.mkdir()
    done = desk(other, "restore", archive, telegram_token=THEIRS)
    assert done.returncode == 1
    sentence = done.stderr.splitlines()[-1]
    assert sentence.startswith("desk-inovasi: the backup is another desk's: of Telegram bot 4200000000")
    assert sentence.endswith("name this desk's own, or restore it with --new-bot")
    assert not list((other / "data").rglob("*.pdf"))
    done = desk(other, "restore", archive, "--new-bot", telegram_token=THEIRS)
    assert done.returncode == 0, done.stderr
    assert rows(other, BELONGINGS)[1] == ("telegram", "4300000000")
