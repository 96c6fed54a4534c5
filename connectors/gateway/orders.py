"""The one place where the gateway asks the shop: a verified customer's name and orders, for the desk."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from actions.shop.desk import customer_for_session, forget_session, orders_for_session
from actions.shop.model import Order
from handoff.brief import OrderItem, OrderView
from handoff.masking import masked_email
from handoff.transcript import iso

log = structlog.get_logger(__name__)

DEADLINE_SECONDS = 2.0

T = TypeVar("T")

OrdersFor = Callable[[str], Awaitable[list[OrderView]]]
"""The orders a sender (``<conversation>.<case>``) has proved to be theirs. Raises :class:`OrdersUnavailableError`."""


class OrdersUnavailableError(Exception):
    """The shop does not answer. Nothing is known about the customer's orders."""


async def orders_from_shop(sender_id: str) -> list[OrderView]:
    """Newest first; empty until the customer has proved who they are. Raises :class:`OrdersUnavailableError`."""
    return [_view(order) for order in await _asked(orders_for_session(sender_id))]


async def name_from_shop(sender_id: str) -> str | None:
    """The customer's name; None until they have proved who they are. Raises :class:`OrdersUnavailableError`."""
    customer = await _asked(customer_for_session(sender_id))
    return customer.name if customer else None


async def forget_in_shop(sender_id: str) -> None:
    """What this case has proved to the shop is forgotten. Raises :class:`OrdersUnavailableError`."""
    await _asked(forget_session(sender_id))


async def _asked(question: Awaitable[T]) -> T:
    """The shop's answer. Whatever is wrong with it, the agent still gets the conversation, and an honest word about it."""
    try:
        async with asyncio.timeout(DEADLINE_SECONDS):
            return await question
    except Exception as error:
        log.warning("orders_unavailable", error=type(error).__name__)
        raise OrdersUnavailableError("The shop does not answer.") from error


def _view(order: Order) -> OrderView:
    return OrderView(
        number=order.number,
        state=order.state.value,
        placed_at=iso(order.placed_at),
        due_at=iso(order.due_at) if order.due_at else None,
        delivered_at=iso(order.delivered_at) if order.delivered_at else None,
        carrier=order.carrier,
        tracking_number=order.tracking_number,
        items=[
            OrderItem(name=item.name, size=item.size, quantity=item.quantity, price=str(item.price))
            for item in order.items
        ],
        total=str(order.total),
        currency="USD",
        email_masked=masked_email(order.email),
    )
