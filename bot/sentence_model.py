"""Understanding without Rasa around it: spelling, encoder, lexicon and head as one thing to train, keep and ask."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.encoder import encoder_fingerprint, load_encoder
from bot.lexicon import Lexicon
from bot.sentence_head import SentenceHead
from bot.spelling import Speller
from bot.wish import wish_in

OUT_OF_SCOPE = "out_of_scope"


class StaleModel(Exception):
    """The model was trained with another encoder than the one installed."""


@dataclass(frozen=True)
class Reading:
    """`ranking`: (label, probability), likeliest first. A strange sentence is like none we know; a doubtful one hardly."""

    ranking: list[tuple[str, float]]
    strange: bool
    doubtful: bool


@dataclass(frozen=True)
class SentenceModel:
    """Labels for sentences. Training takes seconds, so there is nothing to warm-start."""

    labels: list[str]
    speller: Speller
    lexicon: Lexicon
    head: SentenceHead

    @classmethod
    def train(cls, texts: Sequence[str], labels: Sequence[str]) -> "SentenceModel":
        """At least two different labels. A label's own name is one more example of it ("track order")."""
        names = sorted(set(labels))
        # Ordered, so that the same data in another order gives the same model.
        examples = sorted({*zip(texts, labels, strict=False), *((spoken_name(name), name) for name in names)})
        speller = Speller.learning(text for text, _ in examples)
        written = [speller.mend(wish_in(text)) for text, _ in examples]
        lexicon = Lexicon.learning(written)
        indices = np.array([names.index(label) for _, label in examples])
        in_scope = np.array([label != OUT_OF_SCOPE for _, label in examples])
        head = SentenceHead.fit(load_encoder().embed_all_deep(written), lexicon.features(written), indices, in_scope)
        return cls(names, speller, lexicon, head)

    def read(self, text: str) -> Reading:
        """What the sentence most likely means."""
        mended = self.speller.mend(wish_in(text))
        judgement = self.head.judge(load_encoder().embed_deep(mended), self.lexicon.terms(mended))
        order = np.argsort(-judgement.probabilities)
        ranking = [(self.labels[index], float(judgement.probabilities[index])) for index in order]
        strange, doubtful = judgement.familiarity < self.head.thresholds
        return Reading(ranking, bool(strange), bool(doubtful))

    def save(self, folder: Path) -> None:
        """Plain JSON and arrays: loading a model runs nothing that is stored in it."""
        about = {"labels": self.labels, "known_words": self.speller.known, "encoder": encoder_fingerprint()}
        (folder / "about.json").write_text(json.dumps(about))
        (folder / "lexicon.json").write_text(self.lexicon.to_json())
        (folder / "head.npz").write_bytes(self.head.to_bytes())

    @classmethod
    def load(cls, folder: Path) -> "SentenceModel":
        """Raises StaleModel when the embeddings would not mean what they meant in training."""
        about = json.loads((folder / "about.json").read_text())
        if about["encoder"] != encoder_fingerprint():
            raise StaleModel("this model was trained with another sentence encoder: train again")
        lexicon = Lexicon.from_json((folder / "lexicon.json").read_text())
        head = SentenceHead.from_bytes((folder / "head.npz").read_bytes())
        return cls(about["labels"], Speller(about["known_words"]), lexicon, head)


def spoken_name(label: str) -> str:
    """`faq/return_policy` -> "return policy"."""
    return label.rpartition("/")[2].replace("_", " ")
