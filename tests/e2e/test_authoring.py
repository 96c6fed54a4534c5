"""What authors wrote in data/ and tests/stories, judged by Rasa itself."""

import subprocess
from pathlib import Path

import pytest

from connectors.gateway.processes import rasa_command, rasa_environment
from connectors.gateway.settings import ROOT, Settings
from connectors.gateway.training import train


@pytest.fixture(scope="module")
def project() -> Settings:
    """The project as `make run` has it, with the model of the present data."""
    return Settings(home=ROOT / "var")


def rasa(project: Settings, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        rasa_command(*arguments),
        cwd=ROOT,
        env=rasa_environment(project),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def test_rules_and_stories_do_not_contradict_each_other(project: Settings) -> None:
    looked = rasa(project, "data", "validate")
    assert looked.returncode == 0, looked.stdout[-6000:]
    assert "No story structure conflicts found" in looked.stdout


def test_every_conversation_goes_as_its_story_says(project: Settings, tmp_path: Path) -> None:
    model = train(project, print)
    told = rasa(
        project,
        *("test", "core", "--stories", "tests/stories", "--model", str(model)),
        *("--fail-on-prediction-errors", "--out", str(tmp_path)),
    )
    failed = tmp_path / "failed_test_stories.yml"
    assert told.returncode == 0, failed.read_text() if failed.exists() else told.stdout[-6000:]
