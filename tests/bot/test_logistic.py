"""The logistic head learns what scikit-learn would learn, whatever the shape of the points."""

import numpy as np
import pytest
from scipy.special import softmax
from sklearn.linear_model import LogisticRegression

from bot.layers import main_directions
from bot.logistic import fit_logistic

STRENGTH = 20.0


def some_points(labels: int) -> tuple[np.ndarray, np.ndarray]:
    """Sentences of each label lie around their own centre; all of them in few directions, as embeddings do."""
    chance = np.random.default_rng(0)
    truth = np.arange(40 * labels) % labels
    spread = np.geomspace(1, 0.01, 48)
    embeddings = (chance.normal(size=(labels, 48))[truth] + chance.normal(size=(len(truth), 48))) * spread
    embeddings /= np.linalg.norm(embeddings, axis=1, keepdims=True)
    return embeddings.astype(np.float32) @ main_directions(embeddings), truth


def probabilities(points: np.ndarray, coefficients: np.ndarray) -> np.ndarray:
    return np.asarray(softmax(points @ coefficients[:-1] + coefficients[-1], axis=1))


@pytest.mark.parametrize("labels", [3, 12])
def test_probabilities_are_those_of_scikit_learn(labels: int) -> None:
    points, truth = some_points(labels)
    exact = LogisticRegression(C=STRENGTH, tol=1e-6, max_iter=5000, multi_class="multinomial").fit(points, truth)

    ours = probabilities(points, fit_logistic(points, truth, STRENGTH))

    assert np.abs(ours - exact.predict_proba(points)).max() < 0.05
    assert (ours.argmax(axis=1) == exact.predict(points)).mean() > 0.99


def test_two_labels_are_as_well_told_apart_as_many() -> None:
    points, truth = some_points(2)
    ours = probabilities(points, fit_logistic(points, truth, STRENGTH))
    assert (ours.argmax(axis=1) == truth).mean() > 0.9


def test_coefficients_are_as_small_as_the_strength_says() -> None:
    points, truth = some_points(3)
    weak, strong = (fit_logistic(points, truth, strength) for strength in (0.01, 100.0))
    assert np.abs(weak[:-1]).max() < 0.1 * np.abs(strong[:-1]).max()


def test_the_biases_alone_tell_how_common_a_label_is() -> None:
    points, truth = np.zeros((100, 4), dtype=np.float32), np.repeat([0, 1], [80, 20])
    assert probabilities(points[:1], fit_logistic(points, truth, STRENGTH))[0] == pytest.approx([0.8, 0.2], abs=0.02)
