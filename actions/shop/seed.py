"""The demo shop's orders. The same every time but for their dates, which count from the first run."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.shop.model import Effect, OrderState, RefundState
from actions.shop.tables import ItemRow, OrderRow, ReceiptRow, RefundRow, StockRow


@dataclass(frozen=True, slots=True)
class Customer:
    name: str
    email: str
    street: str
    city: str
    region: str
    postcode: str


@dataclass(frozen=True, slots=True)
class Sold:
    sku: str
    name: str
    cents: int
    size: str | None = None
    quantity: int = 1
    final_sale: bool = False
    sent_back: str | None = None


@dataclass(frozen=True, slots=True)
class Dates:
    """Whole days before the first run; a negative number lies ahead."""

    placed: int
    shipped: int | None = None
    due: int | None = None
    delivered: int | None = None
    cancelled: int | None = None


MAYA = Customer(
    "Maya Lindqvist", "maya.lindqvist@example.com", "418 Connecticut Street", "San Francisco", "CA", "94107"
)
OMAR = Customer("Omar Haddad", "omar.haddad@example.com", "2210 North Halsted Street", "Chicago", "IL", "60614")
PRIYA = Customer("Priya Raman", "priya.raman@example.com", "77 East 12th Street", "New York", "NY", "10003")
TOM = Customer("Tom Becker", "tom.becker@example.com", "905 Barton Hills Drive", "Austin", "TX", "73301")

SIZES = ("XS", "S", "M", "L", "XL")
STOCK = {
    "linen-shirt": (2, 4, 6, 5, 0),
    "merino-cardigan": (1, 3, 2, 4, 2),
    "oxford-shirt": (0, 2, 3, 7, 1),
    "corduroy-trousers": (0, 1, 2, 2, 2),
    "rain-jacket": (1, 0, 3, 3, 1),
    "flannel-pyjamas": (3, 3, 0, 2, 0),
}


def _order(
    number: str, who: Customer, state: OrderState, dates: Dates, first_run: datetime, tracking: str | None
) -> OrderRow:
    def at(days: int | None) -> datetime | None:
        return None if days is None else first_run - timedelta(days=days)

    return OrderRow(
        number=number,
        email=who.email,
        customer=who.name,
        state=state,
        placed_at=first_run - timedelta(days=dates.placed),
        shipped_at=at(dates.shipped),
        due_at=at(dates.due),
        delivered_at=at(dates.delivered),
        cancelled_at=at(dates.cancelled),
        carrier="UPS" if tracking else None,
        tracking_number=tracking,
        street=who.street,
        city=who.city,
        region=who.region,
        postcode=who.postcode,
        billing_postcode=who.postcode,
    )


def _items(number: str, *sold: Sold) -> list[ItemRow]:
    return [
        ItemRow(
            order_number=number,
            position=position,
            sku=one.sku,
            name=one.name,
            size=one.size,
            quantity=one.quantity,
            cents=one.cents,
            final_sale=one.final_sale,
            sent_back=one.sent_back,
        )
        for position, one in enumerate(sold)
    ]


def demo_orders(first_run: datetime) -> list[OrderRow | ItemRow]:
    shipped, delivered = OrderState.SHIPPED, OrderState.DELIVERED
    return [
        _order("FD-10412", MAYA, shipped, Dates(4, shipped=2, due=-2), first_run, "1Z84F3900312345678"),
        *_items(
            "FD-10412",
            Sold("linen-shirt", "Linen shirt in sage", 6800, "S"),
            Sold("oak-tray", "Oak serving tray", 4200),
        ),
        _order("FD-10457", MAYA, OrderState.PROCESSING, Dates(0, due=-5), first_run, None),
        *_items(
            "FD-10457",
            Sold("merino-cardigan", "Merino cardigan in oat", 9400, "M"),
            Sold("stoneware-mug", "Stoneware mug", 1800, quantity=2),
        ),
        _order("FD-10288", OMAR, delivered, Dates(11, 9, 6, 6), first_run, "1Z84F3900398761204"),
        *_items(
            "FD-10288",
            Sold("corduroy-trousers", "Corduroy trousers in rust", 8900, "L"),
            Sold("wool-throw", "Wool throw in moss", 12000),
        ),
        _order("FD-09731", OMAR, delivered, Dates(80, 78, 75, 75), first_run, "1Z84F3900301177345"),
        *_items("FD-09731", Sold("rain-jacket", "Waxed rain jacket in navy", 14500, "L")),
        _order("FD-10301", OMAR, OrderState.CANCELLED, Dates(10, cancelled=9), first_run, None),
        *_items("FD-10301", Sold("table-lamp", "Ceramic table lamp", 7600)),
        _order("FD-10399", PRIYA, delivered, Dates(17, 15, 12, 12), first_run, "1Z84F3900355512098"),
        *_items(
            "FD-10399", Sold("flannel-pyjamas", "Flannel pyjamas in blue check", 5900, "S", sent_back="RT-10399-1")
        ),
        _order("FD-10420", PRIYA, shipped, Dates(11, shipped=9, due=5), first_run, "1Z84F3900377014456"),
        *_items("FD-10420", Sold("linen-bedding", "Linen bedding set, queen", 21500)),
        _order("FD-10180", TOM, delivered, Dates(9, 7, 4, 4), first_run, "1Z84F3900320465511"),
        *_items(
            "FD-10180",
            Sold("canvas-apron", "Canvas apron in clay", 2400, final_sale=True),
            Sold("oxford-shirt", "Oxford shirt in white", 7200, "M"),
        ),
    ]


def demo_past(first_run: datetime) -> list[RefundRow | ReceiptRow]:
    """What had been done before the first run: Omar's cancellation, and Priya's return."""
    return [
        RefundRow(
            order_number="FD-10301",
            reference="CX-10301",
            state=RefundState.PAID,
            cents=7600,
            due_at=first_run - timedelta(days=5),
        ),
        _receipt("cancel:FD-10301", Effect.CANCEL, "FD-10301", "CX-10301", 7600, first_run - timedelta(days=9)),
        RefundRow(
            order_number="FD-10399",
            reference="RT-10399-1",
            state=RefundState.ON_ITS_WAY,
            cents=5900,
            due_at=first_run + timedelta(days=3),
        ),
        _receipt(
            "back:FD-10399:flannel-pyjamas",
            Effect.RETURN,
            "FD-10399",
            "RT-10399-1",
            5900,
            first_run - timedelta(days=8),
        ),
    ]


def _receipt(claim: str, effect: Effect, number: str, reference: str, cents: int, at: datetime) -> ReceiptRow:
    return ReceiptRow(
        claim=claim,
        key="before-the-first-run",
        effect=effect,
        order_number=number,
        reference=reference,
        cents=cents,
        detail="",
        document=None,
        made_at=at,
    )


def demo_stock() -> list[StockRow]:
    return [
        StockRow(sku=sku, size=size, position=position, left=left)
        for sku, counts in STOCK.items()
        for position, (size, left) in enumerate(zip(SIZES, counts, strict=True))
    ]


def seed_demo_shop(session: Session, first_run: datetime) -> None:
    """Fill an empty shop; one that has orders is left as it is."""
    if session.scalar(select(OrderRow.number).limit(1)):
        return
    orders = demo_orders(first_run)
    session.add_all(row for row in orders if isinstance(row, OrderRow))
    session.flush()
    session.add_all(row for row in orders if isinstance(row, ItemRow))
    session.add_all(demo_past(first_run))
    session.add_all(demo_stock())
