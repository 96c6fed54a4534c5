"""What the desk still owes a customer: what it promised, and a question whether it helped."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from handoff.schema.base import Base


class Promise(Base):
    """Something a customer was told will be done by a time. Every promise of the desk is one of these rows."""

    __tablename__ = "promise"
    __table_args__ = (Index("ix_promise_state_due_at", "state", "due_at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), index=True)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    """``answer`` (a receipt promised one; the first answer keeps it) or ``agent`` (an agent promised something else)"""
    text: Mapped[str]
    due_at: Mapped[datetime]
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agent.id"))
    """Who made it; null for the desk itself."""
    made_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="open")
    """``open | kept | released`` (the customer no longer needs it)"""
    ended_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    broken_at: Mapped[datetime | None]
    """When the clock found it overdue; it stays on record, kept later or not."""


class FollowUp(Base):
    """After a hand-back: whether what the agent did has worked, asked once."""

    __tablename__ = "follow_up"
    __table_args__ = (Index("ix_follow_up_state_due_at", "state", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), index=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"), index=True)
    agent_id: Mapped[str] = mapped_column(ForeignKey("agent.id"))
    """Who handed back, and is asked first when it did not work."""
    case_no: Mapped[int]
    note: Mapped[str]
    """What was done, in the agent's words."""
    after_seq: Mapped[int]
    """The conversation's last message at the hand-back."""
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="waiting")
    """``waiting | asked | worked | failed | dropped`` (there was no point in asking any more)"""
    asked_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
