"""Runs on every message before any answer is chosen: decides whether this one must go to a person.

The decision is the slot `_must_escalate`, which bot/safeguard_policy.py obeys over rules, stories and forms; its evidence,
for `action_escalate`, is the slot `_decision`.
"""

from dataclasses import dataclass
from typing import Any

from rasa.shared.core.trackers import DialogueStateTracker

from bot.escalation.alarm import Alarm, alarm_in
from bot.escalation.transcript import frustrated_turns, frustration, turns

FRUSTRATED_MESSAGES_TO_ESCALATE = 2
SURELY_ASKED = 0.6
ANSWERS_TO_AN_OFFER = frozenset({"affirm", "deny", "talk_to_human"})

Evidence = list[dict[str, str]]


@dataclass(frozen=True)
class Watched:
    """What follows from one message: slots that are to hold other values, and a response to say before any answer."""

    slots: dict[str, Any]
    response: str | None


def watch_over(tracker: DialogueStateTracker) -> Watched:
    """Only what changed, so that a calm message adds nothing to the tracker."""
    decision = decide(tracker)
    offer = offer_after(tracker)
    annoyed = frustration(parse_data_of(tracker)) is not None
    slots = {"_must_escalate": decision["reason"] if decision else None, "_decision": decision, "_person_offer": offer}
    if offer != tracker.get_slot("_person_offer"):
        slots["offer_reason"] = None
    changed = {name: value for name, value in slots.items() if tracker.get_slot(name) != value}
    return Watched(changed, "utter_frustration" if annoyed and decision is None and offer is None else None)


def decide(tracker: DialogueStateTracker) -> dict[str, Any] | None:
    """`{reason: safety | asked | frustrated, evidence: [{kind, text}], harm: bool}`, or None to let the bot answer."""
    message = parse_data_of(tracker)
    text = message.get("text") or ""
    intent = message.get("intent") or {}
    alarm = alarm_in(text) if intent.get("name") != "agent_handed_back" else None
    if alarm is not None:
        return decision("safety", [{"kind": "safety", "text": in_their_words(text)}], harm=alarm is Alarm.HARM)
    if intent.get("name") == "talk_to_human" and (intent.get("confidence") or 0.0) >= SURELY_ASKED:
        return decision("asked", [{"kind": "asked", "text": in_their_words(text)}])
    if frustration(message) is None:
        return None
    frustrated = frustrated_turns(turns(tracker.events))
    if len(frustrated) < FRUSTRATED_MESSAGES_TO_ESCALATE:
        return None
    said = [
        {"kind": "frustration", "text": f"Frustration {turn.frustration:.0%}: “{turn.said}”"} for turn in frustrated
    ]
    return decision("frustrated", said)


def decision(reason: str, evidence: Evidence, harm: bool = False) -> dict[str, Any]:
    return {"reason": reason, "evidence": evidence, "harm": harm}


def in_their_words(text: str) -> str:
    """The message that led here. A button's payload is no sentence, so it is named for what it is."""
    return "Pressed a button for a person." if text.startswith("/") else f"The customer wrote: “{text}”"


def offer_after(tracker: DialogueStateTracker) -> str | None:
    """The offer of a person stays open while it is being answered; anything else lets it lapse."""
    offer: str | None = tracker.get_slot("_person_offer")
    intent = (parse_data_of(tracker).get("intent") or {}).get("name")
    return None if offer == "open" and intent not in ANSWERS_TO_AN_OFFER else offer


def parse_data_of(tracker: DialogueStateTracker) -> dict[str, Any]:
    """What was understood of the latest message."""
    return dict(tracker.latest_message.parse_data) if tracker.latest_message else {}
