"""Word and letter tf-idf: the part of understanding that goes by the very words."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.sparse as sparse

# Letters count a little more than words: kernel weights 0.2 and 0.15, so features carry their square roots.
LETTER_WEIGHT = 0.2**0.5
WORD_WEIGHT = 0.15**0.5


class Lexicon:
    """Words and pairs of words, and runs of two to five letters, weighed by how rare they are."""

    def __init__(self, words: Any, letters: Any) -> None:
        self._words = words
        self._letters = letters

    @classmethod
    def learning(cls, texts: Sequence[str]) -> "Lexicon":
        """The lexicon of `texts`."""
        words, letters = _vectorisers()
        return cls(words.fit(texts), letters.fit(texts))

    def features(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """One row per text."""
        parts = [WORD_WEIGHT * self._words.transform(texts), LETTER_WEIGHT * self._letters.transform(texts)]
        return sparse.hstack(parts, format="csr", dtype=np.float32)

    def to_json(self) -> str:
        parts = (self._words, self._letters)
        return json.dumps([{"terms": _terms(part), "idf": part.idf_.tolist()} for part in parts])

    @classmethod
    def from_json(cls, stored: str) -> "Lexicon":
        words, letters = _vectorisers()
        for vectoriser, saved in zip((words, letters), json.loads(stored)):
            vectoriser.vocabulary = {term: index for index, term in enumerate(saved["terms"])}
            vectoriser.idf_ = np.array(saved["idf"])
        return cls(words, letters)


def _vectorisers() -> tuple[Any, Any]:
    from sklearn.feature_extraction.text import TfidfVectorizer

    return (
        TfidfVectorizer(ngram_range=(1, 2), token_pattern=r"(?u)\b\w+\b", sublinear_tf=True),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True),
    )


def _terms(vectoriser: Any) -> list[str]:
    return sorted(vectoriser.vocabulary_, key=vectoriser.vocabulary_.__getitem__)
