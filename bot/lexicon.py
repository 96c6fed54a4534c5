"""Word and letter tf-idf: the part of understanding that goes by the very words.

What scikit-learn's TfidfVectorizer does, without the second and the 60 MB it takes to import in each Rasa process.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import scipy.sparse as sparse

# The kernel's weights of letters and words are 0.2 and 0.15; features carry their square roots.
LETTER_WEIGHT = 0.2**0.5
WORD_WEIGHT = 0.15**0.5
SHORTEST_RUN, LONGEST_RUN = 2, 5
WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Terms:
    """What a lexicon knows of a text: columns of `Lexicon.features` and their values there, float32."""

    columns: np.ndarray
    values: np.ndarray


class Lexicon:
    """Words and pairs of words, and runs of two to five letters, weighed by how rare they are."""

    def __init__(self, words: dict[str, float], letters: dict[str, float]) -> None:
        """Both map a term to its inverse document frequency."""
        self._words = words
        self._letters = letters
        self._rarities = np.array([*words.values(), *letters.values()])
        # The word "in" and the letters "in" are different terms.
        self._word_columns = {word: column for column, word in enumerate(words)}
        self._run_columns = {run: column for column, run in enumerate(letters, start=len(words))}

    @classmethod
    def learning(cls, texts: Sequence[str]) -> "Lexicon":
        """The lexicon of `texts`."""
        return cls(_rarities(map(words_of, texts)), _rarities(map(letters_of, texts)))

    def terms(self, text: str) -> Terms:
        """The known words and letters of one text, each kind scaled to its weight."""
        words = self._weighed(map(self._word_columns.get, words_of(text)), WORD_WEIGHT)
        letters = self._weighed(map(self._run_columns.get, letters_of(text)), LETTER_WEIGHT)
        return Terms(*map(np.concatenate, zip(words, letters, strict=True)))

    def features(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """One row per text."""
        rows = [self.terms(text) for text in texts]
        ends = np.cumsum([0, *(len(row.columns) for row in rows)])
        columns, values = (np.concatenate([getattr(row, part) for row in rows]) for part in ("columns", "values"))
        return sparse.csr_matrix((values, columns, ends), shape=(len(texts), len(self._rarities)))

    def _weighed(self, columns: Iterable[int | None], weight: float) -> tuple[np.ndarray, np.ndarray]:
        """Logarithmic counts times rarity, scaled to length `weight`; None is a term that is not known."""
        counts = Counter(columns)
        counts.pop(None, None)
        known = np.fromiter(counts, dtype=np.int32, count=len(counts))
        times = np.fromiter(counts.values(), dtype=float, count=len(counts))
        values = (1 + np.log(times)) * self._rarities[known]
        length = np.linalg.norm(values) or 1.0
        return known, (weight * values / length).astype(np.float32)

    def to_json(self) -> str:
        return json.dumps({"words": self._words, "letters": self._letters})

    @classmethod
    def from_json(cls, stored: str) -> "Lexicon":
        return cls(**json.loads(stored))


def words_of(text: str) -> Iterator[str]:
    """Words and pairs of neighbours."""
    words = WORD.findall(text.lower())
    yield from words
    yield from (f"{first} {second}" for first, second in pairwise(words))


def letters_of(text: str) -> Iterator[str]:
    """Runs of letters within each word, its edges marked by a space."""
    for word in text.lower().split():
        edged = f" {word} "
        for length in range(SHORTEST_RUN, LONGEST_RUN + 1):
            yield from (edged[at : at + length] for at in range(len(edged) - length + 1))


def _rarities(documents: Iterable[Iterable[str]]) -> dict[str, float]:
    seen: Counter[str] = Counter()
    count = 0
    for terms in documents:
        seen.update(set(terms))
        count += 1
    return {term: math.log((1 + count) / (1 + times)) + 1 for term, times in sorted(seen.items())}
