"""Agents who answer from a chat: their accounts there, and the tickets as the chat shows them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from handoff.schema.base import Base


class AgentLink(Base):
    """An agent's account in a chat that agents answer from, proved once by a signed link."""

    __tablename__ = "agent_link"

    channel: Mapped[str] = mapped_column(primary_key=True)
    """``slack | telegram``"""
    user: Mapped[str] = mapped_column(primary_key=True)
    """The chat's own id of the person: ``team/user`` in Slack, the user id in Telegram."""
    agent_id: Mapped[str] = mapped_column(ForeignKey("agent.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]


class DeskThread(Base):
    """A ticket as a chat of the agents shows it: a card, and under it the conversation."""

    __tablename__ = "desk_thread"
    __table_args__ = (
        UniqueConstraint("channel", "place", "card"),
        Index("ix_desk_thread_channel_over", "channel", "over"),
        Index("ix_desk_thread_topic", "channel", "place", "topic"),
    )

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"), primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    """``slack | telegram``"""
    place: Mapped[str]
    """The agents' channel or group that the card is in."""
    card: Mapped[str | None]
    """The chat's own id of the card; null until it is known to be there."""
    topic: Mapped[str | None]
    """The topic that the ticket has to itself, where the chat has topics."""
    shown_epoch: Mapped[int] = mapped_column(default=-1)
    """The epoch of the conversation that the card shows."""
    shown_seq: Mapped[int] = mapped_column(default=0)
    """The last message of the conversation that the thread has."""
    over: Mapped[bool] = mapped_column(default=False, server_default=false())
    """The ticket has ended, and card and thread say so."""
    busy_until: Mapped[datetime | None]
    """Leased to one gateway, or put off, until then."""


class DeskLine(Base):
    """A message of ours, or an agent's, in a ticket's thread, where a chat says of an answer only which message it answers."""

    __tablename__ = "desk_line"

    channel: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[str] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"), index=True)
    asks_epoch: Mapped[int | None]
    """It asks what was done, for handing back at this epoch: an answer to it hands back."""
