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

ESCALATE = "action_escalate"
REASON_SLOT = "_must_escalate"

# Every process that loads a model with this policy watches over its messages: `rasa run`, `shell`, `test`.
seam.install()


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT], is_trainable=True)
class SafeguardPolicy(Policy):
    """Predicts action_escalate at the start of a turn for which bot/escalation/watch.py has set `_must_escalate`."""

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
        at_start_of_turn = tracker.latest_action_name == ACTION_LISTEN_NAME
        if at_start_of_turn and ESCALATE in domain.action_names_or_texts and tracker.get_slot(REASON_SLOT):
            probabilities[domain.index_for_action(ESCALATE)] = 1.0
        return self._prediction(probabilities)

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
