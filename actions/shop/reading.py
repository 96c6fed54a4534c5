"""What the demo shop reads: a customer's contact, orders, what is in stock."""

from decimal import Decimal

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, joinedload

from actions.shop.model import Address, Contact, Item, Order, OrderState, Refund, RefundState
from actions.shop.tables import ItemRow, OrderRow, StockRow

# Made once, and one query instead of three: each action that shows an order asks for it.
WHOLE_ORDER = (
    select(OrderRow)
    .where(OrderRow.number == bindparam("number"))
    .options(joinedload(OrderRow.items), joinedload(OrderRow.refunds))
)


def contact(session: Session, number: str) -> Contact | None:
    query = select(OrderRow.email, OrderRow.billing_postcode).where(OrderRow.number == number)
    row = session.execute(query).one_or_none()
    return Contact(row.email, row.billing_postcode) if row else None


def order(session: Session, number: str) -> Order | None:
    row = session.scalars(WHOLE_ORDER, {"number": number}).unique().one_or_none()
    return as_order(row) if row else None


def orders_of(session: Session, email: str) -> list[Order]:
    query = select(OrderRow).where(OrderRow.email == email).order_by(OrderRow.placed_at.desc())
    return [as_order(row) for row in session.scalars(query)]


def sizes_in_stock(session: Session, sku: str) -> list[str]:
    query = select(StockRow.size).where(StockRow.sku == sku, StockRow.left > 0).order_by(StockRow.position)
    return list(session.scalars(query))


def as_order(row: OrderRow) -> Order:
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
        items=tuple(as_item(item) for item in row.items),
        refunds=tuple(
            Refund(RefundState(refund.state), dollars(refund.cents), refund.reference, refund.due_at)
            for refund in row.refunds
        ),
    )


def as_item(row: ItemRow) -> Item:
    return Item(
        sku=row.sku,
        name=row.name,
        size=row.size,
        quantity=row.quantity,
        price=dollars(row.cents),
        final_sale=row.final_sale,
        sent_back=row.sent_back,
    )


def dollars(cents: int) -> Decimal:
    return Decimal(cents) / 100
