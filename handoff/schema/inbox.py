"""What came in: messages and events that wait for their turn, and the names by which a repeated one is known."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from handoff.schema.base import Base


class InboxItem(Base):
    """A customer's message, or an event for the bot, that is to be handled exactly once."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("channel", "dedupe_key"),
        ForeignKeyConstraint(
            ["conversation_id", "seq"], ["message.conversation_id", "message.seq"], ondelete="CASCADE"
        ),
        Index("ix_inbox_conversation_id_state_id", "conversation_id", "state", "id"),
        Index("ix_inbox_conversation_id_provider_id", "conversation_id", "provider_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    channel: Mapped[str]
    dedupe_key: Mapped[str]
    conversation_id: Mapped[str]
    seq: Mapped[int]
    payload: Mapped[str | None]
    """Rasa's ``/intent{…}`` when a button was pressed or the gateway itself speaks to the bot."""
    provider_id: Mapped[str | None]
    """The channel's own id of the customer's message: what their edits name, and what a reply answers."""
    asks_for_person: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(default="waiting")
    """``waiting | done``"""
    outcome: Mapped[str | None]
    """``answered | kept`` (in the queue, for the person) ``| to_desk | escalated | withdrawn | given_up`` (an event only)"""
    attempts: Mapped[int] = mapped_column(default=0)
    """How often it was put off, for whatever reason."""
    failures: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """How often the bot was there and failed on it."""
    received_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class ReceivedEvent(Base):
    """An event that a channel has told us of, kept until the channel is sure not to repeat it."""

    __tablename__ = "received_event"

    channel: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
