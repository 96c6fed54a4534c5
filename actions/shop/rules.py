"""What the shop allows. Pure: an order and a moment in, a refusal or None out."""

from datetime import datetime
from enum import StrEnum

from actions.shop.model import Item, Order, OrderState


class Refusal(StrEnum):
    """Each has its own words in data/ (`utter_refused_<value>`)."""

    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    NOT_SHIPPED = "not_shipped"
    NOT_DELIVERED = "not_delivered"
    NOT_ARRIVED = "not_arrived"
    LATE = "late"
    TOO_LATE = "too_late"
    FINAL_SALE = "final_sale"
    OUT_OF_STOCK = "out_of_stock"
    LAST_ITEM = "last_item"
    NO_SIZES = "no_sizes"
    NO_EXCHANGE = "no_exchange"


_NO_LONGER_OURS = {
    OrderState.SHIPPED: Refusal.SHIPPED,
    OrderState.DELIVERED: Refusal.DELIVERED,
    OrderState.CANCELLED: Refusal.CANCELLED,
}


def check_open(order: Order) -> Refusal | None:
    """Cancelling, changing and re-addressing need an order that hasn't left the shelf."""
    return _NO_LONGER_OURS.get(order.state)


def check_sent(order: Order) -> Refusal | None:
    """Only a parcel that was sent can be missing."""
    if order.state is OrderState.PROCESSING:
        return Refusal.NOT_SHIPPED
    return Refusal.CANCELLED if order.state is OrderState.CANCELLED else None


def check_unpacked(order: Order) -> Refusal | None:
    """What is in a parcel, and how it came, shows when it is there."""
    if refusal := check_sent(order):
        return refusal
    return Refusal.NOT_ARRIVED if order.state is OrderState.SHIPPED else None


def check_arrived(order: Order) -> Refusal | None:
    if order.state is OrderState.DELIVERED:
        return None
    return Refusal.CANCELLED if order.state is OrderState.CANCELLED else Refusal.NOT_DELIVERED


def check_return_window(order: Order, at: datetime) -> Refusal | None:
    if order.is_late(at):
        return Refusal.LATE
    if refusal := check_arrived(order):
        return refusal
    return Refusal.TOO_LATE if order.return_by and at > order.return_by else None


def check_return(order: Order, item: Item, at: datetime) -> Refusal | None:
    if refusal := check_return_window(order, at):
        return refusal
    return Refusal.FINAL_SALE if item.final_sale else None


def returnable(order: Order, at: datetime) -> list[Item]:
    """The items that may still go back, those on their way back included (asking again gives the same number)."""
    return [item for item in order.items if check_return(order, item, at) is None]
