"""Trained models: which one belongs to the present data, and that nobody changed it since."""

import fcntl
import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from connectors.gateway.home import replace_file
from connectors.gateway.settings import ROOT

MANIFEST = "manifest.json"
LOCK = ".training"
SINGLE_INPUTS = ("domain.yml", "config.yml", "bot/uv.lock")
FINGERPRINT_LENGTH = 16
KEPT = 10


class ModelChangedError(Exception):
    """A model file is not the one we trained."""


@dataclass(frozen=True)
class TrainedModel:
    """One line of the manifest."""

    fingerprint: str
    sha256: str
    trained_at: float
    seconds: float


def fingerprint_of_inputs(root: Path = ROOT) -> str:
    """Sixteen hex digits that change whenever a file changes that a model is trained from or with."""
    digest = hashlib.sha256()
    for path in _inputs(root):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:FINGERPRINT_LENGTH]


class ModelStore:
    """`<home>/models`: one file per fingerprint and a manifest with their checksums."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path_of(self, fingerprint: str) -> Path:
        return self._folder / f"{fingerprint}.tar.gz"

    def verified(self, fingerprint: str) -> Path | None:
        """The model for these inputs, or None. Raises ModelChangedError when its file is not what was trained."""
        model = self._manifest().get(fingerprint)
        path = self.path_of(fingerprint)
        if model is None or not path.exists():
            return None
        if _sha256(path) != model.sha256:
            raise ModelChangedError(f"{path} is not the model that was trained; remove it and run `frontdesk train`")
        return path

    def newest(self) -> Path | None:
        """The model trained last, verified. Raises ModelChangedError as `verified` does."""
        models = sorted(self._manifest().values(), key=lambda model: model.trained_at, reverse=True)
        return next(filter(None, (self.verified(model.fingerprint) for model in models)), None)

    def add(self, fingerprint: str, trained: Path, seconds: float) -> Path:
        """Take over a freshly trained file, read-only from now on. The oldest beyond the last `KEPT` go."""
        path = self.path_of(fingerprint)
        trained.chmod(0o444)
        model = TrainedModel(fingerprint, _sha256(trained), time.time(), round(seconds, 1))
        trained.replace(path)
        models = self._manifest() | {fingerprint: model}
        kept = sorted(models.values(), key=lambda one: one.trained_at)[-KEPT:]
        replace_file(self._folder / MANIFEST, json.dumps({one.fingerprint: asdict(one) for one in kept}, indent=2))
        for gone in models.keys() - {one.fingerprint for one in kept}:
            self.path_of(gone).unlink(missing_ok=True)
        return path

    @contextmanager
    def one_training(self) -> Iterator[None]:
        """Waits until nobody else trains here, so that two `make` runs share one training."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / LOCK).open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _manifest(self) -> dict[str, TrainedModel]:
        path = self._folder / MANIFEST
        if not path.exists():
            return {}
        return {key: TrainedModel(**entry) for key, entry in json.loads(path.read_text()).items()}


def _inputs(root: Path) -> Iterator[Path]:
    # The escalation rules (*.toml) are no training data: the bot reads them as it goes.
    yield from sorted(path for path in (root / "data").rglob("*") if path.is_file() and path.suffix != ".toml")
    yield from (root / name for name in SINGLE_INPUTS)
    code = (path for path in (root / "bot").rglob("*.py") if ".venv" not in path.parts)
    yield from sorted(code)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
