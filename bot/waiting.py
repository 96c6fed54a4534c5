"""A customer who waits for a person: the bot answers their questions, and begins nothing else.

The gateway says so with `waiting` in a turn's metadata. What they tell the person is not for the bot to ask about.
"""

from typing import Any

from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.events import ActiveLoop, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

ANSWERED = frozenset(
    {
        "faq",
        "track_order",
        "track_refund",
        "get_invoice",
        "thank",
        "goodbye",
        "stop",
        "bot_challenge",
        "ask_capabilities",
    }
)
LOOKS = frozenset({"track_order", "track_refund", "get_invoice"})
"""Tasks that only tell something: the form may ask for what they need."""
TASK_SLOT, PAUSED_SLOT = "task", "_paused_task"
ANSWERS_TO_A_FORM = frozenset({"inform", "affirm", "deny"})


def left_off(metadata: dict[str, Any], tracker: DialogueStateTracker) -> list[Event]:
    """What ends the task under way, and the one it put off: whoever waits for a person is asked nothing about what the
    person will do.
    """
    if not metadata.get("waiting"):
        return []
    task, paused = tracker.get_slot(TASK_SLOT), tracker.get_slot(PAUSED_SLOT)
    put_off = [SlotSet(PAUSED_SLOT, None)] if paused and paused["task"] not in LOOKS else []
    if tracker.active_loop_name is None or task in LOOKS:
        return [*put_off]
    return [*put_off, ActiveLoop(None), SlotSet(REQUESTED_SLOT, None), SlotSet(TASK_SLOT, None)]


def stays_silent(metadata: dict[str, Any], tracker: DialogueStateTracker) -> bool:
    """Whether this turn ends without a word, for the gateway to keep the message for the person."""
    if not metadata.get("waiting") or tracker.get_slot("_must_escalate"):
        return False
    intent = tracker.latest_message.intent.get("name") if tracker.latest_message else None
    answers_form = tracker.active_loop_name is not None and intent in ANSWERS_TO_A_FORM
    return intent not in ANSWERED and not answers_form
