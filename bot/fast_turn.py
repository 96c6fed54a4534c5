"""What Rasa does in every turn without need, left out. Each patch changes how fast, never what.

`apply()` is called by the channel; `rasa train`, `test` and `shell` run without it. bot/fast_graph.py leaves out the
planning of each prediction and the policies that could not change it, bot/fast_rules.py the rules that could not fit,
bot/fast_tracker.py the replaying of conversations.
"""

import logging
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import jsonschema
import rasa.core.policies.memoization
import rasa.core.policies.rule_policy
import rasa.core.processor
import rasa.shared.core.trackers
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import TrackerActiveLoop
from rasa.shared.utils.schemas.events import EVENT_SCHEMA

from bot import fast_graph, fast_rules, fast_tracker

logger = logging.getLogger(__name__)

COPYING_FOR_LOGS = (rasa.core.processor, rasa.core.policies.memoization, rasa.core.policies.rule_policy)
"""Modules that copy deeply only what they hand to debug logs."""

UNCHANGING = ("as_dict", "is_empty")
"""What Rasa asks a domain again and again."""


def apply() -> None:
    """Patches Rasa's classes in this process; again is harmless."""
    RemoteAction._validate_action_result = validate_action_result  # noqa: SLF001 (a patch)
    for module in COPYING_FOR_LOGS:
        module.copy = SimpleNamespace(deepcopy=_itself)
    if not hasattr(RulePolicy.format_tracker_states, "__wrapped__"):
        RulePolicy.format_tracker_states = staticmethod(_only_for_debugging(RulePolicy.format_tracker_states))
    rasa.shared.core.trackers.dataclasses = SimpleNamespace(asdict=_fields)
    for name in UNCHANGING:
        if not hasattr(getattr(Domain, name), "__wrapped__"):
            setattr(Domain, name, _once_per_domain(getattr(Domain, name)))
    fast_graph.apply()
    fast_rules.apply()
    fast_tracker.apply()


def validate_action_result(_: RemoteAction, result: Any) -> bool:
    """Raises jsonschema.ValidationError as Rasa's own, which checks its schema, and each event as every kind of event."""
    if not _is_valid(result):
        jsonschema.validate(result, RemoteAction.action_response_format_spec())
    return True


def _is_valid(result: Any) -> bool:
    if not isinstance(result, dict):
        return False
    events, responses = result.get("events", []), result.get("responses", [])
    if not isinstance(events, list) or not isinstance(responses, list):
        return False
    return all(isinstance(response, dict) for response in responses) and all(map(_is_valid_event, events))


def _is_valid_event(event: Any) -> bool:
    kind = event.get("event") if isinstance(event, dict) else None
    return isinstance(kind, str) and bool(_validator(kind).is_valid(event))


@lru_cache(maxsize=100)
def _validator(kind: str) -> Any:
    kinds = [one for one in EVENT_SCHEMA["oneOf"] if one["properties"]["event"] == {"const": kind}]
    schema = {**EVENT_SCHEMA, "oneOf": kinds}
    return validator_for(schema)(schema)


def _only_for_debugging(format_states: Any) -> Any:
    """RulePolicy spells out the whole conversation for its debug log with each prediction."""

    def spelt_out(states: list[dict[str, Any]]) -> str:
        return str(format_states(states)) if logger.isEnabledFor(logging.DEBUG) else ""

    spelt_out.__wrapped__ = format_states  # type: ignore[attr-defined]
    return spelt_out


def _once_per_domain(ask: Any) -> Any:
    """A loaded domain never changes, but Rasa writes it out anew for each custom action and each message."""
    name = f"_{ask.__name__}_remembered"

    def remembered(domain: Domain) -> Any:
        if name not in vars(domain):
            vars(domain)[name] = ask(domain)
        return vars(domain)[name]

    remembered.__wrapped__ = ask  # type: ignore[attr-defined]
    return remembered


def _fields(loop: TrackerActiveLoop) -> dict[str, Any]:
    """For a tracker's state, which is only written out: Rasa copies deeply the message that a form began with."""
    return dict(vars(loop))


def _itself(value: Any) -> Any:
    return value
