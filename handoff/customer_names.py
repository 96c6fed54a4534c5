"""Whose conversation it is: a channel may not say, but the shop knows once the customer has proved an order to be theirs."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from handoff.conversations import locked
from handoff.schema import Conversation

PROVED_WITH = "order_number"
"""Without this slot there has been nothing to prove."""


def nameless(session: Session, conversation_ids: Collection[str]) -> dict[str, str]:
    """Of these conversations those without a name that may have proved an order, each with the shop's name for its case."""
    query = select(Conversation).where(Conversation.id.in_(conversation_ids), Conversation.customer_name.is_(None))
    return {one.id: f"{one.id}.{one.case_no}" for one in session.scalars(query) if one.slots.get(PROVED_WITH)}


def learn(session: Session, conversation_id: str, name: str, now: datetime) -> bool:
    """The shop says who it is. A name that the channel gave stays. Returns whether it is new."""
    conversation = locked(session, conversation_id)
    if conversation.customer_name is not None:
        return False
    conversation.customer_name, conversation.updated_at = name, now
    return True
