"""Frustration in one message: figures on messages that nobody tuned on, and the component inside Rasa's graph."""

from pathlib import Path

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.frustration import EXAMPLES, Frustration
from bot.frustration_model import FrustrationModel, Labelled, balanced_threshold, precision_and_recall
from bot.frustration_signs import signs_of, unmasked
from bot.sentence_classifier import SentenceClassifier
from bot.training_code import training_code

HELD_OUT = Path(__file__).parent / "frustration"


@pytest.fixture(scope="module")
def labelled() -> Labelled:
    return Labelled.read(EXAMPLES)


@pytest.fixture(scope="module")
def model(labelled: Labelled) -> FrustrationModel:
    return FrustrationModel.train(labelled)


@pytest.fixture(scope="module")
def component(tmp_path_factory: pytest.TempPathFactory) -> Frustration:
    storage = LocalModelStorage(tmp_path_factory.mktemp("storage"))
    resource, context = Resource("frustration"), ExecutionContext(GraphSchema({}))
    config = Frustration.get_default_config()
    Frustration.create(config, storage, resource, context).train(TrainingData())
    return Frustration.load(config, storage, resource, context)


def frustration(component: Frustration, text: str) -> dict[str, float | bool]:
    parsed = component.process([Message.build(text=text)])[0].as_dict(only_output_properties=True)
    read: dict[str, float | bool] = parsed["frustration"]
    return read


def test_both_kinds_have_many_examples_and_none_is_held_out(labelled: Labelled) -> None:
    held_out = held_out_messages()
    assert len(labelled.texts) >= 500
    assert 0.4 <= labelled.frustrated.mean() <= 0.6
    assert len(held_out.texts) >= 200
    assert not {text.casefold() for text in labelled.texts} & {text.casefold() for text in held_out.texts}


def test_precision_and_recall_on_held_out_messages(model: FrustrationModel) -> None:
    held_out = held_out_messages()
    found = np.array([model.score(text) >= model.threshold for text in held_out.texts])
    precision, recall = precision_and_recall(found, held_out.frustrated)
    assert precision >= 0.90
    assert recall >= 0.90


def test_what_it_says_is_in_the_parse_result(component: Frustration) -> None:
    read = frustration(component, "I have told you five times now, this is a disgrace")
    assert set(read) == {"score", "frustrated"}
    assert 0 <= read["score"] <= 1
    assert read["frustrated"] is True


@pytest.mark.parametrize(
    "text",
    [
        "Wow, three weeks for a pillow. Really impressive.",
        "I'm so tired of explaining this to you",
        "If nobody answers today I am closing my account",
        "I already told you my order number twice",
        "I appreciate your reply, but I have been promised this four times and nothing has happened.",
    ],
)
def test_quiet_kinds_of_frustration_are_heard(component: Frustration, text: str) -> None:
    assert frustration(component, text)["frustrated"] is True


@pytest.mark.parametrize(
    "text",
    [
        "My parcel got lost, could you send a new one?",
        "THIS COAT IS PERFECT, THANK YOU",
        "this is fucking great",
        "this is f***ing great",
        "I need it by tomorrow, it's urgent",
        "My father passed away, I'd like to close his account",
    ],
)
def test_bad_news_capitals_swearing_and_urgency_alone_are_calm(component: Frustration, text: str) -> None:
    assert frustration(component, text)["frustrated"] is False


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_a_message_without_words_is_calm(component: Frustration, text: str) -> None:
    assert frustration(component, text) == {"score": 0.0, "frustrated": False}


def test_a_stored_model_scores_as_before(model: FrustrationModel) -> None:
    again = FrustrationModel.from_bytes(model.to_bytes())
    assert again.score("this is beyond a joke") == model.score("this is beyond a joke")


def test_other_examples_make_rasa_train_again(tmp_path: Path) -> None:
    (tmp_path / "calm.txt").write_text("all is well\n")
    before = Frustration.fingerprint_addon({"examples": str(tmp_path)})
    (tmp_path / "calm.txt").write_text("all is very well\n")
    assert Frustration.fingerprint_addon({"examples": str(tmp_path)}) != before
    assert Frustration.fingerprint_addon({}), "Rasa asks with the bare lines of config.yml"


@pytest.mark.parametrize("name", ["facts/sizes.py", "uv.lock"])
def test_other_code_and_other_libraries_make_rasa_train_again(tmp_path: Path, name: str) -> None:
    (tmp_path / "facts").mkdir()
    changed = tmp_path / name
    changed.write_text("numpy 1.26.3")
    before = training_code(tmp_path)
    changed.write_text("numpy 1.26.4")
    training_code.cache_clear()
    assert training_code(tmp_path) != before
    assert len({component.fingerprint_addon({}) for component in (Frustration, SentenceClassifier)}) == 2
    assert training_code() in SentenceClassifier.fingerprint_addon({})


def test_the_threshold_balances_precision_and_recall() -> None:
    scores, truth = np.array([0.1, 0.2, 0.6, 0.7, 0.9]), np.array([False, False, True, False, True])
    assert balanced_threshold(scores, truth) == 0.6
    assert precision_and_recall(scores >= 0.6, truth) == (2 / 3, 1.0)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("this is f***ing great", "this is fucking great"),
        ("holy sh*t", "holy shit"),
        ("rated 5 * by me", "rated 5 * by me"),
    ],
)
def test_masked_swearing_is_read_in_full(typed: str, meant: str) -> None:
    assert unmasked(typed) == meant


def test_signs_are_between_nought_and_one() -> None:
    signs = np.stack([signs_of(text) for text in ["", "HELLO!!!! ???", "you people lost it again " * 50, "😡"]])
    assert signs.min() >= 0
    assert signs.max() <= 1


def held_out_messages() -> Labelled:
    parts = [
        (HELD_OUT / f"held_out_{name}.txt").read_text(encoding="utf-8").splitlines() for name in ("frustrated", "calm")
    ]
    return Labelled([*parts[0], *parts[1]], np.repeat([True, False], [len(part) for part in parts]))
