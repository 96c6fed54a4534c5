"""`frontdesk evaluate`: what it loads for the model it is given."""

import subprocess
import sys

import pytest
from conftest import REPOSITORY

ASKED = """
from bot import evaluate

def refused(*_, **__):
    raise evaluate.DataError("nothing to read")

evaluate.leave_out_neural_components = lambda files: print("left out")
evaluate.evaluate = refused
evaluate.main()
"""


@pytest.mark.parametrize(("options", "left_out"), [([], True), (["--model", "stock.tar.gz"], False)])
def test_a_finished_model_may_have_components_that_the_configuration_does_not_name(
    options: list[str], left_out: bool
) -> None:
    command = [sys.executable, "-c", ASKED, "--data", "data", *options]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert (done.returncode, "left out" in done.stdout) == (1, left_out), done.stderr
