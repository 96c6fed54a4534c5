"""`frontdesk doctor`: looks at every part and says how to mend what is broken."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import redis
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from connectors.gateway.home import running_processes, with_internal_token
from connectors.gateway.models import ModelChangedError, ModelStore, fingerprint_of_inputs
from connectors.gateway.processes import BOT_ENVIRONMENT, ProcessSpec, actions_process, gateway_process, rasa_processes
from connectors.gateway.settings import ROOT, Settings
from connectors.gateway.supervisor import PortInUseError, check_port_is_free
from connectors.gateway.tables import TablesOutdatedError, check_tables, version_of
from handoff.database import normalise

PAGES = ROOT / "connectors" / "pages" / "dist"
ANSWER_SECONDS = 5.0
ENOUGH_BYTES = 500_000_000


@dataclass(frozen=True)
class Finding:
    """One part, whether it is well, and what to do when it is not."""

    part: str
    ok: bool
    detail: str
    mend: str = ""

    def line(self) -> str:
        mend = f"\n{'':15}-> {self.mend}" if not self.ok and self.mend else ""
        return f"{'ok ' if self.ok else 'BAD'} {self.part:<11}{self.detail}{mend}"


def examine(settings: Settings) -> list[Finding]:
    """Every finding; looks only, changes nothing."""
    home = _home(settings)
    if not home.ok:
        return [home]  # nothing else can be looked at without it
    settings = with_internal_token(settings)
    examinations: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
        _bot_environment, _pages, _model, _database, _other_databases, _redis, _processes, _channels,
    )  # fmt: skip
    return [home, *(finding for look in examinations for finding in look(settings))]


def _home(settings: Settings) -> Finding:
    """State must be writable, and on a full disk no message can be kept."""
    folder = next(path for path in (settings.home, *settings.home.parents) if path.exists())
    if not (folder.is_dir() and os.access(folder, os.W_OK)):
        return Finding("home", False, f"{settings.home} cannot be written", "let us write there, or set FRONTDESK_HOME")
    free = shutil.disk_usage(folder).free
    detail = f"{settings.home}, {free / 1e9:.1f} GB free"
    return Finding("home", free > ENOUGH_BYTES, detail, "make room, or set FRONTDESK_HOME")


def _bot_environment(_settings: Settings) -> Iterator[Finding]:
    python = BOT_ENVIRONMENT / "bin" / "python"
    look = "import sys, importlib.metadata as m; print(sys.version.split()[0], m.version('rasa'))"
    try:
        answer = subprocess.run([python, "-c", look], capture_output=True, text=True, check=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        yield Finding("bot", False, f"{python} does not run, or has no Rasa", "make setup")
        return
    version, rasa = answer.stdout.split()
    yield Finding("bot", version.startswith("3.10."), f"Python {version}, Rasa {rasa}", "remove bot/.venv; make setup")


def _pages(_settings: Settings) -> Iterator[Finding]:
    built = (PAGES / "widget.js").exists()
    yield Finding("pages", built, f"{PAGES} {'is built' if built else 'is missing'}", "make setup")


def _model(settings: Settings) -> Iterator[Finding]:
    store = ModelStore(settings.models_dir)
    try:
        current, newest = store.verified(fingerprint_of_inputs()), store.newest()
    except ModelChangedError as error:
        yield Finding("model", False, str(error), "frontdesk train")
        return
    if current:
        yield Finding("model", True, f"{current.name}, as trained from the present data/")
    else:
        detail = f"data/ has changed since {newest.name} was trained" if newest else "none is trained"
        yield Finding("model", False, detail, "frontdesk train")


def _database(settings: Settings) -> Iterator[Finding]:
    url = make_url(normalise(settings.database_url))
    shown = url.render_as_string(hide_password=True)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        yield Finding("database", False, f"{shown} is not there yet", "frontdesk migrate")
        return
    try:
        check_tables(settings.database_url)
    except TablesOutdatedError as error:
        yield Finding("database", False, f"{shown}: {error}")
    except (SQLAlchemyError, OSError) as error:
        yield Finding("database", False, f"{shown}: {str(error).splitlines()[0]}", "start it, or correct DATABASE_URL")
    else:
        yield Finding("database", True, f"{shown}, up to date")


def _other_databases(settings: Settings) -> Iterator[Finding]:
    """The shop's and the bot's. Their tables, and with SQLite their files, are made on first use."""
    others = {"shop": ("SHOP_DATABASE_URL", settings.shop_database_url)}
    if settings.bot_database_url != settings.database_url:
        others["bot memory"] = ("BOT_DATABASE_URL", settings.bot_database_url)
    for part, (name, address) in others.items():
        url = make_url(normalise(address))
        shown = url.render_as_string(hide_password=True)
        if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
            yield Finding(part, True, f"{shown} is made on first use")
            continue
        try:
            version_of(url)
        except (SQLAlchemyError, OSError) as error:
            yield Finding(part, False, f"{shown}: {str(error).splitlines()[0]}", f"start it, or correct {name}")
        else:
            yield Finding(part, True, f"{shown} answers")


def _redis(settings: Settings) -> Iterator[Finding]:
    if not settings.redis_url:
        return
    try:
        with redis.Redis.from_url(settings.redis_url, socket_timeout=ANSWER_SECONDS) as client:
            client.ping()
    except (redis.RedisError, OSError) as error:
        yield Finding("redis", False, str(error), "start it, correct REDIS_URL, or remove it: one gateway needs none")
        return
    yield Finding("redis", True, "answers")


def _processes(settings: Settings) -> Iterator[Finding]:
    """Running: each answers. Not running: each port is free."""
    running = running_processes(settings.home)
    specs = [
        gateway_process(settings),
        actions_process(settings),
        *rasa_processes(settings, settings.models_dir),
    ]
    for spec in specs:
        yield _answers(spec) if running else _could_start(spec)


def _answers(spec: ProcessSpec) -> Finding:
    try:
        status = asyncio.run(_status_of(spec))
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        return Finding(spec.name, False, f"does not answer: {error or 'too slow'}", "read its lines in the log")
    port = urlsplit(spec.ready_url).port
    return Finding(spec.name, status == 200, f"answers {status} on port {port}", f"look at {spec.ready_url}")


async def _status_of(spec: ProcessSpec) -> int:
    timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
    client = aiohttp.ClientSession(timeout=timeout, headers=spec.ready_headers)
    async with client, client.get(spec.ready_url) as answer:
        return answer.status


def _could_start(spec: ProcessSpec) -> Finding:
    try:
        check_port_is_free(spec)
    except PortInUseError as error:
        return Finding(spec.name, False, str(error))
    return Finding(spec.name, True, f"not running; port {spec.port} is free")


def _channels(settings: Settings) -> Iterator[Finding]:
    """Tokens that only work in company."""
    yield Finding("telegram", True, "on" if settings.telegram_bot_token else "off: no TELEGRAM_BOT_TOKEN")
    if not settings.slack_bot_token:
        yield Finding("slack", True, "off: no SLACK_BOT_TOKEN")
        return
    hears = bool(settings.slack_signing_secret or settings.slack_app_token)
    detail = "on" if hears else "can speak but not hear"
    yield Finding("slack", hears, detail, "set SLACK_SIGNING_SECRET for events, or SLACK_APP_TOKEN for socket mode")
