"""Settings: read once, and a wrong one stops the start with one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.config import SettingsError, load, unknown

TOKEN = "123456:ABC-secret-of-nobody-0000000000000000"
WHATSAPP = {
    "DESK_WHATSAPP_TOKEN": "one",
    "DESK_WHATSAPP_PHONE_ID": "two",
    "DESK_WHATSAPP_APP_SECRET": "three",
    "DESK_WHATSAPP_VERIFY_TOKEN": "four",
}


def test_everything_has_a_default() -> None:
    settings = load({})
    assert settings.telegram_token is None
    assert settings.database_path == Path("data/desk.db")
    assert (settings.web_host, settings.web_port) == ("127.0.0.1", 8081)
    assert (settings.telegram_chat_rate, settings.telegram_chat_burst) == (1, 3)


def test_an_empty_value_is_no_value() -> None:
    settings = load({"DESK_TELEGRAM_TOKEN": "", "DESK_DATA_DIR": "", "DESK_WHATSAPP_TOKEN": ""})
    assert settings.telegram_token is None
    assert settings.data_dir == Path("data")


def test_the_database_may_lie_elsewhere() -> None:
    assert load({"DESK_DATABASE_URL": "sqlite:////srv/desk.db"}).database_path == Path("/srv/desk.db")


def test_a_secret_is_never_shown() -> None:
    settings = load({"DESK_TELEGRAM_TOKEN": TOKEN, "DESK_TELEGRAM_WEBHOOK_SECRET": "hush-" * 8})
    assert "secret-of-nobody" not in repr(settings) + str(settings.model_dump()) + settings.model_dump_json()
    assert "hush" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value", "found", "expected"),
    [
        ("DESK_WEB_PORT", "delapan", "'delapan'", "expected a whole number"),
        ("DESK_WEB_PORT", "70000", "'70000'", "65535"),
        ("DESK_LANGUAGE", "de", "'de'", "'id' or 'en'"),
        ("DESK_TIMEZONE", "Mars/Utara", "'Mars/Utara'", "Asia/Jakarta"),
        ("DESK_TIMEZONE", "Asia", "'Asia'", "Asia/Jakarta"),
        ("DESK_TELEGRAM_RATE", "0", "'0'", "greater than 0"),
        ("DESK_TELEGRAM_RATE", "nan", "'nan'", "finite"),
        ("DESK_TELEGRAM_CHAT_BURST", "inf", "'inf'", "finite"),
        ("DESK_TELEGRAM_API_URL", "ftp://x", "'ftp://x'", "https://"),
        ("DESK_TELEGRAM_TOKEN", "hush hush", "a secret", "@BotFather"),
        ("DESK_TELEGRAM_WEBHOOK_SECRET", "hush hush", "a secret", "A-Z a-z 0-9 _ -"),
        ("DESK_DATABASE_URL", "mysql://desk:hush@host/desk", "'mysql://…@host/desk'", "sqlite:///"),
        ("DESK_DATABASE_URL", "postgresql://desk:hush@host/", "'postgresql://…@host/'", "name of a database"),
        (
            "DESK_DATABASE_URL",
            "postgresql://host/?password=hush&user=desk",
            "'postgresql://host/?password=…&user=desk'",
            "name of a database",
        ),
        (
            "DESK_DATABASE_URL",
            "postgresql://h/d?schema=A",
            "'postgresql://h/d?schema=A'",
            "schema of small letters",
        ),
        ("DESK_DATABASE_URL", "sqlite:///", "'sqlite:///'", "a file"),
        ("DESK_LOG_FORMAT", "xml", "'xml'", "'text' or 'json'"),
    ],
)
def test_a_wrong_value_is_named_with_what_was_expected(
    name: str, value: str, found: str, expected: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        load({name: value})
    told = str(refused.value)
    assert told.startswith(f"{name}: found {found}, ")
    assert expected in told
    assert "hush" not in told
    assert "\n" not in told


def test_everything_that_is_wrong_is_said_at_once() -> None:
    wrong = {
        "DESK_WEB_PORT": "delapan",
        "DESK_LANGUAGE": "de",
        "DESK_TELEGRAM_TOKEN": "hush hush",
        "DESK_TELEGRAM_WEBHOOK_URL": "https://desk.example/telegram",
        "DESK_WHATSAPP_TOKEN": "one",
    }
    with pytest.raises(SettingsError) as refused:
        load(wrong)
    told = str(refused.value)
    for name in wrong:
        assert name in told or name == "DESK_WHATSAPP_TOKEN"
    assert told.count(": found ") == 3
    assert "missing: DESK_WHATSAPP_PHONE_ID, " in told
    assert "hush" not in told
    assert "\n" not in told


@pytest.mark.parametrize("secret", ["", "a" * 31, "a" * 257, "a" * 40 + "é", "a" * 40 + " "])
def test_a_webhook_secret_that_can_be_guessed_or_not_be_carried_is_refused(secret: str) -> None:
    webhook = {
        "DESK_TELEGRAM_WEBHOOK_URL": "https://x.example/telegram",
        "DESK_TELEGRAM_WEBHOOK_SECRET": secret,
    }
    with pytest.raises(SettingsError, match=r"32 to 256|needs DESK_TELEGRAM_WEBHOOK_SECRET"):
        load(webhook)
    load(webhook | {"DESK_TELEGRAM_WEBHOOK_SECRET": "aZ0_-" * 7})


def test_a_tilde_is_the_home_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/desk")
    settings = load({"DESK_DATA_DIR": "~/data", "DESK_DATABASE_URL": "sqlite:///~/lain/desk.db"})
    assert settings.data_dir == Path("/home/desk/data")
    assert settings.database_path == Path("/home/desk/lain/desk.db")
    with pytest.raises(SettingsError, match=r"^DESK_DATA_DIR: found '~tiada-orang/x', expected a path"):
        load({"DESK_DATA_DIR": "~tiada-orang/x"})


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("DESK_WEB_PROT", "DESK_WEB_PORT"),
        ("DESK_TELEGRAM_TOKENS", "DESK_TELEGRAM_TOKEN"),
        ("DESK_TIMEZON", "DESK_TIMEZONE"),
        ("DESK_MOON_PHASE", ""),
    ],
)
def test_an_unknown_variable_is_named_with_the_nearest_setting(name: str, near: str) -> None:
    (told,) = unknown(
        {name: "hush", "DESK_WEB_PORT": "1", "DESK_SANDBOX_DIR": "x", "OTHER": "y", "DESK_EMPTY": ""}
    )
    assert told == f"{name} is no setting of this version" + (f"; {near} is" if near else "")


@pytest.mark.parametrize("left_out", sorted(WHATSAPP))
def test_whatsapp_is_all_four_or_none(left_out: str) -> None:
    with pytest.raises(SettingsError, match=f"all four .* missing: {left_out}$"):
        load({name: value for name, value in WHATSAPP.items() if name != left_out})


def test_whatsapp_is_on_when_all_four_are_set() -> None:
    settings = load(WHATSAPP)
    assert settings.whatsapp_phone_id == "two"
    assert settings.whatsapp_app_secret is not None
    assert "three" not in repr(settings)


def test_a_webhook_needs_its_secret() -> None:
    with pytest.raises(SettingsError, match="DESK_TELEGRAM_WEBHOOK_SECRET"):
        load({"DESK_TELEGRAM_WEBHOOK_URL": "https://desk.example/telegram"})


def test_the_environment_comes_before_the_env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("DESK_WEB_PORT=9001\nDESK_LANGUAGE=en\nOTHER=1\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DESK_WEB_PORT", "9002")
    monkeypatch.delenv("DESK_LANGUAGE", raising=False)
    settings = load()
    assert (settings.web_port, settings.language) == (9002, "en")


def test_an_env_file_that_cannot_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_bytes(b"DESK_LANGUAGE=\xff\xfe\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError, match=r"^\.env cannot be read"):
        load()


def test_a_name_that_is_no_setting_is_said_beside_the_values_that_are_wrong() -> None:
    with pytest.raises(SettingsError, match=r"DESK_WEB_PORT: found 'x'.*; DESK_TELEGRAM_TOKN is no setting"):
        load({"DESK_WEB_PORT": "x", "DESK_TELEGRAM_TOKN": "1:hush"})
