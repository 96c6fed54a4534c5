"""The gateway's one question to the shop."""

import asyncio
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from actions.shop.model import Address, Item, Order, OrderState
from connectors.gateway import orders
from connectors.gateway.orders import OrdersUnavailableError, orders_from_shop

MARCH = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
SHIRT = Item(
    sku="LS-M", name="Linen shirt", size="M", quantity=2, price=Decimal("49.50"), final_sale=False, sent_back=None
)
ORDER = Order(
    number="FD-10412",
    email="maya.lindqvist@example.com",
    customer="Maya Lindqvist",
    state=OrderState.SHIPPED,
    placed_at=MARCH,
    due_at=MARCH,
    shipped_at=MARCH,
    delivered_at=None,
    cancelled_at=None,
    carrier="UPS",
    tracking_number="1Z999",
    address=Address("1 Pine St", "Portland", "OR", "97201"),
    items=(SHIRT,),
    refunds=(),
)


async def test_an_order_is_shown_without_address_or_whole_email(monkeypatch: pytest.MonkeyPatch) -> None:
    async def proved(sender_id: str) -> list[Order]:
        return [ORDER] if sender_id == "c_1.1" else []

    monkeypatch.setattr(orders, "orders_for_session", proved)
    assert await orders_from_shop("c_1.1") == [
        {
            "number": "FD-10412",
            "state": "shipped",
            "placed_at": "2026-03-01T09:30:00.000Z",
            "due_at": "2026-03-01T09:30:00.000Z",
            "delivered_at": None,
            "carrier": "UPS",
            "tracking_number": "1Z999",
            "items": [{"name": "Linen shirt", "size": "M", "quantity": 2, "price": "49.50"}],
            "total": "99.00",
            "currency": "USD",
            "email_masked": "m•••@example.com",
        }
    ]
    assert await orders_from_shop("c_1.2") == []


async def test_a_shop_that_breaks_or_hangs_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    async def breaks(_: str) -> list[Order]:
        raise OSError("no route to shop")

    async def hangs(_: str) -> list[Order]:
        await asyncio.Event().wait()
        return []

    monkeypatch.setattr(orders, "DEADLINE_SECONDS", 0.05)
    for shop in (breaks, hangs):
        monkeypatch.setattr(orders, "orders_for_session", shop)
        with pytest.raises(OrdersUnavailableError):
            await orders_from_shop("c_1.1")
