"""What only makes sense after what came before: "and?", "and the other one?", "what about 10457"."""

from dataclasses import replace

from actions.after_task import after_task
from actions.heard import Heard, five_digits, hear, named_item
from actions.phrases import asks_price, goes_on, means_another, names_order
from actions.price import tell_price
from actions.proof import prove
from actions.requests import begin
from actions.shop_action import ShopAction
from actions.tasks import TASKS
from actions.turn import Turn, before_this_message, contact_before

LOOK = "track_order"
NEWS_OF = {"return_item": "track_refund", "get_refund": "track_refund"}
"""Which look tells what became of a task. Of any other, the order itself does."""
REPORTS = ("report_missing_package", "report_damaged_item", "report_wrong_item")
"""A person decides about these; the order itself tells nothing of it."""


class FollowUp(ShopAction):
    """Goes on where the last task ended: with another order, or with what there is to tell about the same one."""

    def name(self) -> str:
        return "action_follow_up"

    async def act(self, turn: Turn) -> None:
        heard = hear(turn.tracker, None)
        last, number = turn.slot("_last_task"), turn.slot("order_number")
        if heard.number or heard.contact:
            await _go_on_with_facts(turn)
        elif asks_price(heard.text):
            await _tell_price(turn, heard)
        elif means_another(heard.text) and number:
            begin(turn, last or LOOK, await another_order(turn))
        elif last in REPORTS:
            turn.say("utter_report_waits", number=number)
        elif last:
            begin(turn, last if TASKS[last].looks_only else NEWS_OF.get(last, LOOK), number)
        else:
            _ask_which_task(turn)


class WhichTask(ShopAction):
    """Facts without a wish."""

    def name(self) -> str:
        return "action_which_task"

    async def act(self, turn: Turn) -> None:
        heard = hear(turn.tracker, None)
        if not await after_task(turn, heard):
            await _go_on_with_facts(turn)


async def _go_on_with_facts(turn: Turn) -> None:
    """A number, an e-mail, or both: the last task for that order, else a look at it, else the question what to do."""
    heard = await _take_facts(turn)
    await prove(turn)
    number, last = turn.slot("order_number"), turn.slot("_last_task")
    order = await turn.order()
    if heard.intent == "follow_up" and asks_price(heard.text):
        await _tell_price(turn, heard)
    elif heard.number and last and (TASKS[last].looks_only or goes_on(heard.text)):
        begin(turn, last, number)
    elif last and order and named_item(heard.text, order.items):
        # "The shirt then", when the apron can't come back.
        begin(turn, last, number, heard)
    elif (heard.number or heard.contact) and (turn.slot("_last_contact") or order):
        # All there is to prove an order and not a word of what for: to see it.
        begin(turn, LOOK, number)
    else:
        _ask_which_task(turn)


async def _tell_price(turn: Turn, heard: Heard) -> None:
    """Of an order that isn't proved to be theirs the look at it tells what it comes to, once it is."""
    if await turn.order() or not (heard.number or names_order(heard.text)):
        await tell_price(turn)
    else:
        begin(turn, LOOK, turn.slot("order_number"))


async def _take_facts(turn: Turn) -> Heard:
    """Five digits after an order number that isn't proved yet are its postcode."""
    known = before_this_message(turn.tracker, "order_number")
    proved = await turn.counter.sessions.order(turn.sender_id, known) if known else None
    heard = hear(turn.tracker, "contact" if known and proved is None else None)
    if proved and five_digits(heard.text) == proved.address.postcode:  # said once more, it is no other order's number
        heard = replace(heard, number=None, contact=None)
    if heard.contact == (known or "")[3:]:
        heard = hear(turn.tracker, None)
    turn.remember("order_number", heard.number or known)
    turn.remember("contact", heard.contact or contact_before(turn.tracker, turn.slot("order_number")))
    return heard


def _ask_which_task(turn: Turn) -> None:
    number = turn.slot("order_number")
    turn.say("utter_which_task" if number else "utter_which_task_without_number", number=number)


async def another_order(turn: Turn) -> str | None:
    """The one other order of the proved customer; None if there are several to choose from, or nothing is proved."""
    orders = await turn.counter.sessions.orders(turn.sender_id)
    others = [order.number for order in orders if order.number != turn.slot("order_number")]
    return others[0] if len(others) == 1 else None
