"""What is said outside any task: never mind, start over, a complaint."""

from abc import abstractmethod
from typing import Any, ClassVar

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.after_task import after_task, puts_right, takes_back_done
from actions.handoff import decision
from actions.heard import hear
from actions.phrases import starts_over
from actions.shop.counter import counter
from actions.shop.shop import ShopUnavailableError
from actions.shop_action import ShopAction
from actions.task import BOOKKEEPING, COLLECTED
from actions.turn import Turn

STARTED_OVER_AFTER_DONE = (
    "All right, from the beginning. What's done stays done; nothing more was changed. What would you like to do?"
)


class StopTask(ShopAction):
    """Drops the task under way. Nothing has been done: effects come only after the last question."""

    def name(self) -> str:
        return "action_stop_task"

    async def act(self, turn: Turn) -> None:
        words = str(turn.tracker.latest_message.get("text") or "")
        if starts_over(words):
            if turn.slot("_last_done"):
                turn.say_words(STARTED_OVER_AFTER_DONE)
            else:
                turn.say("utter_start_over")
            turn.forget("order_number", "_last_task", "_last_done")
        elif turn.slot("task") is None and await takes_back_done(turn, hear(turn.tracker, None)):
            return
        else:
            turn.say("utter_stopped" if turn.slot("task") else "utter_nothing_to_stop")
        turn.forget("task", "_order_value", *COLLECTED, *BOOKKEEPING, "_paused_task")


class AnswersNothing(ShopAction):
    """A yes or no that nothing was asked for needs the shop only where something was just done."""

    otherwise: ClassVar[str]
    """The response to one that isn't about that. Beside an offer of a person there is none: the offer is enough."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        if tracker.get_slot("_last_done"):
            try:
                turn = Turn(dispatcher, tracker, await counter())
                await self.act(turn)
            except ShopUnavailableError:
                pass  # it is about nothing, then: that needs no shop
            else:
                return turn.events
        self._answer_otherwise(dispatcher, tracker)
        return []

    async def act(self, turn: Turn) -> None:
        if not await self.hears(turn):
            self._answer_otherwise(turn.dispatcher, turn.tracker)

    @abstractmethod
    async def hears(self, turn: Turn) -> bool:
        """Answer what is about the thing just done; False for anything else."""

    def _answer_otherwise(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        if decision(tracker).get("outcome") != "offered":
            dispatcher.utter_message(response=self.otherwise)


class HearNo(AnswersNothing):
    """A no that answers nothing: "no, I meant S" and "no, wait" are about what was just done."""

    otherwise = "utter_all_right"

    def name(self) -> str:
        return "action_hear_no"

    async def hears(self, turn: Turn) -> bool:
        return await after_task(turn, hear(turn.tracker, None))


class HearYes(AnswersNothing):
    """A yes that answers nothing: "ok, L then" puts right what was just done."""

    otherwise = "utter_yes_to_what"

    def name(self) -> str:
        return "action_hear_yes"

    async def hears(self, turn: Turn) -> bool:
        return await puts_right(turn, hear(turn.tracker, None))


class HearComplaint(ShopAction):
    """A complaint is for a person to hear."""

    def name(self) -> str:
        return "action_hear_complaint"

    async def act(self, turn: Turn) -> None:
        turn.say("utter_complaint_heard")
        turn.offer_person("complaint")
