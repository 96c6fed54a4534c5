"""Reads a tracker's events as turns: what the customer said and which actions answered it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Event = Mapping[str, Any]

MISSES = frozenset({"action_clarify", "action_default_fallback", "action_decline"})


@dataclass
class Turn:
    """One customer message and the names of the actions that followed it, oldest first."""

    said: str
    actions: list[str] = field(default_factory=list)


def turns(events: Iterable[Event]) -> list[Turn]:
    """Splits a conversation into its turns, oldest first. The last one is still under way when an action asks."""
    found: list[Turn] = []
    for event in events:
        if event["event"] == "user":
            found.append(Turn(event.get("text") or ""))
        elif event["event"] == "action" and found:
            found[-1].actions.append(event["name"])
    return found


def misses_before_this_turn(conversation: list[Turn]) -> list[str]:
    """What the customer said in the unbroken row of misunderstood messages that leads up to the turn under way."""
    missed: list[str] = []
    for turn in reversed(conversation[:-1]):
        if MISSES.isdisjoint(turn.actions):
            break
        missed.insert(0, turn.said)
    return missed
