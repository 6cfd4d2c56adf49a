"""Every setting, read once from the environment or a `.env` file."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from dotenv import dotenv_values
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, EnvSettingsSource, SettingsConfigDict
from rapidfuzz import fuzz, process

from bot.child_process import SETTINGS_PREFIX
from storage.engine.site import SQLITE, Server, Site, site_from, without_passwords

READ_ELSEWHERE = frozenset({"DESK_SANDBOX_DIR"})  # by the sandbox, before there are settings
NEAR_SCORE = 80.0  # of 100: from here on a name is taken for a slip of the other
_TOKEN = re.compile(r"\d+:[\w-]+", re.ASCII)
_WEBHOOK_SECRET = re.compile(r"[\w-]{32,256}", re.ASCII)  # core.telegram.org/bots/api#setwebhook
_WHATSAPP = ("whatsapp_token", "whatsapp_phone_id", "whatsapp_app_secret", "whatsapp_verify_token")


class SettingsError(ValueError):
    """a setting cannot be used"""


class Settings(BaseModel):
    """The settings; each stands in `docs/operations.md` as `DESK_<NAME>`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    data_dir: Path = Field(
        default=Path("data"), description="Database, evidence and backups; made with mode 0700."
    )
    database_url: str = Field(
        default="",
        description="The database, sqlite:///FILE or postgresql://…; by default desk.db in the data dir.",
    )
    timezone: str = Field(default="Asia/Jakarta", description="Zone of words, rules and quiet hours.")
    language: Literal["id", "en"] = Field(
        default="id", description="Default language; each person may choose."
    )
    person_rate: float = Field(
        default=60,
        ge=1,
        allow_inf_nan=False,
        description="Messages a minute from one person, before answers wait.",
    )
    retention_days: int = Field(default=30, ge=1, le=3650, description="Days raw messages are kept.")
    contact: str = Field(default="", max_length=200, description="Whom people may call, as they read it.")
    telegram_token: SecretStr | None = Field(default=None, description="Bot token; Telegram is on when set.")
    telegram_api_url: str = Field(
        default="https://api.telegram.org", description="Root of the Bot API server."
    )
    telegram_webhook_url: str = Field(
        default="", description="Public address of POST /telegram; empty means long polling."
    )
    telegram_webhook_secret: SecretStr | None = Field(
        default=None, description="Secret the webhook has to carry."
    )
    telegram_rate: float = Field(
        default=30, gt=0, allow_inf_nan=False, description="Messages a second over all chats."
    )
    telegram_chat_rate: float = Field(
        default=1, gt=0, allow_inf_nan=False, description="Messages a second to one chat."
    )
    telegram_chat_burst: float = Field(
        default=3,
        ge=1,
        allow_inf_nan=False,
        description="Messages to one chat at once, before its rate holds.",
    )
    whatsapp_token: SecretStr | None = Field(
        default=None, description="Cloud API token; WhatsApp is on when all four are set."
    )
    whatsapp_phone_id: str | None = Field(default=None, description="Id of the sending phone number.")
    whatsapp_app_secret: SecretStr | None = Field(default=None, description="Signs WhatsApp's webhooks.")
    whatsapp_verify_token: SecretStr | None = Field(default=None, description="Proves our webhook to Meta.")
    whatsapp_api_url: str = Field(default="https://graph.facebook.com", description="Root of the Graph API.")
    whatsapp_account_id: str = Field(
        default="",
        pattern=r"^[0-9]*$",
        description="WhatsApp Business account, for templates; found by itself.",
    )
    web_host: str = Field(default="127.0.0.1", description="Address the web server listens on.")
    web_port: int = Field(default=8081, ge=0, le=65535, description="Port of webhooks and /health.")
    link_seconds: float = Field(
        default=6,
        ge=0,
        le=60,
        allow_inf_nan=False,
        description="Seconds to look whether a link opens; 0 never looks.",
    )
    metrics_host: str = Field(default="127.0.0.1", description="Private address of /metrics and /status.")
    metrics_port: int = Field(default=9464, ge=0, le=65535, description="Private port of both.")
    heartbeat_url: str = Field(default="", description="Address to call while all parts are well.")
    backup_dir: Path | None = Field(default=None, description="Folder for nightly backups; none without it.")
    backup_keep: int = Field(default=14, ge=1, le=3650, description="Nightly backups that are kept.")
    evidence_url: str = Field(
        default="",
        description="Where evidence and exports lie: a folder or s3://bucket/prefix; the data directory.",
    )
    backup_url: str = Field(
        default="", description="S3-compatible storage for nightly backups, s3://bucket/prefix."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least level logged."
    )
    log_format: Literal["text", "json"] = Field(
        default="text", description="text for people, json for machines."
    )

    @field_validator("data_dir", "backup_dir")
    @classmethod
    def _home_opened(cls, value: Path | None) -> Path | None:
        return _expand_home(value) if value else value

    @field_validator("backup_url", "evidence_url")
    @classmethod
    def _without_key(cls, value: str) -> str:
        if re.search("//[^/@]*@", value):
            raise ValueError("expected no key in the address; AWS_ACCESS_KEY_ID and its like hold it")
        return value.rstrip("/") if "://" in value else value

    @field_validator("backup_url")
    @classmethod
    def _storage(cls, value: str) -> str:
        if value and "://" not in value:
            raise ValueError("expected an address such as s3://bucket/prefix; a folder is DESK_BACKUP_DIR")
        return value

    @field_validator("evidence_url")
    @classmethod
    def _folder_or_storage(cls, value: str) -> str:
        return str(_expand_home(Path(value))) if value and "://" not in value else value

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError("expected a zone such as Asia/Jakarta") from error
        return value

    @field_validator("telegram_token")
    @classmethod
    def _token(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not _TOKEN.fullmatch(value.get_secret_value()):
            raise ValueError("expected the token from @BotFather, digits:letters")
        return value

    @field_validator("telegram_webhook_secret")
    @classmethod
    def _webhook_secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not _WEBHOOK_SECRET.fullmatch(value.get_secret_value()):
            raise ValueError("expected 32 to 256 of the characters A-Z a-z 0-9 _ -")
        return value

    @field_validator("telegram_api_url", "whatsapp_api_url", "telegram_webhook_url", "heartbeat_url")
    @classmethod
    def _address(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("expected an address that begins with https://")
        return value.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _known_engine(cls, value: str) -> str:
        if not value:
            return value
        if not value.startswith(SQLITE) and not isinstance(site_from(value), Server):
            raise ValueError(f"expected an address that begins with {SQLITE} or postgresql://")
        site = site_from(value)
        return value if isinstance(site, Server) else f"{SQLITE}{_expand_home(site)}"

    @model_validator(mode="after")
    def _complete(self) -> Settings:
        if faults := _list_incomplete({name: value for name, value in self if value}):
            raise ValueError("; ".join(faults))
        return self

    @property
    def database(self) -> Site:
        """Where the database is: a file or a server."""
        return site_from(self.database_url) if self.database_url else self.data_dir / "desk.db"

    @property
    def database_path(self) -> Path:
        """The file of the database; raises SettingsError where it is on a server."""
        site = self.database
        if isinstance(site, Server):
            raise SettingsError(f"{site} is on a server, and this needs a database in a file")
        return site

    @property
    def store_site(self) -> str:
        """Where evidence and exports lie: a folder or an address."""
        return self.evidence_url or str(self.data_dir)

    @property
    def backup_sites(self) -> dict[str, str]:
        """Where nightly backups are kept, by the name under which each site is judged; empty: nowhere."""
        sites = {"folder": self.backup_dir, "storage": self.backup_url}
        return {name: str(site) for name, site in sites.items() if site}

    @property
    def incoming_dir(self) -> Path:
        """Where a file lies while it is fetched, whatever the store is."""
        return self.data_dir / "evidence" / ".incoming"


class _Environment(BaseSettings, Settings):
    """Says how the variables of the settings are called."""

    model_config = SettingsConfigDict(env_prefix=SETTINGS_PREFIX, env_ignore_empty=True)


class _Given(EnvSettingsSource):
    """Reads from a mapping instead of the process's own environment."""

    def __init__(self, values: Mapping[str, str | None]) -> None:
        self._given = values
        super().__init__(_Environment)

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return {name.lower(): value for name, value in self._given.items() if value}


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from the environment, and from a `.env` file where it says nothing.

    Raises SettingsError with everything that is wrong in one line: name, value found unless secret,
    expectation.
    """
    values = _Given(_read_variables(environment))()
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise SettingsError("; ".join([*_list_faults(error, values), *unknown(environment)])) from None


def unknown(environment: Mapping[str, str] | None = None) -> list[str]:
    """Name every `DESK_…` variable that is no setting, with the nearest that is one; never its value."""
    known = [f"{SETTINGS_PREFIX}{name.upper()}" for name in Settings.model_fields]
    names = (name.upper() for name, value in _read_variables(environment).items() if value)
    ours = {name for name in names if name.startswith(SETTINGS_PREFIX)}
    strange = sorted(ours - READ_ELSEWHERE - set(known))
    sentences = []
    for name in strange:
        near = process.extractOne(name, known, scorer=fuzz.ratio, score_cutoff=NEAR_SCORE)
        sentences.append(f"{name} is no setting of this version" + (f"; {near[0]} is" if near else ""))
    return sentences


def secrets_of(settings: Settings) -> frozenset[str]:
    """List the values that may stand in no log: every secret, and the passwords of the database."""
    values = (getattr(settings, name) for name in Settings.model_fields)
    secrets = {value.get_secret_value() for value in values if isinstance(value, SecretStr)}
    site = settings.database
    passwords = site.passwords if isinstance(site, Server) else frozenset()
    return frozenset(secrets | passwords)


def without_secrets(settings: Settings) -> str:
    """Write the settings that differ from their default as a `.env` file; of a secret only that
    it was set.
    """
    lines = []
    for name, field in Settings.model_fields.items():
        value, variable = getattr(settings, name), f"{SETTINGS_PREFIX}{name.upper()}"
        if name == "database_url" and value:
            lines.append(f"{variable}={settings.database if _has_password(value) else value}")
        elif isinstance(value, SecretStr):
            lines.append(f"# {variable}= was set; it is secret and not in this backup")
        elif value is not None and value != field.default:
            lines.append(f"{variable}={value}")
    return "".join(f"{line}\n" for line in lines)


def _has_password(address: str) -> bool:
    site = site_from(address)
    return isinstance(site, Server) and str(site) != site.address


def _read_variables(environment: Mapping[str, str] | None) -> Mapping[str, str | None]:
    return {**_read_env_file(), **os.environ} if environment is None else environment


def _read_env_file() -> dict[str, str | None]:
    if not Path(".env").exists():
        return {}
    try:
        return dotenv_values(".env", interpolate=False)  # a secret may hold a dollar sign
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f".env cannot be read: {error}") from None


def _expand_home(path: Path) -> Path:
    """Put the home folder in the place of `~`; a path of the service is then the same in the shell and
    here.
    """
    try:
        return path.expanduser()
    except RuntimeError:
        raise ValueError(f"expected a path; {path.parts[0]} is nobody's home") from None


def _list_incomplete(values: Mapping[str, Any]) -> list[str]:
    """Name what needs other settings beside it; `values` are those that have a value."""
    faults = []
    of_whatsapp = [name for name in _WHATSAPP if name in values]
    if of_whatsapp and len(of_whatsapp) < len(_WHATSAPP):
        missing = ", ".join(f"{SETTINGS_PREFIX}{name.upper()}" for name in _WHATSAPP if name not in values)
        faults.append(f"WhatsApp needs all four of its settings; missing: {missing}")
    if "telegram_webhook_url" in values and "telegram_webhook_secret" not in values:
        faults.append("DESK_TELEGRAM_WEBHOOK_URL needs DESK_TELEGRAM_WEBHOOK_SECRET beside it")
    return faults


def _list_faults(error: ValidationError, values: Mapping[str, Any]) -> list[str]:
    """Write a sentence for each value that is wrong, then for what is missing beside the others."""
    return [_describe_fault(dict(fault)) for fault in error.errors() if fault["loc"]] + _list_incomplete(
        values
    )


def _describe_fault(fault: Mapping[str, Any]) -> str:
    reason = fault["msg"].removeprefix("Value error, ").replace("Input should be", "expected")
    if fault["type"] in ("int_parsing", "int_from_float"):
        reason = "expected a whole number"
    name = str(fault["loc"][0])
    field = Settings.model_fields.get(name)
    secret = field is not None and "SecretStr" in str(field.annotation)
    value = "a secret" if secret else re.sub(r"//[^/@]*@", "//…@", without_passwords(repr(fault["input"])))
    return f"{SETTINGS_PREFIX}{name.upper()}: found {value}, {reason[0].lower()}{reason[1:]}"
