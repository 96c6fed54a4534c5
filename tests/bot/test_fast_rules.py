"""Rules are found by their ends exactly where Rasa finds them by trying each."""

import json
from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from rasa.core.policies.rule_policy import RulePolicy

from bot import fast_rules

ACTION = st.sampled_from(["action_listen", "utter_faq", "order_form", "..."])
INTENT = st.sampled_from(["faq", "order", "thank"])
LOOP = st.sampled_from(["order_form", "return_form", "should_not_be_set"])
SLOTS = st.dictionaries(
    st.sampled_from(["number", "mood"]), st.sampled_from([(1.0,), (0.0, 1.0), "should_not_be_set"]), max_size=2
)


def state(**always: Any) -> st.SearchStrategy[dict[str, Any]]:
    """A state of a rule or a conversation, as much of it as there is."""
    return st.fixed_dictionaries(
        always,
        optional={
            "prev_action": st.one_of(ACTION.map(lambda name: {"action_name": name}), st.just({"action_text": "Hi"})),
            "user": st.one_of(
                INTENT.map(lambda name: {"intent": name}),
                st.just({"text": "where is it"}),
                st.just({"intent": "faq", "entities": ["number"]}),
            ),
            "active_loop": LOOP.map(lambda name: {"name": name}),
            "slots": SLOTS,
        },
    )


STATES = st.lists(state(), min_size=1, max_size=4)


def policy() -> Any:
    """What the look-up needs of a RulePolicy."""
    asked = SimpleNamespace(_rule_key_to_state=RulePolicy._rule_key_to_state)
    asked._does_rule_match_state = RulePolicy._does_rule_match_state
    asked._is_rule_applicable = lambda *of: RulePolicy._is_rule_applicable(asked, *of)
    return asked


def rasas_own(asked: Any, lookup: dict[str, str], states: list[dict[str, Any]]) -> set[str]:
    original = getattr(RulePolicy._get_possible_keys, "__wrapped__", RulePolicy._get_possible_keys)
    found: set[str] = original(asked, lookup, states)
    return found


@given(rules=st.lists(STATES, max_size=30), talks=st.lists(st.lists(state(), max_size=6), min_size=1, max_size=10))
def test_the_same_rules_fit(rules: list[list[dict[str, Any]]], talks: list[list[dict[str, Any]]]) -> None:
    lookup = {json.dumps(rule): f"action_{number}" for number, rule in enumerate(rules)}
    asked = policy()
    for states in talks:
        assert fast_rules.possible_keys(asked, lookup, states) == rasas_own(asked, lookup, states)


@given(rule=STATES, before=st.lists(state(), max_size=3))
def test_the_same_rules_fit_a_talk_that_went_like_one_of_them(
    rule: list[dict[str, Any]], before: list[dict[str, Any]]
) -> None:
    lookup = {json.dumps(rule): "action_look_up", json.dumps([{"prev_action": {"action_name": "other"}}]): "other"}
    asked = policy()
    talk = [*before, *rule]
    assert fast_rules.possible_keys(asked, lookup, talk) == rasas_own(asked, lookup, talk)


def test_each_lookup_has_rules_of_its_own() -> None:
    asked = policy()
    listening = {"prev_action": {"action_name": "action_listen"}}
    greeted, ordered = ({**listening, "user": {"intent": said}} for said in ("greet", "order"))
    rules, unhappy = {json.dumps([greeted]): "utter_greet"}, {json.dumps([ordered]): "do_not_predict_loop_action"}
    for lookup, states in ((rules, [greeted]), (unhappy, [ordered])):
        assert fast_rules.possible_keys(asked, lookup, states) == set(lookup)
    assert fast_rules.possible_keys(asked, rules, [ordered]) == set()
