"""Tickets: handoffs to a person, to whom each was offered and what became of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from handoff.schema.base import Base, Json


class Ticket(Base):
    """One handoff to a person, from the ask to its end."""

    __tablename__ = "ticket"
    __table_args__ = (Index("ix_ticket_state_priority_queued_at", "state", "priority", "queued_at"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), index=True)
    case_no: Mapped[int]
    reason: Mapped[str]
    evidence: Mapped[list[Any]] = mapped_column(default=list)
    """``[{kind, text}]`` in words an agent reads"""
    priority: Mapped[int] = mapped_column(default=0)
    """0 ordinary, 1 raised, 2 urgent (safety, legal, injury)"""
    state: Mapped[str] = mapped_column(default="queued")
    """``queued | claimed | handed_back | resolved | cancelled``"""
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agent.id"))
    queued_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    first_reply_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    """A claimed ticket without a reply by then goes back to its place in the queue."""
    lease_left_seconds: Mapped[int | None]
    """What was left of the lease when the conversation was snoozed: it runs on from there."""
    kept: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """How many messages the customer wrote in the queue that are kept for the person."""
    told_kept_at: Mapped[datetime | None]
    """When they last heard so in a line of its own."""
    email: Mapped[str | None]
    """Where the customer wants the answer, instead of waiting."""
    email_asked_at: Mapped[datetime | None]
    """When they were asked for it; null when they were not, or have given it."""
    told: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """The waiting time the customer was told: ``{at, low, high, expected, turns}``, in minutes"""
    waited_minutes: Mapped[float | None]
    """What came true, from then to the first claim."""
    rating_asked_at: Mapped[datetime | None]
    rating: Mapped[int | None]
    """How the customer found it: 1 is poor, 5 very good"""
    rated_at: Mapped[datetime | None]
    comment: Mapped[str | None]
    """What the customer added to the rating."""
    comment_asked_at: Mapped[datetime | None]
    """When they said that they want to; their next words are the comment."""
    skills: Mapped[list[Any]] = mapped_column(default=list)
    """What it calls for: ``["returns", "lang-de"]``"""
    needed: Mapped[bool | None]
    """The agent's verdict: was a person needed here?"""
    opening: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Facts at the moment of handoff that would drift later, such as the bot's slots."""


class Offer(Base):
    """A queued ticket, held out to one agent for a moment. Anyone may still claim it."""

    __tablename__ = "offer"
    __table_args__ = (
        Index("ix_offer_agent_id_made_at", "agent_id", "made_at"),
        Index(
            "uq_offer_open",
            "ticket_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"), index=True)
    agent_id: Mapped[str] = mapped_column(ForeignKey("agent.id"))
    made_at: Mapped[datetime]
    until: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="open")
    """``open | taken`` (by that agent) ``| declined | ignored | left`` (the agent went away) ``| over`` (it left the queue)"""
    ended_at: Mapped[datetime | None]


class TicketEvent(Base):
    """What happened to a ticket at the desk, in order: taken, let go, and above all what ran out and why."""

    __tablename__ = "ticket_event"
    __table_args__ = (Index("ix_ticket_event_agent_id_at", "agent_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"), index=True)
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agent.id"))
    """Whom it concerns."""
    kind: Mapped[str]
    """One of :data:`handoff.history.Kind`"""
    detail: Mapped[str | None]
    """A note, a team, a colleague's name: what the kind leaves open."""
    at: Mapped[datetime]
