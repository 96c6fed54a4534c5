"""What is seen of a message and of the conversation that it continues: numbers for the rules, quotes for the evidence."""

from dataclasses import dataclass, field
from typing import Any

from rasa.shared.core.trackers import DialogueStateTracker

from bot.escalation import wording
from bot.escalation.repeats import asked_before
from bot.escalation.transcript import Turn, messages_since, since_fresh_start, turns
from handoff.alarm import alarm_in
from handoff.escalation_rules import SINCE_NO, SINCE_OFFER

SURELY_ASKED = 0.6
TENSE_MESSAGES = 4
# What is foreign to the shop is half a miss: it may be a joke, or a plain wish that was misread.
NOT_UNDERSTOOD, FOREIGN = "nlu_fallback", "out_of_scope"


@dataclass
class Seen:
    """features: by the names of handoff/escalation_rules.py. quotes: the customer's words behind each, oldest first."""

    features: dict[str, float] = field(default_factory=dict)
    quotes: dict[str, list[str]] = field(default_factory=dict)

    def add(self, name: str, value: float, *quotes: str) -> None:
        """Nothing is nothing: 0 is left out."""
        if value:
            self.features[name] = round(float(value), 3)
            self.quotes[name] = list(quotes)


def look(tracker: DialogueStateTracker) -> Seen:
    """Looks at the message under way. An event of the gateway's shows nothing."""
    conversation = turns(tracker.events)
    seen = Seen()
    if not conversation or conversation[-1].intent == "agent_handed_back":
        return seen
    recent = since_fresh_start(conversation)
    _words(seen, recent[-1], tracker)
    _wish(seen, recent[-1], tracker)
    _mood(seen, recent)
    _trouble(seen, recent, in_form=tracker.active_loop_name is not None)
    _manners(seen, conversation)
    return seen


def answers_offer(tracker: DialogueStateTracker) -> bool:
    """Whether a yes or no now means the offered person; a form that waits for a yes of its own gets it."""
    asked_to_confirm = tracker.active_loop_name is not None and tracker.get_slot("requested_slot") == "confirmed"
    return tracker.get_slot("_person_offer") == "open" and not asked_to_confirm


def _words(seen: Seen, now: Turn, tracker: DialogueStateTracker) -> None:
    alarm = alarm_in(now.said)
    if alarm is not None:
        seen.add(alarm, 1, now.said)
    if now.said.startswith("/"):
        return
    seen.add("vulnerable", wording.needs_care(now.said), now.said)
    seen.add("exception", wording.asks_exception(now.said), now.said)
    seen.add("dispute", wording.threatens_dispute(now.said), now.said)
    problems = len(wording.problem_kinds(now.said))
    seen.add("problems", problems, now.said)
    seen.add("order_value", max(wording.largest_sum(now.said), _number(tracker.get_slot("_order_value"))))


def _wish(seen: Seen, now: Turn, tracker: DialogueStateTracker) -> None:
    sure = float((now.parse_data.get("intent") or {}).get("confidence") or 0.0)
    if now.intent == "affirm" and answers_offer(tracker):
        seen.add("accepted", 1)
    if now.intent == "talk_to_human" and sure >= SURELY_ASKED and not _wants_nobody(now):
        # The button of an open offer is a yes to it.
        taken_up = now.said.startswith("/") and tracker.get_slot("_person_offer") == "open"
        seen.add("accepted" if taken_up else "asked", 1, now.said)


def _mood(seen: Seen, recent: list[Turn]) -> None:
    now, before = recent[-1], [turn for turn in recent[:-1] if turn.frustrated]
    if now.frustrated:
        seen.add("frustration", now.tension, now.said)
        seen.add("frustrated_before", len(before), *(turn.said for turn in before))
    elif now.tension:
        seen.add("simmering", sum(turn.tension for turn in recent[-TENSE_MESSAGES:] if not turn.frustrated))


def _trouble(seen: Seen, recent: list[Turn], in_form: bool) -> None:
    repeats = asked_before(recent)
    seen.add("repeated", len(repeats), *repeats)
    now = recent[-1]
    if in_form or now.intent not in (NOT_UNDERSTOOD, FOREIGN):
        return
    row = [now]
    for turn in reversed(recent[:-1]):
        if not turn.missed:
            break
        row.insert(0, turn)
    misses = sum(0.5 if turn.intent == FOREIGN else 1.0 for turn in row)
    if misses >= 1:
        seen.add("misses", misses, *(turn.said for turn in row))


def _manners(seen: Seen, conversation: list[Turn]) -> None:
    for name, happened in (
        (SINCE_OFFER, [turn.offered for turn in conversation]),
        (SINCE_NO, [turn.declined for turn in conversation]),
    ):
        ago = messages_since(happened)
        if ago:
            seen.features[name] = ago
    if _wants_nobody(conversation[-1]):
        seen.features[SINCE_NO] = 0


def _wants_nobody(now: Turn) -> bool:
    return now.intent == "talk_to_human" and wording.wants_no_person(now.said)


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
