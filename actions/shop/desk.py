"""What the gateway may ask the shop: the customer's panel in the desk, document pages, and erasing a conversation."""

from dataclasses import dataclass

from actions.shop.counter import counter
from actions.shop.documents import document_page
from actions.shop.model import Order


@dataclass(frozen=True, slots=True)
class Customer:
    name: str
    email: str


async def orders_for_session(sender_id: str) -> list[Order]:
    """The orders of the customer this conversation has proved to be, newest first; empty without a proof.

    Raises `ShopUnavailableError`.
    """
    return await (await counter()).sessions.proved_orders(sender_id)


async def customer_for_session(sender_id: str) -> Customer | None:
    orders = await orders_for_session(sender_id)
    return Customer(orders[0].customer, orders[0].email) if orders else None


async def document(token: str) -> str | None:
    """The HTML of an invoice or return label for `GET /documents/<token>`; None when there is none.

    Raises `LinkExpiredError`.
    """
    open_counter = await counter()
    return await document_page(open_counter.database, open_counter.shop, token)


async def forget_session(sender_id: str) -> None:
    await (await counter()).sessions.forget(sender_id)
