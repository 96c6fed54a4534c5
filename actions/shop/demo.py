"""Juniper & Finch, the demo shop: `Shop` over a database of its own."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from actions.shop import rules
from actions.shop.database import ShopDatabase
from actions.shop.model import (
    Address,
    Contact,
    Effect,
    Item,
    Order,
    OrderState,
    Problem,
    Receipt,
    Refund,
    RefundState,
    now,
)
from actions.shop.rules import Refusal
from actions.shop.shop import RefusedError
from actions.shop.tables import Base, ItemRow, OrderRow, ReceiptRow, RefundRow, StockRow

REFUND_TIME = timedelta(days=5)

# Made once, and one query instead of three: each action that shows an order asks for it.
WHOLE_ORDER = (
    select(OrderRow)
    .where(OrderRow.number == bindparam("number"))
    .options(joinedload(OrderRow.items), joinedload(OrderRow.refunds))
)


class DemoShop:
    """Implements `Shop`. An effect claims its receipt first: on both databases the claim's row is the lock."""

    def __init__(self, database: ShopDatabase) -> None:
        self._database = database

    async def create(self) -> None:
        """Make the tables that aren't there yet. Raises `ShopUnavailableError`."""
        async with self._database.write() as session:
            await (await session.connection()).run_sync(Base.metadata.create_all)

    # Reading

    async def contact(self, number: str) -> Contact | None:
        async with self._database.read() as session:
            query = select(OrderRow.email, OrderRow.billing_postcode).where(OrderRow.number == number)
            row = (await session.execute(query)).one_or_none()
            return Contact(row.email, row.billing_postcode) if row else None

    async def order(self, number: str) -> Order | None:
        async with self._database.read() as session:
            row = (await session.scalars(WHOLE_ORDER, {"number": number})).unique().one_or_none()
            return _as_order(row) if row else None

    async def orders_of(self, email: str) -> list[Order]:
        async with self._database.read() as session:
            query = select(OrderRow).where(OrderRow.email == email).order_by(OrderRow.placed_at.desc())
            return [_as_order(row) for row in await session.scalars(query)]

    async def sizes_in_stock(self, sku: str) -> list[str]:
        async with self._database.read() as session:
            query = select(StockRow.size).where(StockRow.sku == sku, StockRow.left > 0).order_by(StockRow.position)
            return list(await session.scalars(query))

    # Orders that haven't left yet

    async def cancel(self, number: str, *, key: str) -> Receipt:
        async with self._database.write() as session:
            receipt, fresh = await _claim(session, f"cancel:{number}", key, Effect.CANCEL, number)
            if not fresh:
                return _as_receipt(receipt, key)
            order = await _order_for_update(session, number)
            _refuse(rules.check_open(_as_order(order)))
            order.state, order.cancelled_at = OrderState.CANCELLED, now()
            receipt.reference = f"CX-{number[3:]}"
            receipt.cents = _cents(_as_order(order).total)
            _add_refund(session, receipt, RefundState.ON_ITS_WAY)
            return _as_receipt(receipt, key)

    async def change_size(self, number: str, sku: str, size: str, *, key: str) -> Receipt:
        async with self._database.write() as session:
            receipt, fresh = await _claim(session, f"size:{number}:{sku}:{key}", key, Effect.CHANGE, number)
            if not fresh:
                return _as_receipt(receipt, key)
            order = await _order_for_update(session, number)
            _refuse(rules.check_open(_as_order(order)))
            item = _item_row(order, sku)
            receipt.reference, receipt.detail = f"CH-{number[3:]}", size
            if item.size == size:
                return _as_receipt(receipt, key, already=True)
            if item.size is None:
                raise RefusedError(Refusal.NO_SIZES)
            await _take_from_stock(session, sku, size, item.quantity)
            await _put_in_stock(session, sku, item.size, item.quantity)
            item.size = size
            return _as_receipt(receipt, key)

    async def remove_item(self, number: str, sku: str, *, key: str) -> Receipt:
        async with self._database.write() as session:
            receipt, fresh = await _claim(session, f"remove:{number}:{sku}", key, Effect.CHANGE, number)
            if not fresh:
                return _as_receipt(receipt, key)
            order = await _order_for_update(session, number)
            _refuse(rules.check_open(_as_order(order)))
            if len(order.items) == 1:
                raise RefusedError(Refusal.LAST_ITEM)
            item = _item_row(order, sku)
            receipt.reference, receipt.detail = f"CH-{number[3:]}", item.name
            receipt.cents = item.cents * item.quantity
            _add_refund(session, receipt, RefundState.ON_ITS_WAY)
            await session.delete(item)
            return _as_receipt(receipt, key)

    async def change_address(self, number: str, address: Address, *, key: str) -> Receipt:
        async with self._database.write() as session:
            receipt, fresh = await _claim(session, f"address:{number}:{key}", key, Effect.ADDRESS, number)
            if not fresh:
                return _as_receipt(receipt, key)
            order = await _order_for_update(session, number)
            _refuse(rules.check_open(_as_order(order)))
            receipt.reference, receipt.detail = f"AD-{number[3:]}", str(address)
            already = _as_order(order).address == address
            order.street, order.city, order.region, order.postcode = (
                address.street,
                address.city,
                address.region,
                address.postcode,
            )
            return _as_receipt(receipt, key, already=already)

    # Orders that were sent

    async def report_problem(self, number: str, problem: Problem, skus: Sequence[str], *, key: str) -> Receipt:
        async with self._database.write() as session:
            receipt, fresh = await _claim(
                session, f"report:{number}:{problem}:{'+'.join(sorted(skus))}", key, Effect.REPORT, number
            )
            if not fresh:
                return _as_receipt(receipt, key)
            order = await _order_for_update(session, number)
            check = rules.check_sent if problem is Problem.MISSING else rules.check_unpacked
            _refuse(check(_as_order(order)))
            receipt.reference = f"PR-{number[3:]}-{await _count(session, number, Effect.REPORT)}"
            receipt.detail = ", ".join(str(_as_item(_item_row(order, sku))) for sku in skus)
            return _as_receipt(receipt, key)

    async def invoice(self, number: str, *, key: str) -> Receipt:
        async with self._database.write() as session:
            receipt, fresh = await _claim(session, f"invoice:{number}", key, Effect.INVOICE, number)
            if fresh:
                order = await _order_for_update(session, number)
                receipt.reference, receipt.document = f"IN-{number[3:]}", secrets.token_urlsafe(32)
                receipt.cents = _cents(_as_order(order).total)
            return _as_receipt(receipt, key)

    async def start_return(self, number: str, skus: Sequence[str], reason: str, *, key: str) -> Receipt:
        return await self._send_back(Effect.RETURN, number, skus, reason, key)

    async def refund(self, number: str, skus: Sequence[str], reason: str, *, key: str) -> Receipt:
        return await self._send_back(Effect.REFUND, number, skus, reason, key)

    async def exchange(self, number: str, sku: str, size: str, *, key: str) -> Receipt:
        async with self._database.write() as session:
            receipt, fresh = await _claim(session, f"back:{number}:{sku}", key, Effect.EXCHANGE, number)
            if not fresh:
                return _as_receipt(receipt, key)
            order = await _order_for_update(session, number)
            item = _item_row(order, sku)
            _refuse(rules.check_return(_as_order(order), _as_item(item), now()))
            if item.size is None:
                raise RefusedError(Refusal.NO_SIZES)
            await _take_from_stock(session, sku, size, item.quantity)
            receipt.reference = item.sent_back = await _return_number(session, order)
            receipt.detail, receipt.document = size, secrets.token_urlsafe(32)
            return _as_receipt(receipt, key)

    async def _send_back(self, effect: Effect, number: str, skus: Sequence[str], reason: str, key: str) -> Receipt:
        async with self._database.write() as session:
            claims = [await _claim(session, f"back:{number}:{sku}", key, effect, number) for sku in sorted(skus)]
            fresh = [receipt for receipt, is_fresh in claims if is_fresh]
            if not fresh:
                # Asked again by the same message, it may have found one of several on its way back already.
                mine = [receipt for receipt, _ in claims if receipt.key == key]
                first = mine[0] if mine else claims[0][0]
                same_parcel = (_dollars(one.cents) for one, _ in claims if one.reference == first.reference)
                return _as_receipt(first, key, amount=sum(same_parcel, Decimal(0)))
            order = await _order_for_update(session, number)
            reference, token = await _return_number(session, order), secrets.token_urlsafe(32)
            for receipt in fresh:
                item = _item_row(order, receipt.claim.rsplit(":", 1)[1])
                _refuse(rules.check_return(_as_order(order), _as_item(item), now()))
                item.sent_back = receipt.reference = reference
                receipt.cents, receipt.detail, receipt.document = item.cents * item.quantity, reason, token
                _add_refund(session, receipt, RefundState.WAITING_FOR_PARCEL)
            amount = sum((_dollars(receipt.cents) for receipt in fresh), Decimal(0))
            return _as_receipt(fresh[0], key, amount=amount)


async def _claim(session: AsyncSession, claim: str, key: str, effect: Effect, number: str) -> tuple[ReceiptRow, bool]:
    """The receipt row of `claim`, and whether this call made it. A concurrent claimer waits for the first to end."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    values = {"claim": claim, "key": key, "effect": effect, "order_number": number, "made_at": now()}
    empty = {"reference": "", "cents": 0, "detail": "", "document": None}
    made = await session.execute(
        insert(ReceiptRow).values(values | empty).on_conflict_do_nothing().returning(ReceiptRow.claim)
    )
    fresh = made.scalar_one_or_none() is not None
    return await session.get_one(ReceiptRow, claim), fresh


async def _order_for_update(session: AsyncSession, number: str) -> OrderRow:
    return await session.get_one(OrderRow, number, with_for_update=True)


async def _count(session: AsyncSession, number: str, effect: Effect) -> int:
    query = select(func.count()).where(ReceiptRow.order_number == number, ReceiptRow.effect == effect)
    return await session.scalar(query) or 0


async def _return_number(session: AsyncSession, order: OrderRow) -> str:
    query = select(func.count(ReceiptRow.reference.distinct())).where(
        ReceiptRow.order_number == order.number, ReceiptRow.claim.startswith("back:"), ReceiptRow.reference != ""
    )
    return f"RT-{order.number[3:]}-{(await session.scalar(query) or 0) + 1}"


async def _take_from_stock(session: AsyncSession, sku: str, size: str, quantity: int) -> None:
    taken = (
        update(StockRow)
        .where(StockRow.sku == sku, StockRow.size == size, StockRow.left >= quantity)
        .values(left=StockRow.left - quantity)
        .returning(StockRow.left)
    )
    if (await session.execute(taken)).scalar_one_or_none() is None:
        raise RefusedError(Refusal.OUT_OF_STOCK)


async def _put_in_stock(session: AsyncSession, sku: str, size: str, quantity: int) -> None:
    await session.execute(
        update(StockRow).where(StockRow.sku == sku, StockRow.size == size).values(left=StockRow.left + quantity)
    )


def _add_refund(session: AsyncSession, receipt: ReceiptRow, state: RefundState) -> None:
    due_at = now() + REFUND_TIME if state is RefundState.ON_ITS_WAY else None
    session.add(
        RefundRow(
            order_number=receipt.order_number,
            reference=receipt.reference,
            state=state,
            cents=receipt.cents,
            due_at=due_at,
        )
    )


def _refuse(refusal: Refusal | None) -> None:
    if refusal:
        raise RefusedError(refusal)


def _item_row(order: OrderRow, sku: str) -> ItemRow:
    return next(item for item in order.items if item.sku == sku)


def _dollars(cents: int) -> Decimal:
    return Decimal(cents) / 100


def _cents(amount: Decimal) -> int:
    return int(amount * 100)


def _as_item(row: ItemRow) -> Item:
    return Item(
        sku=row.sku,
        name=row.name,
        size=row.size,
        quantity=row.quantity,
        price=_dollars(row.cents),
        final_sale=row.final_sale,
        sent_back=row.sent_back,
    )


def _as_order(row: OrderRow) -> Order:
    return Order(
        number=row.number,
        email=row.email,
        customer=row.customer,
        state=OrderState(row.state),
        placed_at=row.placed_at,
        due_at=row.due_at,
        shipped_at=row.shipped_at,
        delivered_at=row.delivered_at,
        cancelled_at=row.cancelled_at,
        carrier=row.carrier,
        tracking_number=row.tracking_number,
        address=Address(row.street, row.city, row.region, row.postcode),
        items=tuple(_as_item(item) for item in row.items),
        refunds=tuple(
            Refund(RefundState(refund.state), _dollars(refund.cents), refund.reference, refund.due_at)
            for refund in row.refunds
        ),
    )


def _as_receipt(row: ReceiptRow, key: str, *, already: bool = False, amount: Decimal | None = None) -> Receipt:
    return Receipt(
        effect=Effect(row.effect),
        order_number=row.order_number,
        reference=row.reference,
        amount=_dollars(row.cents) if amount is None else amount,
        detail=row.detail,
        document=row.document,
        already=already or row.key != key,
        made_at=row.made_at,
    )
