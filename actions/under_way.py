"""What is said of items that are on their way back already, when more is to go back or all of it is wished for again."""

from collections.abc import Sequence
from itertools import groupby

from actions.shop.model import Item, Order
from actions.words import listed, the


def is_exchanged(order: Order, item: Item) -> bool:
    """Whether the item is going back for another size: nothing is to be paid for it."""
    return item.sent_back is not None and item.sent_back not in {refund.reference for refund in order.refunds}


def left_out(order: Order, under_way: Sequence[Item], rest: Sequence[Item]) -> str:
    """Why this is about the `rest` alone."""
    return f"There's already {_returns(order, under_way)}, so this is for {the(rest)} only."


def nothing_left(order: Order, under_way: Sequence[Item]) -> str:
    return f"All of that is under way already: there's {_returns(order, under_way)}."


def _returns(order: Order, items: Sequence[Item]) -> str:
    """`an exchange for the shirt (RT-10288-1) and a return for the throw (RT-10288-2)`: a kind and number each."""
    by_number = groupby(sorted(items, key=lambda item: str(item.sent_back)), key=lambda item: item.sent_back)
    return listed([_return(order, str(number), list(group)) for number, group in by_number])


def _return(order: Order, number: str, items: Sequence[Item]) -> str:
    kind = "an exchange" if is_exchanged(order, items[0]) else "a return"
    return f"{kind} for {the(items)} ({number})"
