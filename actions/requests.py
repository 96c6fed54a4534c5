"""More than one thing asked at once: questions are answered on the way, a second task waits for the first."""

from typing import Any

from rasa_sdk.events import FollowupAction, SlotSet

from actions.heard import Heard, order_number_in
from actions.phrases import further_number
from actions.task import BOOKKEEPING, COLLECTED
from actions.tasks import TASKS
from actions.turn import Turn

Request = dict[str, Any]


def take_all_requests(turn: Turn, heard: Heard) -> None:
    """As a task starts: answer what is asked about the shop beside it, and remember a second task for afterwards."""
    requests: list[Request] = turn.tracker.latest_message.get("requests") or []
    if heard.intent != "faq":  # then they were answered before the form began
        for request in requests:
            if request["label"].startswith("faq/"):
                turn.say(f"utter_{request['label']}")
    tasks = [request for request in requests if request["label"] in TASKS]
    if len(tasks) > 1 and turn.slot("task") in {task["label"] for task in tasks} and _are_two(*tasks[:2]):
        turn.remember("task", tasks[0]["label"])
        _remember_for_later(turn, tasks[1]["label"], tasks[1]["text"], order_number_in(tasks[1]["text"]))
    elif number := further_number(heard.text):
        _remember_for_later(turn, turn.text_slot("task"), heard.text, number)


def answer_question(turn: Turn, heard: Heard) -> None:
    """The answer to what a message asks about the shop beside the fact it gives: "94107, and is there a warranty?" """
    if heard.intent == "faq":
        topic = turn.tracker.latest_message["response_selector"]["faq"]["response"]["intent_response_key"]
        turn.say(f"utter_{topic}")


def leave_with_answer(turn: Turn, heard: Heard) -> None:
    """ "Forget it, when are you open?": the form ends here, and so does the turn."""
    answer_question(turn, heard)
    leave(turn)


def leave(turn: Turn) -> None:
    """The form ends with what was said, and so does the turn."""
    turn.forget("task", *COLLECTED, *BOOKKEEPING, "_paused_task")
    turn.events += [SlotSet("requested_slot", None), FollowupAction("action_listen")]


def resume(turn: Turn) -> str:
    """Take up the paused task. Starting the form has filled its slots from the message that interrupted it.

    Returns the words in which the task had been asked for; empty if it was interrupted, and they were read then.
    """
    paused = dict(turn.slot("_paused_task") or {})
    words = str(paused.pop("words", ""))
    for name, value in paused.items():
        turn.remember(name, value)
    turn.forget("contact", "_paused_task")
    return words


def _are_two(first: Request, second: Request) -> bool:
    """Two that both do something may be one wish in two wordings ("send it back and get a refund"), unless each names
    an order of its own."""
    if TASKS[first["label"]].looks_only or TASKS[second["label"]].looks_only:
        return True
    numbers = {order_number_in(request["text"]) for request in (first, second)}
    return len(numbers - {None}) == 2


def _remember_for_later(turn: Turn, task: str, words: str, number: str | None) -> None:
    turn.remember("_paused_task", {"task": task, "words": words} | ({"order_number": number} if number else {}))
