"""The three kinds of process a desk is made of, and how each is started."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr

from connectors.gateway.settings import ROOT, SETUP_NAMES, Settings, known_names, outside_name

RASA_FILES = ("--credentials", "credentials.yml", "--endpoints", "endpoints.yml")
BOT_ENVIRONMENT = ROOT / "bot" / ".venv"


@dataclass(frozen=True)
class ProcessSpec:
    """How to start one process and how to see that it serves."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str]
    port: int
    port_setting: str
    ready_url: str
    ready_headers: dict[str, str]


def gateway_process(settings: Settings) -> ProcessSpec:
    """The public face: pages, channels, desk, dispatcher."""
    return ProcessSpec(
        name="gateway",
        command=(sys.executable, "-m", "connectors.gateway.cli", "gateway"),
        environment=environment(settings),
        port=settings.port,
        port_setting="FRONTDESK_PORT",
        ready_url=f"{settings.local_url}/health",
        ready_headers={},
    )


def actions_process(settings: Settings) -> ProcessSpec:
    """rasa-sdk with our actions, in the gateway's environment."""
    return ProcessSpec(
        name="actions",
        command=(sys.executable, "-m", "actions"),
        environment=_without_channels(environment(settings)),
        port=settings.actions_port,
        port_setting="FRONTDESK_ACTIONS_PORT",
        ready_url=f"http://127.0.0.1:{settings.actions_port}/health",
        ready_headers={},
    )


def rasa_processes(settings: Settings, model: Path) -> list[ProcessSpec]:
    """One Rasa for each address of FRONTDESK_RASA_URLS."""
    many = len(settings.rasa_urls) > 1
    return [
        _rasa_process(settings, model, url, f"rasa-{number}" if many else "rasa")
        for number, url in enumerate(settings.rasa_urls, start=1)
    ]


def _rasa_process(settings: Settings, model: Path, url: str, name: str) -> ProcessSpec:
    port = urlsplit(url).port or settings.rasa_port
    listen = ("--interface", "127.0.0.1", "--port", str(port))
    return ProcessSpec(
        name=name,
        command=rasa_command("run", *listen, "--model", str(model), *RASA_FILES),
        environment=rasa_environment(settings),
        port=port,
        port_setting="FRONTDESK_RASA_PORT" if len(settings.rasa_urls) == 1 else "FRONTDESK_RASA_URLS",
        ready_url=f"{url}/webhooks/frontdesk/health",
        ready_headers={"Authorization": f"Bearer {secret(settings.internal_token)}"},
    )


def rasa_command(*arguments: str) -> tuple[str, ...]:
    """A `rasa` command line, run in the bot's environment, without the TensorFlow that nothing of ours needs."""
    return (str(BOT_ENVIRONMENT / "bin" / "python"), "-m", "bot", *arguments)


def rasa_environment(settings: Settings) -> dict[str, str]:
    """What Rasa needs to know: our settings, and that it finds `bot/` as a package and talks to nobody else."""
    return _without_channels(environment(settings)) | {
        "BOT_ACTION_URL": settings.actions_url,
        "RASA_TELEMETRY_ENABLED": "false",
        "RASA_CACHE_DIRECTORY": str(settings.home / "rasa-cache"),
        "PYTHONPATH": str(ROOT),
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }


def environment(settings: Settings) -> dict[str, str]:
    """Our environment with every setting spelt out, so that a child reads exactly what was decided."""
    inherited = {name: value for name, value in os.environ.items() if name not in known_names()}
    inherited.pop("VIRTUAL_ENV", None)
    ours = {outside_name(field): _spelt(getattr(settings, field)) for field in type(settings).model_fields}
    kept = {name: os.environ[name] for name in SETUP_NAMES if name in os.environ}
    return inherited | ours | kept | {"PYTHONUNBUFFERED": "1"}


def _without_channels(names: dict[str, str]) -> dict[str, str]:
    """Only the gateway talks to channels: nobody else holds their tokens."""
    return {name: value for name, value in names.items() if not name.startswith(("TELEGRAM_", "SLACK_"))}


def secret(value: SecretStr | None) -> str:
    return value.get_secret_value() if value else ""


def _spelt(value: object) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, tuple):
        return ",".join(value)
    return "" if value is None else str(value)
