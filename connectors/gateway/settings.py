"""What the operator decides, read once from the environment and `.env`, and handed down from there."""

import difflib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import SplitResult, urlsplit

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

ROOT = Path(__file__).resolve().parents[2]
ENV_FILE = ROOT / ".env"
PREFIX = "FRONTDESK_"
SETUP_NAMES = ("FRONTDESK_BOT_PYTHON",)  # read by `tools.setup`, before this environment exists
DATABASES = {"sqlite": "sqlite", "postgresql": "postgresql", "postgres": "postgresql"}
LOOPBACK = ("127.0.0.1", "localhost", "::1")

Port = Annotated[int, Field(ge=1, le=65535)]


class SettingsError(Exception):
    """Some settings are wrong. `lines` says, one clear line each, which and why; no secret is repeated."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


class Settings(BaseSettings):
    """Every setting, checked. Frozen: build it at the entry point and pass it down.

    Tests build it with keywords (`Settings(home=tmp_path)`); entry points call `read_settings()`.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        populate_by_name=True,  # keywords are field names; from outside only the names of .env.example are let in
        frozen=True,
        extra="ignore",
        hide_input_in_errors=True,
    )

    host: str = "127.0.0.1"
    port: Port = 8000
    home: Path = Path("var")
    public_url: str = ""
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = ()
    trusted_proxies: int = Field(0, ge=0, le=10)
    log_format: Literal["auto", "text", "json"] = "auto"
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    database_url: str = Field("", validation_alias="DATABASE_URL", repr=False)
    shop_database_url: str = Field("", validation_alias="SHOP_DATABASE_URL", repr=False)
    bot_database_url: str = Field("", validation_alias="BOT_DATABASE_URL", repr=False)
    redis_url: str | None = Field(None, validation_alias="REDIS_URL", repr=False)

    internal_token: SecretStr | None = None
    rasa_port: Port = 5005
    rasa_urls: Annotated[tuple[str, ...], NoDecode] = ()
    actions_port: Port = 5055
    bot_deadline_seconds: float = Field(5.0, gt=0, le=8)  # longer would break the notice within ten seconds

    telegram_bot_token: SecretStr | None = Field(None, validation_alias="TELEGRAM_BOT_TOKEN")
    telegram_webhook_secret: SecretStr | None = Field(None, validation_alias="TELEGRAM_WEBHOOK_SECRET")
    telegram_mode: Literal["auto", "webhook", "polling"] = Field("auto", validation_alias="TELEGRAM_MODE")
    telegram_api_url: str = Field("https://api.telegram.org", validation_alias="TELEGRAM_API_URL")
    telegram_desk_chat: int | None = Field(None, validation_alias="TELEGRAM_DESK_CHAT", lt=0)  # groups are negative
    slack_bot_token: SecretStr | None = Field(None, validation_alias="SLACK_BOT_TOKEN")
    slack_signing_secret: SecretStr | None = Field(None, validation_alias="SLACK_SIGNING_SECRET")
    slack_app_token: SecretStr | None = Field(None, validation_alias="SLACK_APP_TOKEN")
    slack_desk_channel: str | None = Field(None, validation_alias="SLACK_DESK_CHANNEL", pattern=r"^[CG][A-Z0-9]+$")
    slack_api_url: str = Field("https://slack.com/api/", validation_alias="SLACK_API_URL")

    rest_secret: SecretStr | None = Field(None, validation_alias="REST_SECRET", min_length=16)
    rest_callback_url: str = Field("", validation_alias="REST_CALLBACK_URL", validate_default=True)

    @field_validator("home")
    @classmethod
    def _home_from_the_project(cls, home: Path) -> Path:
        """A relative home lies in the project, wherever the command was typed."""
        return (ROOT / home.expanduser()).resolve()

    @field_validator("log_format", "log_level", mode="before")
    @classmethod
    def _any_case(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @field_validator("rasa_urls", "allowed_origins", mode="before")
    @classmethod
    def _split_list(cls, value: object) -> object:
        return tuple(filter(None, (part.strip() for part in value.split(",")))) if isinstance(value, str) else value

    @field_validator("rasa_urls")
    @classmethod
    def _rasa_stays_on_loopback(cls, urls: tuple[str, ...]) -> tuple[str, ...]:
        for url in urls:
            parts = _split_url(url, ("http",))
            if parts.hostname not in LOOPBACK or parts.port is None:
                raise ValueError(f"{url}: Rasa has no business on a network; use http://127.0.0.1:PORT")
        return tuple(url.rstrip("/") for url in urls)

    @field_validator("allowed_origins")
    @classmethod
    def _origins_are_bare(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        for origin in origins:
            if _split_url(origin, ("http", "https")).path.strip("/"):
                raise ValueError(f"{origin}: name the site only, such as https://shop.example")
        return tuple(origin.rstrip("/") for origin in origins)

    @field_validator("database_url", "shop_database_url", "bot_database_url")
    @classmethod
    def _database(cls, url: str) -> str:
        return url and without_driver(url)

    @field_validator("redis_url")
    @classmethod
    def _redis_scheme(cls, url: str | None) -> str | None:
        if url is not None:
            _split_url(url, ("redis", "rediss", "unix"), needs_host=False)
        return url

    @field_validator("public_url", "telegram_api_url", "slack_api_url", "rest_callback_url")
    @classmethod
    def _web_address(cls, url: str) -> str:
        if url:
            _split_url(url, ("http", "https"))
        return url

    @field_validator("rest_callback_url")
    @classmethod
    def _both_ways(cls, url: str, info: ValidationInfo) -> str:
        if "rest_secret" in info.data and bool(info.data["rest_secret"]) != bool(url):
            raise ValueError("belongs to REST_SECRET: set both, or neither")
        return url

    @model_validator(mode="after")
    def _derive(self) -> Self:
        database_url = self.database_url or f"sqlite:///{self.home / 'frontdesk.db'}"
        on_postgres = database_url.startswith("postgresql")
        bot_file = f"sqlite:///{self.home / 'bot.db'}"
        derived: dict[str, object] = {
            "database_url": database_url,
            "shop_database_url": self.shop_database_url or f"sqlite:///{self.home / 'shop.db'}",
            "bot_database_url": self.bot_database_url or (database_url if on_postgres else bot_file),
            "rasa_urls": self.rasa_urls or (f"http://127.0.0.1:{self.rasa_port}",),
            "public_url": (self.public_url or f"http://{self.host}:{self.port}").rstrip("/"),
        }
        self.__dict__.update(derived)  # the model is frozen for everyone else
        return self

    @property
    def models_dir(self) -> Path:
        return self.home / "models"

    @property
    def actions_url(self) -> str:
        """Where Rasa finds the action server."""
        return f"http://127.0.0.1:{self.actions_port}/webhook"

    @property
    def local_url(self) -> str:
        """The gateway as reached from this machine; `public_url` is how the world reaches it."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104 - compares, binds nothing
        return f"http://{host}:{self.port}"


def without_driver(url: str) -> str:
    """The same database in its plain form; gateway, shop and bot each add the driver they carry.

    Raises ValueError for a database we do not speak.
    """
    scheme, separator, rest = url.partition("://")
    backend = DATABASES.get(scheme.partition("+")[0])
    if not separator or backend is None:
        raise ValueError("give sqlite:///path or postgresql://user@host/name, with a password if it has one")
    return f"{backend}://{rest}"


def read_settings(env_file: Path = ENV_FILE) -> Settings:
    """Settings from the environment, then `env_file`, then defaults. Raises SettingsError, all problems at once."""
    in_file = dotenv_values(env_file) if env_file.exists() else {}
    lines = _unknown_names([*os.environ, *in_file])
    try:
        settings = Settings(_env_file=env_file)
    except ValidationError as error:
        lines += [f"{outside_name(problem['loc'][0])}: {_reason(problem['msg'])}" for problem in error.errors()]
        raise SettingsError(lines) from None
    if lines:
        raise SettingsError(lines)
    return settings


def known_names() -> list[str]:
    """Every environment variable that means something here."""
    return [outside_name(field) for field in Settings.model_fields] + list(SETUP_NAMES)


def outside_name(field: object) -> str:
    """The environment variable that sets a field; an alias is already one."""
    name = str(field)
    info = Settings.model_fields.get(name)
    return name if info is None else str(info.validation_alias or PREFIX + name.upper())


def _unknown_names(names: Iterable[str]) -> list[str]:
    known = known_names()
    lines = []
    for name in sorted(set(names)):
        if name.startswith(PREFIX) and name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            lines.append(f"{name}: no such setting" + (f"; did you mean {near[0]}?" if near else "; see .env.example"))
    return lines


def _split_url(url: str, schemes: tuple[str, ...], needs_host: bool = True) -> SplitResult:
    parts = urlsplit(url)
    if parts.scheme not in schemes or (needs_host and not parts.hostname):
        raise ValueError(f"not an address that begins with {' or '.join(f'{scheme}://' for scheme in schemes)}")
    return parts


def _reason(message: str) -> str:
    """Pydantic's words without its preamble."""
    return message.removeprefix("Value error, ").replace("Input should be", "should be", 1)
