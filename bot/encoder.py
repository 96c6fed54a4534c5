"""Sentences to vectors: MiniLM as an int8 graph, on one thread a sentence; the latest are remembered."""

import hashlib
import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from bot.embedding_cache import EmbeddingCache

ENCODER_FILE = Path(__file__).parent / ".encoder" / "minilm-layers-int8.onnx"
DIMENSIONS = 384
LAYERS_READ = 3  # the last layer says what a sentence means; two below it keep more of how it is put
MAX_TOKENS = 256
REMEMBERED = 64  # a turn asks for a message, and its clauses, more than once


class Encoder:
    """384 numbers of length 1 for a text; texts that mean the same lie close together."""

    def __init__(self, graph: Path, tokenizer: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._remembered = lru_cache(REMEMBERED)(self._encode)

    def embed(self, text: str) -> np.ndarray:
        """What one text means: 384 numbers."""
        return self._remembered(text)[:DIMENSIONS]

    def embed_deep(self, text: str) -> np.ndarray:
        """The same with the layers below: three vectors of length 1 in one row of 1152 numbers."""
        return self._remembered(text)

    def embed_all(self, texts: Iterable[str]) -> np.ndarray:
        """`embed` for many texts; rows in the order of `texts`."""
        return self.embed_all_deep(texts)[:, :DIMENSIONS]

    def embed_all_deep(self, texts: Iterable[str]) -> np.ndarray:
        """`embed_deep` for many texts, one per processor at a time. Those of earlier trainings are read from disk."""
        wanted = list(texts)
        cache = EmbeddingCache(encoder_fingerprint())
        known = cache.read(wanted)
        missing = sorted(set(wanted) - known.keys())
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            fresh = dict(zip(missing, threads.map(self._encode, missing), strict=True))
        if fresh:
            cache.write(fresh)
        rows = [fresh[text] if text in fresh else known[text] for text in wanted]
        return np.array(rows, dtype=np.float32).reshape(-1, DIMENSIONS * LAYERS_READ)

    def forget(self) -> None:
        """Lets go of the latest texts."""
        self._remembered.cache_clear()

    def _encode(self, text: str) -> np.ndarray:
        # Never batched: int8 scales are per batch, so neighbours would change the result.
        # A lone surrogate is no text to the tokenizer.
        readable = text.encode("utf-8", "replace").decode()
        ids = np.array([self._tokenizer.encode(readable).ids], dtype=np.int32)
        embedding: np.ndarray = self._session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})[0][0]
        embedding.flags.writeable = False  # it is shared by all who ask
        return embedding


@lru_cache
def load_encoder() -> Encoder:
    """The one encoder of this process, converted first where set-up has not done so."""
    from bot.convert_encoder import convert, weights_folder

    if not ENCODER_FILE.exists():
        convert()
    return Encoder(ENCODER_FILE, weights_folder() / "tokenizer.json")


@lru_cache
def encoder_fingerprint() -> str:
    """Changes when the encoder's numbers change."""
    load_encoder()
    return hashlib.sha256(ENCODER_FILE.read_bytes()).hexdigest()[:16]
