"""Rasa keeps trained components, and trains one anew when its own source changed. What it calls must count as well."""

import hashlib
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent


@lru_cache
def training_code(folder: Path = FOLDER) -> str:
    """Changes with any module that a component may be trained with, wherever in `bot/` it is, and with any library."""
    digest = hashlib.sha256()
    for module in sorted(path for part in ("*.py", "facts/*.py", "uv.lock") for path in folder.glob(part)):
        digest.update(module.read_bytes())
    return digest.hexdigest()
