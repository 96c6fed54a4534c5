"""What is said outside any task: never mind, start over, a complaint."""

from actions.after_task import after_task, puts_right, takes_back_done
from actions.heard import hear
from actions.phrases import starts_over
from actions.shop_action import ShopAction
from actions.task import BOOKKEEPING, COLLECTED
from actions.turn import Turn


class StopTask(ShopAction):
    """Drops the task under way. Nothing has been done: effects come only after the last question."""

    def name(self) -> str:
        return "action_stop_task"

    async def act(self, turn: Turn) -> None:
        words = str(turn.tracker.latest_message.get("text") or "")
        if starts_over(words):
            turn.say("utter_start_over")
            turn.forget("order_number", "_last_task", "_last_done")
        elif turn.slot("task") is None and await takes_back_done(turn, words):
            return
        else:
            turn.say("utter_stopped" if turn.slot("task") else "utter_nothing_to_stop")
        turn.forget("task", "_order_value", *COLLECTED, *BOOKKEEPING, "_paused_task")


class HearNo(ShopAction):
    """A no that answers nothing: "no, I meant S" and "no, wait" are about what was just done."""

    def name(self) -> str:
        return "action_hear_no"

    async def act(self, turn: Turn) -> None:
        if not await after_task(turn, hear(turn.tracker, None)):
            turn.say("utter_all_right")


class HearYes(ShopAction):
    """A yes that answers nothing: "ok, L then" puts right what was just done."""

    def name(self) -> str:
        return "action_hear_yes"

    async def act(self, turn: Turn) -> None:
        if not await puts_right(turn, hear(turn.tracker, None)):
            turn.say("utter_yes_to_what")


class HearComplaint(ShopAction):
    """A complaint is for a person to hear."""

    def name(self) -> str:
        return "action_hear_complaint"

    async def act(self, turn: Turn) -> None:
        turn.say("utter_complaint_heard")
        turn.offer_person("complaint")
