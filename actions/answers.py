"""How each of the form's questions may be answered, in words or by a button."""

import re
from collections.abc import Awaitable, Callable, Sequence
from enum import Enum, auto

from actions.heard import ALL_ITEMS, Heard, all_but, excepts, named_item, names_all, sizes_by_item
from actions.phrases import (
    agrees_plainly,
    forbids,
    gives_no_reason,
    means_another,
    number_picked,
    qualifies,
    tells_reason,
    wants_all,
)
from actions.postal_address import (
    ends_in_postcode,
    ends_in_state,
    is_unclear_address,
    lines_of_address,
    names_street,
    parse_address,
)
from actions.remedies import remedy_wished
from actions.shop.model import Item, Order
from actions.task import Task
from actions.turn import Turn, before_this_message, said_since_asked

REASON_BUTTONS = ("too_small", "too_large", "not_as_described", "damaged", "changed_mind", "other")
"""The reasons that can be pressed, in their order: "2" picks the second."""
REASONS = {*REASON_BUTTONS, "wrong_item", "late"}
REASON_INTENTS = {"report_damaged_item": "damaged", "report_wrong_item": "wrong_item"}
REPORTED = {"report_damaged_item", "report_wrong_item"}
"""Tasks after which a person decides whether it is a new one or the money back."""
BEFORE_THE_TASK = (None, "order_number", "contact")
"""What is asked before anything about the task itself: what proves the order."""
TO_AN_ADDRESS = "change_shipping_address"
"""The one task that wants an address; in any other, an address only proves who ordered."""
SURELY_YES = 0.8
"""How sure the model must be, of 1, that words which are more than a plain yes agree."""
SURELY_THE_SAME = 0.5
"""How sure, when they begin with a yes and wish the same once more: "yes, cancel everything"."""
UNCLEAR = {"nlu_fallback", "out_of_scope"}
CHANGES = {"size", "remove", "other"}
CHANGE_WORDS = {
    "remove": re.compile(r"\b(remove|(?:take|leave) (?:\S+ ){0,3}out|without|drop)\b", re.IGNORECASE),
    "size": re.compile(r"\b(size|bigger|smaller|larger)\b", re.IGNORECASE),
}


class Answer(Enum):
    TAKEN = auto()
    """The slot is set."""
    WRONG = auto()
    """It was an answer, but not a possible one; the customer has been told."""
    PART = auto()
    """A line of an answer that takes several; what was said is read together with the next."""
    NONE = auto()
    """The message is about something else, or unclear."""


async def read_answer(turn: Turn, heard: Heard, requested: str, task: Task) -> Answer:
    """Read the message as an answer to the question for the slot `requested`."""
    reader = _READERS.get(requested)
    return await reader(turn, heard, task) if reader else Answer.NONE


async def read_unasked(turn: Turn, said: Sequence[str], order: Order, task: Task) -> None:
    """Take from the messages `said`, the latest first, what they answer before it is asked: "the throw is too small"."""
    if not turn.slot("item"):
        named = (_item_in(task, order, text) for text in said)
        turn.remember("item", next(filter(None, named), None))
    if task.task == TO_AN_ADDRESS and not turn.slot("new_address"):
        # Later, an address of the first message was asked about, and not agreed to.
        fresh = said if _is_just_asked(turn) else said[:1]
        turn.remember("new_address", next((str(found) for text in fresh if (found := parse_address(text))), None))
    if not turn.slot("change"):
        turn.remember("change", next((change for text in said if (change := change_in(text))), None))
    if turn.slot("return_reason") not in {None, *REASONS}:
        turn.remember("return_reason", "other")
    if task.task in REPORTED:
        turn.remember("remedy", remedy_wished(said[0]) or turn.slot("remedy") or remedy_wished(said[-1]))
    _take_size_of_item(turn, order, task)
    if turn.slot("size") and (_is_just_proved(turn, order, task) or _is_new(turn, "size") or _is_new(turn, "item")):
        await _check_size(turn, str(turn.slot("size")), task)


def _take_size_of_item(turn: Turn, order: Order, task: Task) -> None:
    """Of sizes for several things, each named, only the one for the chosen thing counts; of unclear ones, none."""
    for message in (turn.tracker.latest_message, turn.tracker.active_loop.get("trigger_message") or {}):
        sizes = sizes_by_item(message, order.items) if turn.slot("size") else None
        if sizes is not None and _is_just_asked(turn):
            chosen = task.chosen(turn, order)
            turn.remember("size", sizes.get(chosen[0].sku) if len(chosen) == 1 else None)
            return


def _is_just_asked(turn: Turn) -> bool:
    """Whether nothing but what proves the order has been asked for yet."""
    return before_this_message(turn.tracker, "requested_slot") in BEFORE_THE_TASK


def _is_just_proved(turn: Turn, order: Order, task: Task) -> bool:
    """Whether the size was said before there was an order to check it with."""
    return _is_just_asked(turn) and "size" in task.steps(order, turn)


def _is_new(turn: Turn, name: str) -> bool:
    return bool(turn.slot(name) != before_this_message(turn.tracker, name))


async def corrects(turn: Turn, heard: Heard, task: Task) -> bool:
    """Whether the message changes something said before ("no, the trousers", "make that an L"); if so it is changed."""
    order = await turn.order()
    if order is None or heard.is_button:
        return False
    changed = False
    chosen = [item.sku for item in task.chosen(turn, order)]
    items = task.items(order)
    named = named_item(heard.text, order.items) or all_but(heard.text, items)
    named = named or _the_other(heard, items, turn.slot("item"))
    if named and chosen and chosen != [named] and turn.slot("requested_slot") != "item":
        turn.remember("item", named)
        changed = True
        if "size" not in heard.entities:  # it was the other item's
            turn.forget("size")
    if heard.address and turn.slot("new_address") not in {None, str(heard.address)}:
        turn.remember("new_address", str(heard.address))
        turn.forget("confirmed")  # that was another one's
        changed = True
    told = [name for name in ("size", "return_reason") if name in heard.entities]
    return changed or any(before_this_message(turn.tracker, name) not in {None, turn.slot(name)} for name in told)


def _item_in(task: Task, order: Order, text: str) -> str | None:
    items = task.items(order)
    if _all_of_several(task, items, text):
        return ALL_ITEMS
    return named_item(text, order.items) or all_but(text, items)


def _all_of_several(task: Task, items: Sequence[Item], text: str) -> bool:
    every = len(items) > 1 and wants_all(text) and not excepts(text, items)
    return task.takes_several and (names_all(text, items) or every)


def _the_other(heard: Heard, items: Sequence[Item], chosen: str | None) -> str | None:
    """Of two items the one that wasn't chosen: "no, the other one"."""
    others = [item.sku for item in items if item.sku != chosen]
    return others[0] if len(items) == 2 and len(others) == 1 and means_another(heard.text) else None


def change_in(text: str) -> str | None:
    """What the text wants changed in an order: a kind of `CHANGES`, if it says so."""
    return next((change for change, words in CHANGE_WORDS.items() if words.search(text)), None)


async def _item(turn: Turn, heard: Heard, task: Task) -> Answer:
    order = await turn.order()
    chosen = heard.item(task.items(order)) or named_item(heard.text, order.items) if order else None
    known = {item.sku for item in (order.items if order else [])} | ({ALL_ITEMS} if task.takes_several else set())
    if chosen not in known or heard.is_question:
        return Answer.NONE
    turn.remember("item", chosen)
    return Answer.TAKEN


async def _return_reason(turn: Turn, heard: Heard, task: Task) -> Answer:
    if gives_no_reason(heard.text):
        turn.remember("return_reason", "other")
        return Answer.TAKEN
    if picked := number_picked(heard.text):
        return _pick_reason(turn, picked)
    reason = heard.entities.get("return_reason") or REASON_INTENTS.get(heard.intent)
    told = heard.intent in {"inform", "complaint", "deny"} or (heard.intent in UNCLEAR and tells_reason(heard.text))
    if reason is None and (not told or heard.number or heard.contact):
        return Answer.NONE
    turn.remember("return_reason", reason if reason in REASONS else "other")
    return Answer.TAKEN


def _pick_reason(turn: Turn, place: int) -> Answer:
    if place > len(REASON_BUTTONS):
        turn.say("utter_any_reason")
        return Answer.WRONG
    turn.remember("return_reason", REASON_BUTTONS[place - 1])
    return Answer.TAKEN


async def _size(turn: Turn, heard: Heard, task: Task) -> Answer:
    size = heard.entities.get("size")
    if task.task == "change_order" and "remove" in {heard.entities.get("change"), change_in(heard.text)}:
        turn.remember("change", "remove")
        return Answer.TAKEN
    return await _check_size(turn, size, task) if size else Answer.NONE


async def _check_size(turn: Turn, size: str, task: Task) -> Answer:
    """Keep a size that the chosen item can be had in; say why not otherwise. It waits for an item to be chosen."""
    order = await turn.order()
    chosen = task.chosen(turn, order) if order else []
    size = size.upper()
    if not chosen:
        turn.remember("size", size)
        return Answer.TAKEN
    if chosen[0].size is None:
        pass  # action_ask_size says that it has none
    elif size not in await turn.counter.shop.sizes_in_stock(chosen[0].sku):
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
    lines = lines_of_address(said_since_asked(turn.tracker, "new_address"))
    if address := heard.address or parse_address("\n".join(lines)):
        turn.remember("new_address", str(address))
        return Answer.TAKEN
    # Towns are also what our shops are asked about: a state and ZIP are no question, whatever the model takes them for.
    stated = heard.intent in {"inform", task.task, *UNCLEAR} or ends_in_state(heard.text)
    goes_on = bool(lines) and stated and not heard.is_question
    if is_unclear_address(heard.text) or (goes_on and ends_in_postcode(heard.text)):
        turn.say("utter_address_unclear")
        return Answer.WRONG
    return Answer.PART if goes_on else Answer.NONE


async def _confirmed(turn: Turn, heard: Heard, task: Task) -> Answer:
    agreed = _agrees(heard, task)
    if not agreed and task.task == TO_AN_ADDRESS and names_street(heard.text):
        turn.forget("new_address")
        return Answer.WRONG
    if not agreed and task.task == "cancel_order" and await _says_how_to_take_out(turn, heard):
        return Answer.WRONG
    forbidden = forbids(heard.text) and not heard.is_question
    if not agreed and heard.intent != "deny" and not forbidden:
        return Answer.NONE
    turn.remember("confirmed", agreed)
    return Answer.TAKEN


async def _says_how_to_take_out(turn: Turn, heard: Heard) -> bool:
    """ "Yes, but only the mugs": of an order that is still open a thing can be left out, which is another task."""
    order = await turn.order()
    sku = named_item(heard.text, order.items) if order else None
    qualified = heard.says_yes and qualifies(heard.text)
    if order is None or sku is None or not qualified or excepts(heard.text, order.items):
        return False
    name = next(item.name for item in order.items if item.sku == sku)
    turn.say_words(f'Cancelling is for all of {order.number}. To have one thing taken out, say "remove the {name}".')
    return True


def _agrees(heard: Heard, task: Task) -> bool:
    """Whether it is a yes to all of what was asked. What can't be undone isn't done on a qualified one, or a guess."""
    if heard.is_button:
        return heard.intent == "affirm"
    if qualifies(heard.text) or forbids(heard.text) or names_street(heard.text):
        return False
    # "S" looks much like "si": what carries a fact isn't taken for a yes unless it says so.
    says_so = heard.says_yes or not heard.entities
    again = heard.says_yes and heard.intent == task.task
    enough = SURELY_THE_SAME if again else SURELY_YES
    sure = agrees_plainly(heard.text) or (says_so and heard.confidence >= enough)
    return sure and (again or heard.intent == "affirm" or (heard.intent == "inform" and heard.says_yes))


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
