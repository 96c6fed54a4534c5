"""Training both bots from nothing, and remembering stock's: it takes as long as all the rest together, many times over."""

import hashlib
import json
import os
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.side_by_side.machine import BOT_PYTHON
from connectors.gateway.settings import ROOT

STOCK = Path(__file__).parent / "stock"
KEPT = ROOT / "var" / "bench"
DATA = ROOT / "data"
DOMAIN = ROOT / "domain.yml"


@dataclass(frozen=True)
class Trained:
    """A model with what it cost: seconds by the clock and of all processors together, and the machine's load before."""

    model: Path
    seconds: float
    cpu_seconds: float
    load: float
    trained_at: str
    same_data: bool = True

    @property
    def note(self) -> str:
        return f"trained {self.trained_at[:16].replace('T', ' ')} UTC at load {self.load:.1f}"


class TrainingFailed(Exception):
    """Rasa's last words."""


def train_ours(folder: Path) -> Trained:
    """Our bot, with an empty cache."""
    return _train("bot", ROOT / "config.yml", folder)


def train_stock(any_data: bool) -> tuple[Trained, bool]:
    """(stock's model for the present data, whether it was kept from an earlier run).

    With `any_data` the newest one will do, whatever data it has learnt from; `same_data` tells.
    """
    KEPT.mkdir(parents=True, exist_ok=True)
    about = KEPT / f"stock-{_fingerprint()}.json"
    if not about.exists() and any_data:
        about = max(KEPT.glob("stock-*.json"), key=lambda path: path.stat().st_mtime, default=about)
    if about.exists():
        fields = json.loads(about.read_text())
        same = about.stem == f"stock-{_fingerprint()}"
        return Trained(**{**fields, "model": about.with_suffix(".tar.gz"), "same_data": same}), True
    with tempfile.TemporaryDirectory(dir=KEPT) as folder:
        trained = _train("rasa", STOCK / "config.yml", Path(folder))
        shutil.move(trained.model, about.with_suffix(".tar.gz"))
    about.write_text(json.dumps({**asdict(trained), "model": about.with_suffix(".tar.gz").name}, indent=2))
    return Trained(**{**asdict(trained), "model": about.with_suffix(".tar.gz")}), False


def _train(module: str, config: Path, folder: Path) -> Trained:
    load, trained_at = os.getloadavg()[0], datetime.now(UTC).isoformat()
    command = [BOT_PYTHON, "-m", module, "train", "--domain", str(DOMAIN), "--config", str(config), "--data", str(DATA)]
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(
        [*command, "--out", str(folder), "--fixed-model-name", "trained"],
        cwd=ROOT,
        env=os.environ | {"RASA_TELEMETRY_ENABLED": "false", "RASA_CACHE_DIRECTORY": str(folder / "cache")},
        capture_output=True,
        text=True,
        check=False,
    )
    after, seconds = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic() - began
    model = folder / "trained.tar.gz"
    if done.returncode != 0 or not model.exists():
        raise TrainingFailed((done.stdout + done.stderr)[-3000:])
    cpu_seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Trained(model, seconds, cpu_seconds, load, trained_at)


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for path in _inputs():
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _inputs() -> Iterator[Path]:
    """What stock's model is made of. data/frustration is ours alone."""
    yield from sorted(DATA.rglob("*.yml"))
    yield DOMAIN
    yield STOCK / "config.yml"
    yield ROOT / "bot" / "uv.lock"
