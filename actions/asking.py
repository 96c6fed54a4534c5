"""What `order_form` asks, slot by slot. Rasa finds these by their names: `action_ask_<slot>`."""

import json
import re

from actions.phrases import has_forgotten
from actions.postal_address import ends_in_postcode, is_unclear_address, lines_of_address
from actions.shop.codes import CodesSpentError
from actions.shop.model import Order, OrderState
from actions.shop_action import ShopAction
from actions.task import Task
from actions.tasks import TASKS
from actions.turn import Turn, before_this_message, said_since_asked
from actions.words import masked_email

MOST_BUTTONS = 6
POSTCODE_WILL_DO = "No problem. The postcode will do, too: the one of the address on the order. What is it?"
EMAIL_WILL_DO = "No problem. The e-mail address you ordered with will do, too. Which one is it?"
NEITHER_PROOF = (
    "Without the e-mail address or the postcode I can't open the order, so that nobody else can either. "
    "A person can find another way with you."
)
_POSTCODE = re.compile(r"\b(zip|zipcode|post ?code|postal)\b", re.IGNORECASE)


def button(title: str, **entities: str) -> dict[str, str]:
    """A button that says `title` and means these entities."""
    return {"title": title, "payload": f"/inform{json.dumps(entities)}"}


class AskOrderNumber(ShopAction):
    def name(self) -> str:
        return "action_ask_order_number"

    async def act(self, turn: Turn) -> None:
        # Only a customer who has proved who they are is shown which orders there are.
        orders = await turn.counter.sessions.orders(turn.sender_id)
        if orders:
            turn.say("utter_which_order", buttons=[_order_button(order) for order in orders[:MOST_BUTTONS]])
        else:
            turn.say("utter_ask_number_again" if turn.slot("_misses") else "utter_ask_number")


class AskContact(ShopAction):
    def name(self) -> str:
        return "action_ask_contact"

    async def act(self, turn: Turn) -> None:
        if turn.slot("_contact_tries") != before_this_message(turn.tracker, "_contact_tries"):
            turn.say("utter_no_match")
        elif has_forgotten(text := str(turn.tracker.latest_message.get("text") or "")):
            _name_the_other_proof(turn, text)
        else:
            asked_before = turn.slot("_misses") or turn.slot("_contact_tries")
            turn.say("utter_ask_contact_again" if asked_before else "utter_ask_contact")


class AskItem(ShopAction):
    def name(self) -> str:
        return "action_ask_item"

    async def act(self, turn: Turn) -> None:
        task, order = await task_and_order(turn)
        items = task.items(order)
        buttons = [button(str(item), item=item.sku) for item in items[:MOST_BUTTONS]]
        if turn.slot("_misses"):
            turn.say("utter_ask_item_again", buttons=buttons, number=order.number)
            return
        task.say_left_out(turn, order)
        turn.say(f"utter_ask_item_{task.task}", buttons=buttons, number=order.number)


class AskSize(ShopAction):
    def name(self) -> str:
        return "action_ask_size"

    async def act(self, turn: Turn) -> None:
        task, order = await task_and_order(turn)
        item = task.chosen(turn, order)[0]
        if item.size is None:
            turn.say("utter_item_has_no_sizes", item=str(item))
            return
        sizes = [size for size in await turn.counter.shop.sizes_in_stock(item.sku) if size != item.size]
        said = "utter_ask_size" if sizes else "utter_no_other_size"
        turn.say(said, buttons=[button(size, size=size) for size in sizes], item=str(item))


class AskNewAddress(ShopAction):
    """Customers write an address in one message or line by line; of one that is begun only the rest is asked for."""

    def name(self) -> str:
        return "action_ask_new_address"

    async def act(self, turn: Turn) -> None:
        begun = lines_of_address(said_since_asked(turn.tracker, "new_address"))
        goes_on = begun and not is_unclear_address(begun[-1]) and not ends_in_postcode(begun[-1])
        asked = "utter_whole_address" if before_this_message(turn.tracker, "new_address") else "utter_ask_new_address"
        turn.say("utter_ask_rest_of_address" if goes_on else asked)


class AskConfirmed(ShopAction):
    def name(self) -> str:
        return "action_ask_confirmed"

    async def act(self, turn: Turn) -> None:
        task, order = await task_and_order(turn)
        task.say_under_way(turn, order)
        turn.say(task.confirmation(turn, order), **await task.facts(turn, order))


class AskCode(ShopAction):
    """Sends the code the first time it asks, and when the customer wants another."""

    def name(self) -> str:
        return "action_ask__code"

    async def act(self, turn: Turn) -> None:
        task, order = await task_and_order(turn)
        if turn.slot("_code_sent"):
            turn.say("utter_ask_code_again", email=masked_email(order.email))
            return
        try:
            await turn.counter.codes.send(turn.sender_id, order, task.task)
        except CodesSpentError:
            turn.say("utter_codes_spent")
            return
        turn.remember("_code_sent", True)
        turn.say("utter_ask_code", email=masked_email(order.email))


async def task_and_order(turn: Turn) -> tuple[Task, Order]:
    """What is being done and to which order; the form asks only for what a proved customer may answer."""
    order = await turn.order()
    if order is None:
        raise LookupError("the form asked about an order before it was proved")
    return TASKS[turn.text_slot("task")], order


def _name_the_other_proof(turn: Turn, text: str) -> None:
    """To somebody who has forgotten one of the two that prove an order; who has neither needs a person."""
    if (turn.slot("_misses") or 0) > 1:
        turn.say_words(NEITHER_PROOF, buttons=[{"title": "Talk to a person", "payload": "/talk_to_human"}])
    else:
        turn.say_words(EMAIL_WILL_DO if _POSTCODE.search(text) else POSTCODE_WILL_DO)


def _order_button(order: Order) -> dict[str, str]:
    said = {OrderState.PROCESSING: "being packed", OrderState.SHIPPED: "on its way"}.get(order.state, order.state.value)
    return button(f"{order.number}, {said}", order_number=order.number)
