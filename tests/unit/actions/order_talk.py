"""A customer and `order_form`: Rasa's form loop in little, around the real actions and a real shop."""

import email
from collections.abc import Mapping
from email import policy
from pathlib import Path
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.asking import AskCode, AskConfirmed, AskContact, AskItem, AskNewAddress, AskOrderNumber, AskSize
from actions.follow_up import FollowUp, WhichTask
from actions.order_form import ValidateOrderForm
from actions.outside_tasks import HearComplaint, HearNo, StopTask
from actions.shop_action import ShopAction
from actions.tasks import TASKS

ASKS = (AskOrderNumber(), AskContact(), AskItem(), AskSize(), AskNewAddress(), AskConfirmed(), AskCode())
ASKING: dict[str, ShopAction] = {ask.name(): ask for ask in ASKS}
OUTSIDE: dict[str, ShopAction] = {
    "inform": WhichTask(),
    "affirm": WhichTask(),
    "follow_up": FollowUp(),
    "stop": StopTask(),
    "complaint": HearComplaint(),
    "deny": HearNo(),
}
FILLED_FROM = {"order_number": "order_number", "email": "contact", "postcode": "contact"}
FILLED_IN_FORM = {"size": "size", "return_reason": "return_reason"}
TOLD_PROVED = {"proved": True}
"""What the gateway is told without a word to the customer."""
INTERRUPTED = "(something else is answered)"


class OrderTalk:
    """`said` holds, after each message, the names of the responses; `facts` what they were filled with."""

    def __init__(self, sender_id: str = "c_maya.1") -> None:
        self.sender_id = sender_id
        self.slots: dict[str, Any] = {}
        self.events: list[dict[str, Any]] = []
        self.in_form = False
        self.said: list[str] = []
        self.messages: list[dict[str, Any]] = []
        self.proofs = 0
        """How often the gateway was told that the customer has proved who they are."""
        self._message: dict[str, Any] = {}
        self._trigger: dict[str, Any] = {}

    async def says(
        self,
        text: str,
        intent: str = "inform",
        message_id: str | None = None,
        requests: Mapping[str, str] | None = None,
        confidence: float = 0.0,
        **entities: str,
    ) -> list[str]:
        """Send one message as understood, `requests` being all it asks for, with their words; returns the answers."""
        self.said, self.messages = [], []
        self._message = {
            "text": text,
            "intent": {"name": intent, "confidence": confidence},
            "entities": [{"entity": name, "value": value} for name, value in entities.items()],
            "requests": [{"label": label, "text": words} for label, words in (requests or {}).items()],
            "message_id": message_id or f"m_{len(self.events)}",
        }
        self.events.append({"event": "user", "text": text, "parse_data": self._message})
        self._extract()
        if self.in_form:
            await self._run_form()
        elif intent in TASKS:
            await self._start_form()
        else:
            await self._run_and_follow(OUTSIDE[intent])
        return self.said

    async def presses(self, payload_intent: str, **entities: str) -> list[str]:
        return await self.says(f"/{payload_intent}", payload_intent, **entities)

    def fact(self, name: str) -> Any:
        """What the last message that has this fact was filled with."""
        return next(message[name] for message in reversed(self.messages) if name in message)

    @property
    def buttons(self) -> list[str]:
        return [button["title"] for message in self.messages for button in message.get("buttons") or []]

    @property
    def links(self) -> list[str]:
        attachments = (message.get("custom", {}).get("attachment") for message in self.messages)
        return [attachment["url"] for attachment in attachments if attachment]

    async def _start_form(self) -> None:
        self.in_form, self._trigger = True, self._message
        self._extract()
        await self._run_form()

    async def _run_form(self) -> None:
        self.events.append({"event": "action", "name": "order_form"})
        self._apply(events := await self._run(ValidateOrderForm()))
        if any(event["event"] == "action_execution_rejected" for event in events):
            await self._interrupt()
        elif not self.in_form:
            return
        elif (requested := self.slots.get("requested_slot")) is None:
            self.in_form = False
            if not any(event["event"] == "followup" for event in events):  # else the turn ends with what was said
                await self._finish()
        elif (asking := ASKING.get(f"action_ask_{requested}")) is not None:
            self._apply(await self._run(asking))
        else:
            self.said.append(f"utter_ask_{requested}")

    async def _interrupt(self) -> None:
        if self._message["intent"]["name"] == "stop":
            self.in_form, self.slots["requested_slot"] = False, None
            self._apply(await self._run(StopTask()))
            return
        self.said.append(INTERRUPTED)
        self.events.append({"event": "action", "name": "utter_faq"})
        await self._run_form()

    async def _finish(self) -> None:
        task = TASKS[self.slots["task"]]
        await self._run_and_follow(task)

    async def _run_and_follow(self, action: ShopAction) -> None:
        self.events.append({"event": "action", "name": action.name()})
        events = await self._run(action)
        self._apply(events)
        if any(event["event"] == "followup" and event["name"] == "order_form" for event in events):
            await self._start_form()

    async def _run(self, action: ShopAction) -> list[dict[str, Any]]:
        dispatcher = CollectingDispatcher()
        loop = {"name": "order_form", "trigger_message": self._trigger} if self.in_form else {}
        slots, events = dict(self.slots), list(self.events)
        tracker = Tracker(self.sender_id, slots, self._message, events, False, None, loop, "order_form")
        returned: list[dict[str, Any]] = await action.run(dispatcher, tracker, {})
        self.proofs += sum(message.get("custom") == TOLD_PROVED for message in dispatcher.messages)
        messages = [message for message in dispatcher.messages if message.get("custom") != TOLD_PROVED]
        self.messages += messages
        self.said += [message["response"] for message in messages]
        return returned

    def _extract(self) -> None:
        intent = self._message["intent"]["name"]
        filled = FILLED_FROM | (FILLED_IN_FORM if self.in_form else {})
        if intent in TASKS:
            self._apply([{"event": "slot", "name": "task", "value": intent}])
        for entity in self._message["entities"]:
            if slot := filled.get(entity["entity"]):
                self._apply([{"event": "slot", "name": slot, "value": entity["value"]}])

    def _apply(self, events: list[dict[str, Any]]) -> None:
        for event in events:
            self.events.append(event)
            if event["event"] == "slot":
                self.slots[event["name"]] = event["value"]
            elif event["event"] == "active_loop":
                self.in_form = event["name"] is not None
            elif event["event"] == "followup" and event["name"] == "action_offer_human":
                self.said.append("a person is offered")


def mailed_code(home: Path) -> str:
    """The code in the newest mail of the demo shop."""
    newest = max((home / "outbox-mail").glob("*.eml"))  # their names begin with the time
    mail = email.message_from_bytes(newest.read_bytes(), policy=policy.default)
    return str(mail["Subject"]).split()[0]
