"""A conversation as Rasa's tracker has it, built message by message."""

from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.escalation.rules_file import RULES_FILE, read
from bot.escalation.watch import watch_over

SLOTS = (
    "_must_escalate",
    "_decision",
    "_quiet",
    "_person_offer",
    "_offer_evidence",
    "offer_reason",
    "_order_value",
    "requested_slot",
)
DOMAIN = Domain.from_dict(
    {
        "intents": ["track_order"],
        "slots": {name: {"type": "any", "mappings": [{"type": "custom"}]} for name in SLOTS},
        "forms": {"order_form": {"required_slots": []}},
    }
)
RULES = read(RULES_FILE)


class Talk:
    """Maya's messages, each watched over as it comes, and the actions that answer them."""

    def __init__(self, **slots: Any) -> None:
        self.tracker = DialogueStateTracker("c_maya.1", DOMAIN.slots)
        self.said: list[str | None] = []
        self.set(**slots)

    def set(self, **slots: Any) -> "Talk":
        for name, value in slots.items():
            self.tracker.update(SlotSet(name, value))
        return self

    def maya(self, text: str, intent: str = "inform", confidence: float = 0.9, **parse_data: Any) -> "Talk":
        """Adds a message and lets the watch see it; `frustration=0.8` marks it as frustrated."""
        if "frustration" in parse_data:
            score = parse_data["frustration"]
            parse_data["frustration"] = {"score": score, "frustrated": score > 0.5}
        understood = {"text": text, "intent": {"name": intent, "confidence": confidence}, "entities": [], **parse_data}
        self.tracker.update(UserUttered(text, understood["intent"], [], understood))
        watched = watch_over(self.tracker, RULES)
        self.said.append(watched.response)
        return self.set(**watched.slots)

    def bot(self, *actions: str) -> "Talk":
        """Adds actions that answered, and the wait for the next message."""
        for name in (*actions, "action_listen"):
            self.tracker.update(ActionExecuted(name))
        return self

    def in_form(self, asks_for: str = "order_number") -> "Talk":
        self.tracker.update(ActiveLoop("order_form"))
        return self.set(requested_slot=asks_for)

    def slot(self, name: str) -> Any:
        return self.tracker.get_slot(name)

    @property
    def outcome(self) -> str:
        """Of the latest message."""
        return str((self.slot("_decision") or {"outcome": "answered"})["outcome"])

    @property
    def evidence(self) -> list[str]:
        """What an agent would read of the latest decision."""
        return [item["text"] for item in self.slot("_decision")["evidence"]]
