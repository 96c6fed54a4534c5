"""Decides on every message, before any answer is chosen, whether a person is fetched, offered, or not needed.

The decision is the slot `_decision`, with all that it saw, so that the gateway can keep it. `_must_escalate` is its order to
bot/safeguard_policy.py, over rules, stories and forms. An offer is said here, before the bot's answer: it asks no action
server, breaks no form, and the answer still comes.
"""

from dataclasses import dataclass
from typing import Any

from rasa.shared.core.trackers import DialogueStateTracker

from bot.escalation.signs import Seen, answers_offer, look
from handoff.escalation_rules import Judgement, Rules

ANSWERS_TO_AN_OFFER = frozenset({"affirm", "deny", "talk_to_human"})
REMINDER = "utter_person_reminder"


@dataclass(frozen=True)
class Watched:
    """What follows from one message: slots that are to hold other values, and a response to say before any answer."""

    slots: dict[str, Any]
    response: str | None = None


def watch_over(tracker: DialogueStateTracker, rules: Rules) -> Watched:
    """Only what changed, so that a calm message adds nothing to the tracker."""
    seen = look(tracker)
    judgement = rules.judge(seen.features)
    slots = {
        "_decision": _noteworthy(judgement, seen, rules, tracker),
        "_must_escalate": judgement.reason if judgement.outcome == "escalated" else None,
        "_quiet": rules.quiet_left(seen.features) or None,
    }
    response = None
    if judgement.outcome == "offered":
        response = _offer(slots, judgement, tracker)
    elif not _being_answered(tracker):
        _let_lapse(slots, tracker)
    return Watched({name: value for name, value in slots.items() if tracker.get_slot(name) != value}, response)


def _offer(slots: dict[str, Any], judgement: Judgement, tracker: DialogueStateTracker) -> str:
    """In a form the customer is only reminded: a "yes" there is the form's."""
    if tracker.active_loop_name is not None:
        return REMINDER
    evidence = slots["_decision"]["evidence"]
    slots |= {"_person_offer": "open", "offer_reason": judgement.reason, "_offer_evidence": evidence}
    return f"utter_person_offer_{judgement.reason}"


def _being_answered(tracker: DialogueStateTracker) -> bool:
    """The offer of a person stays open while it is being answered; anything else lets it lapse."""
    intent = ((tracker.latest_message.parse_data if tracker.latest_message else {}).get("intent") or {}).get("name")
    return answers_offer(tracker) and intent in ANSWERS_TO_AN_OFFER


def _let_lapse(slots: dict[str, Any], tracker: DialogueStateTracker) -> None:
    if tracker.get_slot("_person_offer") == "open":
        slots |= {"_person_offer": None, "offer_reason": None, "_offer_evidence": None}


def _noteworthy(judgement: Judgement, seen: Seen, rules: Rules, tracker: DialogueStateTracker) -> dict[str, Any] | None:
    """The decision as docs/wire.md has it, and whether anyone may be hurt; None when nothing was seen that counts."""
    if not judgement.points:
        return None
    evidence = [item for name in judgement.points for item in _evidence(name, seen, rules)]
    if "accepted" in judgement.points:
        evidence = [*(tracker.get_slot("_offer_evidence") or []), *evidence]
    return {
        "rules": rules.version,
        "outcome": judgement.outcome,
        "reason": judgement.reason,
        "score": judgement.score,
        "features": seen.features,
        "points": judgement.points,
        "evidence": evidence,
        "harm": "harm" in judgement.points,
    }


def _evidence(name: str, seen: Seen, rules: Rules) -> list[dict[str, str]]:
    """In words that an agent reads, one line for each message behind the sign."""
    words, value = rules.sign(name).words, seen.features[name]
    quotes = seen.quotes[name] or [""]
    if name in ("asked", "accepted") and quotes[0].startswith("/"):
        return [{"kind": name, "text": "Pressed a button for a person."}]
    return [{"kind": name, "text": words.format(n=value, quote=quote)} for quote in quotes]
