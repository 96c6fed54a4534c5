"""What open desks need to hear about conversations that changed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from handoff.schema import Conversation, OwnershipChange
from handoff.summaries import CountsView, SummaryView, counts_for, summaries
from handoff.transcript import MessageView, all_messages

HOLDERS = ("bot", "queue", "agent", "closed")
LOST_RECENTLY = timedelta(minutes=1)


@dataclass(frozen=True)
class LostLease:
    """An agent who claimed and did not write in time: the conversation is back in the queue."""

    conversation_id: str
    agent_id: str
    epoch: int


@dataclass(frozen=True)
class DeskNews:
    """What open desks are to be shown, all of one moment."""

    summaries: list[SummaryView]
    messages: dict[str, list[MessageView]]
    """For each watched conversation."""
    counts: dict[str, CountsView]
    """For each agent."""
    lost: list[LostLease]


def desk_news(
    session: Session, changed: Collection[str], watched: Mapping[str, int], agent_ids: Collection[str], now: datetime
) -> DeskNews:
    """One consistent look. ``watched`` says after which sequence number each transcript is wanted."""
    conversations = session.scalars(select(Conversation).where(Conversation.id.in_(changed))).all()
    return DeskNews(
        summaries=summaries(session, conversations),
        messages={
            conversation_id: all_messages(session, conversation_id, after) for conversation_id, after in watched.items()
        },
        counts=counts_for(session, list(agent_ids)),
        lost=[lost for conversation in conversations if (lost := _lost_lease(session, conversation, now))],
    )


def queued_ids(session: Session) -> list[str]:
    """The conversations in the queue: one that leaves it moves the places of the others."""
    return list(session.scalars(select(Conversation.id).where(Conversation.holder == "queue")))


def changed_since(session: Session, since: datetime) -> dict[str, datetime]:
    """``{conversation_id: when it changed last}`` of those that changed at ``since`` or later."""
    # Naming every holder lets the database use its index on (holder, updated_at).
    recent = (Conversation.holder.in_(HOLDERS), Conversation.updated_at >= since)
    found = session.execute(select(Conversation.id, Conversation.updated_at).where(*recent))
    return {conversation_id: changed_at for conversation_id, changed_at in found}


def note_seen(session: Session, conversation: Conversation, agent_id: str, seq: int) -> bool:
    """The agent who holds the conversation has read up to ``seq``. Returns whether that is new.

    A colleague who only looks does not count: the customer is not told that somebody who can't answer has read it.
    """
    seq = min(seq, conversation.last_seq)
    if conversation.holder != "agent" or conversation.agent_id != agent_id or seq <= conversation.desk_seen_seq:
        return False
    conversation.desk_seen_seq = seq
    return True


def _lost_lease(session: Session, conversation: Conversation, now: datetime) -> LostLease | None:
    change = session.get(OwnershipChange, (conversation.id, conversation.epoch))
    if change is None or change.reason != "lease_lost" or now - change.at > LOST_RECENTLY:
        return None
    before = session.get(OwnershipChange, (conversation.id, conversation.epoch - 1))
    if before is None or before.agent_id is None:
        return None
    return LostLease(conversation.id, before.agent_id, conversation.epoch)
