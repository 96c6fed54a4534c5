"""The demo shop's tables. They are made with `create_all`: the demo data is disposable, so it has no migrations."""

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import DateTime, Dialect, ForeignKey, Index, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Utc(TypeDecorator[datetime]):
    """SQLite forgets time zones: store UTC, hand back aware times."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: Utc}


class OrderRow(Base):
    __tablename__ = "orders"

    number: Mapped[str] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(index=True)
    customer: Mapped[str]
    state: Mapped[str]
    placed_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    shipped_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    carrier: Mapped[str | None]
    tracking_number: Mapped[str | None]
    street: Mapped[str]
    city: Mapped[str]
    region: Mapped[str]
    postcode: Mapped[str]
    billing_postcode: Mapped[str]
    items: Mapped[list["ItemRow"]] = relationship(order_by="ItemRow.position", lazy="selectin")
    refunds: Mapped[list["RefundRow"]] = relationship(order_by="RefundRow.id", lazy="selectin")


class ItemRow(Base):
    __tablename__ = "items"

    order_number: Mapped[str] = mapped_column(ForeignKey("orders.number"), primary_key=True)
    sku: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    name: Mapped[str]
    size: Mapped[str | None]
    quantity: Mapped[int]
    cents: Mapped[int]
    final_sale: Mapped[bool]
    sent_back: Mapped[str | None]


class RefundRow(Base):
    __tablename__ = "refunds"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_number: Mapped[str] = mapped_column(ForeignKey("orders.number"), index=True)
    reference: Mapped[str]
    state: Mapped[str]
    cents: Mapped[int]
    due_at: Mapped[datetime | None]


class StockRow(Base):
    __tablename__ = "stock"

    sku: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    left: Mapped[int]


class ReceiptRow(Base):
    """One row per effect. `claim` names what was done, so a second try of any message meets the first one's row."""

    __tablename__ = "receipts"

    claim: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str]
    effect: Mapped[str]
    order_number: Mapped[str] = mapped_column(index=True)
    reference: Mapped[str]
    cents: Mapped[int]
    detail: Mapped[str]
    document: Mapped[str | None] = mapped_column(index=True)
    made_at: Mapped[datetime]


class SessionRow(Base):
    """Whom a conversation has proved to be. Never a Rasa slot: a customer could type one of those."""

    __tablename__ = "shop_sessions"

    sender_id: Mapped[str] = mapped_column(primary_key=True)
    email: Mapped[str]
    expires_at: Mapped[datetime]


class GuessRow(Base):
    """A failed proof, counted against the conversation, the order number and the e-mail or postcode (hashed)."""

    __tablename__ = "guesses"
    __table_args__ = (Index("guesses_by_target", "target", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    target: Mapped[str]
    at: Mapped[datetime]


class CodeRow(Base):
    """A one-time code for something that moves money or a parcel."""

    __tablename__ = "codes"

    sender_id: Mapped[str] = mapped_column(primary_key=True)
    order_number: Mapped[str] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str]
    tries_left: Mapped[int]
    spent_by: Mapped[str | None]
    expires_at: Mapped[datetime]
