"""Reads a tracker's events as turns: what the customer said, how it sounded, and which actions answered it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rasa.shared.core.events import ActionExecuted, Event, UserUttered

# A person was asked for, declined, or has just left: what annoyed the customer before that has been dealt with.
FRESH_STARTS = frozenset({"action_escalate", "action_keep_going", "action_welcome_back"})


@dataclass
class Turn:
    """One customer message and the names of the actions that followed it, oldest first."""

    said: str
    frustration: float | None  # 0..1 when the message was judged frustrated, otherwise None
    actions: list[str] = field(default_factory=list)


def turns(events: Iterable[Event]) -> list[Turn]:
    """Splits a conversation into its turns, oldest first. The last one is still under way."""
    found: list[Turn] = []
    for event in events:
        if isinstance(event, UserUttered):
            found.append(Turn(event.text or "", frustration(event.parse_data)))
        elif isinstance(event, ActionExecuted) and found and event.action_name:
            found[-1].actions.append(event.action_name)
    return found


def frustration(parse_data: Mapping[str, Any]) -> float | None:
    """The score of a message judged frustrated. None for a calm one, and for one nobody judged (a button)."""
    judged = parse_data.get("frustration") or {}
    return float(judged["score"]) if judged.get("frustrated") else None


def frustrated_turns(conversation: list[Turn]) -> list[Turn]:
    """The frustrated messages since a person last came into it, the one under way included."""
    frustrated: list[Turn] = []
    for turn in conversation:
        if turn.frustration is not None:
            frustrated.append(turn)
        if not FRESH_STARTS.isdisjoint(turn.actions):
            frustrated.clear()
    return frustrated
