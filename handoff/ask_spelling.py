"""Reads what a customer typed as plain words.

Evens out case, accents, spaced-out and repeated letters, digits for letters, and slips of the finger.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from rapidfuzz import process
from rapidfuzz.distance import OSA

_PARTS = re.compile(r"[^\W_]+|[.!?;:…。！？]+(?=[\s\"'”’)\]]|$)|\n|[,()–—，]")
_APOSTROPHES = re.compile(r"['’‘`´]")
_LETTERS = str.maketrans("łøđıæœ", "lodiao")
_LEET = str.maketrans("013457", "oieast")
_SENTENCE_ENDS = frozenset(".!?;:…。！？\n")
_SPELLED_OUT_MIN = 4
_FUZZY_MIN, _FUZZY_LONG, _WORD_MAX = 4, 8, 24


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence as clauses between commas, each "^ word word $ ", and the set of its words."""

    clauses: tuple[str, ...]
    words: frozenset[str]

    @staticmethod
    def joined(clauses: list[str]) -> str:
        """The clauses as one, as if there were no commas."""
        return f"^ {''.join(clause[2:-2] for clause in clauses)}$ "


class Spelling:
    """Maps typed words to the words we know.

    known: every word of the phrases. meant: those of them that a misspelt word may stand for, the likelier first.
    real: words that are never a slip.
    """

    def __init__(self, known: set[str], meant: list[str], real: set[str]) -> None:
        self._known = known
        self._real = real | {f"{word}s" for word in known} - known
        self._squeezed = {_squeezed(word): word for word in (*sorted(known), *reversed(meant))}
        self._fuzzy = sorted({_squeezed(word) for word in meant if len(word) > _FUZZY_MIN})
        self._swapped = {
            swap: word for word in meant if len(word) == _FUZZY_MIN for swap in _swaps(word) if swap not in known | real
        }
        self._joinable = {word for word in known if len(word) > 1} | {"a", "i"}
        self.word = lru_cache(maxsize=20_000)(self._word)

    def alike(self, word: str) -> str:
        """The word that stands for all of ours that are told apart only by a doubled letter ("of" and "off")."""
        return self._squeezed.get(_squeezed(word), word)

    def sentences(self, text: str) -> Iterator[Sentence]:
        """The sentences of a text in plain words."""
        clauses: list[list[str]] = [[]]
        for part in _PARTS.findall(_plain(text)):
            if part[0] in _SENTENCE_ENDS:
                yield from self._sentence(clauses)
                clauses = [[]]
            elif part[0].isalnum():
                clauses[-1].append(part)
            else:
                clauses.append([])
        yield from self._sentence(clauses)

    def _sentence(self, clauses: list[list[str]]) -> Iterator[Sentence]:
        words = [[plain for word in _unspaced(clause) for plain in self.word(word)] for clause in clauses if clause]
        if words:
            texts = tuple(f"^ {' '.join(clause)} $ " for clause in words)
            yield Sentence(texts, frozenset(word for clause in words for word in clause))

    def _word(self, typed: str) -> tuple[str, ...]:
        if typed in self._known:
            return (self.alike(typed),)
        if typed in self._real or len(typed) > _WORD_MAX * 2:
            return (typed,)
        if (stretched := _squeezed(typed)) in self._squeezed:
            return (self._squeezed[stretched],)
        squeezed = _squeezed(typed.translate(_LEET)) if any(map(str.isalpha, typed)) else stretched
        if squeezed in self._squeezed:
            return (self._squeezed[squeezed],)
        if squeezed in self._swapped:
            return (self.alike(self._swapped[squeezed]),)
        return self._slip(squeezed) or self._run_together(squeezed) or (typed,)

    def _slip(self, squeezed: str) -> tuple[str, ...]:
        """The word that this one misses by a letter, or by two when it is long."""
        if not _FUZZY_MIN <= len(squeezed) <= _WORD_MAX or squeezed in self._real:
            return ()
        found = process.extractOne(squeezed, self._fuzzy, scorer=OSA.distance, score_cutoff=2)
        if found is None or found[1] > (2 if len(found[0]) >= _FUZZY_LONG else 1) or found[0][0] not in squeezed[:2]:
            return ()
        return (self._squeezed[found[0]],)

    def _run_together(self, squeezed: str) -> tuple[str, ...]:
        """The known words that a word without spaces is made of ("talktoahuman")."""
        if not _FUZZY_LONG <= len(squeezed) <= _WORD_MAX:
            return ()
        ways: list[tuple[str, ...] | None] = [()] + [None] * len(squeezed)
        for end in range(1, len(squeezed) + 1):
            for start in range(max(0, end - _WORD_MAX), end):
                before, word = ways[start], self._squeezed.get(squeezed[start:end])
                best = ways[end]
                if before is not None and word in self._joinable and (best is None or len(before) + 1 < len(best)):
                    ways[end] = (*before, word)
        return ways[-1] or ()


def _plain(text: str) -> str:
    """Lower case without accents and apostrophes; width and style variants of letters as plain ones."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(char for char in folded if not unicodedata.combining(char) and unicodedata.category(char) != "Cf")
    return _APOSTROPHES.sub("", bare.translate(_LETTERS))


def _unspaced(words: list[str]) -> Iterator[str]:
    """The words with every run of four single letters or more ("h u m a n") as one word."""
    for single, run in groupby(words, key=lambda word: word.isalpha() and len(set(word)) == 1):
        letters = list(run)
        if single and len(letters) >= _SPELLED_OUT_MIN:
            yield "".join(letters)
        else:
            yield from letters


def _squeezed(word: str) -> str:
    """The word with every run of one letter as a single letter."""
    return "".join(letter for letter, _ in groupby(word))


def _swaps(word: str) -> Iterator[str]:
    for at in range(len(word) - 1):
        yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]
