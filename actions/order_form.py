"""`validate_order_form`: reads each message as an answer, proves the customer, and decides what to ask next.

One form serves every task, so that switching from one to another, correcting a number, or giving everything at once is
the same few lines for all of them.
"""

from rasa_sdk.events import ActionExecutionRejected, SlotSet

from actions.answers import Answer, corrects, read_answer, read_unasked
from actions.heard import Heard, five_digits, hear, order_number_in
from actions.shop.model import OrderState
from actions.shop_action import ShopAction
from actions.task import COLLECTED, KEPT_WHILE_PAUSED, Task
from actions.tasks import TASKS
from actions.turn import Turn, before_this_message, contact_before

FORM = "order_form"
ANSWERS = {"inform", "affirm", "deny"}
WRONG_TRIES = 3
"""After so many wrong contacts, or answers that were none, the bot offers a person instead of asking again."""


class ValidateOrderForm(ShopAction):
    def name(self) -> str:
        return f"validate_{FORM}"

    async def act(self, turn: Turn) -> None:
        if _is_first_look(turn):
            requested = turn.slot("requested_slot")
            heard = hear(turn.tracker, requested)
            if requested is None:
                _start_afresh(turn)
                _take_all_requests(turn)
            if not await self._understand(turn, heard, requested):
                turn.events.append(ActionExecutionRejected(FORM))
                return
            # A slot must be set, new or not, or Rasa takes the message for something else.
            turn.events.append(SlotSet("task", turn.slot("task")))
            await _prove(turn)
            await _prefer_change(turn)
            if (order := await turn.order()) and not _task(turn).refusal(order):
                await read_unasked(turn, heard, order, _task(turn))
        elif turn.slot("requested_slot") is None:
            _resume(turn)
        turn.events.append(SlotSet("requested_slot", await self._next_question(turn)))

    async def _understand(self, turn: Turn, heard: Heard, requested: str | None) -> bool:
        """Take in what the message says; False if it is about something else."""
        if heard.intent == "talk_to_human" or (heard.intent == "stop" and requested not in heard.entities):
            return False
        _take_number_and_contact(turn, heard)
        told = turn.slot("order_number") != before_this_message(turn.tracker, "order_number") or bool(heard.contact)
        answer = Answer.NONE
        if requested:
            told = await corrects(turn, heard, _task(turn, before=True)) or told
            if requested != "confirmed" or not told:
                answer = await read_answer(turn, heard, requested, _task(turn, before=True))
        _take_task(turn, heard, heard.is_bare_fact or answer is not Answer.NONE)
        if requested is None or told or answer is Answer.TAKEN or heard.intent in TASKS:
            turn.remember("_misses", None)
            return True
        if answer is Answer.NONE and heard.intent not in ANSWERS:
            return False
        turn.remember("_misses", (turn.slot("_misses") or 0) + 1)
        return True

    async def _next_question(self, turn: Turn) -> str | None:
        """The first slot still missing; None hands over to the task's own action."""
        if max(turn.slot("_contact_tries") or 0, turn.slot("_misses") or 0) >= WRONG_TRIES:
            return None
        if turn.slot("order_number") is None:
            return "order_number"
        order = await turn.order()
        if order is None:
            return "contact"
        task = _task(turn)
        if task.any_refusal(turn, order) or turn.slot("confirmed") is False:
            return None
        return next((step for step in task.steps(order, turn) if turn.slot(step) is None), None)


def _is_first_look(turn: Turn) -> bool:
    """False when the form comes back after an interruption that the same message brought about.

    Rasa adds the form's own run to the events before it asks us.
    """
    actions = 0
    for event in reversed(turn.tracker.events):
        if event["event"] == "user":
            break
        actions += event["event"] == "action"
    return actions <= 1


def _task(turn: Turn, *, before: bool = False) -> Task:
    name = before_this_message(turn.tracker, "task") if before else None
    return TASKS[name or turn.text_slot("task")]


def _start_afresh(turn: Turn) -> None:
    """What an earlier task left behind, a person having taken over in its middle, is no answer to this one."""
    for name in (*COLLECTED, "_last_contact", "_contact_tries", "_misses", "_paused_task"):
        if turn.slot(name) == before_this_message(turn.tracker, name):
            turn.forget(name)


def _take_all_requests(turn: Turn) -> None:
    """Of several requests in one message: answer questions about the shop now, remember a second task for afterwards."""
    requests = turn.tracker.latest_message.get("requests") or []
    for request in requests:
        if request["label"].startswith("faq/"):
            turn.say(f"utter_{request['label']}")
    tasks = {request["label"]: request["text"] for request in requests if request["label"] in TASKS}
    first, second = [*tasks, None, None][:2]
    # Two that both do something may be one wish in two wordings: "send it back and get a refund".
    if first and second and turn.slot("task") in tasks and (TASKS[first].looks_only or TASKS[second].looks_only):
        turn.remember("task", first)
        number = order_number_in(tasks[second])
        turn.remember("_paused_task", {"task": second} | ({"order_number": number} if number else {}))


def _resume(turn: Turn) -> None:
    """Take up the paused task. Starting the form has filled its slots from the message that interrupted it."""
    for name, value in (turn.slot("_paused_task") or {}).items():
        turn.remember(name, value)
    turn.forget("contact", "_paused_task")


def _take_number_and_contact(turn: Turn, heard: Heard) -> None:
    """The entities were copied into slots already; put right which number was which."""
    known = before_this_message(turn.tracker, "order_number")
    turn.remember("order_number", heard.number or known)
    turn.remember("contact", heard.contact or contact_before(turn.tracker, turn.slot("order_number")))
    if known and turn.slot("order_number") != known:
        turn.forget("item", "confirmed", "_code", "_code_sent")


def _take_task(turn: Turn, heard: Heard, answered: bool) -> None:
    """Another task's intent switches to it, unless the message was an answer ("it arrived broken" to "why?")."""
    old = before_this_message(turn.tracker, "task")
    new = turn.slot("task")
    if not old or old == new:
        return
    if answered and not heard.is_button:
        turn.remember("task", old)
        return
    if TASKS[new].looks_only and not TASKS[old].looks_only and turn.slot("requested_slot") in COLLECTED:
        paused = {name: before_this_message(turn.tracker, name) for name in KEPT_WHILE_PAUSED}
        turn.remember("_paused_task", paused)
    turn.forget("confirmed", "_code", "_code_sent")


async def _prove(turn: Turn) -> None:
    """Try number and contact together. A corrected number is tried with the contact given before."""
    number = turn.slot("order_number")
    corrected = number != before_this_message(turn.tracker, "order_number")
    contact = turn.slot("contact") or (turn.slot("_last_contact") if corrected else None)
    if not number or not contact or await turn.order():
        return
    earlier = turn.slot("_last_contact")
    turn.forget("contact")
    proved = await turn.counter.sessions.verify(turn.sender_id, number, contact)
    if proved or (earlier and await _one_was_the_number(turn, contact, earlier)):
        turn.forget("_last_contact", "_contact_tries")
    else:
        turn.remember("_last_contact", contact)
        turn.remember("_contact_tries", (turn.slot("_contact_tries") or 0) + 1)


async def _one_was_the_number(turn: Turn, contact: str, earlier: str) -> bool:
    """Five digits are also how customers correct the order number: try them as that with the other answer."""
    for number, other in ((contact, earlier), (earlier, contact)):
        if five_digits(number) and await turn.counter.sessions.verify(turn.sender_id, f"FD-{number}", other):
            turn.remember("order_number", f"FD-{number}")
            return True
    return False


async def _prefer_change(turn: Turn) -> None:
    """Another size of what hasn't shipped is a change, not an exchange: nothing has to come back."""
    order = await turn.order()
    if order and turn.slot("task") == "exchange_item" and order.state is OrderState.PROCESSING:
        turn.remember("task", "change_order")
        turn.remember("change", "size")
