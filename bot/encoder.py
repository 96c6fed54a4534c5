"""Sentences to vectors: MiniLM as an int8 graph, on one thread a sentence, cached on disk."""

import hashlib
import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

ENCODER_FILE = Path(__file__).parent / ".encoder" / "minilm-int8.onnx"
DIMENSIONS = 384
MAX_TOKENS = 256


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

    def embed(self, text: str) -> np.ndarray:
        """One text. Never batched: int8 scales are per batch, so neighbours would change the result."""
        # A lone surrogate is no text to the tokenizer.
        readable = text.encode("utf-8", "replace").decode()
        ids = np.array([self._tokenizer.encode(readable).ids], dtype=np.int32)
        embedding: np.ndarray = self._session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})[0][0]
        return embedding

    def embed_all(self, texts: Iterable[str]) -> np.ndarray:
        """Many texts, one per processor at a time; rows in the order of `texts`."""
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            rows = list(threads.map(self.embed, texts))
        return np.array(rows, dtype=np.float32).reshape(-1, DIMENSIONS)


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
