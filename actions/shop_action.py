"""The base of every action here: opens the counter, and says so honestly when the shop can't be reached."""

from abc import ABC, abstractmethod
from typing import Any

import structlog
from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.shop.counter import counter
from actions.shop.shop import ShopUnavailableError
from actions.turn import Turn

log = structlog.get_logger(__name__)

GIVE_UP_TASK: list[EventType] = [
    ActiveLoop(None),
    SlotSet("requested_slot", None),
    SlotSet("task", None),
    SlotSet("offer_reason", "shop_error"),
    FollowupAction("action_offer_human"),
]


class ShopAction(Action, ABC):
    """Subclasses implement `act`. Any error but `ShopUnavailableError` is raised, so that the turn fails visibly."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        try:
            turn = Turn(dispatcher, tracker, await counter())
            await self.act(turn)
        except ShopUnavailableError:
            log.exception("shop_unavailable", action=self.name())
            dispatcher.utter_message(response="utter_shop_unavailable")
            return GIVE_UP_TASK
        return turn.events

    @abstractmethod
    async def act(self, turn: Turn) -> None:
        """Say through `turn` what is to be said, and leave events in it."""
