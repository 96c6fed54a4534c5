"""The two Python environments, exactly as their lock files say: the gateway's `.venv` and Rasa's `bot/.venv`."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from tools.setup.pythons import bot_python
from tools.setup.steps import ROOT, Argument, run, say, succeeds
from tools.setup.uv import uv

RUN_GROUPS = ["--no-dev", "--inexact"]  # inexact: `make run` leaves the tools of `make test` where they are


def set_up(with_test_tools: bool) -> None:
    """Bring both environments up to date; a glance when they are."""
    gateway_groups = [] if with_test_tools else [*RUN_GROUPS, "--group", "pages"]
    bot_groups = [] if with_test_tools else RUN_GROUPS
    _sync(ROOT, gateway_groups, lambda: sys.executable, "the gateway's environment")
    _sync(ROOT / "bot", bot_groups, bot_python, "the bot's environment (Rasa and TensorFlow: some 2.6 GB)")


def _sync(project: Path, groups: list[str], python: Callable[[], str], what: str) -> None:
    env = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    command: list[Argument] = [uv(), "sync", "--locked", "--project", project, *groups]
    if (project / ".venv").exists() and succeeds([*command, "--check", "--offline"], cwd=project, env=env):
        return
    say(f"Setting up {what}")
    run([*command, "--python", python()], f"set up {what}", cwd=project, env=env)
