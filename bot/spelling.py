"""Mends typing errors before a sentence is understood: an encoder reads "refnud" as three scraps of words."""

import re
import string
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from bot.chat_words import CHAT_WORDS
from bot.convert_encoder import weights_folder

WORD = re.compile(r"[A-Za-z]+")
SHORTEST_MENDED = 4
MENDED = "mended_text"  # what a message is called in which this was done, for the components that come later


class Speller:
    """Knows the words of the training data first, then plain English (the encoder's own vocabulary)."""

    def __init__(self, known: dict[str, int]) -> None:
        """`known` counts the training data's words."""
        self.known = known

    @classmethod
    def learning(cls, texts: Iterable[str]) -> "Speller":
        """Takes what is English, or occurs more than once in `texts`, as rightly spelt."""
        counts = Counter(word.lower() for text in texts for word in WORD.findall(text))
        return cls({word: count for word, count in counts.items() if count > 1 or word in english_words()})

    def mend(self, text: str) -> str:
        """The text with each unknown word replaced by the likeliest word one slip away, if there is one."""
        return WORD.sub(lambda match: self._mend_word(match[0]), text)

    def _mend_word(self, word: str) -> str:
        lower = word.lower()
        if lower in CHAT_WORDS and word != word.upper():
            return CHAT_WORDS[lower]
        if len(lower) < SHORTEST_MENDED or lower in self.known or lower in english_words():
            return word
        return self._likeliest(lower) or word

    def _likeliest(self, word: str) -> str | None:
        near = one_slip_away(word)
        ours = [candidate for candidate in near if candidate in self.known]
        if ours:
            return max(sorted(ours), key=lambda candidate: self.known[candidate])
        english = english_words()
        theirs = [candidate for candidate in near if len(candidate) >= SHORTEST_MENDED and candidate in english]
        return min(theirs, key=lambda candidate: english[candidate], default=None)


def one_slip_away(word: str) -> set[str]:
    """Every string that one letter dropped, doubled, swapped with its neighbour or mistaken could have made of it."""
    near: set[str] = set()
    for at in range(len(word) + 1):
        before, after = word[:at], word[at:]
        near.update(before + letter + after for letter in string.ascii_lowercase)
        if after:
            near.add(before + after[1:])
            near.update(before + letter + after[1:] for letter in string.ascii_lowercase)
        if len(after) > 1:
            near.add(before + after[1] + after[0] + after[2:])
    return near


@lru_cache
def english_words() -> dict[str, int]:
    """Whole words of the encoder's vocabulary with their rank; commoner words come first."""
    vocabulary = (weights_folder() / "vocab.txt").read_text(encoding="utf-8").splitlines()
    return {word: rank for rank, word in enumerate(vocabulary) if word.isalpha() and word.isascii()}
