"""What customers say to end the task under way: "cancel", "never mind the exchange"."""

import re

_CALLING_OFF = r"(?:cancel|stop|never\s?mind|nvm|call off|abort|scrap|drop|forget(?: about)?|withdraw|end|undo)"
_BEFORE_CALLING_OFF = (
    r"\W*(?:(?:ok|okay|oh|no|well|actually|sorry|hey|please|pls|just|then)\W+)*"
    r"(?:(?:i want(?: you)? to|i(?:'d| would) like(?: you)? to|(?:can|could) you|let's)\s+)?(?:(?:please|just)\s+)*"
)
_AFTER_CALLING_OFF = r"(?:\W+(?:please|pls|thanks|thank you|now|then))*[^\w?]*"
_ONLY_CANCEL = re.compile(
    r"\W*(?:(?:ok|okay|oh|no|well|wait|actually|sorry|please|pls|just|so|never\s?mind|nvm)\W+)*"
    r"cancel(?:\W+(?:it|this|that|please|pls|thanks|thank you|now|then))*[^\w?]*",
    re.IGNORECASE,
)
_WHOSE = r"(?:the|my|this|that)"
_CALLED = {
    "return_item": "return",
    "exchange_item": "exchange|swap",
    "get_refund": "refund",
    "change_order": "change",
    "change_shipping_address": "change|address change|change of address",
    "report_damaged_item": "report|claim",
    "report_wrong_item": "report|claim",
    "report_missing_package": "report|claim",
}
"""What customers call each task that they may want no more; cancelling an order is itself one."""


def calls_off(text: str, task: str) -> bool:
    """ "cancel the exchange", and no more: ends the task under way, which the same words would otherwise ask for."""
    wish = rf"{_CALLING_OFF}\s+(?:{_WHOSE}\s+)?(?:{_CALLED.get(task, 'request')})"
    whole = re.compile(_BEFORE_CALLING_OFF + wish + _AFTER_CALLING_OFF, re.IGNORECASE)
    return not text.startswith("/") and bool(whole.fullmatch(text.replace("’", "'")))


def says_only_cancel(text: str) -> bool:
    """ "cancel", "no, cancel it": in the middle of something it is that, and not the order, that is to end."""
    return not text.startswith("/") and bool(_ONLY_CANCEL.fullmatch(text))
