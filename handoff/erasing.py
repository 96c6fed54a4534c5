"""Erasing a conversation: everything we keep of it, in every table and file, at once and for good."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from handoff import media
from handoff.conversations import locked
from handoff.schema import Conversation, Erasure, SetAside

AGAIN_AFTER = timedelta(minutes=1)
"""A turn that was under way may still have written to the bot's memory: what lies outside is erased twice."""


@dataclass(frozen=True)
class Outside:
    """What an erased conversation has left outside these tables."""

    id: int
    sender_ids: list[str]
    """The names of its cases, for the bot's memory and the shop's sessions."""
    file_names: list[str]
    last_time: bool


def erase(session: Session, conversation_id: str, now: datetime) -> None:
    """Delete the conversation with all that hangs on it, and note what has to follow outside this database.

    Raises :class:`handoff.conversations.NoConversation`.
    """
    conversation = locked(session, conversation_id)
    for earlier in session.scalars(select(SetAside.conversation_id).where(SetAside.joined_to == conversation_id)).all():
        erase(session, earlier, now)
    session.add(
        Erasure(
            sender_ids=[f"{conversation.id}.{case_no}" for case_no in range(1, conversation.case_no + 1)],
            file_names=media.names_of(session, conversation.id),
            created_at=now,
        )
    )
    session.flush()
    # Every table that belongs to a conversation refers to it with ON DELETE CASCADE.
    session.execute(delete(Conversation).where(Conversation.id == conversation_id))


def outside(session: Session, now: datetime) -> list[Outside]:
    """What erased conversations have left to erase outside."""
    rows = session.scalars(select(Erasure).order_by(Erasure.id))
    return [Outside(row.id, row.sender_ids, row.file_names, now - row.created_at >= AGAIN_AFTER) for row in rows]


def finished(session: Session, erasure_id: int) -> None:
    """Nothing is left of it anywhere."""
    session.execute(delete(Erasure).where(Erasure.id == erasure_id))
