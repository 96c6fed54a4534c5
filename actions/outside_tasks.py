"""What is said outside any task: never mind, a bare order number, a complaint."""

from actions.heard import five_digits
from actions.shop_action import ShopAction
from actions.task import BOOKKEEPING, COLLECTED
from actions.turn import Turn, before_this_message


class StopTask(ShopAction):
    """Drops the task under way. Nothing has been done: effects come only after the last question."""

    def name(self) -> str:
        return "action_stop_task"

    async def act(self, turn: Turn) -> None:
        turn.say("utter_stopped" if turn.slot("task") else "utter_nothing_to_stop")
        turn.forget("task", *COLLECTED, *BOOKKEEPING, "_paused_task")


class WhichTask(ShopAction):
    """An order number alone: ask what to do with it. An e-mail alone: ask for the number, and tell nothing."""

    def name(self) -> str:
        return "action_which_task"

    async def act(self, turn: Turn) -> None:
        await _keep_postcode_apart(turn)
        number = turn.slot("order_number")
        turn.say("utter_which_task" if number else "utter_which_task_without_number", number=number)


async def _keep_postcode_apart(turn: Turn) -> None:
    """Five digits after an order number that isn't proved yet are its postcode: kept for when a task asks for it."""
    known = before_this_message(turn.tracker, "order_number")
    digits = five_digits(str(turn.tracker.latest_message.get("text") or ""))
    if not known or not digits or await turn.order() or f"FD-{digits}" == known:
        return
    turn.remember("order_number", known)
    turn.remember("contact", digits)


class HearComplaint(ShopAction):
    """A complaint is for a person to hear."""

    def name(self) -> str:
        return "action_hear_complaint"

    async def act(self, turn: Turn) -> None:
        turn.say("utter_complaint_heard")
        turn.offer_person("complaint")
