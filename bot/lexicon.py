"""Word and letter tf-idf: the part of understanding that goes by the very words.

What scikit-learn's TfidfVectorizer does, without the second and the 60 MB it takes to import in each Rasa process.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import numpy as np
import scipy.sparse as sparse

# The kernel's weights of letters and words are 0.2 and 0.15; features carry their square roots.
LETTER_WEIGHT = 0.2**0.5
WORD_WEIGHT = 0.15**0.5
SHORTEST_RUN, LONGEST_RUN = 2, 5
WORD = re.compile(r"\w+")


class Lexicon:
    """Words and pairs of words, and runs of two to five letters, weighed by how rare they are."""

    def __init__(self, words: dict[str, float], letters: dict[str, float]) -> None:
        """Both map a term to its inverse document frequency."""
        self._words = words
        self._letters = letters
        self._columns = {term: column for column, term in enumerate([*_marked(words), *letters])}

    @classmethod
    def learning(cls, texts: Sequence[str]) -> "Lexicon":
        """The lexicon of `texts`."""
        return cls(_rarities(map(words_of, texts)), _rarities(map(letters_of, texts)))

    def features(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """One row per text."""
        columns: list[int] = []
        values: list[float] = []
        ends = [0]
        for text in texts:
            for term, value in self._weights(text):
                columns.append(self._columns[term])
                values.append(value)
            ends.append(len(columns))
        shape = (len(texts), len(self._columns))
        return sparse.csr_matrix((np.array(values, dtype=np.float32), columns, ends), shape=shape)

    def _weights(self, text: str) -> Iterator[tuple[str, float]]:
        words, letters = _weighed(words_of(text), self._words), _weighed(letters_of(text), self._letters)
        yield from zip(_marked(words), (WORD_WEIGHT * value for value in words.values()), strict=False)
        yield from ((term, LETTER_WEIGHT * value) for term, value in letters.items())

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


def _marked(words: Iterable[str]) -> Iterator[str]:
    # The word "in" and the letters "in" are different terms.
    return (f"\n{word}" for word in words)


def _rarities(documents: Iterable[Iterable[str]]) -> dict[str, float]:
    seen: Counter[str] = Counter()
    count = 0
    for terms in documents:
        seen.update(set(terms))
        count += 1
    return {term: math.log((1 + count) / (1 + times)) + 1 for term, times in sorted(seen.items())}


def _weighed(terms: Iterable[str], rarities: dict[str, float]) -> dict[str, float]:
    """Logarithmic counts times rarity, scaled to length 1."""
    counts = Counter(term for term in terms if term in rarities)
    weights = {term: (1 + math.log(times)) * rarities[term] for term, times in counts.items()}
    length = math.sqrt(sum(value * value for value in weights.values()))
    return {term: value / length for term, value in weights.items()} if length else {}
