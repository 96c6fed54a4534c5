"""`rasa train` reads all data to check it, and reads it again to train. Here it trains from what it has checked."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any

from rasa.shared.importers.importer import (
    CombinedDataImporter,
    E2EImporter,
    ResponsesSyncImporter,
    TrainingDataImporter,
)
from rasa.shared.nlu.training_data.training_data import TrainingData

Reading = Callable[[Any, str | None], TrainingData]


def apply() -> None:
    """Patches Rasa's importer in this process, which is to end with its training; again is harmless."""
    loading = TrainingDataImporter.load_from_dict
    if hasattr(loading, "__wrapped__"):
        return

    @lru_cache
    def read(config_path: str, domain_path: str, data: tuple[str, ...]) -> TrainingDataImporter:
        return loading({}, config_path, domain_path, list(data))

    def load_once(
        config: dict[str, Any] | None = None,
        config_path: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | None = None,
        args: dict[str, Any] | None = None,
    ) -> TrainingDataImporter:
        own = (config or {}).get("importers")  # those may make something of `args`; Rasa's own makes nothing of them
        if own or config_path is None or domain_path is None or not isinstance(training_data_paths, list):
            return loading(config, config_path, domain_path, training_data_paths, args or {})
        return read(config_path, domain_path, tuple(training_data_paths))

    load_once.__wrapped__ = loading  # type: ignore[attr-defined]
    TrainingDataImporter.load_from_dict = staticmethod(load_once)
    for importer in (CombinedDataImporter, ResponsesSyncImporter, E2EImporter):
        importer.get_nlu_data = _however_it_is_asked(importer.get_nlu_data)


def _however_it_is_asked(reading: Reading) -> Reading:
    """An importer remembers data by how it was asked for: "en", `language="en"` and nothing are three readings to it."""

    @wraps(reading)
    def read(importer: Any, language: str | None = "en") -> TrainingData:
        return reading(importer, language)

    return read
