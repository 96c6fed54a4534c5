"""How frustrated a message sounds: a kernel machine over the sentence's vector and the signs of temper in its wording."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np

from bot.encoder import load_encoder
from bot.frustration_signs import signs_of, unmasked
from bot.layers import main_directions
from bot.spelling import Speller

SIGNS_WEIGHT = 0.5
PENALTY, GAMMA = 3.0, 1.0
FOLDS = 5


@dataclass(frozen=True)
class Labelled:
    """Example messages, and whether each is frustrated."""

    texts: list[str]
    frustrated: np.ndarray

    def mended(self, speller: Speller) -> "Labelled":
        """The same messages without typing errors, as they are read in a conversation."""
        return Labelled([speller.mend(text) for text in self.texts], self.frustrated)

    @classmethod
    def read(cls, folder: Path) -> "Labelled":
        """Reads `frustrated.txt` and `calm.txt`: one message a line; a line that starts with "# " is a heading."""
        frustrated, calm = (_messages(folder / name) for name in ("frustrated.txt", "calm.txt"))
        return cls([*frustrated, *calm], np.repeat([True, False], [len(frustrated), len(calm)]))


@dataclass(frozen=True)
class FrustrationModel:
    """All that prediction needs; arrays only, so that a model file cannot carry code. Distances come from products: fast."""

    projection: np.ndarray  # 1152 x width: embeddings to points
    examples: np.ndarray  # support vectors, n x features
    squares: np.ndarray  # n: their squared lengths
    weights: np.ndarray  # n
    bias: np.ndarray  # scalar
    scale: np.ndarray  # slope and offset that turn the machine's margin into a probability
    threshold: np.ndarray  # scalar: the score from which a message counts as frustrated

    @classmethod
    def train(cls, labelled: Labelled) -> "FrustrationModel":
        """Learns from the examples. Probabilities and threshold come from predictions on folds left out."""
        from sklearn.linear_model import LogisticRegression  # a second of imports that a turn never needs
        from sklearn.model_selection import StratifiedKFold, cross_val_predict
        from sklearn.svm import SVC

        readable, truth = [unmasked(text) for text in labelled.texts], labelled.frustrated
        embeddings = load_encoder().embed_all_deep(readable)
        projection = main_directions(embeddings)
        features = np.stack(list(map(_features, readable, embeddings @ projection)))
        machine = SVC(C=PENALTY, gamma=GAMMA)
        folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
        margins = cross_val_predict(machine, features, truth, cv=folds, method="decision_function")
        calibration = LogisticRegression(C=1e6).fit(margins[:, None], truth)
        scale = np.array([calibration.coef_[0, 0], calibration.intercept_[0]])
        machine.fit(features, truth)
        examples = machine.support_vectors_.astype(np.float32)
        return cls(
            projection=projection,
            examples=examples,
            squares=np.square(examples).sum(axis=1),
            weights=machine.dual_coef_[0].astype(np.float32),
            bias=np.array(machine.intercept_[0]),
            scale=scale,
            threshold=np.array(balanced_threshold(_probability(margins, scale), truth)),
        )

    def score(self, text: str) -> float:
        """From 0 (calm) to 1: the probability that whoever wrote this is frustrated."""
        readable = unmasked(text)
        features = _features(readable, load_encoder().embed_deep(readable) @ self.projection)
        distances = self.squares - 2 * (self.examples @ features) + features @ features
        margin = np.exp(-GAMMA * distances) @ self.weights + self.bias
        return float(_probability(margin, self.scale))

    def to_bytes(self) -> bytes:
        buffer = BytesIO()
        np.savez(buffer, **vars(self))
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, stored: bytes) -> "FrustrationModel":
        with np.load(BytesIO(stored), allow_pickle=False) as arrays:
            return cls(**arrays)


def balanced_threshold(scores: np.ndarray, truth: np.ndarray) -> float:
    """The score at which the worse of precision and recall is best."""
    candidates = np.unique(scores)
    return float(max(candidates, key=lambda threshold: min(precision_and_recall(scores >= threshold, truth))))


def precision_and_recall(found: np.ndarray, truth: np.ndarray) -> tuple[float, float]:
    """Both 0 when nothing was found rightly."""
    right = float((found & truth).sum())
    return right / max(found.sum(), 1), right / max(truth.sum(), 1)


def _features(text: str, point: np.ndarray) -> np.ndarray:
    """The sentence's point, and the weighted signs."""
    return np.append(point, SIGNS_WEIGHT * signs_of(text)).astype(np.float32)


def _probability(margins: np.ndarray, scale: np.ndarray) -> np.ndarray:
    probabilities: np.ndarray = 1 / (1 + np.exp(-(scale[0] * margins + scale[1])))
    return probabilities


def _messages(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("# ")]
