"""Rows of words, as `explicit_ask.toml` writes them, turned into one linear-time regular expression."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

_REPEATS = 5
_BARRIER = "| "


class Phrases:
    """Phrases to look for in a clause: lower-case words, each followed by one space, between "^ " and "$ ".

    table: the words and parts they speak of. alike: maps a word to the one that stands for all that are told apart
    only by a doubled letter, as in the clauses.
    """

    def __init__(self, phrases: Iterable[str], table: Mapping[str, Any], alike: Callable[[str], str]) -> None:
        self._words: Mapping[str, str] = table["words"]
        self._parts: Mapping[str, str] = table.get("parts", {})
        self._alike = alike
        branches = "|".join(self._branch(phrase) for phrase in phrases)
        self._pattern = re.compile(f"(?<![^ ])(?:{branches})")

    def found(self, clause: str) -> str | None:
        """The words of the first phrase that occurs in the clause."""
        match = self._pattern.search(clause)
        return match[0].strip(" ^$|") if match else None

    def replaced(self, clause: str) -> str:
        """The clause with a barrier, which no phrase crosses, in place of every phrase found."""
        return self._pattern.sub(_BARRIER, clause)

    @staticmethod
    def words_of(row: str, words: Mapping[str, str]) -> set[str]:
        """The single words that a row of words and {names} stands for."""
        return {word for cell in row.split() for word in _spelled_out(cell, words) if " " not in word}

    @staticmethod
    def all_words(table: Mapping[str, Any]) -> set[str]:
        """Every word that a language's table mentions, in its words and in its phrases."""
        rows = [*table["words"].values(), *table.get("parts", {}).values()]
        rows += [row for value in table.values() if isinstance(value, list) for row in value]
        return set(re.findall(r"[^\W_]+", re.sub(r"\{.*?\}|<.*?>", " ", " ".join(rows))))

    def _branch(self, phrase: str) -> str:
        return "".join(self._cell(cell) for cell in phrase.split())

    def _cell(self, cell: str) -> str:
        if cell == "&":
            return f"(?=[$|]|(?:{self._any_of(self._words['follow'].split())}) )"
        if cell == ".":
            return "[^ $|^]+ "
        if cell == "...":
            return "[^$]*"
        if cell.startswith("!"):
            return f"(?<!{self._any_of([cell[1:]])} )"
        count = {"?": "?", "*": f"{{0,{_REPEATS}}}"}.get(cell[-1], "")
        choices = (cell[:-1] if count else cell).split("|")
        return f"(?:{'|'.join(self._choice(choice) for choice in choices)}){count}"

    def _choice(self, choice: str) -> str:
        if choice.startswith("<"):
            return self._branch(self._parts[choice[1:-1]])
        return f"(?:{self._any_of(_spelled_out(choice, self._words))}) "

    def _any_of(self, entries: Iterable[str]) -> str:
        evened = {" ".join(map(self._alike, entry.split())) for entry in entries}
        return "|".join(re.escape(entry) for entry in sorted(evened, key=lambda entry: (-len(entry), entry)))


def _spelled_out(choice: str, words: Mapping[str, str]) -> list[str]:
    if choice.startswith("{"):
        return [word.replace("_", " ") for word in words[choice[1:-1]].split()]
    return [choice.replace("_", " ")]
