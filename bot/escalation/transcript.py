"""Reads a tracker's events as turns: what the customer said, what was understood, and which actions answered it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.events import ActionExecuted, Event, SlotSet, UserUttered

# A person was asked for, declined, or has just left: whatever was before that has been dealt with.
FRESH_STARTS = frozenset({"action_escalate", "action_keep_going", "action_welcome_back"})
MISSES = frozenset({"action_clarify", "action_default_fallback", "action_decline"})
DECLINES = frozenset({"action_keep_going"})
# "Why does it go back?" is answered in any words, "dont like it" too.
OPEN_QUESTIONS = frozenset({"return_reason"})
# What these ask for has words but no entity: "the throw".
TOLD_IN_WORDS = frozenset({"item", "change", "new_address"})
ANSWERS = frozenset({"affirm", "deny", "stop"})
ENTITIES_OF = {"contact": frozenset({"email", "postcode"})}
OUTCRY = 0.9
"""From this frustration on, an answer to a form is more than an answer."""


@dataclass
class Turn:
    """One customer message, what was understood of it, and the names of the actions that followed, oldest first.

    asked: the slot that a form had just asked for.
    """

    said: str
    parse_data: Mapping[str, Any]
    asked: str | None = None
    actions: list[str] = field(default_factory=list)
    offered: bool = False

    @property
    def intent(self) -> str | None:
        name: str | None = (self.parse_data.get("intent") or {}).get("name")
        return name

    @property
    def label(self) -> str | None:
        """The intent, or for a question which one: `faq/warranty`."""
        if self.intent != "faq":
            return self.intent
        answer = ((self.parse_data.get("response_selector") or {}).get("faq") or {}).get("response") or {}
        return answer.get("intent_response_key") or self.intent

    @property
    def tension(self) -> float:
        """How frustrated it sounded, 0..1; an answer that a form asked for is no mood, unless it is an outcry."""
        score = float((self.parse_data.get("frustration") or {}).get("score", 0.0))
        return score if score >= OUTCRY or not self.answers_form else 0.0

    @property
    def frustrated(self) -> bool:
        """False for a calm message, and for one nobody judged (a button)."""
        return bool((self.parse_data.get("frustration") or {}).get("frustrated")) and self.tension > 0

    @property
    def answers_form(self) -> bool:
        """Whether it says what a form had just asked for, or yes, no or stop to it."""
        if self.asked is None:
            return False
        if self.intent in ANSWERS or (self.asked in OPEN_QUESTIONS and self.intent != "faq"):
            return True
        if self.asked in TOLD_IN_WORDS and self.intent == "inform":
            return True
        told = {entity.get("entity") for entity in self.parse_data.get("entities") or []}
        return not told.isdisjoint(ENTITIES_OF.get(self.asked, {self.asked}))

    @property
    def missed(self) -> bool:
        """Whether the bot had no answer to it."""
        return not MISSES.isdisjoint(self.actions)

    @property
    def declined(self) -> bool:
        """Whether it said no to a person."""
        return not DECLINES.isdisjoint(self.actions)


def turns(events: Iterable[Event]) -> list[Turn]:
    """Splits a conversation into its turns, oldest first. The last one is still under way."""
    found: list[Turn] = []
    asked: str | None = None
    for event in events:
        if isinstance(event, UserUttered):
            found.append(Turn(event.text or "", event.parse_data, asked))
        elif isinstance(event, SlotSet) and event.key == REQUESTED_SLOT:
            asked = event.value
        elif isinstance(event, ActionExecuted) and found and event.action_name:
            found[-1].actions.append(event.action_name)
        elif isinstance(event, SlotSet) and found and (event.key, event.value) == ("_person_offer", "open"):
            found[-1].offered = True
    return found


def since_fresh_start(conversation: list[Turn]) -> list[Turn]:
    """The turns after a person last came into it, the one under way included."""
    last = max((at for at, turn in enumerate(conversation) if not FRESH_STARTS.isdisjoint(turn.actions)), default=-1)
    return conversation[last + 1 :]


def messages_since(happened: list[bool]) -> int | None:
    """How many messages ago, the one under way being 0, it last happened; None when it never did."""
    return next((ago for ago, did in enumerate(reversed(happened)) if did), None)
