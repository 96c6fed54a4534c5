"""What was left out for speed is not missed."""

import subprocess
import sys

import jsonschema
import pytest
from conftest import REPOSITORY
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain

from bot import fast_turn


@pytest.fixture(autouse=True)
def patched() -> None:
    fast_turn.apply()


SLOT = {"event": "slot", "timestamp": None, "name": "order_number", "value": "FD-10412"}


@pytest.mark.parametrize("answer", [{}, {"events": [], "responses": [{"text": "Hi"}]}, {"events": [SLOT]}])
def test_a_valid_answer_passes(answer: dict[str, object]) -> None:
    assert RemoteAction("action_track", None)._validate_action_result(answer)


@pytest.mark.parametrize("answer", [None, [], {"responses": "Hi"}, {"events": [{"event": "nonsense"}]}])
def test_an_invalid_answer_still_fails(answer: object) -> None:
    with pytest.raises(jsonschema.ValidationError):
        RemoteAction("action_track", None)._validate_action_result(answer)


def test_each_domain_is_written_out_as_before() -> None:
    for intent in ("greet", "bye"):
        domain = Domain.from_yaml(f'version: "3.1"\nintents: [{intent}]')
        assert domain.as_dict() == type(domain).as_dict.__wrapped__(domain)
        assert intent in domain.as_dict()["intents"]


LEAN = """
import sys
from bot.lean_imports import defer
defer()
import rasa.core.agent, rasa.core.run
print("tensorflow" in sys.modules)
import rasa.utils.train_utils
print(rasa.utils.train_utils.update_confidence_type.__name__)
print("tensorflow" in sys.modules)
"""


LOADED = """
import asyncio, sys
from bot.lean_imports import defer, leave_out_training_checks
defer()
leave_out_training_checks()
from rasa.core.agent import Agent
parsed = asyncio.run(Agent.load(sys.argv[1]).parse_message("where is my parcel"))
print(parsed["intent"]["name"], "tensorflow" in sys.modules)
"""


def test_a_model_is_loaded_and_asked_without_tensorflow(fixture_model: str) -> None:
    command = [sys.executable, "-W", "ignore", "-c", LOADED, fixture_model]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True)
    assert done.stdout.split()[-2:] == ["track_order", "False"], done.stderr


def test_tensorflow_waits_until_somebody_needs_it() -> None:
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", LEAN], cwd=REPOSITORY, capture_output=True, text=True)
    assert done.stdout.split() == ["False", "update_confidence_type", "True"], done.stderr
