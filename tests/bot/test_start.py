"""What `python -m bot …` loads, and how many threads it gives to the mathematics."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import REPOSITORY

from bot.__main__ import _configurations
from bot.lean_imports import NEURAL, leave_out_neural_components

STARTED = """
import sys, types
from threadpoolctl import threadpool_info

def main():
    import numpy
    print({pool["user_api"]: pool["num_threads"] for pool in threadpool_info()}["blas"])

sys.modules["rasa.__main__"] = types.ModuleType("rasa.__main__")
sys.modules["rasa.__main__"].main = main
from bot.__main__ import main as start
start()
"""


@pytest.mark.parametrize(("set_by_operator", "threads"), [({}, 1), ({"OMP_NUM_THREADS": "2"}, 2)])
def test_a_process_that_answers_keeps_to_one_thread_unless_told_otherwise(
    set_by_operator: dict[str, str], threads: int
) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"}
    started = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", STARTED, "run"],
        cwd=REPOSITORY,
        env={**environment, **set_by_operator},
        capture_output=True,
        text=True,
    )
    assert started.stdout.split() == [str(threads)], started.stderr


IMPORTED = """
import sys, types

def main():
    from rasa.engine.recipes.default_recipe import DefaultV1Recipe
    from rasa.graph_components.validators import default_recipe_validator
    print(DefaultV1Recipe._from_registry("RulePolicy").clazz.__name__, "tensorflow" in sys.modules)

sys.modules["rasa.__main__"] = types.ModuleType("rasa.__main__")
sys.modules["rasa.__main__"].main = main
from bot.__main__ import main as start
start()
"""


def test_a_training_without_neural_components_does_without_tensorflow() -> None:
    started = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", IMPORTED, "train", "--domain", "domain.yml"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
    )
    assert started.stdout.split() == ["RulePolicy", "False"], started.stderr


WITHOUT = "pipeline:\n  - name: bot.wish.Wish\npolicies:\n  - name: RulePolicy\n"


@pytest.mark.parametrize("arguments", [["--config", "{}"], ["--config={}"], ["-c", "{}"], ["nlu", "--config", "{}"]])
@pytest.mark.parametrize(
    ("configuration", "left_out"),
    [
        (WITHOUT, True),
        ("pipeline:\n  - name: DIETClassifier\npolicies:\n  - name: RulePolicy\n", False),
        (WITHOUT + "  - name: my_policies.LikeTED\n", False),
        (WITHOUT + "  - name: rasa.core.policies.ted_policy.TEDPolicy\n", False),
        ("pipeline:\n  - name: bot.wish.Wish\n", False),
        ("pipeline:\npolicies:\n", False),
        ("recipe: default.v1\n", False),
        ("pipeline: [\n", False),
        ("", False),
    ],
)
def test_neural_components_are_left_out_where_it_is_sure_that_none_is_used(
    arguments: list[str], configuration: str, left_out: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "of_somebody.yml"
    file.write_text(configuration)
    monkeypatch.setattr(sys, "modules", {name: module for name, module in sys.modules.items() if name not in NEURAL})

    leave_out_neural_components(_configurations([argument.format(file) for argument in arguments]))

    assert (sys.modules.keys() >= NEURAL.keys()) == left_out


def test_a_configuration_that_is_not_there_leaves_nothing_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "modules", {name: module for name, module in sys.modules.items() if name not in NEURAL})

    leave_out_neural_components(_configurations(["--domain", "domain.yml"]))

    assert sys.modules.keys().isdisjoint(NEURAL)
