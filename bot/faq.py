"""Which answer a question wants: the questions people ask of it, and the words of the answer itself."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from bot.encoder import load_encoder

SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
ANSWER_WEIGHT = 1.0  # how much a close answer counts beside the questions, in logits per unit of cosine
RANKED = 10


class Answers:
    """The answers of every retrieval intent, as vectors of their sentences."""

    def __init__(self, responses: Mapping[str, list[dict[str, Any]]]) -> None:
        """`responses` as Rasa has them: `{"utter_faq/warranty": [{"text": …}]}`."""
        self.responses = dict(responses)
        sentences = {action: answer_sentences(written) for action, written in self.responses.items()}
        self._actions = [action for action, written in sentences.items() if written]
        self._starts = np.cumsum([0, *(len(sentences[action]) for action in self._actions)])[:-1]
        self._vectors = load_encoder().embed_all(sentence for written in sentences.values() for sentence in written)

    def rank(self, text: str, intent: str, labels: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
        """(key, confidence) of `intent`'s answers, best first; confidences sum to 1."""
        mine = [(label, probability) for label, probability in labels if label.startswith(f"{intent}/")]
        if not mine:
            return []
        closeness = self._closeness(load_encoder().embed(text))
        nearest = np.array([closeness.get(f"utter_{key}", 0.0) for key, _ in mine])
        logits = np.log(np.array([probability for _, probability in mine]) + 1e-9) + ANSWER_WEIGHT * nearest
        confidences = np.exp(logits - logits.max())
        confidences /= confidences.sum()
        return sorted(zip((key for key, _ in mine), confidences.tolist(), strict=False), key=lambda pair: -pair[1])

    def _closeness(self, question: np.ndarray) -> dict[str, float]:
        """The cosine of each answer's closest sentence; none is further away than 0."""
        if not self._actions:
            return {}
        closest = np.maximum.reduceat(self._vectors @ question, self._starts)
        return dict(zip(self._actions, closest.clip(min=0.0).tolist(), strict=True))

    def selection(self, text: str, labels: Sequence[tuple[str, float]]) -> dict[str, Any]:
        """What Rasa's own ResponseSelector would put under `response_selector`."""
        intents = sorted({label.partition("/")[0] for label, _ in labels if "/" in label})
        selection: dict[str, Any] = {"all_retrieval_intents": intents}
        for intent in intents:
            ranked = self.rank(text, intent, labels)
            selection[intent] = {
                "response": self.chosen(*ranked[0]),
                "ranking": [{"intent_response_key": key, "confidence": sure} for key, sure in ranked[:RANKED]],
            }
        return selection

    def chosen(self, key: str, confidence: float) -> dict[str, Any]:
        """One answer as Rasa's retrieval action wants it."""
        return {
            "intent_response_key": key,
            "utter_action": f"utter_{key}",
            "responses": self.responses.get(f"utter_{key}", []),
            "confidence": confidence,
        }


def answer_sentences(written: Sequence[Mapping[str, Any]]) -> list[str]:
    """The sentences of an answer's variants."""
    texts = [str(variant.get("text") or "") for variant in written]
    return [sentence for text in texts for sentence in SENTENCE.split(text) if sentence.strip()]


def first_questions(examples: Sequence[tuple[str, str]]) -> dict[str, str]:
    """The first example of each label: how the topic is put to a customer in "did you mean"."""
    questions: dict[str, str] = defaultdict(str)
    for text, label in examples:
        questions[label] = questions[label] or text
    return dict(questions)
