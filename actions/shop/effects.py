"""What the demo shop does. An effect claims its receipt first: on both databases the claim's row is the lock."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from actions.shop import rules
from actions.shop.model import Address, Effect, OrderState, Problem, Receipt, RefundState, now
from actions.shop.reading import as_item, as_order, dollars
from actions.shop.rules import Refusal
from actions.shop.shop import RefusedError
from actions.shop.tables import ItemRow, OrderRow, ReceiptRow, RefundRow, StockRow

REFUND_TIME = timedelta(days=5)

# Orders that haven't left yet


def cancel(session: Session, number: str, *, key: str) -> Receipt:
    receipt, fresh = _claim(session, f"cancel:{number}", key, Effect.CANCEL, number)
    if not fresh:
        return _as_receipt(receipt, key)
    order = _order_for_update(session, number)
    _refuse(rules.check_open(as_order(order)))
    order.state, order.cancelled_at = OrderState.CANCELLED, now()
    receipt.reference = f"CX-{number[3:]}"
    receipt.cents = _cents(as_order(order).total)
    _add_refund(session, receipt, RefundState.ON_ITS_WAY)
    return _as_receipt(receipt, key)


def change_size(session: Session, number: str, sku: str, size: str, *, key: str) -> Receipt:
    receipt, fresh = _claim(session, f"size:{number}:{sku}:{key}", key, Effect.CHANGE, number)
    if not fresh:
        return _as_receipt(receipt, key)
    order = _order_for_update(session, number)
    _refuse(rules.check_open(as_order(order)))
    item = _item_row(order, sku)
    receipt.reference, receipt.detail = f"CH-{number[3:]}", size
    if item.size == size:
        return _as_receipt(receipt, key, already=True)
    if item.size is None:
        raise RefusedError(Refusal.NO_SIZES)
    _swap_in_stock(session, sku, take=size, put=item.size, quantity=item.quantity)
    item.size = size
    return _as_receipt(receipt, key)


def remove_item(session: Session, number: str, sku: str, *, key: str) -> Receipt:
    receipt, fresh = _claim(session, f"remove:{number}:{sku}", key, Effect.CHANGE, number)
    if not fresh:
        return _as_receipt(receipt, key)
    order = _order_for_update(session, number)
    _refuse(rules.check_open(as_order(order)))
    if len(order.items) == 1:
        raise RefusedError(Refusal.LAST_ITEM)
    item = _item_row(order, sku)
    receipt.reference, receipt.detail = f"CH-{number[3:]}", item.name
    receipt.cents = item.cents * item.quantity
    _add_refund(session, receipt, RefundState.ON_ITS_WAY)
    session.delete(item)
    return _as_receipt(receipt, key)


def change_address(session: Session, number: str, address: Address, *, key: str) -> Receipt:
    receipt, fresh = _claim(session, f"address:{number}:{key}", key, Effect.ADDRESS, number)
    if not fresh:
        return _as_receipt(receipt, key)
    order = _order_for_update(session, number)
    _refuse(rules.check_open(as_order(order)))
    receipt.reference, receipt.detail = f"AD-{number[3:]}", str(address)
    already = as_order(order).address == address
    order.street, order.city, order.region, order.postcode = (
        address.street,
        address.city,
        address.region,
        address.postcode,
    )
    return _as_receipt(receipt, key, already=already)


# Orders that were sent


def report_problem(
    session: Session, number: str, problem: Problem, skus: Sequence[str], *, key: str, wish: str | None = None
) -> Receipt:
    receipt, fresh = _claim(session, f"report:{number}:{problem}:{'+'.join(sorted(skus))}", key, Effect.REPORT, number)
    if not fresh:
        return _as_receipt(receipt, key)
    order = _order_for_update(session, number)
    check = rules.check_sent if problem is Problem.MISSING else rules.check_unpacked
    _refuse(check(as_order(order)))
    receipt.reference = f"PR-{number[3:]}-{_count(session, number, Effect.REPORT)}"
    items = ", ".join(str(as_item(_item_row(order, sku))) for sku in skus)
    receipt.detail = f"{items}; would like {wish}" if wish else items
    return _as_receipt(receipt, key)


def invoice(session: Session, number: str, *, key: str) -> Receipt:
    receipt, fresh = _claim(session, f"invoice:{number}", key, Effect.INVOICE, number)
    if fresh:
        order = _order_for_update(session, number)
        receipt.reference, receipt.document = f"IN-{number[3:]}", secrets.token_urlsafe(32)
        receipt.cents = _cents(as_order(order).total)
    return _as_receipt(receipt, key)


def start_return(session: Session, number: str, skus: Sequence[str], reason: str, *, key: str) -> Receipt:
    return _send_back(session, Effect.RETURN, number, skus, reason, key)


def refund(session: Session, number: str, skus: Sequence[str], reason: str, *, key: str) -> Receipt:
    return _send_back(session, Effect.REFUND, number, skus, reason, key)


def exchange(session: Session, number: str, sku: str, size: str, *, key: str) -> Receipt:
    receipt, fresh = _claim(session, f"back:{number}:{sku}", key, Effect.EXCHANGE, number)
    if not fresh:
        return _as_receipt(receipt, key)
    order = _order_for_update(session, number)
    item = _item_row(order, sku)
    _refuse(rules.check_return(as_order(order), as_item(item), now()))
    if item.size is None:
        raise RefusedError(Refusal.NO_SIZES)
    _take_from_stock(session, sku, size, item.quantity)
    receipt.reference = item.sent_back = _return_number(session, order)
    receipt.detail, receipt.document = size, secrets.token_urlsafe(32)
    return _as_receipt(receipt, key)


def change_exchange(session: Session, number: str, sku: str, size: str, *, key: str) -> Receipt:
    receipt, fresh = _claim(session, f"exchange-size:{number}:{sku}:{key}", key, Effect.EXCHANGE, number)
    if not fresh:
        return _as_receipt(receipt, key)
    order = _order_for_update(session, number)
    item = _item_row(order, sku)
    exchange = session.get(ReceiptRow, f"back:{number}:{sku}", populate_existing=True)
    if exchange is None or exchange.effect != Effect.EXCHANGE:
        raise RefusedError(Refusal.NO_EXCHANGE)
    _refuse(rules.check_return(as_order(order), as_item(item), now()))
    receipt.reference = exchange.reference
    if exchange.detail == size:
        receipt.detail = size
        return _as_receipt(receipt, key, already=True)
    _swap_in_stock(session, sku, take=size, put=exchange.detail, quantity=item.quantity)
    receipt.detail, exchange.detail = f"{size} instead of {exchange.detail}", size
    return _as_receipt(receipt, key)


def _send_back(session: Session, effect: Effect, number: str, skus: Sequence[str], reason: str, key: str) -> Receipt:
    claims = [_claim(session, f"back:{number}:{sku}", key, effect, number) for sku in sorted(skus)]
    fresh = [receipt for receipt, is_fresh in claims if is_fresh]
    if not fresh:
        # Asked again by the same message, it may have found one of several on its way back already.
        mine = [receipt for receipt, _ in claims if receipt.key == key]
        first = mine[0] if mine else claims[0][0]
        same_parcel = (dollars(one.cents) for one, _ in claims if one.reference == first.reference)
        return _as_receipt(first, key, amount=sum(same_parcel, Decimal(0)))
    order = _order_for_update(session, number)
    reference, token = _return_number(session, order), secrets.token_urlsafe(32)
    for receipt in fresh:
        item = _item_row(order, receipt.claim.rsplit(":", 1)[1])
        _refuse(rules.check_return(as_order(order), as_item(item), now()))
        item.sent_back = receipt.reference = reference
        receipt.cents, receipt.detail, receipt.document = item.cents * item.quantity, reason, token
        _add_refund(session, receipt, RefundState.WAITING_FOR_PARCEL)
    amount = sum((dollars(receipt.cents) for receipt in fresh), Decimal(0))
    return _as_receipt(fresh[0], key, amount=amount)


def _claim(session: Session, claim: str, key: str, effect: Effect, number: str) -> tuple[ReceiptRow, bool]:
    """The receipt row of `claim`, and whether this call made it. A concurrent claimer waits for the first to end."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    values = {"claim": claim, "key": key, "effect": effect, "order_number": number, "made_at": now()}
    empty = {"reference": "", "cents": 0, "detail": "", "document": None}
    made = session.execute(
        insert(ReceiptRow).values(values | empty).on_conflict_do_nothing().returning(ReceiptRow.claim)
    )
    fresh = made.scalar_one_or_none() is not None
    return session.get_one(ReceiptRow, claim), fresh


def _order_for_update(session: Session, number: str) -> OrderRow:
    return session.get_one(OrderRow, number, with_for_update=True)


def _count(session: Session, number: str, effect: Effect) -> int:
    query = select(func.count()).where(ReceiptRow.order_number == number, ReceiptRow.effect == effect)
    return session.scalar(query) or 0


def _return_number(session: Session, order: OrderRow) -> str:
    query = select(func.count(ReceiptRow.reference.distinct())).where(
        ReceiptRow.order_number == order.number, ReceiptRow.claim.startswith("back:"), ReceiptRow.reference != ""
    )
    return f"RT-{order.number[3:]}-{(session.scalar(query) or 0) + 1}"


def _swap_in_stock(session: Session, sku: str, *, take: str, put: str, quantity: int) -> None:
    # Both rows first, always in one order: two opposite swaps would wait for each other for ever.
    both = select(StockRow.size).where(StockRow.sku == sku, StockRow.size.in_((take, put)))
    session.execute(both.order_by(StockRow.size).with_for_update())
    _take_from_stock(session, sku, take, quantity)
    _put_in_stock(session, sku, put, quantity)


def _take_from_stock(session: Session, sku: str, size: str, quantity: int) -> None:
    taken = (
        update(StockRow)
        .where(StockRow.sku == sku, StockRow.size == size, StockRow.left >= quantity)
        .values(left=StockRow.left - quantity)
        .returning(StockRow.left)
    )
    if (session.execute(taken)).scalar_one_or_none() is None:
        raise RefusedError(Refusal.OUT_OF_STOCK)


def _put_in_stock(session: Session, sku: str, size: str, quantity: int) -> None:
    session.execute(
        update(StockRow).where(StockRow.sku == sku, StockRow.size == size).values(left=StockRow.left + quantity)
    )


def _add_refund(session: Session, receipt: ReceiptRow, state: RefundState) -> None:
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


def _cents(amount: Decimal) -> int:
    return int(amount * 100)


def _as_receipt(row: ReceiptRow, key: str, *, already: bool = False, amount: Decimal | None = None) -> Receipt:
    return Receipt(
        effect=Effect(row.effect),
        order_number=row.order_number,
        reference=row.reference,
        amount=dollars(row.cents) if amount is None else amount,
        detail=row.detail,
        document=row.document,
        already=already or row.key != key,
        made_at=row.made_at,
    )
