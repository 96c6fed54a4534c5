"""The Python 3.10 that Rasa needs. The gateway runs on the Python that runs this set-up."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from tools.setup.steps import ROOT, SetupError, run, say, succeeds
from tools.setup.uv import uv

BOT_VERSION = "3.10"
SYSTEM_PYTHON = f"/usr/bin/python{BOT_VERSION}"
BOT_VARIABLE = "FRONTDESK_BOT_PYTHON"


def bot_python() -> str:
    """A Python 3.10 that really runs. Raises SetupError when none is found and none can be fetched."""
    chosen = os.environ.get(BOT_VARIABLE) or _from_env_file()
    if chosen:
        if not _is_python_310(chosen):
            raise SetupError(f"{BOT_VARIABLE}={chosen} is not a Python {BOT_VERSION} that runs")
        return chosen
    found = next(filter(_is_python_310, _candidates()), None)
    return found or _fetched()


def _candidates() -> Iterator[str]:
    on_path = shutil.which(f"python{BOT_VERSION}")
    if on_path:
        yield on_path
    yield SYSTEM_PYTHON
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    for version in sorted(pyenv.glob(f"versions/{BOT_VERSION}*"), reverse=True):
        yield str(version / "bin" / "python")


def _fetched() -> str:
    if not succeeds([uv(), "python", "find", "--system", BOT_VERSION]):
        say(f"Fetching Python {BOT_VERSION} for Rasa")
        try:
            run([uv(), "python", "install", BOT_VERSION], "fetch it")
        except SetupError:
            raise SetupError(
                f"Rasa needs Python {BOT_VERSION}, none was found and none could be fetched; "
                f"install one and say where: {BOT_VARIABLE}=/path/to/python{BOT_VERSION} make run"
            ) from None
    return BOT_VERSION


def _is_python_310(python: str) -> bool:
    """Runs it: a pyenv shim stands on PATH for versions that are not there, and ends with 127."""
    return succeeds([python, "-c", "import sys; sys.exit(sys.version_info[:2] != (3, 10))"])


def _from_env_file() -> str | None:
    """The one setting that is needed before `.env` can be read properly."""
    file = ROOT / ".env"
    lines = file.read_text().splitlines() if file.exists() else []
    values = [line.partition("=")[2].strip().strip("'\"") for line in lines if line.startswith(f"{BOT_VARIABLE}=")]
    return values[-1] if values else None
