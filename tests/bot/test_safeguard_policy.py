"""The policy that sends a message to a person whatever else would have answered it."""

from typing import Any

import pytest
from rasa.core.policies.ensemble import DefaultPolicyPredictionEnsemble
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.safeguard_policy import SafeguardPolicy

DOMAIN = Domain.from_dict(
    {
        "intents": ["track_order", "thank", "affirm", "deny"],
        "slots": {
            name: {"type": "any", "mappings": [{"type": "custom"}]}
            for name in ("_must_escalate", "_person_offer", "_decision", "_last_done")
        },
        "actions": ["action_escalate", "action_keep_going", "action_hear_yes", "action_hear_no", "utter_track"],
        "forms": {"order_form": {"required_slots": []}},
    }
)


@pytest.fixture
def policy(tmp_path: Any) -> SafeguardPolicy:
    storage = LocalModelStorage.create(tmp_path)
    context = ExecutionContext(GraphSchema({}))
    return SafeguardPolicy(SafeguardPolicy.get_default_config(), storage, Resource("safeguard"), context)


def talk(
    *events: Any, intent: str = "track_order", before: tuple[Any, ...] = (), text: str = "where is it"
) -> DialogueStateTracker:
    start = [*before, ActionExecuted("action_listen"), UserUttered(text, {"name": intent, "confidence": 1.0})]
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


def test_a_no_to_an_offered_person_is_not_left_to_an_open_form(policy: SafeguardPolicy) -> None:
    offered = (ActiveLoop("order_form"), SlotSet("_person_offer", "open"))
    assert predicted(policy, talk(intent="deny", before=offered)) == "action_keep_going"
    assert predicted(policy, talk(intent="inform", before=offered)) is None
    assert predicted(policy, talk(intent="deny", before=offered[:1])) is None


def test_not_wanting_a_person_is_not_left_to_the_rule_for_asking(policy: SafeguardPolicy) -> None:
    assert predicted(policy, talk(intent="talk_to_human", text="no, I don't want a person")) == "action_keep_going"
    assert predicted(policy, talk(intent="talk_to_human", text="no, I want a person")) is None


def test_what_was_taken_for_thanks_is_not_welcomed_beside_an_offer(policy: SafeguardPolicy) -> None:
    offered = SlotSet("_decision", {"outcome": "offered"})
    assert predicted(policy, talk(offered, intent="thank", text="so slow")) == "action_listen"
    assert predicted(policy, talk(offered)) is None
    assert predicted(policy, talk(offered, intent="thank", before=(ActiveLoop("order_form"),))) is None
    assert predicted(policy, talk(SlotSet("_decision", {"outcome": "answered"}), intent="thank")) is None


@pytest.mark.parametrize(("intent", "text"), [("affirm", "ha come on"), ("deny", "no no I didn't mean that")])
def test_a_yes_or_no_that_came_before_the_offer_does_not_answer_it(
    policy: SafeguardPolicy, intent: str, text: str
) -> None:
    offered = (SlotSet("_decision", {"outcome": "offered"}), SlotSet("_person_offer", "open"))
    assert predicted(policy, talk(*offered, intent=intent, text=text)) == "action_listen"
    assert predicted(policy, talk(intent=intent, text=text, before=offered[1:])) is None


@pytest.mark.parametrize(("intent", "action"), [("affirm", "action_hear_yes"), ("deny", "action_hear_no")])
def test_a_yes_or_no_beside_an_offer_may_be_about_what_was_done(
    policy: SafeguardPolicy, intent: str, action: str
) -> None:
    offered = (SlotSet("_decision", {"outcome": "offered"}), SlotSet("_person_offer", "open"))
    done = (SlotSet("_last_done", {"task": "exchange_item"}),)
    assert predicted(policy, talk(*offered, intent=intent, before=done)) == action
    assert predicted(policy, talk(*offered, intent="thank", before=done)) == "action_listen"


def test_it_speaks_only_at_the_start_of_a_turn(policy: SafeguardPolicy) -> None:
    assert predicted(policy, talk(SlotSet("_must_escalate", "safety"), ActionExecuted("utter_track"))) is None


def test_rasas_own_ensemble_takes_its_word_over_an_open_forms(policy: SafeguardPolicy, tmp_path: Any) -> None:
    storage, context = LocalModelStorage.create(tmp_path / "rules"), ExecutionContext(GraphSchema({}))
    rules = RulePolicy(RulePolicy.get_default_config(), storage, Resource("rules"), context)
    in_a_form = talk(SlotSet("_must_escalate", "safety"), before=(ActiveLoop("order_form"),))
    probabilities = rules._default_predictions(DOMAIN)
    probabilities[DOMAIN.index_for_action("order_form")] = 1.0
    forms = rules._prediction(probabilities, is_no_user_prediction=True)  # as RulePolicy says it of an open form
    watchs = policy.predict_action_probabilities(in_a_form, DOMAIN)

    taken = DefaultPolicyPredictionEnsemble().combine_predictions([forms, watchs], in_a_form, DOMAIN)

    assert taken.policy_name == "SafeguardPolicy"
    silent = policy.predict_action_probabilities(talk(before=(ActiveLoop("order_form"),)), DOMAIN)
    assert DefaultPolicyPredictionEnsemble().combine_predictions([forms, silent], talk(), DOMAIN).policy_name == (
        "RulePolicy"
    )


def test_it_stands_above_the_rules(policy: SafeguardPolicy) -> None:
    assert policy.priority > RulePolicy.get_default_config()["priority"]
