"""MiniLM in plain numpy at full precision: what the converted graph must agree with."""

import numpy as np
from safetensors.numpy import load_file
from scipy.special import erf, softmax
from tokenizers import Tokenizer

from bot.convert_encoder import weights_folder

HEADS, LAYERS, WIDTH = 12, 6, 384


class Reference:
    def __init__(self) -> None:
        self.weights = load_file(weights_folder() / "model.safetensors")
        self.tokenizer = Tokenizer.from_file(str(weights_folder() / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(256)

    def layers(self, text: str) -> np.ndarray:
        """The last three layers' means over the tokens, scaled to length 1, the last layer first: 3 x 384."""
        ids = self.tokenizer.encode(text).ids
        table = "embeddings.{}_embeddings.weight".format
        hidden = self.weights[table("word")][ids] + self.weights[table("position")][: len(ids)]
        hidden = self._norm(hidden + self.weights[table("token_type")][0], "embeddings.LayerNorm")
        means = []
        for layer in range(LAYERS):
            hidden = self._layer(hidden, f"encoder.layer.{layer}")
            means.insert(0, hidden.mean(axis=0))
        return np.array([mean / np.linalg.norm(mean) for mean in means[:3]])

    def _layer(self, hidden: np.ndarray, at: str) -> np.ndarray:
        query, key, value = (
            self._dense(hidden, f"{at}.attention.self.{part}").reshape(len(hidden), HEADS, -1).transpose(1, 0, 2)
            for part in ("query", "key", "value")
        )
        weights = softmax(query @ key.transpose(0, 2, 1) / np.sqrt(WIDTH // HEADS), axis=-1)
        attended = (weights @ value).transpose(1, 0, 2).reshape(len(hidden), WIDTH)
        hidden = self._norm(
            hidden + self._dense(attended, f"{at}.attention.output.dense"), f"{at}.attention.output.LayerNorm"
        )
        wide = self._dense(hidden, f"{at}.intermediate.dense")
        wide = wide * 0.5 * (1 + erf(wide / np.sqrt(2)))
        return self._norm(hidden + self._dense(wide, f"{at}.output.dense"), f"{at}.output.LayerNorm")

    def _dense(self, hidden: np.ndarray, at: str) -> np.ndarray:
        return hidden @ self.weights[f"{at}.weight"].T + self.weights[f"{at}.bias"]

    def _norm(self, hidden: np.ndarray, at: str) -> np.ndarray:
        centred = hidden - hidden.mean(axis=-1, keepdims=True)
        scaled = centred / np.sqrt(centred.var(axis=-1, keepdims=True) + 1e-12)
        return scaled * self.weights[f"{at}.weight"] + self.weights[f"{at}.bias"]
