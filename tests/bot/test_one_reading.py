"""A training reads its data once, and afresh in each process."""

import sys
from pathlib import Path

import pytest
from conftest import FIXTURE_BOT
from rasa.shared.importers import utils
from rasa.shared.importers.importer import (
    CombinedDataImporter,
    E2EImporter,
    ResponsesSyncImporter,
    TrainingDataImporter,
)

from bot import one_reading

FILES = {
    "config_path": str(FIXTURE_BOT / "config.yml"),
    "domain_path": str(FIXTURE_BOT / "domain.yml"),
    "training_data_paths": [str(FIXTURE_BOT / "data")],
}


@pytest.fixture(autouse=True)
def patched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TrainingDataImporter, "load_from_dict", staticmethod(TrainingDataImporter.load_from_dict))
    for importer in (CombinedDataImporter, ResponsesSyncImporter, E2EImporter):
        monkeypatch.setattr(importer, "get_nlu_data", importer.get_nlu_data)
    one_reading.apply()


def test_the_training_gets_what_was_checked() -> None:
    checked = TrainingDataImporter.load_from_config(**FILES)
    trained = TrainingDataImporter.load_from_config(**FILES, args={"augmentation_factor": 50})
    assert trained.get_nlu_data() is checked.get_nlu_data()
    assert trained.get_domain().intents == checked.get_domain().intents


def test_the_files_are_read_once_however_they_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, read = utils.training_data_from_paths, []
    monkeypatch.setattr(utils, "training_data_from_paths", lambda *asked: (read.append(asked), reading(*asked))[1])
    importer = TrainingDataImporter.load_from_config(**FILES)

    importer.get_domain()
    asked = [importer.get_nlu_data(), importer.get_nlu_data("en"), importer.get_nlu_data(language="en")]

    assert len(read) == 1
    assert all(each is asked[0] for each in asked)
    assert importer.get_nlu_data(language="de") is not asked[0]


def test_other_files_are_other_data(tmp_path: Path) -> None:
    (tmp_path / "nlu.yml").write_text("nlu:\n- intent: greet\n  examples: |\n    - hello\n")
    read = TrainingDataImporter.load_from_config(**FILES).get_nlu_data()
    other = TrainingDataImporter.load_from_config(**FILES | {"training_data_paths": [str(tmp_path)]}).get_nlu_data()
    assert (other.intents, len(other.intent_examples)) == ({"greet"}, 1)
    assert len(read.intent_examples) > 1


def test_an_importer_of_ones_own_is_asked_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shelf.py").write_text(
        "from rasa.shared.importers.rasa import RasaFileImporter\n"
        "class Shelf(RasaFileImporter):\n"
        "    def __init__(self, config_file, domain_path, training_data_paths, made=[], **arguments):\n"
        "        super().__init__(config_file, domain_path, training_data_paths)\n"
        "        made.append(arguments)\n"
        "        self.made = made\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    config = tmp_path / "config.yml"
    config.write_text((FIXTURE_BOT / "config.yml").read_text() + "importers:\n- name: shelf.Shelf\n")
    for _ in range(2):
        TrainingDataImporter.load_from_config(**FILES | {"config_path": str(config)})
    assert len(sys.modules["shelf"].Shelf.__init__.__defaults__[0]) == 2
