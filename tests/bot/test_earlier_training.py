"""A model that was trained from the same examples before is not trained again."""

import logging
import os
from pathlib import Path
from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot import earlier_training
from bot.earlier_training import EarlierTraining
from bot.frustration import Frustration
from bot.frustration_model import FrustrationModel
from bot.sentence_classifier import SentenceClassifier
from bot.sentence_model import SentenceModel

TALK = [
    ("where is my parcel", "track_order"),
    ("is there a warranty", "faq/warranty"),
    ("any guarantee", "faq/warranty"),
]


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RASA_CACHE_DIRECTORY", str(tmp_path / "cache"))
    return tmp_path / "cache"


def model_in(folder: Path, words: str) -> Path:
    folder.mkdir()
    (folder / "model.txt").write_text(words)
    return folder


def words_in(folder: Path) -> str:
    return (folder / "model.txt").read_text()


def test_what_was_kept_is_restored_for_the_same_examples_only(tmp_path: Path) -> None:
    restored = tmp_path / "restored"
    restored.mkdir()
    assert EarlierTraining("tone", TALK).restore(restored, words_in) is None

    EarlierTraining("tone", TALK).keep(model_in(tmp_path / "trained", "learnt"))

    assert EarlierTraining("tone", TALK[:2]).restore(restored, words_in) is None
    assert EarlierTraining("intents", TALK).restore(restored, words_in) is None
    assert EarlierTraining("tone", TALK).restore(restored, words_in) == "learnt"


def test_other_code_restores_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    EarlierTraining("tone", TALK).keep(model_in(tmp_path / "trained", "learnt"))
    monkeypatch.setattr(earlier_training, "training_code", lambda: "another")
    assert EarlierTraining("tone", TALK).restore(tmp_path, words_in) is None


def test_those_used_last_are_kept(tmp_path: Path) -> None:
    trained = model_in(tmp_path / "trained", "learnt")
    kept = [EarlierTraining("tone", [(str(number), "calm")]) for number in range(earlier_training.KEPT + 1)]
    for age, training in enumerate(kept[:-1]):
        training.keep(trained)
        os.utime(training._model, (age, age))
    kept[0].restore(tmp_path, words_in)

    kept[-1].keep(trained)

    restored = [training.restore(tmp_path, words_in) for training in kept]
    assert restored == ["learnt", None, *["learnt"] * (len(kept) - 2)]


def test_two_trainings_that_keep_the_same_disturb_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    trained = model_in(tmp_path / "trained", "learnt")
    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            EarlierTraining("tone", TALK).keep(trained)
    assert not caplog.records
    assert EarlierTraining("tone", TALK).restore(tmp_path, words_in) == "learnt"


def test_what_a_killed_training_left_is_cleared_and_what_another_is_making_is_not(tmp_path: Path, cache: Path) -> None:
    left, being_made = (cache / "earlier" / f"{earlier_training.UNFINISHED}{name}" for name in ("left", "now"))
    for folder in (left, being_made):
        folder.mkdir(parents=True)
    os.utime(left, (0, 0))

    EarlierTraining("tone", TALK).keep(model_in(tmp_path / "trained", "learnt"))

    assert (left.exists(), being_made.exists()) == (False, True)


def test_a_damaged_model_is_thrown_away_and_trained_anew(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    trained = trainings(monkeypatch)
    data = TrainingData([Message.build(text=text, intent=label) for text, label in TALK])
    whole = train(tmp_path / "whole", data)
    files = sorted(path.relative_to(cache) for path in (cache / "earlier").rglob("*") if path.is_file())
    assert {file.name for file in files} == {"about.json", "lexicon.json", "head.npz", "frustration.npz"}
    for file in files:
        kept = cache / file
        kept.write_bytes(kept.read_bytes()[: kept.stat().st_size // 2])
        trained.clear()
        caplog.clear()
        with caplog.at_level(logging.WARNING):
            again = train(tmp_path / file.name, data)
        assert trained == ["FrustrationModel" if file.name == "frustration.npz" else "SentenceModel"]
        assert "trained anew" in caplog.text
        assert read(again) == read(whole)


def test_a_cache_that_cannot_be_used_fails_no_training(
    tmp_path: Path, cache: Path, caplog: pytest.LogCaptureFixture
) -> None:
    cache.write_text("a file where a folder should be")
    with caplog.at_level(logging.WARNING):
        EarlierTraining("tone", TALK).keep(model_in(tmp_path / "trained", "learnt"))
    assert "can't be written" in caplog.text


def test_a_new_answer_and_a_new_example_train_only_what_learns_from_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained = trainings(monkeypatch)
    examples = [Message.build(text=text, intent=label) for text, label in TALK]
    answered = train(tmp_path / "1", TrainingData(examples, responses=answer("Two years.")))
    assert trained == ["FrustrationModel", "SentenceModel"]

    again = train(tmp_path / "2", TrainingData(examples, responses=answer("Three years.")))
    assert trained == ["FrustrationModel", "SentenceModel"]
    assert [responses(each) for each in (answered, again)] == ["Two years.", "Three years."]
    assert read(answered)["intent"] == read(again)["intent"]

    train(tmp_path / "3", TrainingData([*examples, Message.build(text="track it", intent="track_order")]))
    assert trained == ["FrustrationModel", "SentenceModel", "SentenceModel"]


def trainings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the models that are trained from now on."""
    trained: list[str] = []
    for model in (SentenceModel, FrustrationModel):
        real, name = model.train, model.__name__
        monkeypatch.setattr(model, "train", lambda *data, real=real, name=name: (trained.append(name), real(*data))[1])
    return trained


def answer(words: str) -> dict[str, Any]:
    return {"utter_faq/warranty": [{"text": words}]}


def train(folder: Path, data: TrainingData) -> SentenceClassifier:
    folder.mkdir()
    storage, context = LocalModelStorage(folder), ExecutionContext(GraphSchema({}))
    for component in (Frustration, SentenceClassifier):
        config, resource = component.get_default_config(), Resource(component.__name__)
        component.create(config, storage, resource, context).train(data)
    return SentenceClassifier.load(SentenceClassifier.get_default_config(), storage, resource, context)


def read(classifier: SentenceClassifier) -> dict[str, Any]:
    return classifier.process([Message.build(text="how long is the warranty")])[0].as_dict(only_output_properties=True)


def responses(classifier: SentenceClassifier) -> str:
    return str(read(classifier)["response_selector"]["faq"]["response"]["responses"][0]["text"])
