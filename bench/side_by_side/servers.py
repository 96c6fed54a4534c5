"""The three systems as running servers, each on ports of its own; all are ended with their block."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from bench.side_by_side.customers import RestCustomer, WebChatCustomer
from bench.side_by_side.load import Customer
from bench.side_by_side.machine import BOT_PYTHON
from bench.side_by_side.training import STOCK
from connectors.gateway.home import LOCK_FILE, running_processes
from connectors.gateway.processes import secret
from connectors.gateway.settings import ROOT, known_names
from connectors.web.session_ids import SessionIds
from tests.e2e.stack import Stack, running_stack
from tests.free_ports import free_port

PATIENCE_SECONDS = 900
POLL_SECONDS = 0.05
STOP_SECONDS = 15


@dataclass(frozen=True)
class System:
    """A running system: how its customers reach it, its processes by name, and when the first was started (epoch)."""

    name: str
    customer: Callable[[], Customer]
    processes: dict[str, psutil.Process]
    started: float


@contextmanager
def ours(home: Path, loaded: bool = True) -> Iterator[System]:
    """`frontdesk serve`, whole: gateway, Rasa, actions, SQLite with every commit on the disk.

    Not `loaded`: customers come as soon as the gateway lets them in, while Rasa still loads its model.
    """
    try:
        with running_stack(home) as stack:
            if loaded:
                stack.wait_for_bot()
            supervisor = psutil.Process(int((home / LOCK_FILE).read_text()))
            yield System("Frontdesk", _customer_of(stack), running_processes(home), supervisor.create_time())
    except subprocess.TimeoutExpired:
        supervisor.kill()  # and the kernel ends its children: a machine too busy to stop in time has been measured anyway


@contextmanager
def stock(model: Path, actions_port: int, log: Path) -> Iterator[System]:
    """`rasa run` with its REST channel. Custom actions are run by the action server on `actions_port`."""
    port = free_port()
    with _stock_rasa(model, port, actions_port, log) as rasa:
        url = f"http://127.0.0.1:{port}"
        _wait_until(lambda: _answers(url), rasa, log)
        process = psutil.Process(rasa.pid)
        yield System("stock Rasa", lambda: RestCustomer(url), {"rasa": process}, process.create_time())


@contextmanager
def echo(log: Path) -> Iterator[System]:
    """Sanic and python-socketio, with nothing behind them."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with _running([sys.executable, "-m", "bench.side_by_side.echo", str(port)], dict(os.environ), log) as process:
        _wait_until(lambda: _answers(url), process, log)
        ids = SessionIds("any")
        running = psutil.Process(process.pid)
        yield System("bare echo", lambda: WebChatCustomer(url, ids.new), {"echo": running}, running.create_time())


@contextmanager
def only_actions(home: Path) -> Iterator[int]:
    """The port of a running action server, for stock's cold start."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if name not in known_names()}
    environment |= {"FRONTDESK_HOME": str(home), "FRONTDESK_ACTIONS_PORT": str(port)}
    with _running([sys.executable, "-m", "actions"], environment, home / "actions.log") as process:
        _wait_until(lambda: _answers(f"http://127.0.0.1:{port}/health"), process, home / "actions.log")
        yield port


def _customer_of(stack: Stack) -> Callable[[], Customer]:
    # We know the secret that signs session ids: customers who come one after the other are no flood of new visitors.
    ids = SessionIds(secret(stack.settings.internal_token))
    return lambda: WebChatCustomer(stack.url, ids.new)


@contextmanager
def _stock_rasa(model: Path, port: int, actions_port: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    environment = os.environ | {
        "STOCK_ACTIONS_URL": f"http://127.0.0.1:{actions_port}/webhook",
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    }
    files = ("--credentials", str(STOCK / "credentials.yml"), "--endpoints", str(STOCK / "endpoints.yml"))
    command = [BOT_PYTHON, "-m", "rasa", "run", "-i", "127.0.0.1", "-p", str(port), "--model", str(model), *files]
    with _running(command, environment, log) as process:
        yield process


@contextmanager
def _running(command: list[str], environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("ab") as lines:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=lines, stderr=subprocess.STDOUT)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"it did not start: {log.read_text(errors='replace')[-3000:]}")
        time.sleep(POLL_SECONDS)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5).status_code < 500
    except httpx.HTTPError:
        return False
