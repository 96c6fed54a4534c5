"""More than one thing asked at once: questions are answered on the way, a second task waits for the first."""

from typing import Any

from rasa_sdk.events import FollowupAction, SlotSet

from actions.heard import Heard, order_asked_about
from actions.phrases import further_number
from actions.task import BOOKKEEPING, COLLECTED, TITLES
from actions.tasks import TASKS
from actions.turn import Turn, words_of_wish

Request = dict[str, Any]

SURE = 0.6
"""How sure the model must be, of 1, that a message which gives a fact asks something as well."""


def take_all_requests(turn: Turn, heard: Heard) -> None:
    """As a task starts: answer what is asked about the shop beside it, and remember a second task for afterwards."""
    requests: list[Request] = turn.tracker.latest_message.get("requests") or []
    if heard.intent != "faq":  # then they were answered before the form began
        for request in requests:
            if request["label"].startswith("faq/"):
                turn.say(f"utter_{request['label']}")
    tasks = [request for request in requests if request["label"] in TASKS]
    orders = [order_asked_about(task["text"], heard.text) for task in tasks]
    if len(tasks) > 1 and turn.slot("task") in {task["label"] for task in tasks} and _are_two(tasks, orders):
        turn.remember("task", tasks[0]["label"])
        _remember_for_later(turn, tasks[1]["label"], tasks[1]["text"], orders[1])
    elif number := further_number(heard.text):
        _remember_for_later(turn, turn.text_slot("task"), heard.text, number)


def answer_question(turn: Turn, heard: Heard) -> None:
    """The answer to what a message asks about the shop beside the fact it gives: "94107, and is there a warranty?" """
    if heard.intent == "faq" and heard.confidence >= SURE:
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


def begin(turn: Turn, task: str, number: str | None, heard: Heard | None = None, **known: Any) -> None:
    """Start a task that this message did not name, about the order `number`; with None the form asks for one.

    `heard` says more about it; by default the words in which the task was last asked for do. `known`: further slots.
    """
    turn.forget(*COLLECTED, "_misses")
    # Starting the form fills its slots from the message again: what it is about is told afterwards.
    told = {name: heard.entities.get(name) for name in ("size", "return_reason")} if heard else {}
    words = heard.text if heard else words_of_wish(turn.tracker, task)
    turn.remember("_paused_task", {"task": task, "order_number": number, "words": words, **told, **known})
    turn.events.append(FollowupAction("order_form"))


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


def _are_two(tasks: list[Request], orders: list[str | None]) -> bool:
    """The first two of them. Two that both do something may be one wish in two wordings ("send it back and get a refund"),
    unless each names an order of its own."""
    return any(TASKS[task["label"]].looks_only for task in tasks[:2]) or len({*orders[:2]} - {None}) > 1


def _remember_for_later(turn: Turn, task: str, words: str, number: str | None) -> None:
    if not TASKS[task].looks_only and (turn.tracker.latest_message.get("metadata") or {}).get("waiting"):
        # While they wait for a person the bot begins nothing that does something (bot/waiting.py).
        turn.say_words(f"As for {TITLES[task]}: I leave that to the person who takes over.")
        return
    turn.remember("_paused_task", {"task": task, "words": words} | ({"order_number": number} if number else {}))
