"""Why the bot handed over, or did not."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from handoff.schema.base import Base


class Decision(Base):
    """What the bot decided about handing over at one message, with what it saw: to be judged and replayed."""

    __tablename__ = "decision"
    __table_args__ = (Index("ix_decision_at_outcome", "at", "outcome"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), index=True)
    case_no: Mapped[int]
    seq: Mapped[int]
    """The customer's message."""
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"), index=True)
    """What came of it, when a person was fetched; in the queue, the ticket they waited with."""
    rules: Mapped[str | None]
    """The version of the rules; null when no rule decided, but an ask in so many words, or a task."""
    outcome: Mapped[str]
    """``answered | offered | escalated | queued`` (the customer was in the queue already)"""
    reason: Mapped[str | None]
    score: Mapped[float]
    features: Mapped[dict[str, Any]]
    points: Mapped[dict[str, Any]]
    evidence: Mapped[list[Any]]
    at: Mapped[datetime]
