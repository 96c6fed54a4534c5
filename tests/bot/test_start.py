"""What `python -m bot …` loads, and how many threads it gives to the mathematics."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import REPOSITORY

from bot.__main__ import _configuration
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


@pytest.mark.parametrize("arguments", [["--config", "{}"], ["--config={}"]])
def test_a_configuration_that_names_a_neural_component_gets_the_real_one(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "neural.yml"
    file.write_text("pipeline:\n  - name: DIETClassifier\n")
    for module in NEURAL:
        monkeypatch.delitem(sys.modules, module, raising=False)

    leave_out_neural_components(_configuration([argument.format(file) for argument in arguments]))

    assert sys.modules.keys().isdisjoint(NEURAL)
