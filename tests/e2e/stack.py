"""The real desk for tests: supervisor, gateway, Rasa and actions on free ports, with a home and accounts of their own."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import httpx
import psutil

from connectors.gateway.home import running_processes
from connectors.gateway.settings import ROOT, Settings, known_names
from connectors.gateway.training import train
from handoff.agents import add_agent
from handoff.database import Database, migrate
from handoff.passwords import new_hash
from tests.free_ports import free_port

PATIENCE_SECONDS = 240  # Rasa loads on a busy machine
POLL_SECONDS = 0.1


@dataclass(frozen=True)
class Account:
    """Somebody who can sign in at `/desk`."""

    email: str
    password: str
    name: str
    role: str


ADELE = Account("adele@juniperandfinch.example", "adele-keeps-the-keys", "Adele", "admin")
ANA = Account("ana@juniperandfinch.example", "ana-likes-linen", "Ana", "agent")
BEN = Account("ben@juniperandfinch.example", "ben-folds-towels", "Ben", "agent")
SAM = Account("sam@juniperandfinch.example", "sam-sees-it-all", "Sam", "supervisor")


class Stack:
    """A running desk. `name` of a process: `gateway`, `rasa` or `actions`."""

    def __init__(self, settings: Settings, channels: Mapping[str, str]) -> None:
        self.settings = settings
        self._channels = channels
        self.url = settings.local_url
        self.desk_url = f"{self.url}/desk"
        self._log = settings.home / "desk.log"
        self._supervisor: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        """Start it and wait until the gateway answers. Rasa may still be loading: see `wait_for_bot`."""
        with self._log.open("ab") as log:
            command = [sys.executable, "-m", "connectors.gateway.cli", "serve"]
            self._supervisor = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**_environment(self.settings), **self._channels},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        return self.wait_for_gateway()

    def wait_for_gateway(self) -> Self:
        """Return when the gateway accepts messages."""
        self.wait_until(lambda: self._answers(f"{self.url}/health"), "the gateway answers")
        return self

    def wait_for_bot(self) -> Self:
        """Return when Rasa and the action server answer."""
        for url in self.settings.rasa_urls:
            self.wait_until(lambda: self._answers(f"{url}/webhooks/frontdesk/health"), "Rasa answers")  # noqa: B023
        actions = f"http://127.0.0.1:{self.settings.actions_port}/health"
        self.wait_until(lambda: self._answers(actions), "the action server answers")
        return self

    def stop(self) -> int:
        """Ctrl-C. Returns the supervisor's exit status."""
        assert self._supervisor is not None
        self._supervisor.send_signal(signal.SIGINT)
        return self._supervisor.wait(PATIENCE_SECONDS)

    def end(self) -> None:
        """For fixtures: whatever the test did, nothing is left running."""
        if self._supervisor is not None and self._supervisor.poll() is None:
            for process in running_processes(self.settings.home).values():
                process.resume()
            self.stop()

    def process(self, name: str) -> psutil.Process:
        return running_processes(self.settings.home)[name]

    def kill(self, name: str) -> None:
        """`kill -9`; the supervisor starts it again."""
        process = self.process(name)
        process.kill()
        self.wait_until(lambda: not process.is_running(), f"{name} is gone")

    @contextmanager
    def frozen(self, name: str) -> Iterator[None]:
        """The process neither works nor ends while the block runs: it looks like a slow one."""
        process = self.process(name)
        process.suspend()
        try:
            yield
        finally:
            process.resume()

    def log(self) -> str:
        """Everything the desk has said so far."""
        return self._log.read_text(errors="replace")

    def wait_until(self, condition: Callable[[], bool], what: str) -> None:
        """Poll `condition`; fails with the end of the desk's log when it does not come true, or the desk ended."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            ended = self._supervisor is not None and self._supervisor.poll() is not None
            if ended or time.monotonic() > deadline:
                raise AssertionError(f"waited in vain until {what}; the desk said:\n{self.log()[-6000:]}")
            time.sleep(POLL_SECONDS)

    def _answers(self, url: str) -> bool:
        assert self.settings.internal_token is not None
        token = self.settings.internal_token.get_secret_value()
        try:
            return httpx.get(url, headers={"Authorization": f"Bearer {token}"}, timeout=20).status_code == 200
        except httpx.HTTPError:
            return False


@contextmanager
def running_stack(
    home: Path, database_url: str = "", redis_url: str | None = None, channels: Mapping[str, str] | None = None
) -> Iterator[Stack]:
    """A desk in `home` with Adele, Ana, Ben and Sam, the trained model, and its own ports; ended with the block.

    `channels`: the environment that switches channels on.
    """
    settings = Settings(
        home=home,
        port=free_port(),
        rasa_port=free_port(),
        actions_port=free_port(),
        database_url=database_url,
        redis_url=redis_url,
        internal_token="only-for-this-test-run",
        log_format="text",
    )
    home.mkdir(parents=True, exist_ok=True)
    (home / "desk.toml").touch()  # no hours: open, whenever these tests run
    _copy_trained_model(settings)
    migrate(settings.database_url)
    _add_accounts(settings.database_url)
    stack = Stack(settings, channels or {})
    try:
        yield stack.start()
    finally:
        stack.end()


def _copy_trained_model(settings: Settings) -> None:
    """The model of `make run`, trained now if it is not there."""
    project = Settings(home=ROOT / "var")
    train(project, print)
    shutil.copytree(project.models_dir, settings.models_dir)


def _add_accounts(database_url: str) -> None:
    database = Database(database_url, connections=1)
    for one in (ADELE, ANA, BEN, SAM):
        password_hash = new_hash(one.password)
        database.write_now(add_agent, one.email, one.name, one.role, password_hash, datetime.now(UTC))
    database.close()


def _environment(settings: Settings) -> dict[str, str]:
    """Only what the test decided: nothing of the developer's own settings."""
    inherited = {name: value for name, value in os.environ.items() if name not in known_names()}
    assert settings.internal_token is not None
    return inherited | {
        "FRONTDESK_HOME": str(settings.home),
        "FRONTDESK_PORT": str(settings.port),
        "FRONTDESK_RASA_PORT": str(settings.rasa_port),
        "FRONTDESK_ACTIONS_PORT": str(settings.actions_port),
        "FRONTDESK_INTERNAL_TOKEN": settings.internal_token.get_secret_value(),
        "FRONTDESK_LOG_FORMAT": "text",
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url or "",
    }
