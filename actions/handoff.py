"""Handing a conversation to a person and taking it back. The gateway writes the ticket and tells the customer."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, FollowupAction, LoopInterrupted, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.transcript import misses_before_this_turn, turns

Events = list[dict[str, Any]]
Evidence = list[dict[str, str]]

REASONS = frozenset(
    {
        "asked",
        "frustrated",
        "not_understood",
        "complex",
        "complaint",
        "safety",
        "legal",
        "vulnerable",
        "policy",
        "shop_error",
        "bot_error",
    }
)

FORGOTTEN = ("_must_escalate", "_person_offer", "_offer_evidence", "offer_reason")
"""What is over once a person has the conversation, or had it."""


class ActionEscalate(Action):
    """Asks the gateway for a person: one part `custom.handoff = {reason, evidence}`, and no promise in words."""

    def name(self) -> str:
        return "action_escalate"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Drops whatever form was open: nothing may be asked while the customer waits for a person."""
        reason = handoff_reason(tracker)
        if decision(tracker).get("harm"):
            dispatcher.utter_message(response="utter_safety_first")
        dispatcher.utter_message(json_message={"handoff": {"reason": reason, "evidence": evidence(reason, tracker)}})
        return [
            ActiveLoop(None),
            *(SlotSet(name, None) for name in ("requested_slot", *FORGOTTEN)),
            FollowupAction("action_listen"),
        ]


class ActionOfferHuman(Action):
    """Offers a person once, with yes and no. After a no, the next occasion only reminds that one is there."""

    def name(self) -> str:
        return "action_offer_human"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """The slot `offer_reason` (a handoff reason, or a sentence for the agent) picks the words.

        In a form it never asks: "yes" is the form's. What bot/escalation has just offered is not offered again.
        """
        if decision(tracker).get("outcome") == "offered":
            return carry_on(tracker)
        if in_form(tracker):
            dispatcher.utter_message(response="utter_person_reminder")
            return carry_on(tracker)
        if said_no_lately(tracker):
            dispatcher.utter_message(response="utter_person_reminder")
            return [SlotSet("_person_offer", None), SlotSet("offer_reason", None), *carry_on(tracker)]
        worded = f"utter_person_offer_{tracker.get_slot('offer_reason')}"
        known = worded in (domain.get("responses") or {})
        dispatcher.utter_message(response=worded if known else "utter_person_offer")
        return [SlotSet("_person_offer", "open"), *carry_on(tracker)]


class ActionKeepGoing(Action):
    """The customer declined the offered person."""

    def name(self) -> str:
        return "action_keep_going"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Remembers the no, so that the very next occasion does not ask again. An open form asks its question once more."""
        dispatcher.utter_message(response="utter_keep_going_in_form" if in_form(tracker) else "utter_keep_going")
        said_no = [
            SlotSet("_person_offer", "declined"),
            SlotSet("_offer_evidence", None),
            SlotSet("offer_reason", None),
        ]
        return [*said_no, *carry_on(tracker)]


class ActionWelcomeBack(Action):
    """A person has handed the conversation back, with a note of what was done."""

    def name(self) -> str:
        return "action_welcome_back"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Quotes the note, which was written for the customer's eyes, and asks what is left."""
        note = " ".join((next(tracker.get_latest_entity_values("handback_note"), None) or "").split())
        if note:
            dispatcher.utter_message(response="utter_welcome_back_with_note", note=note)
        else:
            dispatcher.utter_message(response="utter_welcome_back")
        forgotten = (SlotSet(name, None) for name in ("requested_slot", *FORGOTTEN))
        return [ActiveLoop(None), *forgotten, SlotSet("handback_note", note or None)]


def said_no_lately(tracker: Tracker) -> bool:
    """Whether a no to a person still counts: bot/escalation says for how many messages, or it was the last word on it."""
    return bool(tracker.get_slot("_quiet")) or tracker.get_slot("_person_offer") == "declined"


def in_form(tracker: Tracker) -> bool:
    """Whether a form is waiting for the customer's answer."""
    return bool(tracker.active_loop.get("name"))


def carry_on(tracker: Tracker) -> Events:
    """Ends the turn, or lets the open form ask its question again without reading the message once more."""
    if not in_form(tracker):
        return [FollowupAction("action_listen")]
    return [LoopInterrupted(True), FollowupAction(tracker.active_loop["name"])]


def handoff_reason(tracker: Tracker) -> str:
    """What the watch decided; for a yes to an offer, what the offer was made for; else that it was asked for."""
    decided = tracker.get_slot("_must_escalate")
    if tracker.get_slot("_person_offer") != "open" or decided not in (None, "asked"):
        return str(decided or "asked")
    offered_for = tracker.get_slot("offer_reason")
    if offered_for is None:
        return "asked"
    return str(offered_for) if offered_for in REASONS else "complex"


def evidence(reason: str, tracker: Tracker) -> Evidence:
    """Why, in words that an agent reads: `[{"kind", "text"}]`, never empty."""
    found: Evidence = [*decision(tracker).get("evidence", [])]
    if reason == "not_understood" and all(item["kind"] != "misses" for item in found):
        found += misunderstood(tracker)
    why = tracker.get_slot("offer_reason")
    if why and why not in REASONS:
        found.append({"kind": "offer_reason", "text": str(why)})
    if tracker.get_slot("_person_offer") == "open" and all(item["kind"] != "accepted" for item in found):
        found.append({"kind": "offer_accepted", "text": "Was offered a person and said yes."})
    return found or [{"kind": reason, "text": f"The customer wrote: “{last_words(tracker)}”"}]


def decision(tracker: Tracker) -> dict[str, Any]:
    """What bot/escalation decided about this message: `{outcome, reason, evidence, harm, …}`, or nothing."""
    return tracker.get_slot("_decision") or {}


def misunderstood(tracker: Tracker) -> Evidence:
    """The unbroken row of misunderstood messages; the one under way is the last of them unless it answers an offer."""
    said = misses_before_this_turn(turns(tracker.events))
    if tracker.get_slot("_must_escalate") == "not_understood":
        said.append(last_words(tracker))
    return [{"kind": "not_understood", "text": f"Not understood: “{words}”"} for words in said]


def last_words(tracker: Tracker) -> str:
    """The customer's latest message."""
    return tracker.latest_message.get("text") or ""
