"""The Python for Rasa has to run, not only to be there."""

from pathlib import Path

import pytest

from tools.setup import pythons
from tools.setup.pythons import BOT_VARIABLE, bot_python
from tools.setup.steps import SetupError


def program(path: Path, *lines: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(["#!/bin/sh", *lines, ""]))
    path.chmod(0o755)
    return path


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without any Python 3.10; uv finds none and can fetch none."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/bin")
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    monkeypatch.delenv(BOT_VARIABLE, raising=False)
    monkeypatch.setattr(pythons, "ROOT", tmp_path)
    monkeypatch.setattr(pythons, "SYSTEM_PYTHON", str(tmp_path / "usr" / "python3.10"))
    monkeypatch.setattr(pythons, "uv", lambda: program(tmp_path / "uv", "exit 2"))
    return tmp_path


def test_a_shim_that_ends_with_127_is_passed_over(machine: Path) -> None:
    program(machine / "bin" / "python3.10", "echo 'pyenv: python3.10: command not found' >&2", "exit 127")
    real = program(machine / "pyenv" / "versions" / "3.10.13" / "bin" / "python", "exit 0")
    assert bot_python() == str(real)


def test_one_on_the_path_that_runs_is_taken_first(machine: Path) -> None:
    on_path = program(machine / "bin" / "python3.10", "exit 0")
    program(machine / "pyenv" / "versions" / "3.10.13" / "bin" / "python", "exit 0")
    assert bot_python() == str(on_path)


def test_without_any_the_words_say_what_to_do(machine: Path) -> None:
    with pytest.raises(SetupError, match=f"install one and say where: {BOT_VARIABLE}="):
        bot_python()


def test_the_chosen_one_is_taken_from_the_env_file(machine: Path) -> None:
    chosen = program(machine / "opt" / "python", "exit 0")
    (machine / ".env").write_text(f"FRONTDESK_PORT=8000\n{BOT_VARIABLE}='{chosen}'\n")
    assert bot_python() == str(chosen)


def test_a_chosen_one_that_does_not_run_is_named(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(BOT_VARIABLE, str(machine / "nowhere"))
    with pytest.raises(SetupError, match=r"nowhere is not a Python 3\.10 that runs"):
        bot_python()
