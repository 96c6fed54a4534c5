"""The desk in figures, as they are at this moment."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session

from handoff import follow_ups, outbox, promises
from handoff import waiting as waiting_times
from handoff.schema import Agent, Conversation, InboxItem, Message, Ticket


@dataclass(frozen=True)
class Figures:
    """Counts, and ages in seconds (0 when nothing waits)."""

    conversations: dict[str, int]
    outbox: dict[str, int]
    waiting: int
    oldest_waiting_seconds: float
    longest_queued_seconds: float
    agents_present: int
    asks_without_receipt: int
    promises: promises.Counts
    follow_ups: dict[str, int]
    waits_told: int
    waits_inside: int


def measure(session: Session, now: datetime) -> Figures:
    """The :class:`Figures` of this moment, ``now``."""
    held = (
        select(Conversation.holder, func.count()).where(Conversation.holder != "closed").group_by(Conversation.holder)
    )
    waiting = select(func.count()).select_from(InboxItem).where(InboxItem.state == "waiting")
    first_queued = select(func.min(Ticket.queued_at)).where(Ticket.state == "queued")
    present = select(func.count()).select_from(Agent).where(Agent.present, Agent.disabled_at.is_(None))
    told = waiting_times.calibration(session)
    return Figures(
        conversations={"bot": 0, "queue": 0, "agent": 0, **{holder: n for holder, n in session.execute(held)}},
        outbox=outbox.backlog(session),
        waiting=session.scalar(waiting) or 0,
        oldest_waiting_seconds=_age(oldest_waiting(session), now),
        longest_queued_seconds=_age(session.scalar(first_queued), now),
        agents_present=session.scalar(present) or 0,
        asks_without_receipt=session.scalar(_without_receipt()) or 0,
        promises=promises.counts(session, now),
        follow_ups=follow_ups.states(session),
        waits_told=told.told,
        waits_inside=told.inside,
    )


def oldest_waiting(session: Session) -> datetime | None:
    """When the message that has waited longest for its turn was received."""
    return session.scalar(
        select(InboxItem.received_at).where(InboxItem.state == "waiting").order_by(InboxItem.id).limit(1)
    )


def _without_receipt() -> Select[int]:
    """Open tickets whose conversation holds no message by the system that tells the customer about a handoff."""
    told = exists().where(
        Message.conversation_id == Ticket.conversation_id,
        Message.author == "system",
        Message.at >= Ticket.queued_at,
        Message.handoff["state"].as_string().is_not(None),
    )
    return select(func.count()).select_from(Ticket).where(Ticket.state.in_(("queued", "claimed")), ~told)


def _age(since: datetime | None, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds()) if since else 0.0
