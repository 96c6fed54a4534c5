"""FRONTDESK_HOME: the folder of state. One supervisor at a time, one internal secret, nothing left running."""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

import psutil
from pydantic import SecretStr

from connectors.gateway.settings import Settings

TOKEN_FILE = "internal-token"  # noqa: S105 - a file's name
LOCK_FILE = "supervisor.lock"
PROCESSES_FILE = "processes.json"


class HomeBusyError(Exception):
    """Another supervisor works in this home."""


def with_internal_token(settings: Settings) -> Settings:
    """Settings that carry the secret between our processes: the given one, or the home's, made on first use."""
    if settings.internal_token is not None:
        return settings
    return settings.model_copy(update={"internal_token": SecretStr(_token_of(settings.home))})


@contextmanager
def hold_home(home: Path) -> Iterator[None]:
    """Be the only supervisor of `home` while the block runs. The kernel lets go when the process dies, however it dies.

    Raises HomeBusyError at once if another holds it.
    """
    home.mkdir(parents=True, exist_ok=True)
    with (home / LOCK_FILE).open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise HomeBusyError(
                f"Frontdesk already runs in {home} (process {lock.read().strip() or 'unknown'}); "
                "stop it, or set FRONTDESK_HOME and the ports for a second one"
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def remember_processes(home: Path, pids: dict[str, int]) -> None:
    """Note what runs, so that whoever starts next can clean up after a supervisor that was killed."""
    running = {}
    for name, pid in pids.items():
        with suppress(psutil.NoSuchProcess):
            running[name] = {"pid": pid, "started": psutil.Process(pid).create_time()}
    replace_file(home / PROCESSES_FILE, json.dumps(running))


def running_processes(home: Path) -> dict[str, psutil.Process]:
    """The remembered processes that still live, by name. A process id that was given to another program is not ours."""
    try:
        remembered = json.loads((home / PROCESSES_FILE).read_text())
    except (FileNotFoundError, ValueError):
        return {}
    alive = {}
    for name, entry in remembered.items():
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(entry["pid"])
            if process.create_time() == entry["started"]:
                alive[name] = process
    return alive


def kill_leftovers(home: Path) -> list[str]:
    """End what a killed supervisor left running, children included. Returns the names. Call while holding the home."""
    ended = []
    for name, process in running_processes(home).items():
        with suppress(psutil.NoSuchProcess):
            family = [*process.children(recursive=True), process]
            for member in family:
                with suppress(psutil.NoSuchProcess):
                    member.kill()
            psutil.wait_procs(family, timeout=5)
            ended.append(name)
    return ended


def replace_file(path: Path, content: str) -> None:
    """Write a file whole or not at all, for its owner alone."""
    with NamedTemporaryFile("w", dir=path.parent, prefix=f".{path.name}.", delete=False) as draft:
        draft.write(content)
    Path(draft.name).replace(path)


def _token_of(home: Path) -> str:
    path = home / TOKEN_FILE
    home.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        with NamedTemporaryFile("w", dir=home, prefix=f".{TOKEN_FILE}.") as draft:
            draft.write(secrets.token_urlsafe(32))
            draft.flush()
            with suppress(FileExistsError):
                os.link(draft.name, path)  # the first of several at once wins, and all read the same
    return path.read_text().strip()
