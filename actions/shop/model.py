"""The shop's nouns, as any shop's API could fill them. Amounts are US dollars, times are aware and in UTC."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

RETURN_WINDOW = timedelta(days=30)


def now() -> datetime:
    return datetime.now(UTC)


class OrderState(StrEnum):
    PROCESSING = "processing"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


class RefundState(StrEnum):
    WAITING_FOR_PARCEL = "waiting_for_parcel"
    ON_ITS_WAY = "on_its_way"
    PAID = "paid"


class Effect(StrEnum):
    """What the shop can be asked to do. Returns, exchanges and refunds of one item exclude each other."""

    CANCEL = "cancel"
    CHANGE = "change"
    ADDRESS = "address"
    REPORT = "report"
    INVOICE = "invoice"
    RETURN = "return"
    EXCHANGE = "exchange"
    REFUND = "refund"


class Problem(StrEnum):
    MISSING = "missing"
    DAMAGED = "damaged"
    WRONG_ITEM = "wrong_item"


@dataclass(frozen=True, slots=True)
class Address:
    street: str
    city: str
    region: str
    postcode: str

    def __str__(self) -> str:
        return f"{self.street}, {self.city}, {self.region} {self.postcode}"


@dataclass(frozen=True, slots=True)
class Item:
    sku: str
    name: str
    size: str | None
    quantity: int
    price: Decimal
    final_sale: bool
    sent_back: str | None
    """The return number, once the item is being returned, exchanged or refunded."""

    @property
    def total(self) -> Decimal:
        return self.price * self.quantity

    def __str__(self) -> str:
        size = f", size {self.size}" if self.size else ""
        times = f"{self.quantity} × " if self.quantity > 1 else ""
        return f"{times}{self.name}{size}"


@dataclass(frozen=True, slots=True)
class Refund:
    state: RefundState
    amount: Decimal
    reference: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Order:
    number: str
    email: str
    customer: str
    state: OrderState
    placed_at: datetime
    due_at: datetime | None
    shipped_at: datetime | None
    delivered_at: datetime | None
    cancelled_at: datetime | None
    carrier: str | None
    tracking_number: str | None
    address: Address
    items: tuple[Item, ...]
    refunds: tuple[Refund, ...]

    @property
    def total(self) -> Decimal:
        return sum((item.total for item in self.items), Decimal(0))

    @property
    def return_by(self) -> datetime | None:
        return self.delivered_at + RETURN_WINDOW if self.delivered_at else None

    def is_late(self, at: datetime) -> bool:
        return self.state is OrderState.SHIPPED and self.due_at is not None and self.due_at.date() < at.date()

    def item(self, sku: str) -> Item | None:
        return next((item for item in self.items if item.sku == sku), None)


@dataclass(frozen=True, slots=True)
class Contact:
    """What a customer must know about an order, beside its number."""

    email: str
    postcode: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an effect came to. `already` means that it had been done before this message asked for it."""

    effect: Effect
    order_number: str
    reference: str
    amount: Decimal
    detail: str
    document: str | None
    already: bool
    made_at: datetime
