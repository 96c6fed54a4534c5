"""Which task, and which item, words mean when the order itself says more than they do.

Called once the order is proved: "another size" is a change before it ships and an exchange after it came.
"""

from actions.after_task import SENDING_BACK, SIZED, resized
from actions.answers import change_in
from actions.follow_up import another_order
from actions.heard import Heard, named_item, named_items
from actions.phrases import means_it, means_other_order, wants_all
from actions.remedies import says_damaged
from actions.shop.model import OrderState
from actions.turn import Turn, before_this_message, words_at_start

WHOLE_ORDER = {
    "track_order",
    "cancel_order",
    "change_shipping_address",
    "get_invoice",
    "track_refund",
    "report_missing_package",
}
"""Tasks that ask for no item."""


def prefer_damage(turn: Turn, heard: Heard) -> None:
    """What the words that begin a report plainly call damaged isn't reported as the wrong thing."""
    begins = before_this_message(turn.tracker, "task") != "report_wrong_item"
    if begins and turn.slot("task") == "report_wrong_item" and says_damaged(heard.text):
        turn.remember("task", "report_damaged_item")


async def prefer_change(turn: Turn) -> None:
    """Another size of what hasn't shipped is a change, for nothing has to come back; of what has come, an exchange."""
    order = await turn.order()
    if order and turn.slot("task") == "exchange_item" and order.state is OrderState.PROCESSING:
        turn.remember("task", "change_order")
        turn.remember("change", "size")
    elif order and turn.slot("task") == "change_order" and order.state is OrderState.DELIVERED and _is_about_size(turn):
        turn.remember("task", "exchange_item")


async def prefer_taking_out(turn: Turn, heard: Heard) -> None:
    """To cancel one item of several, named as such, is to take it out of the order."""
    order = await turn.order()
    if order is None or turn.slot("task") != "cancel_order" or order.state is not OrderState.PROCESSING:
        return
    named = (named_item(text, order.items) for text in (heard.text, words_at_start(turn.tracker)))
    if len(order.items) > 1 and any(named):
        turn.remember("task", "change_order")
        turn.remember("change", "remove")


def _is_about_size(turn: Turn) -> bool:
    return turn.slot("size") is not None or "size" in {turn.slot("change"), change_in(words_at_start(turn.tracker))}


async def take_other_order(turn: Turn, heard: Heard) -> None:
    """ "Send the other one to a new address": not the order just shown. Of things to choose from, it may be the other thing."""
    if turn.slot("task") in WHOLE_ORDER and not heard.number and means_other_order(heard.text):
        turn.remember("order_number", await another_order(turn) or turn.slot("order_number"))


async def go_on_from_done(turn: Turn, heard: Heard) -> None:
    """What is wished next for "it", or in another size, is about the item of what was just done, however it is put."""
    done, order = turn.slot("_last_done"), await turn.order()
    if not done or order is None or order.number != done["number"]:
        return
    size = turn.slot("task") in SIZED and resized(turn, heard)
    if size and size != done["size"]:
        turn.remember("task", done["task"])
        turn.remember("change", "size")
    of_it = turn.slot("task") in SENDING_BACK and means_it(heard.text) and not wants_all(heard.text)
    if (size or of_it) and not named_items(heard.text, order.items):
        turn.remember("item", done["item"])
