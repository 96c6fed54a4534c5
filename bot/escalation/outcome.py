"""What a turn came to: the decision that was made before it, and what the dialogue then did about a person."""

from collections.abc import Sequence
from typing import Any

from rasa.shared.core.events import Event, SlotSet

KEPT = ("rules", "score", "features", "points", "outcome", "reason", "evidence")
NOTHING_SEEN: dict[str, Any] = {"rules": None, "score": 0.0, "features": {}, "points": {}, "evidence": []}


def decision_of_turn(events: Sequence[Event], parts: list[dict[str, Any]]) -> dict[str, Any] | None:
    """`{rules, score, features, points, outcome, reason, evidence}`; None for a turn in which nothing pointed to a person.

    A task may offer a person by itself, and the third misunderstanding in a form fetches one: the outcome is what happened.
    `rules` is None where they did not decide it, so that no replay takes it for theirs.
    """
    slots = [event for event in events if isinstance(event, SlotSet)]
    decided = next((dict(event.value) for event in slots if event.key == "_decision" and event.value), None)
    handoff = next((part["custom"]["handoff"] for part in parts if "handoff" in (part["custom"] or {})), None)
    offered = any((event.key, event.value) == ("_person_offer", "open") for event in slots)
    if decided is None and handoff is None and not offered:
        return None
    decision = {name: (decided or NOTHING_SEEN).get(name) for name in KEPT}
    if handoff is not None:
        rules = decision["rules"] if decision["outcome"] == "escalated" else None
        happened = {"outcome": "escalated", "reason": handoff["reason"], "evidence": handoff["evidence"]}
        return decision | happened | {"rules": rules}
    if offered and decision["outcome"] != "offered":
        return decision | {"outcome": "offered", "reason": decision["reason"] or _offered_for(slots), "rules": None}
    return decision


def _offered_for(slots: Sequence[SlotSet]) -> str | None:
    """A task may give a sentence for the agent in place of a reason: that is something complex."""
    why = next((str(event.value) for event in reversed(slots) if event.key == "offer_reason" and event.value), None)
    return why if why is None or " " not in why else "complex"
