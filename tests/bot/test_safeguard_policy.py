"""The policy that sends a message to a person whatever else would have answered it."""

from typing import Any

import pytest
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.safeguard_policy import SafeguardPolicy

DOMAIN = Domain.from_dict(
    {
        "intents": ["track_order"],
        "slots": {"_must_escalate": {"type": "any", "mappings": [{"type": "custom"}]}},
        "actions": ["action_escalate", "utter_track"],
    }
)


@pytest.fixture
def policy(tmp_path: Any) -> SafeguardPolicy:
    storage = LocalModelStorage.create(tmp_path)
    context = ExecutionContext(GraphSchema({}))
    return SafeguardPolicy(SafeguardPolicy.get_default_config(), storage, Resource("safeguard"), context)


def talk(*events: Any) -> DialogueStateTracker:
    start = [ActionExecuted("action_listen"), UserUttered("where is it", {"name": "track_order", "confidence": 1.0})]
    return DialogueStateTracker.from_events("c_maya.1", [*start, *events], slots=DOMAIN.slots, domain=DOMAIN)


def predicted(policy: SafeguardPolicy, tracker: DialogueStateTracker) -> str | None:
    prediction = policy.predict_action_probabilities(tracker, DOMAIN)
    if prediction.max_confidence == 0.0:
        return None
    return str(DOMAIN.action_names_or_texts[prediction.max_confidence_index])


def test_a_decided_message_is_escalated(policy: SafeguardPolicy) -> None:
    assert predicted(policy, talk(SlotSet("_must_escalate", "safety"))) == "action_escalate"


def test_an_ordinary_message_is_left_to_the_others(policy: SafeguardPolicy) -> None:
    assert predicted(policy, talk()) is None


def test_it_speaks_only_at_the_start_of_a_turn(policy: SafeguardPolicy) -> None:
    assert predicted(policy, talk(SlotSet("_must_escalate", "safety"), ActionExecuted("utter_track"))) is None


def test_it_stands_above_the_rules(policy: SafeguardPolicy) -> None:
    assert policy.priority > RulePolicy.get_default_config()["priority"]
