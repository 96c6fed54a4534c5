"""What a finder finds, and the text it looks in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Fact:
    """`value` is the one spelling; the message has it at `start`..`end`."""

    entity: str
    value: str
    start: int
    end: int


class Text:
    """A message of which parts are already accounted for."""

    def __init__(self, written: str) -> None:
        self._left = written

    def find(self, pattern: "re.Pattern[str]") -> Iterator["re.Match[str]"]:
        """Matches in what nobody has read yet."""
        return pattern.finditer(self._left)

    def take(self, match: "re.Match[str]") -> None:
        """Blanks the match out, so that no other finder reads it; offsets stay."""
        start, end = match.span()
        self._left = self._left[:start] + "\0" * (end - start) + self._left[end:]

    @property
    def left(self) -> str:
        """The message with what was read blanked out."""
        return self._left
