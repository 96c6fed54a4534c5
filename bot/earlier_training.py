"""Models of earlier trainings on disk. Rasa trains a component anew when any data changed, whether it learns from it or not."""

import hashlib
import json
import logging
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.encoder import encoder_fingerprint
from bot.training_code import training_code

FOLDER = "earlier"  # beside Rasa's own cache of trained components
KEPT = 3  # of each kind: 20 MB each

logger = logging.getLogger(__name__)


class EarlierTraining:
    """What a model was made of by the same code. One that can't be used is as good as none: training doesn't fail by it."""

    def __init__(self, kind: str, examples: Sequence[tuple[str, str]]) -> None:
        """`kind` names the model; `examples`, all that it learns from, are texts with their labels."""
        made_from = json.dumps([encoder_fingerprint(), training_code(), examples])
        self._models = Path(os.environ.get("RASA_CACHE_DIRECTORY", ".rasa/cache")) / FOLDER / kind
        self._model = self._models / hashlib.sha256(made_from.encode()).hexdigest()[:32]

    def restore(self, folder: Path) -> bool:
        """Fills `folder` with the files of the model, if it was trained before."""
        if not self._model.exists():
            return False
        try:
            shutil.copytree(self._model, folder, dirs_exist_ok=True)
            self._model.touch()
        except OSError as error:
            logger.warning("The model is trained anew, because %s can't be read: %s", self._model, error)
            return False
        return True

    def keep(self, folder: Path) -> None:
        """Keeps a copy of `folder`, whole or not at all, and forgets those beyond `KEPT` that were not used for longest."""
        try:
            self._models.mkdir(parents=True, exist_ok=True)
            with TemporaryDirectory(dir=self._models.parent) as scratch:
                shutil.copytree(folder, Path(scratch) / "model")
                (Path(scratch) / "model").rename(self._model)
            self._model.touch()
            for oldest in sorted(self._models.iterdir(), key=lambda model: -model.stat().st_mtime)[KEPT:]:
                shutil.rmtree(oldest)
        except OSError as error:
            logger.warning("The next training begins anew, because %s can't be written: %s", self._models, error)
