"""Asking for the label of something that is being sent back, or was thought to be."""

import re

from actions.heard import named_item
from actions.returns import SendingBack
from actions.shop.model import Order
from actions.task import Task
from actions.turn import Turn

_LABEL = re.compile(r"\blabels?\b", re.IGNORECASE)
_ITS_LABEL = r"(?:(?:my|the|that|your|a|any|return|shipping|new) ){0,3}labels?\b"
_MISSED = re.compile(
    rf"\bwhere(?:s| is| are| did| has) [^.?!]{{0,20}}?{_ITS_LABEL}"
    rf"|\b(?:lost|missing|resend|cant find|have no|got no|(?:never|didnt|havent) (?:get|got|had|receive|received)) {_ITS_LABEL}"
    r"|\blabels? (?:again|never|hasnt|didnt|isnt|wont)\b",
    re.IGNORECASE,
)
_SENDING_BACK = re.compile(
    r"\b(?:labels?|return\w*|exchang\w+|refund\w*|swap\w*|sen[dt] (?:\w+ )?back)\b", re.IGNORECASE
)


def tells_of_label(turn: Turn, order: Order, words: str, task: Task) -> bool:
    """Asking for the label of what is being sent back, in whatever words, is asking for that return again.

    True when a label is missed that there is none of: the customer has been told, and nothing should be begun instead.
    """
    if words.startswith("/") or not _LABEL.search(words):
        return False
    named = named_item(words, order.items)
    sent_back = [item.sku for item in order.items if item.sent_back and named in {None, item.sku}]
    if sent_back:
        turn.remember("task", "return_item")
        turn.remember("item", sent_back[-1])
        return False
    return isinstance(task, SendingBack) and _misses_one(words) and _says_none(turn, order)


def _misses_one(words: str) -> bool:
    """ "where is my label?": it should be there already. "Where do I get a label?" is a wish like any other."""
    return bool(_MISSED.search(re.sub("['’]", "", words)))


def _says_none(turn: Turn, order: Order) -> bool:
    note = str(turn.slot("handback_note") or "")
    if _SENDING_BACK.search(note):
        turn.say("utter_no_label_after_note", number=order.number, note=note)
    else:
        turn.say("utter_no_label", number=order.number)
    return True
