"""Embeddings of earlier trainings on disk, so that after an edit only what is new is embedded."""

import hashlib
import logging
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np

MOST = 20_000  # rows of 4.6 kB: the examples of several bots in 100 MB
BATCH = 500  # below SQLite's limit on parameters
FILE = "embeddings.db"  # beside Rasa's own cache of trained components
WAIT = 10  # seconds for another training to finish writing

logger = logging.getLogger(__name__)


class EmbeddingCache:
    """Rows of float32 by text, for one encoder. One that can't be used is as good as empty: training doesn't fail by it."""

    def __init__(self, encoder: str) -> None:
        """`encoder` is the encoder's fingerprint: another one's embeddings are never found."""
        self._encoder = encoder
        self._file = Path(os.environ.get("RASA_CACHE_DIRECTORY", ".rasa/cache")) / FILE

    def read(self, texts: Iterable[str]) -> dict[str, np.ndarray]:
        """Those embeddings that are known already."""
        keys = {self._key(text): text for text in texts}
        found: dict[str, np.ndarray] = {}
        try:
            with self._opened() as database:
                for batch in _batches(list(keys)):
                    among = f"key IN ({','.join('?' * len(batch))})"
                    database.execute(f"UPDATE embedding SET used = ? WHERE {among}", (time.time(), *batch))  # noqa: S608
                    rows = database.execute(f"SELECT key, numbers FROM embedding WHERE {among}", batch)  # noqa: S608
                    found |= {keys[key]: np.frombuffer(numbers, dtype=np.float32) for key, numbers in rows}
        except (sqlite3.Error, OSError) as error:
            logger.warning("All examples are embedded anew, because %s can't be read: %s", self._file, error)
        return found

    def write(self, embeddings: Mapping[str, np.ndarray]) -> None:
        """Keeps these, and forgets those beyond `MOST` that were not asked for longest."""
        rows = [(self._key(text), row.astype(np.float32).tobytes(), time.time()) for text, row in embeddings.items()]
        try:
            with self._opened() as database:
                database.executemany("INSERT OR REPLACE INTO embedding VALUES (?, ?, ?)", rows)
                oldest = "SELECT key FROM embedding ORDER BY used DESC LIMIT -1 OFFSET ?"
                database.execute(f"DELETE FROM embedding WHERE key IN ({oldest})", (MOST,))  # noqa: S608
        except (sqlite3.Error, OSError) as error:
            logger.warning(
                "The next training embeds all examples anew, because %s can't be written: %s", self._file, error
            )

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self._file, timeout=WAIT)) as database, database:
            columns = "key BLOB PRIMARY KEY, numbers BLOB NOT NULL, used REAL NOT NULL"
            database.execute(f"CREATE TABLE IF NOT EXISTS embedding ({columns})")
            yield database

    def _key(self, text: str) -> bytes:
        return hashlib.sha256(f"{self._encoder}\n{text}".encode("utf-8", "surrogatepass")).digest()


def _batches(keys: list[bytes]) -> Iterator[list[bytes]]:
    yield from (keys[at : at + BATCH] for at in range(0, len(keys), BATCH))
