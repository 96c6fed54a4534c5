"""`validate_order_form`: reads each message as an answer, proves the customer, and decides what to ask next.

One form serves every task, so that switching from one to another, correcting a number, or giving everything at once is
the same few lines for all of them.
"""

from rasa_sdk.events import ActionExecutionRejected, SlotSet

from actions.addresses import puts_postcode_right
from actions.after_task import (
    only_says_undone,
    say_cancelled_for_good,
    says_undone_once_proved,
)
from actions.answers import BEFORE_THE_TASK, REPORTED, TO_AN_ADDRESS, Answer, corrects, read_answer, read_unasked
from actions.calling_off import calls_off, says_only_cancel
from actions.follow_up import another_order
from actions.heard import Heard, hear, named_items
from actions.languages import english_only, foreign_language
from actions.phrases import (
    asks_price,
    drops_task,
    forbids_cancelling,
    gives_no_reason,
    has_forgotten,
    hesitates,
    means_another,
    says_stop,
)
from actions.price import tell_price
from actions.proof import prove
from actions.remedies import remedy_wished
from actions.requests import answer_question, leave, leave_with_answer, resume, take_all_requests
from actions.return_label import tells_of_label
from actions.shop.model import OrderState
from actions.shop_action import ShopAction
from actions.task import COLLECTED, KEPT_WHILE_PAUSED, TITLES, Task
from actions.task_meant import go_on_from_done, prefer_change, prefer_damage, prefer_taking_out, take_other_order
from actions.tasks import TASKS
from actions.turn import Turn, before_this_message, contact_before, words_at_start

FORM = "order_form"
ANSWERS = {"inform", "affirm", "deny", "stop"}
FOLLOW_UP = "follow_up"
NO_REMEDY = {"faq", "talk_to_human", "return_item", "track_refund"}
"""What words about a refund or a replacement may mean instead of a wish for one."""
PROVING = ("order_number", "contact")
"""What proves an order to be the customer's; they may not have it at hand."""
OF_ONE_ORDER = ("item", "confirmed", "_code", "_code_sent")
"""What was said about one order is not said about another."""
SURE = 0.8
"""How sure the model must be, of 1, before its word alone ends a task, or is believed about another language."""
WRONG_TRIES = 3
"""After so many wrong contacts, or answers that were none, the bot offers a person instead of asking again."""


class ValidateOrderForm(ShopAction):
    def name(self) -> str:
        return f"validate_{FORM}"

    async def act(self, turn: Turn) -> None:
        if _is_first_look(turn):
            if not await self._read(turn):
                return
        elif turn.slot("requested_slot") is None:
            await _read_unasked(turn, resume(turn))
        turn.events.append(SlotSet("requested_slot", await self._next_question(turn)))

    async def _read(self, turn: Turn) -> bool:
        """Read the customer's message; False if the form is over, or the message none of its business."""
        requested = turn.slot("requested_slot")
        heard = hear(turn.tracker, requested)
        if isinstance(turn.slot("size"), list):  # "a small rather than a medium" fills it with both
            turn.remember("size", heard.entities["size"])
        keeps = heard.intent == "cancel_order" and forbids_cancelling(heard.text)
        if await _is_called_off(turn, heard, requested, keeps):
            return False
        if requested and not keeps and drops_task(heard.text) and (heard.intent == "faq" or heard.intent in TASKS):
            turn.say("utter_dropped")
            if heard.intent == "faq":
                leave_with_answer(turn, heard)
                return False
            requested = None
        if requested is None:
            if await _is_about_the_last(turn, heard):
                return False
            _start_afresh(turn)
            take_all_requests(turn, heard)
        if not await self._understand(turn, heard, requested):
            turn.events.append(ActionExecutionRejected(FORM))
            return False
        return await self._take_up(turn, heard, requested)

    async def _take_up(self, turn: Turn, heard: Heard, requested: str | None) -> bool:
        """Prove the order and take in what was said of it unasked; False if that ends the form."""
        # A slot must be set, new or not, or Rasa takes the message for something else.
        turn.events.append(SlotSet("task", turn.slot("task")))
        if requested is None:
            await take_other_order(turn, heard)
        await prove(turn)
        if requested in PROVING and await says_undone_once_proved(turn):
            return False
        prefer_damage(turn, heard)
        await prefer_change(turn)
        if requested != "confirmed":
            await prefer_taking_out(turn, heard)
        if requested is None:
            await go_on_from_done(turn, heard)
        # Later, asking where the label will be throws nothing away.
        if requested in BEFORE_THE_TASK and await _tells_of_label(turn, heard):
            leave(turn)
            return False
        # Before the order was proved there was nothing to match the first message with.
        await _read_unasked(turn, heard.text, words_at_start(turn.tracker))
        return True

    async def _understand(self, turn: Turn, heard: Heard, requested: str | None) -> bool:
        """Take in what the message says; False if it is about something else, or ends the task."""
        if puts_postcode_right(turn, heard, requested):
            _take_number_and_contact(turn, heard)
            return True
        if requested in PROVING and has_forgotten(heard.text):
            _take_task(turn, heard, answered=True)
            _count_miss(turn)
            return True
        if requested and (language := _not_in_english(heard)):
            turn.say(english_only(language))
            _take_task(turn, heard, answered=heard.intent not in TASKS or heard.confidence < SURE)
            return True
        if requested == "confirmed" and hesitates(heard.text):
            turn.say("utter_no_hurry")
            return True
        if heard.intent == "talk_to_human" or (_ends_task(heard) and not _skips(heard, requested)):
            return False
        return await self._take_in(turn, heard, requested)

    async def _take_in(self, turn: Turn, heard: Heard, requested: str | None) -> bool:
        """Read it as facts, an answer, or another wish; False if it is none of these."""
        _take_number_and_contact(turn, heard)
        told = turn.slot("order_number") != before_this_message(turn.tracker, "order_number") or bool(heard.contact)
        answer = Answer.NONE
        tasks = {turn.slot("task"), before_this_message(turn.tracker, "task")}
        if requested in PROVING and heard.address and TO_AN_ADDRESS in tasks:
            turn.remember("new_address", str(heard.address))
            told = True
        if requested:
            told = await corrects(turn, heard, _task(turn, before=True)) or told
            if requested != "confirmed" or not told:
                answer = await read_answer(turn, heard, requested, _task(turn, before=True))
            if heard.intent == FOLLOW_UP and not told and answer is Answer.NONE:
                await _go_on(turn, heard, requested)
                return True
            noted = answer is Answer.NONE and _notes_remedy(turn, heard)
            told = told or noted
            _take_task(turn, heard, heard.is_bare_fact or answer is not Answer.NONE or noted)
        if requested is None or told or answer in {Answer.TAKEN, Answer.PART} or heard.intent in TASKS:
            # "The code didn't come" is no question about the shop, whatever it looks like.
            if requested and requested != "_code":
                answer_question(turn, heard)
            turn.remember("_misses", None)
            return True
        if answer is Answer.NONE and heard.intent not in ANSWERS:
            return False
        _count_miss(turn)
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


def _ends_task(heard: Heard) -> bool:
    """A guess alone throws nothing away."""
    return heard.intent == "stop" and (heard.confidence >= SURE or says_stop(heard.text))


def _skips(heard: Heard, requested: str | None) -> bool:
    """Whether what could end the task answers the question, or "skip" only the one for a reason."""
    return requested in heard.entities or (requested == "return_reason" and gives_no_reason(heard.text))


def _calls_off(turn: Turn, heard: Heard) -> bool:
    """ "Cancel", or "cancel the exchange" unless the task began so: then it was never about an exchange to be made."""
    task = before_this_message(turn.tracker, "task")
    if task and task != "cancel_order" and says_only_cancel(heard.text):
        return True
    return bool(task) and calls_off(heard.text, task) and not calls_off(words_at_start(turn.tracker), task)


def _notes_remedy(turn: Turn, heard: Heard) -> bool:
    """Whether it only says what the customer would like for what they report: "I want a replacement"."""
    remedy = remedy_wished(heard.text)
    if remedy is None or before_this_message(turn.tracker, "task") not in REPORTED or heard.intent in NO_REMEDY:
        return False
    turn.remember("remedy", remedy)
    turn.say("utter_remedy_noted", remedy=remedy)
    return True


def _not_in_english(heard: Heard) -> str | None:
    """The other language of a line that is neither a clear answer nor gives a fact."""
    clear = heard.confidence >= SURE and heard.intent in {*ANSWERS, "talk_to_human"}
    return None if clear or heard.entities or heard.address else foreign_language(heard.text)


def _count_miss(turn: Turn) -> None:
    turn.remember("_misses", (turn.slot("_misses") or 0) + 1)


def _is_first_look(turn: Turn) -> bool:
    """False when the form comes back after an interruption that the same message brought about.

    Rasa adds the form's own run to the events before it asks us. A question answered before the form began is none.
    """
    if turn.slot("requested_slot") is None and turn.slot("_paused_task") is None:
        return True
    actions = 0
    for event in reversed(turn.tracker.events):
        if event["event"] == "user":
            break
        actions += event["event"] == "action"
    return actions <= 1


def _task(turn: Turn, *, before: bool = False) -> Task:
    name = before_this_message(turn.tracker, "task") if before else None
    return TASKS[name or turn.text_slot("task")]


async def _read_unasked(turn: Turn, *said: str) -> None:
    order = await turn.order()
    if order and not _task(turn).refusal(order):
        await read_unasked(turn, said, order, _task(turn))


def _start_afresh(turn: Turn) -> None:
    """What an earlier task left behind, a person having taken over in its middle, is no answer to this one."""
    for name in (*COLLECTED, "_last_contact", "_contact_tries", "_misses", "_paused_task"):
        if turn.slot(name) == before_this_message(turn.tracker, name):
            turn.forget(name)


def _take_number_and_contact(turn: Turn, heard: Heard) -> None:
    """The entities were copied into slots already; put right which number was which."""
    known = before_this_message(turn.tracker, "order_number")
    turn.remember("order_number", heard.number or known)
    turn.remember("contact", heard.contact or contact_before(turn.tracker, turn.slot("order_number")))
    if known and turn.slot("order_number") != known:
        turn.forget(*OF_ONE_ORDER)


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


async def _go_on(turn: Turn, heard: Heard, requested: str) -> None:
    """ "And?", in the middle of a task, gets the question again; "the other one" may be the other order."""
    if means_another(heard.text) and requested not in {"order_number", "item"}:
        turn.remember("order_number", await another_order(turn))
        turn.forget(*OF_ONE_ORDER)
    elif asks_price(heard.text) and await turn.order():
        await tell_price(turn)
    else:
        turn.say("utter_back_to_task", what=TITLES[turn.text_slot("task")])


async def _is_about_the_last(turn: Turn, heard: Heard) -> bool:
    """Whether the message that began the form takes back what was done last, or says what it should bring."""
    if heard.confidence < SURE and await only_says_undone(turn, heard):
        return True
    if turn.slot("_last_task") not in REPORTED or heard.intent not in REPORTED or not remedy_wished(heard.text):
        return False
    order = await turn.order()
    if order is None or named_items(heard.text, order.items):
        return False
    turn.say("utter_report_waits", number=order.number)
    leave(turn)
    return True


async def _is_called_off(turn: Turn, heard: Heard, requested: str | None, keeps: bool) -> bool:
    """Whether the form ends with "cancel", "cancel the exchange", or with "don't cancel it" (`keeps`); if so that is said."""
    if requested and _calls_off(turn, heard):
        turn.say("utter_stopped")
        leave(turn)
        return True
    if keeps and requested != "confirmed":
        await _keep_order(turn)
        return True
    return False


async def _keep_order(turn: Turn) -> None:
    """ "Don't cancel it": if it was cancelled, that stays so; else nothing has been."""
    order = await turn.order()
    if order and order.state is OrderState.CANCELLED:
        leave(turn)
        say_cancelled_for_good(turn, order)
    else:
        turn.say("utter_not_cancelled")
        leave(turn)


async def _tells_of_label(turn: Turn, heard: Heard) -> bool:
    order = await turn.order()
    # Before the order was proved, the first message could not be looked up.
    words = heard.text if heard.intent in TASKS else words_at_start(turn.tracker)
    return order is not None and tells_of_label(turn, order, words, _task(turn))
