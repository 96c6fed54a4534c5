"""What an order, or what is chosen of it, comes to: "how much is that?"."""

from actions.heard import named_items, order_number_in
from actions.phrases import asks_price_of_that
from actions.shop.model import Item, Order
from actions.tasks import TASKS
from actions.turn import Turn
from actions.words import listed, money


async def tell_price(turn: Turn) -> None:
    """Of the items that the task under way is about, else of the order last spoken of."""
    order = await turn.order()
    if order is None:
        turn.say("utter_price_of_what")
        return
    items = _meant(turn, order)
    if not items:
        turn.say("utter_price_of_what")
        return
    total = money(sum((item.total for item in items), start=items[0].total * 0))
    if len(items) == 1:
        turn.say("utter_price_of_one", number=order.number, items=listed(items), total=total)
    else:
        each = listed([f"{item} at {money(item.total)}" for item in items])
        turn.say("utter_price", number=order.number, items=each, total=total)


def _meant(turn: Turn, order: Order) -> list[Item]:
    """What the message names; else what the task is about, or all of the order. Of another thing in the shop, nothing."""
    words = str(turn.tracker.latest_message.get("text") or "")
    if named := named_items(words, order.items):
        return [item for item in order.items if item.sku in named]
    if not asks_price_of_that(words) and not order_number_in(words):
        return []
    task = turn.slot("task")
    return (TASKS[task].chosen(turn, order) if task else []) or list(order.items)
