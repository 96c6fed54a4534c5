"""Hears a customer ask for a person, before any model does, on every channel.

`asks_for_person` and `withdraws_ask` are pure and deterministic and take time linear in the length of the text.
What they know is in `explicit_ask.toml`, next to this file.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from handoff.ask_phrases import Phrases
from handoff.ask_spelling import Sentence, Spelling

COMMAND: Final = "/human"
"""What the permanent button and the channels' command send."""

_LANGUAGES: Final = ("en", "es", "de", "fr", "pt", "it", "nl", "pl", "sv")
_MISSPELT: Final = ("person", "someone", "talk", "transfer", "want", "to")
"""The groups of words in which slips are forgiven: without them there is no ask."""


@dataclass(frozen=True, slots=True)
class Ask:
    """The customer asked for a person: `matched` are the words that say so, as they were understood."""

    kind: Literal["ask"]
    matched: str


def asks_for_person(text: str) -> Ask | None:
    """The ask in a customer's message, in plain, odd or misspelt words, or None. Never raises."""
    if text.lstrip().casefold().startswith(COMMAND):
        return Ask("ask", COMMAND)
    for sentence in _spelling().sentences(text):
        for language in _languages():
            if matched := language.ask_in(sentence):
                return Ask("ask", matched)
    return None


def withdraws_ask(text: str) -> bool:
    """Whether a waiting customer takes the ask back. In doubt False: they keep their place. Never raises."""
    if "?" in text or asks_for_person(text):
        return False
    return _withdrawal().covers([clause for sentence in _spelling().sentences(text) for clause in sentence.clauses])


class _Language:
    """How people ask in one language."""

    def __init__(self, table: dict[str, Any]) -> None:
        alike = _spelling().alike
        self._triggers = {alike(word) for word in Phrases.words_of(table["triggers"], table["words"])}
        self._set_aside, self._ask, self._alone = (
            Phrases(table[key], table, alike) for key in ("set_aside", "ask", "alone")
        )

    def ask_in(self, sentence: Sentence) -> str | None:
        """The words of the sentence that ask for a person."""
        if self._triggers.isdisjoint(sentence.words):
            return None
        clauses = [self._set_aside.replaced(clause) for clause in sentence.clauses]
        for clause in clauses:
            if matched := self._alone.found(clause):
                return matched
        return self._ask.found(Sentence.joined(clauses))


class _Withdrawal:
    """How people say, in the queue, that they need nobody any more."""

    def __init__(self, table: dict[str, Any]) -> None:
        alike = _spelling().alike
        self._outright, self._clauses, self._idle = (
            Phrases(table[key], table, alike) for key in ("outright", "clauses", "idle")
        )

    def covers(self, clauses: list[str]) -> bool:
        """True when a clause withdraws outright, or some withdraw and the others say nothing else."""
        if any(self._outright.found(clause) for clause in clauses):
            return True
        telling = [clause for clause in clauses if not self._idle.found(clause)]
        return bool(telling) and all(self._clauses.found(clause) for clause in telling)


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


@cache
def _languages() -> tuple[_Language, ...]:
    return tuple(_Language(_table()[code]) for code in _LANGUAGES)


@cache
def _withdrawal() -> _Withdrawal:
    return _Withdrawal(_table()["withdrawal"])


@cache
def _spelling() -> Spelling:
    table = _table()
    known = {word for code in (*_LANGUAGES, "withdrawal") for word in Phrases.all_words(table[code])}
    rows = [(f"{{{name}}}", table[code]["words"]) for code in _LANGUAGES for name in _MISSPELT]
    meant = [word for row, words in rows for word in sorted(Phrases.words_of(row, words))]
    spelling = table["spelling"]
    return Spelling(known, [*meant, *spelling["also_misspelt"].split()], set(spelling["real_words"].split()))
