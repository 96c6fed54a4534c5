"""Runs on every message before any answer is chosen: decides whether this one must go to a person.

Rasa calls `action_validate_slot_mappings` each turn after filling slots, and keeps what it says.
The decision is the slot `_must_escalate`, which bot/safeguard_policy.py obeys over rules, stories and forms.
"""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.alarm import alarm_in
from actions.transcript import frustrated_turns, frustration, turns

FRUSTRATED_MESSAGES_TO_ESCALATE = 2
SURELY_ASKED = 0.6
ANSWERS_TO_AN_OFFER = frozenset({"affirm", "deny", "talk_to_human"})


class ActionWatchOver(Action):
    """Sets `_must_escalate`, closes an offer that was not taken up, and answers first frustration with a kind word."""

    def name(self) -> str:
        return "action_validate_slot_mappings"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Returns `SlotSet` events for what changed, so that a calm message adds nothing to the tracker."""
        reason = reason_to_escalate(tracker)
        offer = offer_after(tracker)
        if reason is None and offer is None and frustration(tracker.latest_message) is not None:
            dispatcher.utter_message(response="utter_frustration")
        slots = {"_must_escalate": reason, "_person_offer": offer}
        if offer != tracker.get_slot("_person_offer"):
            slots["offer_reason"] = None
        return [SlotSet(name, value) for name, value in slots.items() if tracker.get_slot(name) != value]


def reason_to_escalate(tracker: Tracker) -> str | None:
    """`safety`, `asked`, `frustrated`, or None to let the bot answer."""
    message = tracker.latest_message
    intent = message.get("intent") or {}
    if intent.get("name") != "agent_handed_back" and alarm_in(message.get("text") or ""):
        return "safety"
    if intent.get("name") == "talk_to_human" and (intent.get("confidence") or 0.0) >= SURELY_ASKED:
        return "asked"
    if frustration(message) is None:
        return None
    frustrated = frustrated_turns(turns(tracker.events))
    return "frustrated" if len(frustrated) >= FRUSTRATED_MESSAGES_TO_ESCALATE else None


def offer_after(tracker: Tracker) -> str | None:
    """The offer of a person stays open while it is being answered; anything else lets it lapse."""
    offer: str | None = tracker.get_slot("_person_offer")
    intent = (tracker.latest_message.get("intent") or {}).get("name")
    return None if offer == "open" and intent not in ANSWERS_TO_AN_OFFER else offer
