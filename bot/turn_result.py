"""What the gateway gets back from a turn, read from the events that the turn left in the tracker.

A turn just run and a turn read back after a restart go through the same function, so both give the same answer.
"""

from dataclasses import dataclass
from typing import Any

from rasa.shared.core.events import BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.escalation.outcome import decision_of_turn

RANKED_INTENTS = 5


@dataclass(frozen=True)
class FinishedTurn:
    """`events` are the turn's own; `tracker` is the conversation as it stood when the turn ended."""

    events: list[Event]
    tracker: DialogueStateTracker

    def result(self) -> dict[str, Any]:
        """The 200 body of docs/wire.md: `{parts, understanding, slots, decision}`."""
        parts = [part(event) for event in self.events if isinstance(event, BotUttered)]
        said = next(event for event in self.events if isinstance(event, UserUttered))
        return {
            "parts": parts,
            "understanding": understanding(said),
            "slots": filled_slots(self.tracker),
            "decision": decision_of_turn(self.events, parts),
        }


def part(event: BotUttered) -> dict[str, Any]:
    """One thing the bot said: `{text, buttons, image, custom}`."""
    said = event.message()
    return {
        "text": said.get("text"),
        "buttons": said.get("buttons") or said.get("quick_replies") or [],
        "image": said.get("image"),
        "custom": said.get("custom"),
    }


def understanding(said: UserUttered) -> dict[str, Any]:
    """How the customer's words were read: intent, FAQ answer, ranking, entities, frustration."""
    parse_data: dict[str, Any] = dict(said.parse_data)
    return {
        "intent": {"name": said.intent.get("name"), "confidence": said.intent.get("confidence", 0.0)},
        "faq": parse_data["intent"].get("full_retrieval_intent_name"),
        "intent_ranking": parse_data.get("intent_ranking", [])[:RANKED_INTENTS],
        "entities": [{"entity": found["entity"], "value": found["value"]} for found in said.entities],
        "frustration": parse_data.get("frustration"),
    }


def filled_slots(tracker: DialogueStateTracker) -> dict[str, Any]:
    """Slots that hold something, without the ones that are the bot's own bookkeeping."""
    return {
        name: value
        for name, value in tracker.current_slot_values().items()
        if value is not None and not name.startswith("_") and name not in {"requested_slot", "session_started_metadata"}
    }
