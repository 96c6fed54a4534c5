"""Puts `frustration: {score, frustrated}` into every parsed message."""

import hashlib
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.earlier_training import EarlierTraining
from bot.encoder import encoder_fingerprint
from bot.frustration_model import FrustrationModel, Labelled
from bot.spelling import MENDED, Speller
from bot.training_code import training_code

EXAMPLES = Path(__file__).parents[1] / "data" / "frustration"
STORED = "frustration.npz"


# Rasa knows no kind of component that judges tone. A classifier runs on whole messages and is spared the training data.
@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class Frustration(GraphComponent):
    """Reads anger, sarcasm, exhaustion, threats to leave and repetition; a message without text is calm.

    score: 0..1. frustrated: score is at least the threshold chosen by cross-validation while training.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`examples`: a folder with `frustrated.txt` and `calm.txt`; none means data/frustration."""
        return {"examples": None}

    def __init__(
        self, storage: ModelStorage, resource: Resource, examples: Path, model: FrustrationModel | None
    ) -> None:
        self._storage = storage
        self._resource = resource
        self._examples = examples
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "Frustration":
        return cls(model_storage, resource, _examples(config), None)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_: Any,
    ) -> "Frustration":
        with model_storage.read_from(resource) as folder:
            model = _stored(folder)
        return cls(model_storage, resource, _examples(config), model)

    @staticmethod
    def required_packages() -> list[str]:
        return ["onnxruntime", "tokenizers", "sklearn"]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Other examples, code or encoder mean another model: Rasa itself does not see the examples."""
        digest = hashlib.sha256((encoder_fingerprint() + training_code()).encode())
        for path in sorted(_examples(config).glob("*.txt")):
            digest.update(path.read_bytes())
        return digest.hexdigest()

    def train(self, training_data: TrainingData) -> Resource:
        """Learns from the examples in the folder and stores the model. Rasa's training data tells how they are spelt."""
        speller = Speller.learning(example.get(TEXT) or "" for example in training_data.intent_examples)
        labelled = Labelled.read(self._examples).mended(speller)
        earlier = EarlierTraining("frustration", list(zip(labelled.texts, map(str, labelled.frustrated), strict=True)))
        with self._storage.write_to(self._resource) as folder:
            self._model = earlier.restore(folder, _stored)
            if self._model is None:
                self._model = FrustrationModel.train(labelled)
                (folder / STORED).write_bytes(self._model.to_bytes())
                earlier.keep(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            # As the classifier read it, where there is one: the same words need no second embedding.
            text = message.get(MENDED) or message.get(TEXT)
            score = self._model.score(text) if self._model is not None and text and text.strip() else 0.0
            frustrated = self._model is not None and score >= self._model.threshold
            message.set("frustration", {"score": round(score, 3), "frustrated": bool(frustrated)}, add_to_output=True)
        return messages


def _stored(folder: Path) -> FrustrationModel:
    return FrustrationModel.from_bytes((folder / STORED).read_bytes())


def _examples(config: dict[str, Any]) -> Path:
    # Rasa asks for fingerprints with the bare lines of config.yml, without our defaults.
    return Path(config["examples"]) if config.get("examples") else EXAMPLES
