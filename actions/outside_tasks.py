"""What is said outside any task: never mind, start over, a complaint."""

from actions.phrases import starts_over
from actions.shop_action import ShopAction
from actions.task import BOOKKEEPING, COLLECTED
from actions.turn import Turn


class StopTask(ShopAction):
    """Drops the task under way. Nothing has been done: effects come only after the last question."""

    def name(self) -> str:
        return "action_stop_task"

    async def act(self, turn: Turn) -> None:
        if starts_over(str(turn.tracker.latest_message.get("text") or "")):
            turn.say("utter_start_over")
            turn.forget("order_number", "_last_task")
        else:
            turn.say("utter_stopped" if turn.slot("task") else "utter_nothing_to_stop")
        turn.forget("task", "_order_value", *COLLECTED, *BOOKKEEPING, "_paused_task")


class HearComplaint(ShopAction):
    """A complaint is for a person to hear."""

    def name(self) -> str:
        return "action_hear_complaint"

    async def act(self, turn: Turn) -> None:
        turn.say("utter_complaint_heard")
        turn.offer_person("complaint")
