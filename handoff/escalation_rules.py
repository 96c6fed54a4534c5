"""When a conversation goes to a person: points for signs, and thresholds, as authors write them in data/handoff/escalation.toml.

The bot decides by these rules while it talks (bot/escalation), the desk replays old decisions under others. They live in two
Python environments, so this module needs nothing but the standard library, and is handed the file's content as a table.
"""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

Outcome = Literal["answered", "offered", "escalated"]
Features = Mapping[str, float]
"""What was seen of one message: numbers by name; what was not there is left out."""

SIGNS: Final = (
    "harm",
    "law",
    "asked",
    "accepted",
    "vulnerable",
    "exception",
    "dispute",
    "frustration",
    "frustrated_before",
    "simmering",
    "repeated",
    "misses",
    "problems",
    "order_value",
)
"""What the bot can see. docs/escalation.md says what each number is."""
SINCE_OFFER: Final = "messages_since_offer"
SINCE_NO: Final = "messages_since_no"
REASONS: Final = (
    "safety",
    "legal",
    "asked",
    "vulnerable",
    "frustrated",
    "not_understood",
    "complex",
    "complaint",
    "policy",
)


class RulesError(ValueError):
    """The rules can't be used; the message is one line that names the place and says what would do."""


@dataclass(frozen=True)
class Sign:
    """What one sign counts for.

    points: for each unit, `at_most` units; with `at_least`, once when the number reaches it. at_once: no sum is needed.
    words: the evidence as an agent reads it; `{n}` is the number, `{quote}` what the customer wrote.
    """

    name: str
    reason: str
    words: str
    points: float = 0.0
    at_least: float | None = None
    at_most: float = 1.0
    at_once: bool = False

    def points_for(self, value: float) -> float:
        """0 for what does not count."""
        if self.at_least is not None:
            return self.points if value >= self.at_least else 0.0
        return self.points * min(value, self.at_most)


@dataclass(frozen=True)
class Judgement:
    """What follows from one message. `points` by sign, the weightiest first; `reason` is that of the first."""

    outcome: Outcome
    score: float
    points: dict[str, float]
    reason: str | None


@dataclass(frozen=True)
class Rules:
    """All of the file. `version` changes with the content."""

    version: str
    offer: float
    escalate: float
    quiet_after_offer: int
    quiet_after_no: int
    signs: tuple[Sign, ...]

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> "Rules":
        """Reads a parsed TOML file. Raises :class:`RulesError` on anything unknown, missing or out of range."""
        _known_keys(table, "the file", {"thresholds", "signs"})
        thresholds = _table(table, "thresholds")
        _known_keys(thresholds, "thresholds", {"offer", "escalate", "quiet_after_offer", "quiet_after_no"})
        offer, escalate = (_number(thresholds, key, "thresholds", above=0.0) for key in ("offer", "escalate"))
        if offer > escalate:
            raise RulesError(f"thresholds: offer ({offer:g}) must not be above escalate ({escalate:g})")
        return cls(
            version=hashlib.sha256(json.dumps(table, sort_keys=True).encode()).hexdigest()[:10],
            offer=offer,
            escalate=escalate,
            quiet_after_offer=_count(thresholds, "quiet_after_offer"),
            quiet_after_no=_count(thresholds, "quiet_after_no"),
            signs=tuple(_sign(name, entry) for name, entry in _table(table, "signs").items()),
        )

    def judge(self, features: Features) -> Judgement:
        """What to do about a message in which these were seen."""
        found = [(sign, sign.points_for(features[sign.name])) for sign in self.signs if features.get(sign.name)]
        found = [(sign, points) for sign, points in found if points or sign.at_once]
        found.sort(key=lambda pair: (not pair[0].at_once, -pair[1]))
        score = sum(points for _, points in found)
        outcome = self._outcome(score, any(sign.at_once for sign, _ in found), features)
        return Judgement(
            outcome,
            round(score, 2),
            {sign.name: points for sign, points in found},
            found[0][0].reason if found else None,
        )

    def quiet_left(self, features: Features) -> int:
        """For how many messages, this one included, a no to a person still counts."""
        return int(max(self.quiet_after_no + 1 - features.get(SINCE_NO, math.inf), 0))

    def sign(self, name: str) -> Sign:
        """The sign of this name. Raises KeyError."""
        return next(sign for sign in self.signs if sign.name == name)

    def _outcome(self, score: float, at_once: bool, features: Features) -> Outcome:
        if at_once:
            return "escalated"
        # Whoever said no, or has not answered yet, is not asked again for a while.
        if self.quiet_left(features):
            return "answered"
        if score >= self.escalate:
            return "escalated"
        if score >= self.offer and features.get(SINCE_OFFER, math.inf) > self.quiet_after_offer:
            return "offered"
        return "answered"


def _sign(name: str, entry: Any) -> Sign:
    where = f"signs.{name}"
    if name not in SIGNS:
        raise RulesError(f"{where}: no such sign; there are {', '.join(SIGNS)}")
    if not isinstance(entry, Mapping):
        raise RulesError(f"{where}: must be a table")
    _known_keys(entry, where, {"reason", "words", "points", "at_least", "at_most", "at_once"})
    if entry.get("reason") not in REASONS:
        raise RulesError(f"{where}: reason must be one of {', '.join(REASONS)}")
    at_once = entry.get("at_once", False)
    if not isinstance(at_once, bool):
        raise RulesError(f"{where}: at_once must be true or false")
    if not at_once and "points" not in entry:
        raise RulesError(f"{where}: give it points, or at_once = true")
    return Sign(
        name=name,
        reason=entry["reason"],
        words=_words(entry, where),
        points=_number(entry, "points", where) if "points" in entry else 0.0,
        at_least=_number(entry, "at_least", where) if "at_least" in entry else None,
        at_most=_number(entry, "at_most", where, above=0.0) if "at_most" in entry else 1.0,
        at_once=at_once,
    )


def _words(entry: Mapping[str, Any], where: str) -> str:
    words = entry.get("words")
    if not isinstance(words, str) or not words.strip():
        raise RulesError(f"{where}: words must be a sentence for the agent")
    try:
        words.format(n=1.0, quote="")
    except (KeyError, IndexError, ValueError) as error:
        raise RulesError(f"{where}: words may speak of {{n}} and {{quote}} only") from error
    return words


def _table(table: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    entry = table.get(key)
    if not isinstance(entry, Mapping):
        raise RulesError(f"[{key}] is missing")
    return entry


def _known_keys(table: Mapping[str, Any], where: str, known: set[str]) -> None:
    for key in table:
        if key not in known:
            raise RulesError(f"{where}: {key!r} means nothing here; there are {', '.join(sorted(known))}")


def _number(table: Mapping[str, Any], key: str, where: str, above: float | None = None) -> float:
    value = table.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        raise RulesError(f"{where}: {key} must be a number, 0 or more")
    if above is not None and value <= above:
        raise RulesError(f"{where}: {key} must be more than {above:g}")
    return float(value)


def _count(table: Mapping[str, Any], key: str) -> int:
    value = table.get(key)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise RulesError(f"thresholds: {key} must be a whole number of messages, 0 or more")
    return value
