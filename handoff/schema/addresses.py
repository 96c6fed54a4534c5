"""Where else a customer writes from: a conversation's other addresses, how it comes by them, and those that are replaced."""

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


class SessionRenewal(Base):
    """A web session's secret that is to be replaced, or was: good until the one that replaces it has been used once."""

    __tablename__ = "session_renewal"

    address: Mapped[str] = mapped_column(primary_key=True)
    """The SHA-256 of the secret that is replaced."""
    next_address: Mapped[str | None] = mapped_column(unique=True)
    """The SHA-256 of the one that replaces it; null until a page was told."""
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), index=True)
    seq: Mapped[int]
    """The customer's message that called for it."""
    used_at: Mapped[datetime | None]
    """When the new secret was first used; null while the old one is still good."""
