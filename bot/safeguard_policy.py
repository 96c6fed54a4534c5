"""A message that must reach a person does, whatever rule, story or form would have answered it."""

from typing import Any

from rasa.core.featurizers.tracker_featurizers import TrackerFeaturizer
from rasa.core.policies.policy import Policy, PolicyPrediction
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

from bot.escalation import seam
from bot.escalation.wording import wants_no_person

ESCALATE, KEEP_GOING = "action_escalate", "action_keep_going"
REASON_SLOT = "_must_escalate"
HEARD = {"thank": ACTION_LISTEN_NAME, "affirm": "action_hear_yes", "deny": "action_hear_no"}
"""What may be answered beside an offer of the watch's."""

# Every process that loads a model with this policy watches over its messages: `rasa run`, `shell`, `test`.
seam.install()


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT], is_trainable=True)
class SafeguardPolicy(Policy):
    """At the start of a turn, obeys what bot/escalation/watch.py has left in the slots.

    `_must_escalate` means action_escalate. A no to an offered person while a form is open means action_keep_going: the
    form would take it for the answer to its own question. An offer of the watch's stands alone where only thanks, a yes
    or a no were heard: whoever sounds so frustrated has not thanked, and nobody answers an offer before hearing it. The
    yes or no may still be about what was just done.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Above RulePolicy, whose priority is 6 and whose predictions are certain too."""
        return {"priority": 10}

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        featurizer: TrackerFeaturizer | None = None,
    ) -> None:
        super().__init__(config, model_storage, resource, execution_context, featurizer)

    def train(self, training_trackers: list[TrackerWithCachedStates], domain: Domain, **_: Any) -> Resource:
        """Learns nothing."""
        return self._resource

    def predict_action_probabilities(
        self, tracker: DialogueStateTracker, domain: Domain, rule_only_data: dict[str, Any] | None = None, **_: Any
    ) -> PolicyPrediction:
        """Certain, or silent."""
        probabilities = self._default_predictions(domain)
        action = _ordered(tracker) if tracker.latest_action_name == ACTION_LISTEN_NAME else None
        if action in domain.action_names_or_texts:
            probabilities[domain.index_for_action(action)] = 1.0
        # An open form's own prediction is one without the user, and beats all others but those.
        return self._prediction(probabilities, is_no_user_prediction=max(probabilities) > 0)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_: Any,
    ) -> "SafeguardPolicy":
        """There is nothing stored to load."""
        return cls(config, model_storage, resource, execution_context)


def _ordered(tracker: DialogueStateTracker) -> str | None:
    if tracker.get_slot(REASON_SLOT):
        return ESCALATE
    if _says_no(tracker):
        return KEEP_GOING
    return _beside_offer(tracker)


def _says_no(tracker: DialogueStateTracker) -> bool:
    """No to a person, where a form or the rule for asking would hear something else."""
    message = tracker.latest_message
    if message is None:
        return False
    intent = message.intent.get("name")
    if intent == "deny":
        return tracker.get_slot("_person_offer") == "open" and tracker.active_loop_name is not None
    return bool(intent == "talk_to_human" and wants_no_person(message.text or ""))


def _beside_offer(tracker: DialogueStateTracker) -> str | None:
    """What follows thanks, a yes or a no for which the watch has just offered a person. An open form hears them itself."""
    message, decision = tracker.latest_message, tracker.get_slot("_decision") or {}
    heard = HEARD.get(message.intent.get("name") or "") if message is not None else None
    if heard is None or decision.get("outcome") != "offered" or tracker.active_loop_name is not None:
        return None
    return heard if tracker.get_slot("_last_done") else ACTION_LISTEN_NAME
