"""One action's run: what Rasa told us, the shop's counter, and what is to be said and remembered."""

from dataclasses import dataclass, field
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.shop.counter import Counter
from actions.shop.model import Order


@dataclass(slots=True)
class Turn:
    """Collects replies and events. `remember` changes a slot for the rest of the run and in the tracker."""

    dispatcher: CollectingDispatcher
    tracker: Tracker
    counter: Counter
    events: list[EventType] = field(default_factory=list)
    _order: Order | None = None

    @property
    def key(self) -> str:
        """The message's id: the idempotency key of every effect it asks for."""
        return str(self.tracker.latest_message["message_id"])

    @property
    def sender_id(self) -> str:
        return str(self.tracker.sender_id)

    def slot(self, name: str) -> Any:
        return self.tracker.get_slot(name)

    def text_slot(self, name: str) -> str:
        """A slot that an earlier step has filled."""
        return str(self.tracker.slots[name])

    def remember(self, name: str, value: Any) -> None:
        if self.tracker.get_slot(name) != value:
            self.tracker.slots[name] = value
            self.events.append(SlotSet(name, value))

    def forget(self, *names: str) -> None:
        for name in names:
            self.remember(name, None)

    def say(self, response: str, *, buttons: list[dict[str, str]] | None = None, **facts: Any) -> None:
        """Say one of the domain's responses, its `{facts}` filled in."""
        self.dispatcher.utter_message(response=response, buttons=buttons or [], **facts)

    def say_words(self, words: str, *, buttons: list[dict[str, str]] | None = None) -> None:
        """Say a sentence that depends on too many facts to be one of the domain's responses."""
        self.dispatcher.utter_message(text=words, buttons=buttons or [])

    def say_with_link(self, response: str, title: str, url: str, **facts: Any) -> None:
        attachment = {"kind": "link", "title": title, "url": url}
        self.dispatcher.utter_message(response=response, json_message={"attachment": attachment}, **facts)

    def tell_proved(self) -> None:
        """Let the gateway know, with no word to the customer, that they have just proved who they are."""
        self.dispatcher.utter_message(json_message={"proved": True})

    def offer_person(self, why: str) -> None:
        """Let the handoff dialogue ask whether a person should take over.

        `why` is a handoff reason of docs/wire.md, or a sentence that the agent will read.
        """
        self.remember("offer_reason", why)
        self.events.append(FollowupAction("action_offer_human"))

    async def order(self) -> Order | None:
        """The order in the slot, if this conversation may see it. Looked up once: the whole run goes by what it was then."""
        number = self.slot("order_number")
        if self._order is None or self._order.number != number:
            self._order = await self.counter.sessions.order(self.sender_id, str(number)) if number else None
        # What is at stake, for bot/escalation; an order that isn't proved to be theirs tells nothing.
        self.remember("_order_value", float(self._order.total) if self._order else None)
        return self._order

    async def order_anew(self) -> Order | None:
        """The same as it is by now: what was just booked is in it."""
        self._order = None
        return await self.order()


def before_this_message(tracker: Tracker, name: str) -> Any:
    """The value a slot had when the latest message came in."""
    value, settled = None, None
    for event in tracker.events:
        if event.get("event") == "user":
            settled = value
        elif event.get("event") == "slot" and event.get("name") == name:
            value = event.get("value")
    return settled


def said_since_asked(tracker: Tracker, slot: str) -> list[str]:
    """What the customer has typed since the form began to ask for this slot, the latest message last."""
    said: list[str] = []
    asked = False
    for event in tracker.events:
        if event.get("event") == "slot" and event.get("name") == "requested_slot":
            said = said if asked else []
            asked = event.get("value") == slot
        elif event.get("event") == "user" and asked:
            said.append(str(event.get("text") or ""))
    return said if asked else []


def words_of_wish(tracker: Tracker, task: str) -> str:
    """What the customer last typed to ask for this task; empty for a button."""
    asked = (
        str(event.get("text") or "")
        for event in reversed(tracker.events)
        if event["event"] == "user" and ((event.get("parse_data") or {}).get("intent") or {}).get("name") == task
    )
    words = next(asked, "")
    return "" if words.startswith("/") else words


def contact_before(tracker: Tracker, number: str | None) -> str | None:
    """The e-mail or postcode that an earlier message gave; five digits that were the order number are none."""
    values: list[str] = []
    settled: list[str] = []
    for event in tracker.events:
        if event.get("event") == "user":
            settled = list(values)
        elif event.get("event") == "slot" and event.get("name") == "contact":
            values = [*values, event["value"]] if event["value"] else []
    return next((value for value in reversed(settled) if value != (number or "")[3:]), None)


def words_at_start(tracker: Tracker) -> str:
    """What the customer wrote that began the task under way; empty when none is."""
    return str((tracker.active_loop.get("trigger_message") or {}).get("text") or "")
