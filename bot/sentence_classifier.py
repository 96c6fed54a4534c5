"""Rasa's view of the sentence model: intents, FAQ answers, and the honesty to say "I don't know"."""

import json
from dataclasses import dataclass
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.earlier_training import EarlierTraining
from bot.encoder import encoder_fingerprint
from bot.faq import Answers, first_questions
from bot.requests import requests_in
from bot.sentence_model import OUT_OF_SCOPE, Reading, SentenceModel
from bot.spelling import MENDED
from bot.training_code import training_code

NOT_UNDERSTOOD = "nlu_fallback"
RANKED = 10


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SentenceClassifier(GraphComponent, IntentClassifier):
    """Sets `intent`, `intent_ranking`, `response_selector`, `faq_alternatives` and `requests` (see bot/README.md)."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`ambiguous_below`: a familiar sentence whose best label is less likely than this is not understood either."""
        return {"ambiguous_below": 0.15, "alternatives": 3}

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, trained: "Trained | None" = None
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._trained = trained

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "SentenceClassifier":
        return cls(config, model_storage, resource)

    @staticmethod
    def required_packages() -> list[str]:
        return ["onnxruntime", "tokenizers", "scipy"]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Another encoder, or other code, means another model."""
        return encoder_fingerprint() + training_code()

    def train(self, training_data: TrainingData) -> Resource:
        """Learns the intents, retrieval keys included, and the answers; stores them in the model."""
        examples = [
            (example.get(TEXT), example.get_full_intent())
            for example in training_data.intent_examples
            if example.get(TEXT)
        ]
        if len({label for _, label in examples}) > 1:
            earlier = EarlierTraining("intents", examples)
            with self._storage.write_to(self._resource) as folder:
                model = earlier.restore(folder, SentenceModel.load)
                if model is None:
                    model = SentenceModel.train(*zip(*examples, strict=False))
                    model.save(folder)
                    earlier.keep(folder)
                self._trained = Trained(model, Answers(training_data.responses), first_questions(examples))
                about = {"responses": self._trained.answers.responses, "questions": self._trained.questions}
                (folder / "faq.json").write_text(json.dumps(about))
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_: Any,
    ) -> "SentenceClassifier":
        try:
            with model_storage.read_from(resource) as folder:
                faq = json.loads((folder / "faq.json").read_text())
                trained = Trained(SentenceModel.load(folder), Answers(faq["responses"]), faq["questions"])
        except ValueError:  # Rasa's way to say that nothing was stored
            return cls(config, model_storage, resource)
        return cls(config, model_storage, resource, trained)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT)
            if self._trained is not None and text and text.strip():
                self._understand(message, text, self._trained)
        return messages

    def _understand(self, message: Message, text: str, trained: "Trained") -> None:
        mended = trained.model.speller.mend(text)
        message.set(MENDED, mended)
        reading = trained.model.read(mended)
        ranking = intent_ranking(reading)
        refusal = self._refusal(reading, ranking)
        if refusal is not None:
            ranking = [refusal, *(ranked for ranked in ranking if ranked["name"] != refusal["name"])]
        message.set("intent", ranking[0], add_to_output=True)
        message.set("intent_ranking", ranking[:RANKED], add_to_output=True)
        self._answer(message, reading, trained)

    def _refusal(self, reading: Reading, ranking: list[dict[str, Any]]) -> dict[str, Any] | None:
        best = ranking[0]
        if best["name"] == OUT_OF_SCOPE:
            return None
        if reading.strange and any(label == OUT_OF_SCOPE for label, _ in reading.ranking):
            return {"name": OUT_OF_SCOPE, "confidence": 1 - best["confidence"]}
        if reading.strange or reading.doubtful or best["confidence"] < self._config["ambiguous_below"]:
            return {"name": NOT_UNDERSTOOD, "confidence": 1 - best["confidence"]}
        return None

    def _answer(self, message: Message, reading: Reading, trained: "Trained") -> None:
        selection = trained.answers.selection(message.get(MENDED), reading.ranking)
        requests = requests_in(message.get(TEXT), trained.model)
        message.set("response_selector", selection, add_to_output=True)
        message.set("requests", [vars(request) for request in requests], add_to_output=True)
        alternatives = [(label, sure) for label, sure in reading.ranking if "/" in label][
            : self._config["alternatives"]
        ]
        message.set(
            "faq_alternatives",
            [{"name": key, "question": trained.questions[key], "confidence": sure} for key, sure in alternatives],
            add_to_output=True,
        )


@dataclass(frozen=True)
class Trained:
    """What training leaves behind."""

    model: SentenceModel
    answers: Answers
    questions: dict[str, str]


def intent_ranking(reading: Reading) -> list[dict[str, Any]]:
    """`faq/warranty` and `faq/gift_cards` are both the intent `faq`: their probabilities add up."""
    likely: dict[str, float] = {}
    for label, probability in reading.ranking:
        intent = label.partition("/")[0]
        likely[intent] = likely.get(intent, 0.0) + probability
    return [{"name": name, "confidence": sure} for name, sure in sorted(likely.items(), key=lambda pair: -pair[1])]
