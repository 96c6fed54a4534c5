"""Rasa's shortcuts lead where its own ways lead: played through with customers who say anything in any order."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rasa.core.agent import Agent
from rasa.core.policies.memoization import AugmentedMemoizationPolicy
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.model_training import train
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActionReverted,
    ActiveLoop,
    BotUttered,
    Event,
    FollowupAction,
    LoopInterrupted,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
    deserialise_events,
)
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

from bot import fast_turn

CONFIG = """
recipe: default.v1
language: en
assistant_id: shortcuts
policies:
  - name: bot.safeguard_policy.SafeguardPolicy
  - name: RulePolicy
  - name: AugmentedMemoizationPolicy
    max_history: 4
"""
BOT = """
version: "3.1"
intents: [greet, order, faq, inform, thank, affirm, deny, talk_to_human]
slots:
  number: {type: text, influence_conversation: false, mappings: [{type: custom}]}
  mood: {type: categorical, values: [glad, cross], mappings: [{type: custom}]}
  _must_escalate: {type: any, mappings: [{type: custom}]}
  _decision: {type: any, mappings: [{type: custom}]}
  _person_offer: {type: categorical, values: [open, declined], mappings: [{type: custom}]}
forms:
  order_form: {required_slots: [number]}
actions: [action_look_up, action_escalate, action_keep_going]
responses:
  utter_greet: [{text: Hello}]
  utter_faq: [{text: Thirty days}]
  utter_thank: [{text: With pleasure}]
  utter_sorry: [{text: That is a pity}]
  utter_ask_number: [{text: Which order}]
rules:
  - rule: hello
    steps: [{intent: greet}, {action: utter_greet}]
  - rule: a question
    steps: [{intent: faq}, {action: utter_faq}]
  - rule: a person is wanted
    steps: [{intent: talk_to_human}, {action: action_escalate}]
  - rule: a person on offer is wanted
    condition: [slot_was_set: [{_person_offer: open}]]
    steps: [{intent: affirm}, {action: action_escalate}]
  - rule: an order
    steps: [{intent: order}, {action: order_form}, {active_loop: order_form}]
  - rule: a question in the middle of an order
    condition: [{active_loop: order_form}]
    steps: [{intent: faq}, {action: utter_faq}, {action: order_form}, {active_loop: order_form}]
  - rule: the order is known
    condition: [{active_loop: order_form}]
    steps:
      - {action: order_form}
      - {active_loop: null}
      - slot_was_set: [{requested_slot: null}]
      - {action: action_look_up}
stories:
  - story: thanks after a lookup
    steps: [{intent: thank}, {action: utter_thank}, {intent: deny}, {action: utter_sorry}]
  - story: cross from the beginning
    steps: [{slot_was_set: [{mood: cross}]}, {intent: deny}, {action: utter_sorry}, {intent: thank}, {action: utter_thank}]
"""
SAID = st.sampled_from(["greet", "order", "faq", "inform", "thank", "affirm", "deny", "talk_to_human"])
WORDS = {"talk_to_human": "please don't fetch anybody"}  # of an intent whose words count
MOOD = st.sampled_from([None, "glad", "cross"])
# What the watch over every message leaves in the slots of one.
NOTHING: dict[str, Any] = {"_must_escalate": None, "_decision": None, "_person_offer": None}
WATCHED = {
    "nothing": NOTHING,
    "danger": NOTHING | {"_must_escalate": "safety"},
    "a person is on offer": NOTHING | {"_person_offer": "open"},
    "a person was just offered": NOTHING | {"_person_offer": "open", "_decision": {"outcome": "offered"}},
}
MOST_ACTIONS = 5
Turn = tuple[
    str, str | None, bool, str
]  # what is said, the mood, whether the form finds what it asks for, what is watched


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory) -> Agent:
    folder = tmp_path_factory.mktemp("shortcuts")
    (folder / "config.yml").write_text(CONFIG)
    (folder / "bot.yml").write_text(BOT)
    trained = train(str(folder / "bot.yml"), str(folder / "config.yml"), [str(folder / "bot.yml")], str(folder))
    fast_turn.apply()
    return Agent.load(trained.model)


@settings(max_examples=25)
@given(turns=st.lists(st.tuples(SAID, MOOD, st.booleans(), st.sampled_from(sorted(WATCHED))), min_size=1, max_size=7))
def test_each_action_is_predicted_as_rasa_predicts_it(agent: Agent, turns: list[Turn]) -> None:
    tracker = DialogueStateTracker("c_maya.1", agent.domain.slots)
    tracker.update(ActionExecuted("action_listen"))
    for turn in turns:
        begin(tracker, turn)
        for _ in range(MOST_ACTIONS):
            twin = read_back(tracker, agent.domain)
            states = agent.domain.states_for_tracker_history(tracker)
            assert states == with_rasas_own(lambda twin=twin: agent.domain.states_for_tracker_history(twin))
            plain = with_rasas_own(lambda twin=twin: predicted(agent, twin))
            fast = predicted(agent, tracker)
            assert vars(fast) == {**vars(plain), "events": fast.events}
            assert fast.events == plain.events
            if act(tracker, agent.domain, fast, finds=turn[2]) == "action_listen":
                break


EVENTS = [
    ActionExecuted("action_listen"),
    ActionExecuted("order_form"),
    ActiveLoop("order_form"),
    ActiveLoop("return_form"),
    ActiveLoop(None),
    ActionExecutionRejected("order_form"),
    UserUttered("hello", {"name": "greet"}),
    BotUttered("Hello"),
    SlotSet("number", "FD-10412"),
    SlotSet("mood", "cross"),
    FollowupAction("utter_greet"),
    LoopInterrupted(True),
    UserUtteranceReverted(),
    ActionReverted(),
    Restarted(),
    SessionStarted(),
]


@settings(max_examples=25)
@given(events=st.lists(st.sampled_from(EVENTS), max_size=12), chosen=st.booleans())
def test_a_copy_is_what_rasa_would_have_copied(events: list[Event], chosen: bool) -> None:
    fast_turn.apply()
    domain = Domain.from_yaml(BOT)
    tracker = DialogueStateTracker.from_events("c_maya.1", events, domain.slots)
    if chosen:
        tracker.clear_followup_action()  # as when it has just been picked for its turn
    fast, plain = tracker.copy(), with_rasas_own(tracker.copy)

    assert fast.current_state(EventVerbosity.ALL) == plain.current_state(EventVerbosity.ALL)
    assert fast.active_loop == plain.active_loop
    fast.update(SlotSet("number", "FD-99999"))
    assert tracker.get_slot("number") == plain.get_slot("number")
    assert list(tracker.events) == list(plain.events)


@settings(max_examples=200)
@given(steps=st.lists(st.tuples(st.sampled_from(EVENTS), st.sampled_from(["asked", "copied", "went on"])), max_size=25))
def test_the_events_that_count_are_those_that_rasa_counts(steps: list[tuple[Event, str]]) -> None:
    fast_turn.apply()
    tracker = DialogueStateTracker("c_maya.1", [])
    for event, then in steps:
        tracker.events.append(copy.copy(event))
        if then != "went on":
            assert tracker.applied_events() == with_rasas_own(tracker.applied_events)
        if then == "copied":
            tracker = tracker.copy()
    assert list(map(id, tracker.applied_events())) == list(map(id, with_rasas_own(tracker.applied_events)))


def test_what_a_rule_decides_is_not_looked_up_in_stories(agent: Agent) -> None:
    tracker = DialogueStateTracker("c_maya.1", agent.domain.slots)
    tracker.update(ActionExecuted("action_listen"))
    with patch.object(AugmentedMemoizationPolicy, "recall", return_value=None) as looked_up:
        begin(tracker, ("greet", None, False, "nothing"))
        assert predicted(agent, tracker).policy_name == "RulePolicy"
        looked_up.assert_not_called()
        begin(tracker, ("deny", None, False, "nothing"))
        predicted(agent, tracker)
        looked_up.assert_called_once()


def test_a_form_that_was_just_rejected_leaves_the_word_to_stories(agent: Agent) -> None:
    tracker = DialogueStateTracker("c_maya.1", agent.domain.slots)
    for event in (ActionExecuted("action_listen"), ActionExecutionRejected("utter_greet")):
        tracker.update(event)
    begin(tracker, ("greet", None, False, "nothing"))
    with patch.object(AugmentedMemoizationPolicy, "recall", return_value=None) as asked:
        predicted(agent, tracker)
    asked.assert_called_once()


@pytest.mark.parametrize(
    ("turn", "form_is_open", "action"),
    [
        (("greet", None, False, "danger"), False, "action_escalate"),
        (("inform", None, False, "danger"), True, "action_escalate"),
        (("deny", None, False, "a person is on offer"), True, "action_keep_going"),
        (("deny", None, False, "a person is on offer"), False, None),
        (("talk_to_human", None, False, "nothing"), False, "action_keep_going"),
        (("thank", None, False, "a person was just offered"), False, "action_listen"),
        (("affirm", None, False, "a person was just offered"), False, "action_listen"),
        (("affirm", None, False, "a person is on offer"), False, None),
        (("deny", None, False, "a person was just offered"), False, "action_listen"),
    ],
)
def test_the_safeguards_word_is_the_same_by_the_shortcut(
    agent: Agent, turn: Turn, form_is_open: bool, action: str | None
) -> None:
    tracker = DialogueStateTracker("c_maya.1", agent.domain.slots)
    if form_is_open:
        begin(tracker, ("order", None, False, "nothing"))
        tracker.update_with_events([ActionExecuted("order_form"), ActiveLoop("order_form")], agent.domain)
    tracker.update(ActionExecuted("action_listen"))
    begin(tracker, turn)

    twin = read_back(tracker, agent.domain)
    for prediction in (predicted(agent, tracker), with_rasas_own(lambda: predicted(agent, twin))):
        safeguarded = prediction.policy_name == "SafeguardPolicy"
        assert (named(agent, prediction) if safeguarded else None) == action


def begin(tracker: DialogueStateTracker, turn: Turn) -> None:
    said, mood, _, watched = turn
    tracker.update(UserUttered(WORDS.get(said, said), {"name": said, "confidence": 1.0}))
    if mood is not None:
        tracker.update(SlotSet("mood", mood))
    for name, value in WATCHED[watched].items():
        tracker.update(SlotSet(name, value))


def named(agent: Agent, prediction: PolicyPrediction) -> str:
    return str(agent.domain.action_names_or_texts[prediction.max_confidence_index])


def predicted(agent: Agent, tracker: DialogueStateTracker) -> PolicyPrediction:
    processor: Any = agent.processor
    prediction: PolicyPrediction = processor._predict_next_with_tracker(tracker)
    return prediction


def act(tracker: DialogueStateTracker, domain: Domain, prediction: PolicyPrediction, finds: bool) -> str:
    """What running the action would leave behind; the form asks, is done, or leaves this turn to others."""
    name: str = domain.action_names_or_texts[prediction.max_confidence_index]
    said = tracker.latest_message.intent["name"]
    if (
        name == "order_form"
        and tracker.active_loop_name
        and said in ("faq", "thank")
        and not tracker.is_active_loop_rejected
    ):
        tracker.update(ActionExecutionRejected(name))
        return name
    tracker.update_with_events(prediction.events, domain)
    tracker.update(ActionExecuted(name, prediction.policy_name, prediction.max_confidence))
    if name == "order_form":
        asks = [ActiveLoop(name), SlotSet("requested_slot", "number"), BotUttered("Which order")]
        done = [SlotSet("number", "FD-10412"), SlotSet("requested_slot", None), ActiveLoop(None)]
        tracker.update_with_events(done if finds and tracker.active_loop_name else asks, domain)
    return name


def read_back(tracker: DialogueStateTracker, domain: Domain) -> DialogueStateTracker:
    """The same conversation as another process would read it."""
    events = deserialise_events([event.as_dict() for event in tracker.events])
    return DialogueStateTracker.from_events(tracker.sender_id, events, domain.slots)


def with_rasas_own(work: Any) -> Any:
    with rasas_own_ways():
        return work()


@contextmanager
def rasas_own_ways() -> Iterator[None]:
    ways = [
        (DaskGraphRunner, "run"),
        (RulePolicy, "_get_possible_keys"),
        (RulePolicy, "_find_action_from_rules"),
        (DialogueStateTracker, "copy"),
        (DialogueStateTracker, "applied_events"),
        (Domain, "states_for_tracker_history"),
    ]
    patches = [patch.object(owner, name, getattr(owner, name).__wrapped__) for owner, name in ways]
    for each in patches:
        each.start()
    try:
        yield
    finally:
        for each in patches:
            each.stop()
