"""What customers say right after something was done: "sorry, I meant S", "wait, undo that"."""

from typing import Any

from rasa_sdk.events import FollowupAction, SlotSet

from actions.heard import Heard, named_items
from actions.phrases import takes_back, was_meant
from actions.requests import begin
from actions.shop.model import Order
from actions.turn import Turn
from actions.words import listed

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
    if item and item != done["item"] and done["task"] in SENDING_BACK and was_meant(heard.text):
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
    return await puts_right(turn, heard) or await takes_back_done(turn, heard.text)


async def only_says_undone(turn: Turn, words: str) -> bool:
    """As :func:`takes_back_done`, where nothing can be done over: for a form that was begun by a guess, which ends."""
    done = turn.slot("_last_done")
    if not done or _is_done_over(done) or not takes_back(words) or await _order_of(turn, done) is None:
        return False
    turn.forget("task")
    turn.events += [SlotSet("requested_slot", None), FollowupAction("action_listen")]
    return await takes_back_done(turn, words)


async def takes_back_done(turn: Turn, words: str) -> bool:
    """Say whether what was done last can be undone, and what is possible instead; False if the words don't ask for it."""
    done = turn.slot("_last_done")
    if not done or not takes_back(words):
        return False
    if _is_done_over(done):
        begin(turn, done["task"], done["number"], item=done["item"], change=done["change"], words="")
        return True
    return await _say_undone(turn, done)


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


async def _named(turn: Turn, heard: Heard, done: dict[str, Any]) -> str | None:
    """The one item that the message names beside the one it was done to: "the trousers, not the throw"."""
    order = await _order_of(turn, done)
    named = [sku for sku in named_items(heard.text, order.items if order else ()) if sku != done["item"]]
    return named[0] if len(named) == 1 else None
