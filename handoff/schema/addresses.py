"""Customers who write from several places: a conversation's other addresses, and how it comes by them."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from handoff.schema.base import Base


class FurtherAddress(Base):
    """Another place where a conversation's customer writes from: ``conversation`` names the one they wrote from last."""

    __tablename__ = "further_address"
    __table_args__ = (UniqueConstraint("conversation_id", "channel"),)

    channel: Mapped[str] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    joined_at: Mapped[datetime]


class JoinLink(Base):
    """A link that brings a conversation to another channel as well, until it is used or too old. Only its hash is kept."""

    __tablename__ = "join_link"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), index=True)
    channel: Mapped[str]
    expires_at: Mapped[datetime]


class SetAside(Base):
    """What a customer had talked about at an address before it was joined to another conversation. It goes with that one."""

    __tablename__ = "set_aside"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True)
    joined_to: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), index=True)
