"""How many threads `python -m bot …` gives to the mathematics."""

import os
import subprocess
import sys

import pytest
from conftest import REPOSITORY

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
