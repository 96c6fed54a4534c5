"""A step is done once for its inputs, and a failure is one clear line."""

import sys
from pathlib import Path

import pytest

from tools.setup import steps
from tools.setup.steps import SetupError, Stamp, run, succeeds


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(steps, "ROOT", tmp_path)
    file = tmp_path / "package-lock.json"
    file.write_text("one")
    return file


def test_a_step_is_done_again_only_when_an_input_changed(source: Path) -> None:
    stamp_file = source.with_name("stamp")
    assert not Stamp(stamp_file, [source]).is_current()
    Stamp(stamp_file, [source]).set()
    assert Stamp(stamp_file, [source]).is_current()
    source.write_text("two")
    assert not Stamp(stamp_file, [source]).is_current()


def test_a_renamed_input_is_a_change(source: Path) -> None:
    stamp_file = source.with_name("stamp")
    Stamp(stamp_file, [source]).set()
    assert not Stamp(stamp_file, [source.rename(source.with_name("other.json"))]).is_current()


def test_a_failing_program_is_told_in_terms_of_its_purpose() -> None:
    with pytest.raises(SetupError, match="could not build the pages \\(status 3\\)"):
        run([sys.executable, "-c", "raise SystemExit(3)"], "build the pages")


def test_a_program_that_is_not_there_does_not_succeed(tmp_path: Path) -> None:
    assert not succeeds([tmp_path / "nothing"])
    with pytest.raises(SetupError, match="could not build the pages"):
        run([tmp_path / "nothing"], "build the pages")
