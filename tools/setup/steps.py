"""What every step of the set-up shares: where things are, how programs are run, and when a step can be skipped."""

import hashlib
import os
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / ".tools"
GATEWAY_BIN = ROOT / ".venv" / "bin"
BOT_BIN = ROOT / "bot" / ".venv" / "bin"

Argument = str | Path


class SetupError(Exception):
    """The set-up cannot go on; the message is one clear line and says what to do."""


def say(text: str) -> None:
    print(text, flush=True)


def run(command: Sequence[Argument], what: str, cwd: Path = ROOT, env: dict[str, str] | None = None) -> None:
    """Run a program in the open. Raises SetupError, in terms of `what` was to be done."""
    try:
        subprocess.run([str(part) for part in command], cwd=cwd, env=env, check=True)
    except OSError as error:
        raise SetupError(f"could not {what}: {error}") from None
    except subprocess.CalledProcessError as error:
        raise SetupError(f"could not {what} (status {error.returncode}); the lines above say why") from None


def succeeds(command: Sequence[Argument], cwd: Path = ROOT, env: dict[str, str] | None = None) -> bool:
    """Whether a program can be run, and ends well. Its output is dropped."""
    try:
        done = subprocess.run([str(part) for part in command], cwd=cwd, env=env, capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


def path_with(folder: Path) -> dict[str, str]:
    """The environment with `folder` first on PATH."""
    return dict(os.environ, PATH=f"{folder}{os.pathsep}{os.environ.get('PATH', '')}")


class Stamp:
    """Remembers what a step was done for, so that it is done again only when its inputs change."""

    def __init__(self, file: Path, inputs: Iterable[Path]) -> None:
        self._file = file
        digest = hashlib.sha256()
        for path in sorted(inputs):
            digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
        self._fingerprint = digest.hexdigest()

    def is_current(self) -> bool:
        return self._file.exists() and self._file.read_text() == self._fingerprint

    def set(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_text(self._fingerprint)
