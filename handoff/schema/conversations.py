"""Conversations: who holds each, who held it before, what agents noted on it, and what is left when it is erased."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from handoff.schema.base import Base


class Conversation(Base):
    """One customer on one channel, for as long as they keep writing. It has exactly one holder at a time."""

    __tablename__ = "conversation"
    __table_args__ = (
        UniqueConstraint("channel", "address"),
        Index("ix_conversation_holder_updated_at", "holder", "updated_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str]
    address: Mapped[str]
    """Where the channel reaches the customer: a Telegram chat id, a Slack thread, the SHA-256 of a web session's secret."""
    holder: Mapped[str] = mapped_column(default="bot")
    """``bot | queue | agent | closed``"""
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agent.id"))
    epoch: Mapped[int] = mapped_column(default=0)
    """Counts changes of holder. Whoever acts names the epoch they saw, and loses if it has moved."""
    case_no: Mapped[int] = mapped_column(default=1)
    """Counts cases: closed and written to again is a new one, with a fresh Rasa tracker."""
    last_seq: Mapped[int] = mapped_column(default=0)
    customer_name: Mapped[str | None]
    locale: Mapped[str | None]
    profile: Mapped[dict[str, Any]] = mapped_column(default=dict)
    slots: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What the bot had understood after its last turn (its filled slots): for the brief, never for access."""
    customer_seen_seq: Mapped[int] = mapped_column(default=0)
    desk_seen_seq: Mapped[int] = mapped_column(default=0)
    turn_due: Mapped[datetime | None] = mapped_column(index=True)
    """When the next waiting message may be handled; null when none waits."""
    lease_owner: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    bot_down_notice_at: Mapped[datetime | None]
    """When the customer was told that the bot is slow or away; cleared by its next answer. Said once an outage."""
    ask_failed_notice_at: Mapped[datetime | None]
    """When the customer was told that a person can't be asked just now; cleared by the next change of holder."""
    snoozed_until: Mapped[datetime | None] = mapped_column(index=True)
    """Snoozed by the agent who holds it until then; null when it is not."""
    snooze_note: Mapped[str | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime] = mapped_column(index=True)


class OwnershipChange(Base):
    """The log of who held a conversation, one row an epoch."""

    __tablename__ = "ownership"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True)
    epoch: Mapped[int] = mapped_column(primary_key=True)
    holder_before: Mapped[str]
    holder_after: Mapped[str]
    agent_id: Mapped[str | None]
    actor: Mapped[str]
    """``customer``, ``bot``, ``system`` or an agent's id"""
    reason: Mapped[str]
    at: Mapped[datetime]


class Note(Base):
    """Agents' words about a conversation, for agents."""

    __tablename__ = "note"

    id: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), index=True)
    agent_id: Mapped[str] = mapped_column(ForeignKey("agent.id"))
    text: Mapped[str]
    at: Mapped[datetime]


class Erasure(Base):
    """A conversation that was erased here, until the last trace outside (files, the bot's memory) is gone too."""

    __tablename__ = "erasure"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    sender_ids: Mapped[list[Any]]
    file_names: Mapped[list[Any]]
    created_at: Mapped[datetime]
