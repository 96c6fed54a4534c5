"""What was left out for speed is not missed."""

import dataclasses
import json
import subprocess
import sys
from typing import Any

import jsonschema
import pytest
from conftest import REPOSITORY
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActiveLoop, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot import fast_turn


@pytest.fixture(autouse=True)
def patched() -> None:
    fast_turn.apply()


SLOT = {"event": "slot", "timestamp": None, "name": "order_number", "value": "FD-10412"}


EVENTS = [
    SLOT,
    {"event": "slot", "name": "order_number"},
    {"event": "slot", "name": 7, "value": None},
    {"event": "followup", "name": "action_listen", "timestamp": 1.5},
    {"event": "followup", "timestamp": "now"},
    {"event": "action", "name": None, "hide_rule_turn": "yes"},
    {"event": "active_loop", "name": None, "metadata": []},
    {"event": "user", "text": "Hi", "parse_data": {"intent": {"name": "greet"}, "entities": []}},
    {"event": "user", "parse_data": {"entities": [{"value": 1}]}},
    {"event": "nonsense"},
    {"event": None},
    {"name": "order_number", "value": 1},
    "slot",
    None,
]
ANSWERS = [
    *({"events": events, "responses": []} for events in (EVENTS, "none", None, {})),
    *({"events": [event], "responses": [{"text": "Hi"}]} for event in EVENTS),
    *({"events": [SLOT, event]} for event in EVENTS),
    *({"responses": responses} for responses in ([{}], ["Hi"], "Hi", None)),
    *({}, None, [], "", {"anything": 1}),
]


@pytest.mark.parametrize("answer", ANSWERS, ids=json.dumps)
def test_an_actions_answer_is_good_or_bad_as_rasa_has_it(answer: Any) -> None:
    said = []
    for validate in (
        lambda: jsonschema.validate(answer, RemoteAction.action_response_format_spec()),
        lambda: RemoteAction("action_track", None)._validate_action_result(answer),
    ):
        try:
            validate()
            said.append("good")
        except jsonschema.ValidationError as error:
            said.append(f"{error.message} at {error.json_path}")
    assert said[0] == said[1]


def test_each_domain_is_written_out_as_before() -> None:
    for intent in ("greet", "bye"):
        domain = Domain.from_yaml(f'version: "3.1"\nintents: [{intent}]')
        assert domain.as_dict() == type(domain).as_dict.__wrapped__(domain)
        assert intent in domain.as_dict()["intents"]


def test_each_domain_knows_whether_it_is_empty() -> None:
    greeting = Domain.from_yaml('version: "3.1"\nintents: [greet]')
    assert [domain.is_empty() for domain in (greeting, Domain.empty(), greeting)] == [False, True, False]


def test_a_trackers_state_tells_all_of_its_loop() -> None:
    tracker = DialogueStateTracker("c_maya.1", [])
    for event in (UserUttered("a refund", {"name": "get_refund", "confidence": 1.0}), ActiveLoop("order_form")):
        tracker.update(event)
    assert tracker.current_state()["active_loop"] == dataclasses.asdict(tracker.active_loop)


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
