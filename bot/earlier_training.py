"""Models of earlier trainings on disk. Rasa trains a component anew when any data changed, whether it learns from it or not."""

import hashlib
import json
import logging
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from bot.encoder import encoder_fingerprint
from bot.training_code import training_code

FOLDER = "earlier"  # beside Rasa's own cache of trained components
KEPT = 3  # of each kind: 20 MB each
UNFINISHED = "unfinished-"  # the copy that a training is making
AN_HOUR = 3600.0  # no copy takes as long

Model = TypeVar("Model")

logger = logging.getLogger(__name__)


class EarlierTraining:
    """What a model was made of by the same code. One that can't be used is as good as none: training doesn't fail by it."""

    def __init__(self, kind: str, examples: Sequence[tuple[str, str]]) -> None:
        """`kind` names the model; `examples`, all that it learns from, are texts with their labels."""
        made_from = json.dumps([encoder_fingerprint(), training_code(), examples])
        self._models = Path(os.environ.get("RASA_CACHE_DIRECTORY", ".rasa/cache")) / FOLDER / kind
        self._model = self._models / hashlib.sha256(made_from.encode()).hexdigest()[:32]

    def restore(self, folder: Path, load: Callable[[Path], Model]) -> Model | None:
        """Fills `folder` with the files of the model and gives what `load` reads there; None if there is none to use.

        Files that can't be read are thrown away.
        """
        if not self._model.exists():
            return None
        try:
            shutil.copytree(self._model, folder, dirs_exist_ok=True)
            self._model.touch()
            return load(folder)
        except Exception as error:  # however a reader takes files that are damaged
            logger.warning("The model is trained anew, because %s can't be read: %r", self._model, error)
            shutil.rmtree(self._model, ignore_errors=True)
            return None

    def keep(self, folder: Path) -> None:
        """Keeps a copy of `folder`, whole or not at all, and forgets those beyond `KEPT` that were not used for longest."""
        try:
            self._models.mkdir(parents=True, exist_ok=True)
            with TemporaryDirectory(dir=self._models.parent, prefix=UNFINISHED) as scratch:
                whole = shutil.copytree(folder, Path(scratch) / "model")
                if not self._model.exists():
                    whole.rename(self._model)
            self._model.touch()
        except OSError as error:
            if not self._model.exists():  # another training of the same examples may just have kept its own
                logger.warning("The next training begins anew, because %s can't be written: %s", self._models, error)
        self._clear()

    def _clear(self) -> None:
        """What is beyond `KEPT`, and what a training that was killed has left. Another one may be clearing as well."""
        last_used = sorted(_ages(self._models.glob("*")))
        killed = [folder for age, folder in _ages(self._models.parent.glob(f"{UNFINISHED}*")) if age > AN_HOUR]
        for folder in [*(folder for _, folder in last_used[KEPT:]), *killed]:
            shutil.rmtree(folder, ignore_errors=True)


def _ages(folders: Iterable[Path]) -> Iterator[tuple[float, Path]]:
    """(seconds since it was last used, the folder)"""
    for folder in folders:
        with suppress(FileNotFoundError):
            yield time.time() - folder.stat().st_mtime, folder
