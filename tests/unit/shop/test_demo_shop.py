"""The demo shop: what is in it, and effects that happen once however often and at once they are asked for."""

import asyncio
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from actions.shop.counter import Counter, close_counter, counter
from actions.shop.model import Address, Effect, OrderState, Problem, RefundState, now
from actions.shop.rules import Refusal, check_return, check_return_window
from actions.shop.shop import RefusedError
from actions.shop.tables import ItemRow, OrderRow, StockRow

AT_ONCE = 8


async def test_the_seeded_orders_are_those_of_the_contract(shop_counter: Counter) -> None:
    shop = shop_counter.shop
    by_customer = {
        email: {order.number: order.state.value for order in await shop.orders_of(email)}
        for email in ("maya.lindqvist@example.com", "omar.haddad@example.com", "priya.raman@example.com")
    }
    assert by_customer == {
        "maya.lindqvist@example.com": {"FD-10457": "processing", "FD-10412": "shipped"},
        "omar.haddad@example.com": {"FD-10301": "cancelled", "FD-10288": "delivered", "FD-09731": "delivered"},
        "priya.raman@example.com": {"FD-10420": "shipped", "FD-10399": "delivered"},
    }
    assert await shop.order("FD-99999") is None


@pytest.mark.parametrize(
    ("number", "moment", "days_ago"),
    [
        ("FD-10412", "shipped_at", 2),
        ("FD-10412", "due_at", -2),
        ("FD-10457", "placed_at", 0),
        ("FD-10288", "delivered_at", 6),
        ("FD-09731", "delivered_at", 75),
        ("FD-10301", "cancelled_at", 9),
        ("FD-10399", "delivered_at", 12),
        ("FD-10420", "due_at", 5),
        ("FD-10180", "delivered_at", 4),
    ],
)
async def test_dates_count_from_the_first_run(shop_counter: Counter, number: str, moment: str, days_ago: int) -> None:
    order = await shop_counter.shop.order(number)
    assert abs(now() - timedelta(days=days_ago) - getattr(order, moment)) < timedelta(minutes=5)


async def test_opening_the_shop_again_seeds_nothing(shop_counter: Counter) -> None:
    await shop_counter.shop.cancel("FD-10457", key="m_1")
    await close_counter()
    order = await (await counter()).shop.order("FD-10457")
    assert order is not None
    assert order.state is OrderState.CANCELLED


async def test_tom_has_a_final_sale_item_and_a_shirt_with_large_in_stock(shop_counter: Counter) -> None:
    order = await shop_counter.shop.order("FD-10180")
    assert order is not None
    apron, shirt = order.items
    assert check_return(order, apron, now()) is Refusal.FINAL_SALE
    assert check_return(order, shirt, now()) is None
    assert shirt.size == "M"
    assert "L" in await shop_counter.shop.sizes_in_stock(shirt.sku)


async def test_the_return_window_closes_after_thirty_days(shop_counter: Counter) -> None:
    order = await shop_counter.shop.order("FD-10288")
    assert order is not None
    assert order.delivered_at is not None
    assert check_return_window(order, order.delivered_at + timedelta(days=30)) is None
    assert check_return_window(order, order.delivered_at + timedelta(days=30, seconds=1)) is Refusal.TOO_LATE


async def test_ten_cancellations_at_once_refund_once(shop_counter: Counter) -> None:
    receipts = await asyncio.gather(*(shop_counter.shop.cancel("FD-10457", key=f"m_{n}") for n in range(AT_ONCE)))
    assert sum(not receipt.already for receipt in receipts) == 1
    assert {(receipt.reference, receipt.amount) for receipt in receipts} == {("CX-10457", Decimal(130))}
    order = await shop_counter.shop.order("FD-10457")
    assert order is not None
    assert [refund.state for refund in order.refunds] == [RefundState.ON_ITS_WAY]


async def test_returns_at_once_share_one_number_and_one_refund(shop_counter: Counter) -> None:
    ask = [shop_counter.shop.start_return("FD-10288", ["wool-throw"], "late", key=f"m_{n}") for n in range(AT_ONCE)]
    receipts = await asyncio.gather(*ask)
    assert {receipt.reference for receipt in receipts} == {"RT-10288-1"}
    assert len({receipt.document for receipt in receipts}) == 1
    order = await shop_counter.shop.order("FD-10288")
    assert order is not None
    assert len(order.refunds) == 1


async def test_exchanges_at_once_take_one_shirt_from_the_stock(shop_counter: Counter) -> None:
    shop = shop_counter.shop
    receipts = await asyncio.gather(
        *(shop.exchange("FD-10180", "oxford-shirt", "XL", key=f"m_{n}") for n in range(AT_ONCE))
    )
    assert sum(not receipt.already for receipt in receipts) == 1
    assert "XL" not in await shop.sizes_in_stock("oxford-shirt")  # there was one


async def test_an_exchange_under_way_can_be_for_another_size(shop_counter: Counter) -> None:
    shop = shop_counter.shop
    exchange = await shop.exchange("FD-10180", "oxford-shirt", "XL", key="m_1")
    change = await shop.change_exchange("FD-10180", "oxford-shirt", "L", key="m_2")
    assert (change.reference, change.detail, change.already) == (exchange.reference, "L instead of XL", False)
    assert await shop.change_exchange("FD-10180", "oxford-shirt", "L", key="m_2") == change
    assert "XL" in await shop.sizes_in_stock("oxford-shirt")  # there is one, free again
    assert (await shop.exchange("FD-10180", "oxford-shirt", "S", key="m_3")).detail == "L"
    assert (await shop.change_exchange("FD-10180", "oxford-shirt", "L", key="m_4")).already


async def test_changes_of_an_exchange_at_once_keep_one_shirt_aside(shop_counter: Counter) -> None:
    shop = shop_counter.shop
    before = await shop.sizes_in_stock("oxford-shirt")
    await shop.exchange("FD-10180", "oxford-shirt", "S", key="m_1")
    await asyncio.gather(
        *(shop.change_exchange("FD-10180", "oxford-shirt", "XL", key=f"m_{n}") for n in range(2, AT_ONCE))
    )
    await shop.change_exchange("FD-10180", "oxford-shirt", "L", key="m_back")
    assert await shop.sizes_in_stock("oxford-shirt") == before


async def test_opposite_changes_of_size_at_once_never_wait_for_each_other(shop_counter: Counter) -> None:
    shop = shop_counter.shop
    before = await shop_counter.database.read(stock_of_shirts)
    # As many as there are shirts in M, so that each change can be made whatever the others have taken.
    orders = [f"FD-2000{n}" for n in range(2 * before["M"])]
    await shop_counter.database.write(buy_shirts, orders)
    for turn in range(10):
        changes = (
            shop.change_size(number, "oxford-shirt", "ML"[(place + turn) % 2], key=f"m_{turn}_{number}")
            for place, number in enumerate(orders)
        )
        receipts = await asyncio.gather(*changes)
        assert {receipt.effect for receipt in receipts} == {Effect.CHANGE}
    # Half of them want L in the end, as in the beginning.
    assert await shop_counter.database.read(stock_of_shirts) == before


def buy_shirts(session: Session, numbers: list[str]) -> None:
    """Orders for a shirt each that haven't left: half of them in M, half in L."""
    [maya] = session.scalars(select(OrderRow).where(OrderRow.number == "FD-10457"))
    copied = {column.key: getattr(maya, column.key) for column in inspect(OrderRow).columns}
    session.add_all(OrderRow(**copied | {"number": number}) for number in numbers)
    session.flush()
    session.add_all(
        ItemRow(
            order_number=number,
            sku="oxford-shirt",
            position=0,
            name="Oxford shirt",
            size="LM"[place % 2],
            quantity=1,
            cents=6200,
            final_sale=False,
        )
        for place, number in enumerate(numbers)
    )


def stock_of_shirts(session: Session) -> dict[str, int]:
    query = select(StockRow.size, StockRow.left).where(StockRow.sku == "oxford-shirt")
    return {row.size: row.left for row in session.execute(query)}


async def test_what_is_not_being_exchanged_has_no_size_to_change(shop_counter: Counter) -> None:
    shop = shop_counter.shop
    await shop.start_return("FD-10180", ["oxford-shirt"], "late", key="m_1")
    with pytest.raises(RefusedError) as refused:
        await shop.change_exchange("FD-10180", "oxford-shirt", "L", key="m_2")
    assert refused.value.reason is Refusal.NO_EXCHANGE


async def test_an_exchange_keeps_its_size_when_the_other_is_sold_out(shop_counter: Counter) -> None:
    shop = shop_counter.shop
    await shop.exchange("FD-10180", "oxford-shirt", "L", key="m_1")
    with pytest.raises(RefusedError) as refused:
        await shop.change_exchange("FD-10180", "oxford-shirt", "XS", key="m_2")
    assert refused.value.reason is Refusal.OUT_OF_STOCK
    assert (await shop.exchange("FD-10180", "oxford-shirt", "L", key="m_3")).detail == "L"


async def test_the_same_message_gets_the_same_receipt(shop_counter: Counter) -> None:
    first = await shop_counter.shop.refund("FD-10180", ["oxford-shirt"], "too_small", key="m_1")
    again = await shop_counter.shop.refund("FD-10180", ["oxford-shirt"], "too_small", key="m_1")
    assert again == first
    assert not again.already


async def test_an_item_is_returned_or_exchanged_but_not_both(shop_counter: Counter) -> None:
    await shop_counter.shop.exchange("FD-10180", "oxford-shirt", "L", key="m_1")
    receipt = await shop_counter.shop.start_return("FD-10180", ["oxford-shirt"], "late", key="m_2")
    assert (receipt.effect, receipt.already) == (Effect.EXCHANGE, True)


async def test_a_second_parcel_gets_a_second_return_number(shop_counter: Counter) -> None:
    shop = shop_counter.shop
    await shop.start_return("FD-10288", ["wool-throw"], "late", key="m_1")
    receipt = await shop.start_return("FD-10288", ["wool-throw", "corduroy-trousers"], "late", key="m_2")
    assert (receipt.reference, receipt.amount) == ("RT-10288-2", Decimal(89))


async def test_changing_there_and_back_is_two_changes(shop_counter: Counter) -> None:
    shop = shop_counter.shop
    await shop.change_size("FD-10457", "merino-cardigan", "L", key="m_1")
    await shop.change_size("FD-10457", "merino-cardigan", "M", key="m_2")
    receipt = await shop.change_size("FD-10457", "merino-cardigan", "L", key="m_3")
    assert not receipt.already
    assert (await shop.change_size("FD-10457", "merino-cardigan", "L", key="m_4")).already


@pytest.mark.parametrize("number", ["FD-10412", "FD-10288", "FD-10301"])
async def test_only_what_has_not_left_can_be_changed(shop_counter: Counter, number: str) -> None:
    address = Address("12 Elm Street", "Oakland", "CA", "94601")
    with pytest.raises(RefusedError):
        await shop_counter.shop.change_address(number, address, key="m_1")
    order = await shop_counter.shop.order(number)
    assert order is not None
    assert order.address != address


async def test_a_refused_effect_leaves_no_claim(shop_counter: Counter) -> None:
    for _ in range(2):
        with pytest.raises(RefusedError):
            await shop_counter.shop.start_return("FD-10412", ["oak-tray"], "late", key="m_1")


async def test_a_report_keeps_what_the_customer_would_like(shop_counter: Counter) -> None:
    shop = shop_counter.shop
    torn, shirt = Problem.DAMAGED, ["oxford-shirt"]
    report = await shop.report_problem("FD-10180", torn, shirt, key="m_1", wish="a new one")
    assert report.detail == "Oxford shirt in white, size M; would like a new one"
    again = await shop.report_problem("FD-10180", torn, shirt, key="m_2", wish="the money back")
    assert again.already
    assert again.detail == report.detail


async def test_nothing_is_missing_from_what_was_never_sent(shop_counter: Counter) -> None:
    with pytest.raises(RefusedError) as refused:
        await shop_counter.shop.report_problem("FD-10457", Problem.MISSING, [], key="m_1")
    assert refused.value.reason is Refusal.NOT_SHIPPED
