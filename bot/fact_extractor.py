"""Rasa's view of bot/facts: entities that rules find better than learning does."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.facts import find_facts

SHOP = ZoneInfo("America/Los_Angeles")  # "yesterday" is the shop's


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class FactExtractor(GraphComponent, EntityExtractorMixin):
    """Adds the entities named in its configuration; the list is in bot/README.md."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"entities": ["order_number", "email", "postcode", "size", "return_reason", "date", "money"]}

    def __init__(self, config: dict[str, Any]) -> None:
        self._wanted = set(config["entities"])

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "FactExtractor":
        return cls(config)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing that comes later learns from entities."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            facts = find_facts(message.get(TEXT) or "", datetime.now(SHOP).date())
            found = [{**vars(fact)} for fact in facts if fact.entity in self._wanted]
            entities = self.add_extractor_name(found)
            message.set(ENTITIES, message.get(ENTITIES, []) + entities, add_to_output=True)
        return messages
