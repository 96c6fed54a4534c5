"""uv, which makes the two environments: a pinned one of our own in `.tools/`."""

import sys
from pathlib import Path

from tools.setup.steps import TOOLS, Argument, SetupError, run, say, succeeds

VERSION = "0.13.9"
UV = TOOLS / "uv" / "bin" / "uv"


def uv() -> Path:
    """The path of our uv, installed on first use. Raises SetupError."""
    marker = TOOLS / "uv" / f"version-{VERSION}"
    if not (marker.exists() and succeeds([UV, "--version"])):
        say(f"Setting up uv {VERSION} in .tools/")
        if not succeeds([sys.executable, "-c", "import ensurepip, venv"]):
            raise SetupError("this Python has no venv module; on Debian and Ubuntu: apt-get install python3-venv")
        run([sys.executable, "-m", "venv", "--clear", TOOLS / "uv"], "make .tools/uv")
        pip: list[Argument] = [
            TOOLS / "uv" / "bin" / "python",
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ]
        run([*pip, f"uv=={VERSION}"], "install uv from PyPI")
        marker.touch()
    return UV
