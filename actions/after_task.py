"""What customers say right after something was done: "sorry, I meant S", "wait, undo that"."""

from typing import Any

from actions.heard import Heard, excepts, hear, named_items
from actions.phrases import means_something_else, takes_back, was_meant
from actions.requests import begin, leave
from actions.shop.model import Order
from actions.turn import Turn
from actions.words import listed

SURE = 0.8
"""How sure the model must be, of 1, that a message wishes for something new though it takes something back as well."""
SIZED = ("exchange_item", "change_order")
DONE_OVER = ("change_order", "change_shipping_address")
"""Tasks that can be done over while the order hasn't left: taking one back is doing it again."""
SENDING_BACK = ("return_item", "get_refund", "exchange_item")
"""Nothing comes of these unless the customer hands a parcel in."""


async def puts_right(turn: Turn, heard: Heard) -> bool:
    """Begin the last task again with the size or address that the message gives instead; False if it gives none."""
    done = _done(turn, heard)
    if done is None:
        return False
    if size := resized(turn, heard):
        if size == done["size"] and done["task"] == "exchange_item":
            turn.say("utter_exchange_for_that_already", number=done["number"], size=size)
        else:
            item = await _named(turn, heard, done) or done["item"]
            begin(turn, done["task"], done["number"], heard, item=item, change="size")
        return True
    if heard.address and done["task"] == "change_shipping_address":
        begin(turn, done["task"], done["number"], heard)
        return True
    item = await _named(turn, heard, done)
    if item and done["task"] in SENDING_BACK and (was_meant(heard.text) or await _excepts_it(turn, heard, done)):
        # Of everything that is to go back, one thing alone doesn't put an end to the rest.
        if done["item"] is not None:
            await _say_undone(turn, done)
        begin(turn, done["task"], done["number"], heard, item=item)
        return True
    return False


def resized(turn: Turn, heard: Heard) -> str | None:
    """The size that the message wants for what was just exchanged or changed."""
    done = _done(turn, heard)
    size = heard.entities.get("size")
    return size.upper() if done and size and done["task"] in SIZED else None


async def after_task(turn: Turn, heard: Heard) -> bool:
    """Whether the message is about what was done last; if so it is answered."""
    return await puts_right(turn, heard) or await takes_back_done(turn, heard)


async def only_says_undone(turn: Turn, heard: Heard) -> bool:
    """As :func:`takes_back_done`, where nothing can be done over: for a form that was begun by a guess, which ends."""
    done = await _taken_back(turn, heard)
    if done is None or _is_done_over(done) or await _order_of(turn, done) is None:
        return False
    leave(turn)
    return await _say_undone(turn, done)


async def takes_back_done(turn: Turn, heard: Heard) -> bool:
    """Say whether what was done last can be undone, and what is possible instead; False if it isn't asked for.

    When who the customer is has to be proved anew, that comes first (:func:`says_undone_once_proved`).
    """
    done = await _taken_back(turn, heard)
    if done is None:
        return False
    if _is_done_over(done):
        begin(turn, done["task"], done["number"], item=done["item"], change=done["change"], words="")
    elif not await _say_undone(turn, done):
        begin(turn, done["task"], done["number"], words="")
    return True


async def says_undone_once_proved(turn: Turn) -> bool:
    """Whether the form was begun by words that take back what was done last; if so they are answered, and it ends."""
    begun = turn.tracker.active_loop.get("trigger_message") or {}
    heard = hear(turn.tracker, None, begun)
    wished = turn.slot("task") == heard.intent and heard.confidence >= SURE
    done = None if wished or turn.slot("order_number") is None else await _taken_back(turn, heard)
    if done is None or _is_done_over(done) or done["number"] != turn.slot("order_number"):
        return False
    if await _order_of(turn, done) is None:
        return False
    leave(turn)
    return await _say_undone(turn, done)


async def _taken_back(turn: Turn, heard: Heard) -> dict[str, Any] | None:
    """What was done last, if the message takes it back."""
    done = _done(turn, heard)
    if done is None or not takes_back(heard.text) or await _is_about_another_thing(turn, heard, done):
        return None
    return done


async def _is_about_another_thing(turn: Turn, heard: Heard, done: dict[str, Any]) -> bool:
    """ "I ordered the picture frame by mistake, too": what is spoken of is what nothing was done to."""
    orders = await turn.counter.sessions.orders(turn.sender_id)
    done_to = {
        item.sku
        for order in orders
        if order.number == done["number"]
        for item in order.items
        if done["item"] in (None, item.sku)
    }
    named = {sku for order in orders for sku in named_items(heard.text, order.items)}
    return not named & done_to and (bool(named) or means_something_else(heard.text))


async def _say_undone(turn: Turn, done: dict[str, Any]) -> bool:
    """Say what becomes of it; False when who the customer is has to be proved anew."""
    order = await _order_of(turn, done)
    if order is None:
        return False
    if done["task"] in SENDING_BACK:
        references = {item.sent_back for item in order.items if item.sent_back and done["item"] in (None, item.sku)}
        turn.say(f"utter_undo_{done['task']}", reference=listed(sorted(map(str, references))))
    elif done["task"] == "change_order":
        turn.say("utter_undo_removing", number=order.number)
        turn.offer_person(f"{order.number}: the customer wants back what was taken out of it.")
    elif done["task"] == "cancel_order":
        say_cancelled_for_good(turn, order)
    else:
        turn.say("utter_undo_report", number=order.number)
    return True


def say_cancelled_for_good(turn: Turn, order: Order) -> None:
    turn.say("utter_undo_cancel_order", number=order.number)
    turn.offer_person(f"{order.number} was cancelled, and the customer wants it after all.")


def _done(turn: Turn, heard: Heard) -> dict[str, Any] | None:
    """What was done last, unless the message is a button, or about another order."""
    done: dict[str, Any] | None = turn.slot("_last_done")
    about_another = done is not None and heard.number not in {None, done["number"]}
    return None if heard.is_button or about_another else done


def _is_done_over(done: dict[str, Any]) -> bool:
    """What was taken out of an order can't be put back into it."""
    return done["task"] in DONE_OVER and done["change"] != "remove"


async def _order_of(turn: Turn, done: dict[str, Any]) -> Order | None:
    return await turn.counter.sessions.order(turn.sender_id, str(done["number"]))


async def _excepts_it(turn: Turn, heard: Heard, done: dict[str, Any]) -> bool:
    order = await _order_of(turn, done)
    return order is not None and done["item"] in excepts(heard.text, order.items)


async def _named(turn: Turn, heard: Heard, done: dict[str, Any]) -> str | None:
    """The one item that the message names beside the one it was done to: "the trousers, not the throw"."""
    order = await _order_of(turn, done)
    named = [sku for sku in named_items(heard.text, order.items if order else ()) if sku != done["item"]]
    return named[0] if len(named) == 1 else None
