"""Rules are looked up by what happened last, instead of holding each of them against the whole conversation.

Rasa tries every rule of the model for each prediction, though only a handful end with the action and the intent at hand.
"""

import itertools
from collections import defaultdict
from functools import cached_property
from typing import Any

from rasa.core.policies.rule_policy import RULES, RulePolicy
from rasa.shared.core.constants import (
    ACTION_LISTEN_NAME,
    ACTIVE_LOOP,
    LOOP_NAME,
    PREVIOUS_ACTION,
    SHOULD_NOT_BE_SET,
    USER,
)
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ACTION_NAME, INTENT

Lookup = dict[str, str]
Last = tuple[str | None, str | None, str | None]
"""The action, the intent and the loop at the end of a rule; None where the rule doesn't ask for a certain one."""


def apply() -> None:
    """Patches Rasa's policy in this process; again is harmless."""
    if not hasattr(RulePolicy._get_possible_keys, "__wrapped__"):  # noqa: SLF001 (a patch)
        possible_keys.__wrapped__ = RulePolicy._get_possible_keys  # type: ignore[attr-defined]  # noqa: SLF001
        RulePolicy._get_possible_keys = possible_keys  # noqa: SLF001
        RulePolicy._find_action_from_rules = _unless_text_says_nothing(RulePolicy._find_action_from_rules)  # noqa: SLF001


def possible_keys(self: Any, lookup: Lookup, states: list[State]) -> set[str]:
    """As RulePolicy._get_possible_keys: the rules of `lookup` that fit a conversation with these states."""
    index = _index(self, lookup)
    possible = set(index.ending_like(states[-1]) if states else lookup)
    for turns_ago, state in zip(range(index.longest), reversed(states), strict=False):
        if not possible:
            break
        possible = {key for key in possible if self._is_rule_applicable(key, turns_ago, state)}
    return possible


def _unless_text_says_nothing(find_action: Any) -> Any:
    """Rasa looks each message up twice, by its words and by its intent, also where every rule asks for an intent."""

    def found(
        self: Any, tracker: DialogueStateTracker, domain: Domain, use_text_for_last_user_input: bool
    ) -> tuple[str | None, str | None, bool]:
        if use_text_for_last_user_input and _says_nothing_by_text(self, tracker):
            return None, None, False
        action: tuple[str | None, str | None, bool] = find_action(self, tracker, domain, use_text_for_last_user_input)
        return action

    found.__wrapped__ = find_action  # type: ignore[attr-defined]
    return found


def _says_nothing_by_text(policy: Any, tracker: DialogueStateTracker) -> bool:
    """Whether no rule can fit once the latest message has words in place of its intent. A loop has rules of its own."""
    message = tracker.latest_message
    has_words = message is not None and message.text and message.use_text_for_featurization is None
    return bool(has_words and not tracker.active_loop and _index(policy, policy.lookup[RULES]).always_asks_for_intent)


class RuleIndex:
    """The rules of one lookup, by how they end. A trained model's rules never change."""

    def __init__(self, lookup: Lookup) -> None:
        self.lookup = lookup  # held, so that no other dictionary gets its id
        self.longest = 0
        self._by_end: defaultdict[Last, list[str]] = defaultdict(list)
        for key in lookup:
            states: list[State] = RulePolicy._rule_key_to_state(key)  # noqa: SLF001
            self.longest = max(self.longest, len(states))
            self._by_end[_asked_of(states[-1])].append(key)

    @cached_property
    def always_asks_for_intent(self) -> bool:
        """Whether each rule for what a customer said asks what they want."""
        return all(intent for action, intent, _ in self._by_end if action in (ACTION_LISTEN_NAME, None))

    def ending_like(self, state: State) -> list[str]:
        """All rules that can fit a conversation which ends with `state`, and few that can't."""
        action, intent, loop = _asked_of(state)
        if action is None:  # a conversation's beginning fits a rule's beginning, whatever was said
            return [key for end, keys in self._by_end.items() if end[0] is None for key in keys]
        ends = set(itertools.product((action, None), (intent, None), (loop, None)))
        return [key for end in ends for key in self._by_end.get(end, ())]


def _index(policy: Any, lookup: Lookup) -> RuleIndex:
    indexes: dict[int, RuleIndex] = vars(policy).setdefault("_rule_indexes", {})
    if id(lookup) not in indexes:
        indexes[id(lookup)] = RuleIndex(lookup)
    return indexes[id(lookup)]


def _asked_of(state: State) -> Last:
    """None also for what must not be set: that is for Rasa to look at."""
    named = (
        state.get(PREVIOUS_ACTION, {}).get(ACTION_NAME),
        state.get(USER, {}).get(INTENT),
        state.get(ACTIVE_LOOP, {}).get(LOOP_NAME),
    )
    action, intent, loop = (name if name and name != SHOULD_NOT_BE_SET else None for name in named)
    return action, intent, loop
