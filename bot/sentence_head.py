"""From a sentence's vectors and its words to labels: two heads that err differently, and how much to believe them.

- Kernel ridge regression over (radial kernel of the embeddings + linear kernel of word and letter tf-idf). Its
  leave-one-out predictions have a closed form, so it can be calibrated on the very examples it is trained on.
- Logistic regression over the embeddings, calibrated on held-out thirds.

Both see the encoder's layers as one point each, projected to the directions in which the examples differ. Their mixed
probabilities are scaled by one temperature. A separate score says how familiar a sentence is at all.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
import scipy.linalg
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax

from bot.layers import main_directions
from bot.lexicon import Terms

SHARPNESS = 2.0  # of the radial kernel
RIDGE = 0.1
LANDMARKS = 6000  # the kernel head learns from no more examples than this, or memory grows with their square
COMMON = 0.04  # of the sentences have a term that is worth a column of a plain matrix in training
KERNEL_SCALE = 12.0  # kernel scores to logits
LOGISTIC_C = 20.0
FOLDS = 3
# Shares of the examples in scope that, held out, would be taken for strange, and for strange or doubtful. Examples of
# what is out of scope say where our business ends; where there are none, only doubt can.
STRANGE, DOUBTFUL, DOUBTFUL_ALONE = 0.01, 0.02, 0.055

Matrix = Any  # numpy or scipy.sparse


@dataclass(frozen=True)
class Judgement:
    """`probabilities`: one per label, summing to 1. `familiarity`: how near the sentence is to anything known."""

    probabilities: np.ndarray
    familiarity: float


@dataclass
class SentenceHead:
    """All that prediction needs; arrays only, so that a model file cannot carry code."""

    projection: np.ndarray  # 1152 x width: embeddings to points
    landmarks: np.ndarray  # points, m x width
    alphas: np.ndarray  # m x labels
    words: np.ndarray  # tf-idf features x labels
    offset: np.ndarray  # labels
    logistic: np.ndarray  # (width + 1) x labels; the last row is the bias
    temperature: np.ndarray  # scalar
    thresholds: np.ndarray  # familiarity below which a sentence is strange, or doubtful

    @classmethod
    def fit(cls, embeddings: np.ndarray, tfidf: Matrix, labels: np.ndarray, in_scope: np.ndarray) -> "SentenceHead":
        """`labels` are 0..n-1; `in_scope` is false for examples of "none of our business"."""
        projection = main_directions(embeddings)
        points = embeddings @ projection
        targets = np.eye(labels.max() + 1, dtype=np.float32)[labels]
        offset = targets.mean(axis=0)
        chosen = _landmarks(labels)
        similarity = points @ points.T
        kernel = _kernel(similarity, tfidf, chosen)
        alphas, held_out_kernel = _ridge(kernel, chosen, targets - offset)
        logistic, held_out_logistic = _logistic(points, labels)
        head = cls(
            projection=projection,
            # Column by column, because the product with one vector is a quarter faster then.
            landmarks=np.asfortranarray(points[chosen], dtype=np.float32),
            alphas=alphas,
            words=np.asarray(tfidf[chosen].T @ alphas),
            offset=offset,
            logistic=logistic,
            temperature=np.array(1.0),
            thresholds=np.zeros(2),
        )
        mixed = _mix(held_out_kernel + offset, held_out_logistic)
        head.temperature = np.array(_temperature(mixed, labels))
        familiarity = _familiarity(held_out_kernel, held_out_logistic, _nearest_other(similarity))
        doubtful = DOUBTFUL_ALONE if in_scope.all() else DOUBTFUL
        head.thresholds = np.quantile(familiarity[in_scope], (STRANGE, doubtful))
        return head

    def judge(self, embedding: np.ndarray, terms: Terms) -> Judgement:
        """One sentence."""
        point = embedding @ self.projection
        similarity = self.landmarks @ point
        kernel = _radial(similarity) @ self.alphas + terms.values @ self.words[terms.columns]
        logistic = point @ self.logistic[:-1] + self.logistic[-1]
        mixed = _mix(kernel + self.offset, logistic)
        return Judgement(softmax(mixed / self.temperature), float(_familiarity(kernel, logistic, similarity.max())))

    def to_bytes(self) -> bytes:
        buffer = BytesIO()
        np.savez(buffer, **vars(self))
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, stored: bytes) -> "SentenceHead":
        with np.load(BytesIO(stored), allow_pickle=False) as arrays:
            return cls(**arrays)


def _radial(similarity: np.ndarray) -> np.ndarray:
    exponent = similarity - 1
    exponent *= 2 * SHARPNESS
    return np.exp(exponent, out=exponent)


def _kernel(similarity: np.ndarray, tfidf: Matrix, chosen: np.ndarray) -> np.ndarray:
    kernel = _radial(similarity[:, chosen])
    kernel += _lexical(tfidf, chosen)
    return kernel


def _lexical(tfidf: Matrix, chosen: np.ndarray) -> np.ndarray:
    """All rows times the chosen ones. A sparse product costs the square of how many rows share a term."""
    common = tfidf.getnnz(axis=0) > COMMON * len(chosen)
    often, seldom = tfidf[:, common].toarray(), tfidf[:, ~common]
    product: np.ndarray = often @ often[chosen].T
    product += (seldom @ seldom[chosen].T).toarray()
    return product


def _landmarks(labels: np.ndarray) -> np.ndarray:
    if len(labels) <= LANDMARKS:
        return np.arange(len(labels))
    # Round robin over the labels, so that a small one keeps all its examples.
    shuffled = np.random.default_rng(0).permutation(len(labels))
    turn = np.empty(len(labels), dtype=int)
    for label in np.unique(labels):
        mine = shuffled[labels[shuffled] == label]
        turn[mine] = np.arange(len(mine))
    return np.sort(np.argsort(turn, kind="stable")[:LANDMARKS])


def _ridge(kernel: np.ndarray, chosen: np.ndarray, targets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weights of the landmarks, and each example's scores had it not been an example."""
    square = kernel[chosen].T  # is symmetric, and turned it is in the order that LAPACK can work in without a copy
    square[np.diag_indices(len(chosen))] += RIDGE
    factor = scipy.linalg.cholesky(square, lower=True, overwrite_a=True)
    alphas = scipy.linalg.cho_solve((factor, True), targets[chosen])
    inverse = scipy.linalg.lapack.get_lapack_funcs("trtri", [factor])(factor, lower=True, overwrite_c=True)[0]
    held_out = kernel @ alphas
    held_out[chosen] = targets[chosen] - alphas / np.einsum("ij,ij->j", inverse, inverse)[:, None]
    return alphas, held_out


def _logistic(points: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients, and each example's scores from the two thirds it is not in."""
    from threadpoolctl import threadpool_limits  # scikit-learn's own: a turn needs neither

    fold = np.empty(len(labels), dtype=int)
    for label in np.unique(labels):
        mine = np.flatnonzero(labels == label)
        fold[mine] = np.arange(len(mine)) % FOLDS
    held_out = np.empty((len(labels), labels.max() + 1))
    parts = [fold >= 0, *(fold != number for number in range(FOLDS) if number in fold)]
    # One core each is less work than all cores for one after the other: their matrices are small.
    with threadpool_limits(1), ThreadPoolExecutor(os.cpu_count()) as threads:
        coefficients, *partials = threads.map(lambda part: _fit_logistic(points, labels, part), parts)
    for part, partial in zip(parts[1:], partials, strict=True):
        held_out[~part] = points[~part] @ partial[:-1] + partial[-1]
    return coefficients, held_out


def _fit_logistic(points: np.ndarray, labels: np.ndarray, rows: np.ndarray) -> np.ndarray:
    from sklearn.linear_model import LogisticRegression  # a second of imports that a turn never needs

    seen = np.unique(labels[rows])
    coefficients = np.zeros((points.shape[1] + 1, labels.max() + 1), dtype=np.float32)
    coefficients[-1] = -KERNEL_SCALE  # a label with its only example held out is unlikely, not impossible
    if len(seen) < 2:
        return coefficients
    model = LogisticRegression(C=LOGISTIC_C, max_iter=200, tol=1.0, multi_class="multinomial")
    model.fit(points[rows], labels[rows])
    if len(seen) == 2:  # scikit-learn keeps one row for two labels
        coefficients[:, seen[1]] = np.append(model.coef_[0], model.intercept_[0])
        coefficients[:, seen[0]] = -coefficients[:, seen[1]]
    else:
        coefficients[:, seen] = np.vstack([model.coef_.T, model.intercept_])
    return coefficients


def _mix(kernel: np.ndarray, logistic: np.ndarray) -> np.ndarray:
    """The geometric mean of both heads' probabilities, as logits."""
    return (KERNEL_SCALE * kernel + logistic) / 2


def _temperature(mixed: np.ndarray, labels: np.ndarray) -> float:
    """Makes "80 %" right four times in five, on examples the heads had not seen."""
    rows = np.arange(len(labels))

    def surprise(log_temperature: float) -> float:
        return float(-log_softmax(mixed / np.exp(log_temperature), axis=1)[rows, labels].mean())

    return float(np.exp(minimize_scalar(surprise, bounds=(-3, 3), method="bounded").x))


def _familiarity(kernel: np.ndarray, logistic: np.ndarray, nearest: np.ndarray) -> np.ndarray:
    return kernel.max(axis=-1) + nearest / 2 + logistic.max(axis=-1) / 20


def _nearest_other(similarity: np.ndarray) -> np.ndarray:
    np.fill_diagonal(similarity, -1)
    return similarity.max(axis=1)
