"""`frontdesk train`: the model for the present data, trained once."""

import os
import re
import shutil
import subprocess
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from connectors.gateway.models import ModelStore, fingerprint_of_inputs
from connectors.gateway.processes import rasa_command, rasa_environment
from connectors.gateway.settings import ROOT, Settings
from connectors.gateway.terminal import COLOUR

COMPONENT = re.compile(r"(Starting to train|Restored) component '(\w+)'")
LAST_LINES = 30

Say = Callable[[str], None]


class TrainingFailedError(Exception):
    """Rasa could not train. The message ends with Rasa's own last words."""


def train(settings: Settings, say: Say) -> Path:
    """The model file for the present inputs; trains it unless that was done. `say` gets lines on progress.

    Raises TrainingFailedError, or ModelChangedError when a trained file was tampered with.
    """
    store = ModelStore(settings.models_dir)
    with store.one_training():
        fingerprint = fingerprint_of_inputs()
        ready = store.verified(fingerprint)
        if ready is not None:
            return ready
        say("Training the bot from data/ (once; kept until data/, domain.yml, config.yml or bot/ change)")
        started = time.monotonic()
        with _drafts(settings.models_dir) as folder:
            _run_rasa_train(settings, folder, fingerprint, say)
            seconds = time.monotonic() - started
            model = store.add(fingerprint, folder / f"{fingerprint}.tar.gz", seconds)
        say(f"  trained in {seconds:.0f} s: {model.name}, {model.stat().st_size / 1e6:.1f} MB")
        return model


def _run_rasa_train(settings: Settings, folder: Path, name: str, say: Say) -> None:
    command = rasa_command(
        *("train", "--domain", "domain.yml", "--config", "config.yml", "--data", "data"),
        *("--out", str(folder), "--fixed-model-name", name),
    )
    last_lines: deque[str] = deque(maxlen=LAST_LINES)
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=rasa_environment(settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as rasa:
        assert rasa.stdout is not None
        for line in rasa.stdout:
            clean = COLOUR.sub("", line).rstrip()
            last_lines.append(clean)
            for words in _progress(clean):
                say(words)
    if rasa.returncode != 0 or not (folder / f"{name}.tar.gz").exists():
        raise TrainingFailedError("Rasa could not train the bot. Its last words:\n" + "\n".join(last_lines))


def _progress(line: str) -> Iterator[str]:
    """What a line of Rasa's log says about how far it is."""
    found = COMPONENT.search(line)
    if found:
        yield f"  {'training' if found[1] == 'Starting to train' else 'unchanged:'} {found[2]}"


@contextmanager
def _drafts(models: Path) -> Iterator[Path]:
    """A folder beside the models, so that moving a finished one is a rename, and half a one never shows."""
    folder = models / f".draft-{os.getpid()}"
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
