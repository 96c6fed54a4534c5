"""How each of the form's questions may be answered, in words or by a button."""

from collections.abc import Awaitable, Callable
from enum import Enum, auto

from actions.heard import ALL_ITEMS, Heard, named_item, parse_address
from actions.shop.model import Order
from actions.task import Task
from actions.turn import Turn, before_this_message

REASONS = {"too_small", "too_large", "not_as_described", "damaged", "wrong_item", "changed_mind", "late", "other"}
REASON_INTENTS = {"report_damaged_item": "damaged", "report_wrong_item": "wrong_item"}
CHANGES = {"size", "remove", "other"}
CHANGE_WORDS = {"remove": ("remove", "take out", "leave out", "without", "drop"), "size": ("size", "bigger", "smaller")}


class Answer(Enum):
    TAKEN = auto()
    """The slot is set."""
    WRONG = auto()
    """It was an answer, but not a possible one; the customer has been told."""
    NONE = auto()
    """The message is about something else, or unclear."""


async def read_answer(turn: Turn, heard: Heard, requested: str, task: Task) -> Answer:
    """Read the message as an answer to the question for the slot `requested`."""
    reader = _READERS.get(requested)
    return await reader(turn, heard, task) if reader else Answer.NONE


async def read_unasked(turn: Turn, heard: Heard, order: Order, task: Task) -> None:
    """Take what was said before it was asked: "return the throw from 10288, it's too small"."""
    # Before the order was proved there was nothing to match the first message with.
    said = [heard.text, str((turn.tracker.active_loop.get("trigger_message") or {}).get("text") or "")]
    if not turn.slot("item"):
        turn.remember("item", next((sku for text in said if (sku := named_item(text, order.items))), None))
    if not turn.slot("new_address"):
        turn.remember("new_address", next((str(found) for text in said if (found := parse_address(text))), None))
    if not turn.slot("change"):
        turn.remember("change", next((change for text in said if (change := change_in(text))), None))
    if turn.slot("return_reason") not in {None, *REASONS}:
        turn.remember("return_reason", "other")
    if turn.slot("size") and turn.slot("size") != before_this_message(turn.tracker, "size"):
        await _check_size(turn, str(turn.slot("size")), task)


async def corrects(turn: Turn, heard: Heard, task: Task) -> bool:
    """Whether the message changes something said before ("no, the trousers", "make that an L"); if so it is changed."""
    order = await turn.order()
    if order is None or heard.is_button:
        return False
    changed = False
    named = named_item(heard.text, order.items)
    chosen = [item.sku for item in task.chosen(turn, order)]
    if named and chosen and chosen != [named] and turn.slot("requested_slot") != "item":
        turn.remember("item", named)
        changed = True
    if heard.address and turn.slot("new_address") not in {None, str(heard.address)}:
        turn.remember("new_address", str(heard.address))
        changed = True
    told = [name for name in ("size", "return_reason") if name in heard.entities]
    return changed or any(before_this_message(turn.tracker, name) not in {None, turn.slot(name)} for name in told)


def change_in(text: str) -> str | None:
    """What the text wants changed in an order: a kind of `CHANGES`, if it says so."""
    said = text.lower()
    return next((change for change, words in CHANGE_WORDS.items() if any(word in said for word in words)), None)


async def _item(turn: Turn, heard: Heard, task: Task) -> Answer:
    order = await turn.order()
    chosen = heard.item(task.items(order)) or named_item(heard.text, order.items) if order else None
    known = {item.sku for item in (order.items if order else [])} | ({ALL_ITEMS} if task.takes_several else set())
    if chosen not in known or heard.is_question:
        return Answer.NONE
    turn.remember("item", chosen)
    return Answer.TAKEN


async def _return_reason(turn: Turn, heard: Heard, task: Task) -> Answer:
    reason = heard.entities.get("return_reason") or REASON_INTENTS.get(heard.intent)
    if reason is None and (heard.intent not in {"inform", "complaint", "deny"} or heard.number or heard.contact):
        return Answer.NONE
    turn.remember("return_reason", reason if reason in REASONS else "other")
    return Answer.TAKEN


async def _size(turn: Turn, heard: Heard, task: Task) -> Answer:
    size = heard.entities.get("size")
    return await _check_size(turn, size, task) if size else Answer.NONE


async def _check_size(turn: Turn, size: str, task: Task) -> Answer:
    """Keep a size that the chosen item can be had in; say why not otherwise."""
    order = await turn.order()
    chosen = task.chosen(turn, order) if order else []
    size = size.upper()
    if not chosen or size not in await turn.counter.shop.sizes_in_stock(chosen[0].sku):
        turn.say("utter_size_not_there", size=size)
    elif size == chosen[0].size:
        turn.say("utter_same_size", size=size)
    else:
        turn.remember("size", size)
        return Answer.TAKEN
    turn.forget("size")
    return Answer.WRONG


async def _change(turn: Turn, heard: Heard, task: Task) -> Answer:
    change = heard.entities.get("change") or ("size" if heard.entities.get("size") else change_in(heard.text))
    if change is None and heard.intent != "inform":
        return Answer.NONE
    turn.remember("change", change if change in CHANGES else "other")
    return Answer.TAKEN


async def _new_address(turn: Turn, heard: Heard, task: Task) -> Answer:
    if heard.address is None:
        return Answer.NONE
    turn.remember("new_address", str(heard.address))
    return Answer.TAKEN


async def _confirmed(turn: Turn, heard: Heard, task: Task) -> Answer:
    # "S" looks much like "si": what carries a fact isn't taken for a yes unless it says so.
    sure = heard.says_yes or heard.is_button or not heard.entities
    agreed = sure and (heard.intent == "affirm" or (heard.intent in {task.task, "inform"} and heard.says_yes))
    if not agreed and heard.intent != "deny":
        return Answer.NONE
    turn.remember("confirmed", agreed)
    return Answer.TAKEN


async def _code(turn: Turn, heard: Heard, task: Task) -> Answer:
    number = turn.text_slot("order_number")
    if heard.wants_code_again:
        turn.forget("_code_sent")
        return Answer.TAKEN
    if heard.code is None:
        return Answer.NONE
    if await turn.counter.codes.check(turn.sender_id, number, task.task, heard.code, key=turn.key):
        turn.remember("_code", heard.code)
        return Answer.TAKEN
    turn.say("utter_code_wrong")
    return Answer.WRONG


_READERS: dict[str, Callable[[Turn, Heard, Task], Awaitable[Answer]]] = {
    "item": _item,
    "return_reason": _return_reason,
    "size": _size,
    "change": _change,
    "new_address": _new_address,
    "confirmed": _confirmed,
    "_code": _code,
}
