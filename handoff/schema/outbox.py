"""What goes out: replies until their channel has them."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from handoff.schema.base import Base


class OutboxItem(Base):
    """A reply on its way to the customer."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        ForeignKeyConstraint(
            ["conversation_id", "seq"], ["message.conversation_id", "message.seq"], ondelete="CASCADE"
        ),
        Index("ix_outbox_state_channel_not_before", "state", "channel", "not_before"),
        Index("ix_outbox_edit_due", "edit_due"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    conversation_id: Mapped[str]
    seq: Mapped[int]
    channel: Mapped[str]
    author: Mapped[str]
    epoch: Mapped[int]
    state: Mapped[str] = mapped_column(default="pending")
    """``pending | sending | sent | dead | cancelled``"""
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime]
    sending_until: Mapped[datetime | None]
    ambiguous: Mapped[bool] = mapped_column(default=False, server_default=false())
    """A send whose fate is unknown (time-out, crash): the channel may have shown it already."""
    error: Mapped[str | None]
    provider_id: Mapped[str | None]
    parts_sent: Mapped[int] = mapped_column(default=0)
    """A long reply goes out in parts: how many of them the channel has already."""
    sent_at: Mapped[datetime | None]
    edit_due: Mapped[datetime | None]
    """When the channel is to be shown the message's present words; null when it shows them."""
