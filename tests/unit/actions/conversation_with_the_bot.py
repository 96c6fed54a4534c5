"""A conversation as the action server is shown it, built message by message."""

import asyncio
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

RESPONSES = ("utter_person_offer", "utter_person_offer_not_understood", "utter_person_offer_complaint")
DOMAIN: dict[str, Any] = {"responses": {name: [{"text": name}] for name in RESPONSES}}


class Talk:
    """Maya's side and the bot's side of a talk; `run` lets an action answer and remembers that it did."""

    def __init__(self, **slots: Any) -> None:
        self.slots: dict[str, Any] = {"_must_escalate": None, "_person_offer": None, "offer_reason": None, **slots}
        self.events: list[dict[str, Any]] = []
        self.form: str | None = None
        self.said: list[dict[str, Any]] = []
        self.followups: list[str] = []

    def maya(self, text: str, intent: str = "inform", confidence: float = 0.9, **parse_data: Any) -> "Talk":
        """Adds a message."""
        understood = {"text": text, "intent": {"name": intent, "confidence": confidence}, "entities": [], **parse_data}
        self.events.append({"event": "user", "text": text, "parse_data": understood})
        return self

    def decided(self, reason: str, *evidence: str, harm: bool = False) -> "Talk":
        """Leaves what bot/escalation has decided about the latest message."""
        told = [{"kind": reason, "text": text} for text in evidence]
        self.slots["_must_escalate"] = reason
        self.slots["_decision"] = {"reason": reason, "evidence": told, "harm": harm}
        return self

    def offer_lapsed(self) -> "Talk":
        """The customer wrote of something else than the offered person."""
        self.slots.update(_person_offer=None, offer_reason=None)
        return self

    def bot(self, *actions: str) -> "Talk":
        """Adds actions that answered without being run here."""
        self.events.extend({"event": "action", "name": name} for name in actions)
        return self

    def run(self, action: Action) -> "Talk":
        """Runs an action on the latest message, as Rasa would, and applies the events it returns."""
        dispatcher = CollectingDispatcher()
        events = asyncio.run(action.run(dispatcher, self._tracker(), DOMAIN))
        self.said.extend(dispatcher.messages)
        self.bot(action.name())
        for event in events:
            self._apply(event)
        return self

    def _apply(self, event: dict[str, Any]) -> None:
        if event["event"] == "slot":
            self.slots[event["name"]] = event["value"]
        elif event["event"] == "active_loop":
            self.form = event["name"]
        elif event["event"] == "followup":
            self.followups.append(event["name"])

    @property
    def responses(self) -> list[str]:
        """Names of the responses said so far, parts without one left out."""
        return [message["response"] for message in self.said if message["response"]]

    @property
    def handoffs(self) -> list[dict[str, Any]]:
        """The handoff parts sent so far."""
        return [message["custom"]["handoff"] for message in self.said if "handoff" in message["custom"]]

    def _tracker(self) -> Tracker:
        latest = next(event["parse_data"] for event in reversed(self.events) if event["event"] == "user")
        form = {"name": self.form} if self.form else {}
        return Tracker("c_maya.1", self.slots, latest, self.events, False, None, form, None)
