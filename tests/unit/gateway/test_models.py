"""A model is trained once for its inputs, and served only as it was trained."""

from pathlib import Path

import pytest

from connectors.gateway.models import KEPT, ModelChangedError, ModelStore, fingerprint_of_inputs


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """What a model is trained from."""
    for name in ("data/orders/track.yml", "bot/channel.py", "bot/uv.lock", "domain.yml", "config.yml"):
        file = tmp_path / "project" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"the words of {name}")
    return tmp_path / "project"


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    (tmp_path / "models").mkdir()
    return ModelStore(tmp_path / "models")


def trained(folder: Path, words: str = "weights") -> Path:
    file = folder / "fresh.tar.gz"
    file.write_text(words)
    return file


@pytest.mark.parametrize("name", ["data/orders/track.yml", "bot/channel.py", "bot/uv.lock", "domain.yml", "config.yml"])
def test_every_input_counts(project: Path, name: str) -> None:
    before = fingerprint_of_inputs(project)
    (project / name).write_text("other words")
    assert fingerprint_of_inputs(project) != before


def test_moving_words_to_another_file_counts_and_the_environment_does_not(project: Path) -> None:
    before = fingerprint_of_inputs(project)
    library = project / "bot" / ".venv" / "lib" / "rasa.py"
    library.parent.mkdir(parents=True)
    library.write_text("not ours")
    assert fingerprint_of_inputs(project) == before
    (project / "data/orders/track.yml").rename(project / "data/orders/where_is_it.yml")
    assert fingerprint_of_inputs(project) != before


def test_a_trained_model_is_found_again_by_its_inputs(tmp_path: Path, store: ModelStore) -> None:
    path = store.add("aaaa", trained(tmp_path), 12.3)
    assert store.verified("aaaa") == path
    assert store.verified("bbbb") is None


def test_the_newest_model_stands_in_while_data_is_being_edited(tmp_path: Path, store: ModelStore) -> None:
    assert store.newest() is None
    store.add("aaaa", trained(tmp_path, "old"), 1)
    newer = store.add("bbbb", trained(tmp_path, "new"), 1)
    assert store.newest() == newer


def test_a_model_that_somebody_changed_is_refused(tmp_path: Path, store: ModelStore) -> None:
    path = store.add("aaaa", trained(tmp_path), 1)
    path.chmod(0o644)
    path.write_text("something else")
    with pytest.raises(ModelChangedError, match="not the model that was trained"):
        store.verified("aaaa")


def test_old_models_make_room(tmp_path: Path, store: ModelStore) -> None:
    paths = [store.add(f"{number:04}", trained(tmp_path), 1) for number in range(KEPT + 2)]
    assert [path.exists() for path in paths] == [False, False] + [True] * KEPT


def test_a_model_file_is_read_only(tmp_path: Path, store: ModelStore) -> None:
    assert store.add("aaaa", trained(tmp_path), 1).stat().st_mode & 0o222 == 0
